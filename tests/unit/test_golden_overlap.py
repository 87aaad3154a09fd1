"""No golden record shares its wording with a signature's example or with the prompt: that would measure memory."""

from __future__ import annotations

import re
from functools import cache

from logtriage.engines.local.signatures import SIGNATURES
from logtriage.engines.mimo.system_prompt import SYSTEM_PROMPT
from logtriage.verdicts.fingerprint import fingerprint_of_line
from unit.fixed_formats import FIXED_FORMATS
from unit.test_golden_records import golden_records

SHARED_WORDS = 8
"""A run of so many words, after masking, is no chance."""

_TOKEN = re.compile(r"<[A-Za-z_0-9]{1,30}>|…|[a-z]{2,}")

Run = tuple[str, ...]


def runs_of(text: str, *, is_masked: bool = False) -> set[Run]:
    """Give each run of `SHARED_WORDS` words; a masked value ends a run, numbers and single letters are no words."""
    masked = text if is_masked else fingerprint_of_line(text).masked
    found: set[Run] = set()
    run: list[str] = []
    for token in [*_TOKEN.findall(masked.lower()), "…"]:
        if token[0] in "<…":
            run = []
            continue
        run = [*run, token][-SHARED_WORDS:]
        if len(run) == SHARED_WORDS:
            found.add(tuple(run))
    return found


@cache
def allowed_runs() -> frozenset[Run]:
    return frozenset(run for _, message in FIXED_FORMATS for run in runs_of(message, is_masked=True))


@cache
def runs_of_golden_records() -> tuple[tuple[str, frozenset[Run]], ...]:
    return tuple((record["id"], frozenset(runs_of(record["body"]))) for record in golden_records())


def shared(runs: set[Run]) -> list[str]:
    return [f"{name}: {' '.join(run)}" for name, own in runs_of_golden_records() for run in sorted(own & runs)]


def test_no_golden_record_shares_wording_with_an_example_of_a_signature() -> None:
    wrong = [
        f"{signature.name} and {found}"
        for signature in SIGNATURES
        for example in signature.examples
        if (found := shared(runs_of(example) - allowed_runs()))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_golden_record_shares_wording_with_the_prompt() -> None:
    assert not shared(runs_of(SYSTEM_PROMPT, is_masked=True))


def test_each_fixed_format_is_needed() -> None:
    examples = {run for signature in SIGNATURES for example in signature.examples for run in runs_of(example)}
    golden = frozenset().union(*(own for _, own in runs_of_golden_records()))
    idle = [message for _, message in FIXED_FORMATS if not runs_of(message, is_masked=True) & examples & golden]
    assert not idle, "\n".join(idle)


def test_a_shared_run_is_found_whatever_the_values_between() -> None:
    one = "till 4 of shop north refuses every card since the terminal was moved at 10:04:05"
    other = "till 9 of shop north refuses every card since the terminal was moved at 23:59:59"

    assert runs_of(one) & runs_of(other)
    assert not runs_of(one) & runs_of("till 9 of shop north takes every card since the terminal was moved")
