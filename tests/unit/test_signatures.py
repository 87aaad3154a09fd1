"""The table of signatures: every example is decided by its own row, no near-miss is."""

from __future__ import annotations

import re

import pytest

from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.local.expressions import Expressions
from logtriage.engines.local.needle_index import NeedleIndex
from logtriage.engines.local.needles import needles_of
from logtriage.engines.local.signature import Signature
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity
from support.tables import each_row

EXAMPLES = [(row, text) for row in SIGNATURES for text in row.examples]
NEAR_MISSES = [(row, text) for row in SIGNATURES for text in row.near_misses]


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return LocalEngine()


def _record(text: str) -> RecordView:
    return RecordView(resource=ResourceView(), body=text.encode(), level=Severity.ERROR)


@each_row(("row", "text"), EXAMPLES)
def test_an_example_is_decided_by_its_own_signature(engine: LocalEngine, row: Signature, text: str) -> None:
    judgement = engine.judge(_record(text))

    assert judgement.signature == row.name


@each_row(("row", "text"), NEAR_MISSES)
def test_a_near_miss_is_not_decided_by_the_signature(engine: LocalEngine, row: Signature, text: str) -> None:
    judgement = engine.judge(_record(text))

    assert judgement.signature != row.name


@each_row("row", SIGNATURES)
def test_a_signature_keeps_the_rules_of_the_table(row: Signature) -> None:
    assert re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", row.name)
    assert row.examples
    assert len(row.near_misses) >= 2
    assert 0.4 <= row.confidence <= 0.95
    assert row.reason.endswith(".")
    assert 10 <= len(row.action) <= 300
    assert not re.search(r"https?://|[<>*_#`]{2}|\[.*\]\(", row.action)
    if row.category is Category.NOISE:
        assert row.severity is Severity.DEBUG
        assert not row.is_actionable
    if row.severity is Severity.FATAL:
        assert row.is_actionable


@each_row("row", SIGNATURES)
def test_each_expression_of_a_signature_compiles(row: Signature) -> None:
    for expression in (*row.patterns, *row.also, *row.unless):
        assert Expressions()[expression].pattern == expression


@each_row("row", SIGNATURES)
def test_no_pattern_repeats_without_a_bound(row: Signature) -> None:
    for pattern in (*row.patterns, *row.also, *row.unless):
        plain = re.sub(rb"\\.|\[(?:\\.|[^\]\\])+\]", b"x", pattern)
        assert not re.search(rb"[*+]|\{\d*,\}", plain), pattern


@each_row("row", SIGNATURES)
def test_a_literal_stands_in_whatever_an_expression_matches(row: Signature) -> None:
    for pattern in row.patterns:
        for text in (*row.examples, *row.near_misses):
            match = re.search(pattern, text.lower().encode())
            assert match is None or any(needle in match[0] for needle in needles_of(pattern)), pattern


def test_names_are_given_once() -> None:
    names = [row.name for row in SIGNATURES]

    assert len(names) == len(set(names))


def test_the_table_covers_what_on_call_engineers_meet_most() -> None:
    assert len(SIGNATURES) >= 220
    assert {row.category for row in SIGNATURES} == set(Category)


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        (rb"no such host", (b"no such host",)),
        (rb"lost executor \d{1,9} on ", (b"lost executor ",)),
        (rb"colou?r is wrong", (b"r is wrong",)),
        (rb"\b(?:alpha|beta) x", (b"alpha x", b"beta x")),
        (rb"(?:not|never) initiali[sz]ed", (b" initiali",)),
        (rb"\bbad [ch]at \d", (b"bad cat ", b"bad hat ")),
        (rb"(?:all|every) (?:row|rows)\b", (b"all row", b"every row")),
        (rb"(?:alpha|\d{1,3} of them) (?=here)are lost", (b" are lost",)),
        (rb"(?:gone|has \w{1,9} departed)!?", (b"gone", b" departed")),
        (rb"e{2,4}ither\b or\x21", (b"ither or!",)),
        (rb"tab\tnewline\nend", (b"tab\tnewline\nend",)),
        (rb"a(?:b|c)? longer tail", (b" longer tail",)),
        (rb"parsing \[[^\]\n]{1,80}:\d{1,6}\]", (b"parsing [",)),
    ],
)
def test_needles_stand_in_every_match(pattern: bytes, needles: tuple[bytes, ...]) -> None:
    assert needles_of(pattern) == needles


@pytest.mark.parametrize("pattern", [rb"\d{3}", rb"(?:a|b)", rb"Upper case"])
def test_a_pattern_without_a_usable_needle_is_refused(pattern: bytes) -> None:
    with pytest.raises(ValueError, match="pattern"):
        needles_of(pattern)


@pytest.mark.parametrize("padding", range(9))
def test_the_index_finds_a_needle_at_any_place(padding: int) -> None:
    index = NeedleIndex([b"seven!!", b"no such host", b"oom"])

    found = index.present(b"." * padding + b"seven!!" + b"-" * padding + b"no such host" + b"oom")

    assert sorted(found) == [b"no such host", b"oom", b"seven!!"]


@pytest.mark.parametrize("padding", range(9))
@pytest.mark.parametrize("length", range(3, 12))
def test_the_index_finds_a_needle_of_any_length(length: int, padding: int) -> None:
    needle = b"abcdefghijkl"[:length]
    index = NeedleIndex([needle, b"abcdefghijklm", b"bcd", b"no such host"])

    assert needle in index.present(b"." * padding + needle)
    assert needle not in index.present(b"." * padding + needle[:-1] + b"." + needle[1:])


def test_the_index_gives_nothing_that_is_not_there() -> None:
    index = NeedleIndex([b"seven!!", b"no such host", b"oom"])

    assert index.present(b"seven! no such hose, boom was not meant"[:-19]) == []
    assert index.present(b"") == []
