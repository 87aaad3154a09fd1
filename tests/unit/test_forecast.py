from __future__ import annotations

import math

import pytest

from logtriage.engines.mimo.forecast import Expectation, SpendRate, seconds_until_dry


def test_steady_spending_is_forecast_to_the_second() -> None:
    spent = SpendRate(fade_seconds=600.0, now=0.0)
    for second in range(1, 3601):
        spent.add(0.003, float(second))

    rate = spent.per_second(3600.0)

    assert rate == pytest.approx(0.003, rel=0.01)
    assert seconds_until_dry(level=2.0, refill_per_second=0.001, spent_per_second=rate) == pytest.approx(1000, rel=0.02)


def test_a_young_rate_is_not_taken_for_a_small_one() -> None:
    spent = SpendRate(fade_seconds=600.0, now=0.0)
    for second in range(10):
        spent.add(1.0, float(second))

    assert spent.per_second(10.0) == pytest.approx(1.0, rel=0.05)


def test_spending_that_stopped_fades_until_the_budget_never_runs_dry() -> None:
    spent = SpendRate(fade_seconds=60.0, now=0.0)
    for second in range(60):
        spent.add(2.0, float(second))

    assert seconds_until_dry(level=5, refill_per_second=0.5, spent_per_second=spent.per_second(60.0)) < 10
    later = spent.per_second(600.0)
    assert seconds_until_dry(level=5, refill_per_second=0.5, spent_per_second=later) == math.inf


def test_an_empty_budget_is_dry_now_however_fast_it_refills() -> None:
    assert seconds_until_dry(level=-1, refill_per_second=9, spent_per_second=0) == 0


def test_dearer_calls_are_expected_after_few_and_cheaper_ones_after_many() -> None:
    expectation = Expectation(1000.0)
    for _ in range(3):
        expectation.learn(5000.0)
    assert expectation.value > 4000

    for _ in range(3):
        expectation.learn(1000.0)
    assert expectation.value > 3500
    for _ in range(100):
        expectation.learn(1000.0)
    assert expectation.value == pytest.approx(1000, rel=0.05)


def test_one_absurd_usage_moves_the_expectation_by_a_bounded_factor() -> None:
    expectation = Expectation(1000.0)
    for _ in range(50):
        expectation.learn(1e15)

    assert expectation.value <= 8000
