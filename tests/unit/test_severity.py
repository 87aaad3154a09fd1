"""Severities: numbers, words and their order."""

from __future__ import annotations

import pytest

from logtriage.schema.severity import LEVEL_WORDS, Severity, severity_of_number, severity_of_word


def test_every_number_falls_in_the_range_of_the_logs_data_model() -> None:
    ranges = {number: severity_of_number(number) for number in range(-1, 26)}
    assert ranges[-1] is ranges[0] is None
    for first, wanted in ((1, "DEBUG"), (5, "DEBUG"), (9, "INFO"), (13, "WARN"), (17, "ERROR"), (21, "FATAL")):
        assert {ranges[number] for number in range(first, first + 4)} == {Severity(wanted)}
    assert ranges[25] is severity_of_number(9999) is Severity.FATAL


def test_a_severity_has_the_lowest_number_of_its_own_range() -> None:
    for severity in Severity:
        assert severity_of_number(severity.number) is severity
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]


def test_urgency_is_not_spelling() -> None:
    assert Severity.DEBUG.is_less_urgent_than(Severity.ERROR)
    assert Severity.WARN.is_less_urgent_than(Severity.ERROR)
    assert not Severity.FATAL.is_less_urgent_than(Severity.ERROR)
    assert not Severity.INFO.is_less_urgent_than(Severity.INFO)


@pytest.mark.parametrize("word", LEVEL_WORDS)
def test_a_level_word_is_read_in_any_letter_case_and_with_the_digit_of_a_range(word: str) -> None:
    for spelt in (word, word.upper(), word.title(), f" {word} ", f"{word}4"):
        assert severity_of_word(spelt) is LEVEL_WORDS[word]


@pytest.mark.parametrize(
    "word", ["", "500", "failed", "ok", "e", "ERROR5", "errors", "4", "error error", "x" * 5000, "fail", "\ufffd"]
)
def test_other_words_are_no_level(word: str) -> None:
    assert severity_of_word(word) is None
