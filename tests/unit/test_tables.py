"""The helper of the tests that checks a whole table in one test tells every row that fails."""

from __future__ import annotations

import inspect

import pytest

from support.tables import each_row


def test_all_failing_rows_are_told_and_no_other() -> None:
    @each_row(("word", "length"), [("one", 3), ("two", 4), ("three", 5), ("four", 0)])
    def lengths(word: str, length: int) -> None:
        assert len(word) == length

    with pytest.raises(pytest.fail.Exception) as failed:
        lengths()

    told = str(failed.value)
    assert "2 of 4 rows fail" in told
    assert "word='two', length=4" in told
    assert "word='four', length=0" in told
    assert "one" not in told.replace("none", "")
    assert "three" not in told


def test_a_row_that_raises_does_not_hide_the_next() -> None:
    @each_row("number", [0, 1, 2])
    def division(number: int) -> None:
        assert 1 / number == 1

    with pytest.raises(pytest.fail.Exception, match=r"(?s)2 of 3 rows.*number=0.*ZeroDivisionError.*number=2"):
        division()


def test_what_is_no_column_stays_a_fixture() -> None:
    @each_row("number", [1])
    def sum_with(fixture: int, number: int) -> None:
        assert fixture + number == 3

    assert list(inspect.signature(sum_with).parameters) == ["fixture"]
    sum_with(fixture=2)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ValueError, match="without a row"):
        each_row("number", [])
