"""Stack traces: one failure keeps its fingerprint when lines and frameworks move, and another failure has another."""

from __future__ import annotations

import json

import pytest

from logtriage.verdicts.fingerprint import fingerprint_of_line
from logtriage.verdicts.masker import Masker
from logtriage.verdicts.masks import literal_spans, mask
from logtriage.verdicts.stacks.spans import MAX_FRAMES, stack_regions
from support.tables import each_row
from unit.stack_examples import JAVA, KEPT, OTHER, SAME

FORMS = {
    "alone": lambda trace: trace,
    "behind a line": lambda trace: "2026-03-04 05:06:07.123 ERROR [till-7] sale was not booked\n" + trace,
    "in JSON": lambda trace: json.dumps({"level": "error", "stack": trace, "user": "ann"}),
    "in JSON in JSON": lambda trace: json.dumps({"log": json.dumps({"stack": trace})}),
    "with CRLF": lambda trace: trace.replace("\n", "\r\n"),
}
CASES = [(language, form) for language in SAME for form in FORMS]


def masked(text: str) -> str:
    return mask(text.encode()).decode()


@each_row(("language", "form"), CASES)
def test_one_failure_is_one_group_wherever_its_lines_and_frameworks_are(language: str, form: str) -> None:
    first, *again = (masked(FORMS[form](trace)) for trace in SAME[language])
    for other in again:
        assert other == first


@each_row(("language", "form"), CASES)
def test_another_class_message_or_top_frame_is_another_group(language: str, form: str) -> None:
    every = [masked(FORMS[form](trace)) for trace in (SAME[language][0], *OTHER[language])]
    assert len(set(every)) == len(every)


@each_row("language", KEPT)
def test_what_is_left_is_the_chain_and_the_frames_of_the_application(language: str) -> None:
    assert masked(SAME[language][0]) == KEPT[language]


@each_row(("language", "form"), CASES)
def test_the_masker_with_a_memory_gives_the_same_bytes(language: str, form: str) -> None:
    masker = Masker()
    for trace in (*SAME[language], *OTHER[language]) * 3:
        text = FORMS[form](trace).encode()
        assert masker.mask(text) == mask(text)


@each_row(("language", "form"), CASES)
def test_what_is_left_stands_in_the_record_byte_for_byte(language: str, form: str) -> None:
    raw = FORMS[form](SAME[language][0]).encode()
    result, at = mask(raw), 0
    for start, end in literal_spans(raw):
        assert start < end
        found = result.find(raw[start:end], at)
        assert found >= 0
        at = found + end - start


@each_row("language", SAME)
def test_the_stacktrace_attribute_is_read_like_a_body(language: str) -> None:
    def of(trace: str) -> str:
        return fingerprint_of_line("sale was not booked", attributes={"exception.stacktrace": trace}).hex

    assert len({of(trace) for trace in SAME[language]}) == 1
    assert len({of(trace) for trace in (SAME[language][0], *OTHER[language])}) == 1 + len(OTHER[language])


def test_five_frames_of_the_application_are_kept_and_what_is_below_says_nothing() -> None:
    def trace(depth: int) -> str:
        return "io.till.Lost: x\n" + "\n".join(f"\tat io.till.Step{chr(65 + i)}.run(S.java:1)" for i in range(depth))

    assert masked(trace(MAX_FRAMES)) == masked(trace(MAX_FRAMES + 7))
    assert masked(trace(MAX_FRAMES)) != masked(trace(MAX_FRAMES - 1))


def test_a_recursion_is_the_same_however_deep() -> None:
    def trace(depth: int) -> str:
        return (
            "java.lang.StackOverflowError\n"
            + "\tat io.till.Tree.walk(Tree.java:7)\n" * depth
            + "\tat io.till.Main.run(M.java:1)"
        )

    assert masked(trace(1024)) == masked(trace(900))


def test_without_a_frame_of_the_application_the_top_frame_is_kept() -> None:
    trace = "java.lang.NullPointerException\n\tat org.hibernate.A.load(A.java:7)\n\tat org.hibernate.B.load(B.java:7)"
    assert masked(trace) == "java.lang.NullPointerException\n\tat org.hibernate.A.load"


@pytest.mark.parametrize(
    "text",
    [
        "two lines\n at the door\nof a shop",
        "caught:\n  at most 5 (of many)",
        "list:\n 1: one\n 2: two",
        "from here\nfrom there: 7",
        "one line at io.till.Drawer.open",
        'a\n  File "x", and more',
    ],
)
def test_prose_over_several_lines_is_no_trace(text: str) -> None:
    assert all(line in masked(text) for line in text.split("\n") if not any(char.isdigit() for char in line))


def test_a_text_of_one_line_is_not_looked_at() -> None:
    assert stack_regions(b"lost at io.till.Drawer.open(Drawer.java:31)") == []


def test_masking_a_masked_trace_changes_nothing_more_in_its_frames() -> None:
    once = masked(JAVA)
    assert masked(once) == once
