"""The mask table: every entry masks its examples, leaves its near-misses, and no text costs more than another."""

from __future__ import annotations

import re

from logtriage.verdicts.mask_table import MASKS
from logtriage.verdicts.masks import literal_spans, mask, mask_named
from support.tables import each_row
from unit.mask_examples import EXAMPLES, KNOWN_FAULTS, NEAR_MISSES, STAYS

NAMES = [entry.name for entry in MASKS]


def masked(text: str) -> str:
    return mask(text.encode()).decode()


def names_in(text: str) -> list[str]:
    return [name for name, _, _ in mask_named(text.encode())]


def test_each_entry_of_the_table_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_every_entry_has_examples_and_two_near_misses_and_no_rows_are_without_an_entry() -> None:
    assert set(EXAMPLES) == set(NEAR_MISSES) == set(NAMES)
    assert all(len(rows) >= 1 for rows in EXAMPLES.values())
    assert all(len(rows) >= 2 for rows in NEAR_MISSES.values())


@each_row(("name", "text", "wanted"), [(name, *row) for name, rows in EXAMPLES.items() for row in rows])
def test_an_example_is_masked_by_its_own_entry(name: str, text: str, wanted: str) -> None:
    assert masked(text) == wanted
    assert name in names_in(text)


@each_row(("name", "text"), [(name, text) for name, rows in NEAR_MISSES.items() for text in rows])
def test_a_near_miss_is_left_alone_by_the_entry(name: str, text: str) -> None:
    assert name not in names_in(text)


@each_row("text", STAYS)
def test_what_carries_meaning_stays_byte_for_byte(text: str) -> None:
    assert masked(text) == text


@each_row(("text", "wanted", "actual"), KNOWN_FAULTS)
def test_a_known_fault_is_still_one(text: str, wanted: str, actual: str) -> None:
    assert masked(text) == actual, "mended: move the row to the examples"
    assert actual != wanted, "this row states no fault"


@each_row("entry", MASKS)
def test_a_pattern_has_bounded_repeats_no_capturing_group_and_a_reason(entry: object) -> None:
    pattern = entry.pattern  # type: ignore[attr-defined]
    bare = re.sub(rb"\[(?:\\.|[^\]\\])*\]|\\.", b"C", pattern)
    assert not re.search(rb"[*+]", bare)
    assert re.compile(pattern).groups == 0
    assert len(entry.reason) > 8  # type: ignore[attr-defined]


@each_row("text", [text for rows in EXAMPLES.values() for text, _ in rows])
def test_literal_spans_are_what_masking_leaves(text: str) -> None:
    raw = text.encode()
    spans = literal_spans(raw)
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    result, at = mask(raw), 0
    for start, end in spans:
        found = result.find(raw[start:end], at)
        assert found >= 0
        at = found + end - start


@each_row(
    ("a", "b"),
    [
        ("retry attempt 1 succeeded", "retry attempt 1 failed"),
        ("attempt 2/5 failed", "attempt 5/5 failed"),
        ("status=503", "status=429"),
        ("errno 28", "errno 13"),
        ("exit code 137", "exit code 143"),
        ("SQLSTATE 23505", "SQLSTATE 40001"),
        ("127.0.0.1:5432 refused", "10.0.0.9:5432 refused"),
        ("10.0.0.9:5432 refused", "10.0.0.9:6379 refused"),
        ("heap at 12%", "heap at 97%"),
        ("0 bytes free", "17 bytes free"),
        ("fault 0xC0000005", "fault 0x80070005"),
        ("connect to db-a failed", "connect to db-b failed"),
    ],
)
def test_what_decides_a_verdict_stays_apart(a: str, b: str) -> None:
    assert masked(a) != masked(b)


@each_row(
    ("a", "b"),
    [
        ("order 7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11", "order 00000000-5d2a-4a53-9a1b-0f2f6c9f1a11"),
        ("took 12ms", "took 1999ms"),
        ("10.0.0.9:49152 reset", "10.7.0.1:51000 reset"),
        ("user 42 denied", "user 77 denied"),
        ("2026-03-04T05:06:07Z late", "2027-11-30T15:16:17Z late"),
    ],
)
def test_what_only_names_one_thing_is_merged(a: str, b: str) -> None:
    assert masked(a) == masked(b)
