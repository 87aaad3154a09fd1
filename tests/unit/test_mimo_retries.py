from __future__ import annotations

from email.utils import formatdate

import pytest

from logtriage.engines.mimo.retries import (
    BUDGET_BURST,
    MAX_DELAY_SECONDS,
    RetryBudget,
    delay_seconds,
    parse_retry_after,
)

NOW = 1_700_000_000.0


@pytest.mark.parametrize(("retry", "ceiling"), [(1, 1.0), (2, 2.0), (3, 4.0), (5, 16.0), (6, 20.0), (500, 20.0)])
def test_delays_reach_from_nothing_to_a_ceiling_that_doubles_up_to_twenty_seconds(retry: int, ceiling: float) -> None:
    assert delay_seconds(retry, retry_after_seconds=None, random=lambda: 0.0) == 0.0
    assert delay_seconds(retry, retry_after_seconds=None, random=lambda: 1.0) == ceiling
    assert ceiling <= MAX_DELAY_SECONDS


def test_those_told_the_same_time_do_not_return_together() -> None:
    first = delay_seconds(1, retry_after_seconds=2.0, random=lambda: 0.1)
    second = delay_seconds(1, retry_after_seconds=2.0, random=lambda: 0.9)

    assert first >= 2.0
    assert second - first == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("120", 60.0),
        ("1e9", 60.0),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW + 86_400, usegmt=True), 60.0),
        (formatdate(NOW - 30, usegmt=True), None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("soon", None),
        ("٣", None),
        ("Mon, 99 Foo 2026 99:99:99 GMT", None),
        ("2" * 100, None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_anything_else_is_ignored(
    value: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(value, now_unix=NOW) == seconds


def test_the_budget_gives_its_burst_and_then_one_retry_for_ten_calls() -> None:
    budget = RetryBudget()
    assert sum(budget.take() for _ in range(100)) == BUDGET_BURST

    taken = 0
    for _ in range(1000):
        budget.count_call()
        taken += budget.take()

    assert 99 <= taken <= 100


def test_the_budget_does_not_save_up_more_than_its_burst() -> None:
    budget = RetryBudget()
    for _ in range(10_000):
        budget.count_call()

    assert sum(budget.take() for _ in range(100)) == BUDGET_BURST
