"""The prompt: stable first part, data that cannot leave its line, nothing invisible, instructions never pushed out."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.engines.mimo.prompt import Prompt, TooLarge, build_prompt, shown_to_the_model
from logtriage.engines.mimo.redaction import Redactor
from logtriage.engines.mimo.system_prompt import CONFIDENCE_BINS, PROMPT_VERSION, SYSTEM_PROMPT, system_message
from logtriage.schema.category import Category
from logtriage.schema.record import Context, RecordView, ResourceView
from logtriage.schema.severity import Severity

GOLDEN = {"mimo-prompt-1": "6139e3f0a9827061d86a47faf7319905"}
"""A changed prompt gets a new version and a new line here: verdicts of the old one are asked for again."""
BOUNDARY = "5eed5eed5eed5eed"
REDACTOR = Redactor(RedactionSettings())


def _record(
    body: bytes = b"shelf 12 is stuck", level: Severity | None = Severity.ERROR, **attributes: bytes
) -> RecordView:
    return RecordView(
        resource=ResourceView(service_name=b"lamps", environment=b"live"),
        body=body,
        level=level,
        attributes={name.replace("__", ".").encode(): value for name, value in attributes.items()},
    )


def _prompt(record: RecordView, context: Context | None = None, **more: object) -> Prompt:
    arguments = {"redactor": REDACTOR.session(), "canary": "LTmark", "boundary": BOUNDARY, **more}
    return build_prompt(record, context or Context(), **arguments)  # type: ignore[arg-type]


def _shown(prompt: Prompt) -> dict[str, object]:
    lines = prompt.messages[1].content.split("\n")
    assert lines[0] == f"BEGIN {BOUNDARY}"
    assert lines[2] == f"END {BOUNDARY}"
    return dict(json.loads(lines[1]))


def test_the_system_part_changes_only_with_its_version() -> None:
    assert hashlib.sha256(SYSTEM_PROMPT.encode()).hexdigest()[:32] == GOLDEN[PROMPT_VERSION]


def test_the_system_part_is_the_same_bytes_for_every_record() -> None:
    first, second = _prompt(_record()), _prompt(_record(b"something else"), Context(before=("a",)), boundary="0" * 16)

    assert first.messages[0] == second.messages[0]
    assert first.messages[0].content.startswith(SYSTEM_PROMPT)


def test_the_system_part_names_all_categories_severities_and_bins() -> None:
    for word in (*Category, *Severity, *CONFIDENCE_BINS):
        assert word in SYSTEM_PROMPT


def test_the_ten_bins_rise_in_tens() -> None:
    assert list(CONFIDENCE_BINS.values()) == [round(0.05 + 0.1 * number, 2) for number in range(10)]


def test_the_example_reply_of_the_system_part_is_a_valid_answer() -> None:
    from logtriage.engines.mimo.answer import read_answer

    example = SYSTEM_PROMPT[SYSTEM_PROMPT.rindex('{"reasoning_trace"') :]

    assert read_answer(example).category is Category.DATA_QUALITY


def test_the_prompt_shares_no_wording_with_the_examples_of_signatures() -> None:
    def grams(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9]+", text.lower())
        return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}

    ours = grams(SYSTEM_PROMPT)

    for row in SIGNATURES:
        for text in (*row.examples, *row.near_misses):
            assert not ours & grams(text), (row.name, text)


def test_the_mark_of_the_process_stands_last() -> None:
    assert system_message("LTmark").endswith(": LTmark\n")


def test_a_record_is_shown_as_one_line_of_json() -> None:
    record = _record(b'line 1\nEND 5eed\n}"\\ line 2', exception__type=b"LampError", http__status=b"503")

    shown = _shown(_prompt(record))

    assert shown["body"] == 'line 1\nEND 5eed\n}"\\ line 2'
    assert shown["service"] == "lamps"
    assert shown["level"] == "ERROR"
    assert shown["exception"] == {"type": "LampError"}
    assert shown["attributes"] == {"http.status": "503"}


def test_context_lines_are_shown_in_their_order() -> None:
    shown = _shown(_prompt(_record(), Context(before=("one", "two"), after=("three",))))

    assert shown["lines_before"] == ["one", "two"]
    assert shown["lines_after"] == ["three"]


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\u202e", "\u2066", "\U000e0041", "\x00", "\x08", "\r", "\x1b[2K", "\u2028", "\ufeff", "\u00ad", "\x9f"],
)
def test_what_nobody_sees_is_not_shown(hidden: str) -> None:
    shown = _shown(_prompt(_record(f"pass{hidden}word".encode())))

    assert shown["body"] == "password"


def test_bytes_that_are_no_text_are_not_shown() -> None:
    assert _shown(_prompt(_record(b"ab\xffcd")))["body"] == "abcd"


def test_a_secret_behind_an_invisible_character_is_redacted_all_the_same() -> None:
    body = "password=hunt\u200ber2hunter2 refused".encode()

    assert "hunter2" not in _prompt(_record(body)).messages[1].content


def test_equal_secrets_have_equal_placeholders_throughout_a_prompt() -> None:
    shown = _shown(_prompt(_record(b"mail to jo@lamps.example failed", exception__message=b"no box jo@lamps.example")))

    placeholder = re.search(r"<\w+_1>", str(shown["body"]))
    assert placeholder
    assert placeholder[0] in str(shown["exception"])


def test_own_attributes_and_idle_ones_are_not_shown() -> None:
    record = _record(logtriage__category=b"noise", log__file__name=b"a.log", trace_id=b"00ff", error__code=b"E17")

    assert _shown(_prompt(record))["attributes"] == {"error.code": "E17"}


def test_a_long_body_keeps_its_head_the_top_of_its_stack_and_its_tail() -> None:
    lead = "request was " + "x" * 20_000
    frames = "".join(f"\n\tat shop.Lamp.step{number}(Lamp.java:{number})" for number in range(900))
    body = f"HEAD {lead}\nshop.LampError: glass broke{frames}\nTAIL"

    prompt = _prompt(_record(body.encode()))

    shown = str(_shown(prompt)["body"])
    assert shown.startswith("HEAD")
    assert "shop.LampError: glass broke\n\tat shop.Lamp.step0(" in shown
    assert shown.endswith("TAIL")
    assert "characters left out" in shown
    assert len(shown) < 8192 + 200
    assert prompt.is_cut


def test_the_last_cause_is_kept_where_the_head_shows_the_top_of_the_stack() -> None:
    frames = "".join(f"\n\tat shop.Lamp.step{number}(Lamp.java:{number})" for number in range(900))
    body = f"shop.LampError: glass{frames}\nCaused by: shop.FuseError: blown{frames}"

    assert "Caused by: shop.FuseError: blown" in str(_shown(_prompt(_record(body.encode())))["body"])


def test_a_body_that_leaves_out_stack_frames_only_does_not_count_as_cut() -> None:
    frames = "".join(f"\n\tat shop.Lamp.step{number}(Lamp.java:{number})" for number in range(900))

    assert not _prompt(_record(f"shop.LampError: glass{frames}".encode())).is_cut
    assert not _prompt(_record(exception__stacktrace=f"shop.LampError: glass{frames}".encode())).is_cut
    assert _prompt(_record(f"shop.LampError: glass{frames[:15000]}\noven on fire{frames[15000:]}".encode())).is_cut


def test_a_long_attribute_beside_the_error_does_not_count_as_cut() -> None:
    assert not _prompt(_record(db__query__text=b"select " * 500)).is_cut


def test_a_short_body_is_not_cut() -> None:
    assert not _prompt(_record()).is_cut


def test_the_task_stands_behind_the_largest_record() -> None:
    record = _record(b'\\"' * 500_000, **{f"a{number}": b'"' * 5000 for number in range(200)})

    prompt = _prompt(record, Context(before=('"' * 5000,) * 500))

    assert len(prompt.messages[1].content.encode()) <= 32768
    assert prompt.messages[1].content.endswith("reply with the one JSON object.")


def test_a_record_that_does_not_fit_is_too_large() -> None:
    with pytest.raises(TooLarge):
        _prompt(_record(b"x" * 5000), max_user_bytes=1000)


def test_context_is_given_up_before_the_body() -> None:
    prompt = _prompt(_record(b"x" * 4000), Context(before=("y" * 300,) * 20), max_user_bytes=5500)

    shown = _shown(prompt)
    assert shown["body"] == "x" * 4000
    assert "lines_before" not in shown


def test_a_masked_prompt_shows_kinds_instead_of_values() -> None:
    prompt = _prompt(_record(b"job 7f3c2a19-90b1-4c7e-9a55-0c1d2e3f4a5b on 10.4.5.6 failed: refused"), is_masked=True)

    body = str(_shown(prompt)["body"])
    assert "7f3c2a19" not in body
    assert "10.4.5.6" not in body
    assert body.endswith("failed: refused")
    assert "replaced by their kind" in prompt.messages[1].content


def test_a_repair_names_the_faults_and_shows_the_same_record() -> None:
    prompt = _prompt(_record())

    system, user = prompt.repair(("a fault",))

    assert system == prompt.messages[0]
    assert user.content.startswith(prompt.messages[1].content)
    assert "- a fault" in user.content


def test_the_prompt_can_be_printed_for_people() -> None:
    text = shown_to_the_model(_prompt(_record()).messages)

    assert text.startswith("--- system ---")
    assert "shelf 12 is stuck" in text
