from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.config.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", 5.0),
        ("1m30s", 90.0),
        ("200ms", 0.2),
        ("0s", 0.0),
        ("0", 0.0),
        ("24h", 86_400.0),
        ("1.5h", 5_400.0),
        ("1h0m1s", 3_601.0),
        ("250us", 0.00025),
        ("250µs", 0.00025),
        (" 5s ", 5.0),
    ],
)
def test_a_duration_in_gos_notation_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "s", "5", "5 s", "5s 3m", "-5s", "5d", "5S", "1.s", "٥s", "5s\n5s", "1e3s", "9" * 70]
)
def test_what_is_no_duration_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no duration: (write `5s`|add a unit)"):
        parse_duration(text)


def test_a_bare_number_is_refused_with_the_unit_that_was_probably_meant() -> None:
    with pytest.raises(ValueError, match="add a unit, for example `30s`"):
        parse_duration("30")


def test_a_duration_past_gos_longest_is_refused() -> None:
    with pytest.raises(ValueError, match="292 years"):
        parse_duration("9999999h")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0s"), (4.0, "4s"), (90.0, "1m30s"), (86_400.0, "24h"), (0.2, "200ms"), (1.5, "1.5s"), (3_601.0, "1h1s")],
)
def test_seconds_are_written_as_people_write_them(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(min_value=0, max_value=10**15))
def test_a_written_duration_reads_back_as_the_same_seconds(microseconds: int) -> None:
    seconds = microseconds / 1e6

    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=1e-6, rel=1e-12)
