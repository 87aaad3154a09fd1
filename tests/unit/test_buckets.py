from __future__ import annotations

import math

import pytest

from logtriage.engines.mimo.buckets import Bucket, Rate

DAY = 86_400.0


def admitted(rate: Rate, *, every_seconds: float, seconds: float, amount: float) -> list[float]:
    """Ask for ``amount`` all the time; give when it was there."""
    bucket = Bucket(rate, level=rate.burst, now=0.0)
    times = []
    for step in range(int(seconds / every_seconds)):
        now = step * every_seconds
        if bucket.holds(amount, now):
            bucket.take(amount, now)
            times.append(now)
    return times


@pytest.mark.parametrize(("per_minute", "burst"), [(100, 5.0), (100, 50.0), (7, 1.25), (1, 1.0), (2, 2.0)])
def test_no_window_of_a_minute_sees_more_requests_than_the_rate(per_minute: int, burst: float) -> None:
    rate = Rate(amount=per_minute, period_seconds=60.0, burst=burst, unit=1.0)
    times = admitted(rate, every_seconds=0.05, seconds=600.0, amount=1.0)

    fullest = max(sum(1 for later in times if at <= later < at + 60.0) for at in times)

    assert fullest <= per_minute
    assert len(times) >= 10 * (per_minute - burst)


def test_dollars_refill_evenly_over_the_day_and_are_not_gone_by_three() -> None:
    rate = Rate(amount=5.0, period_seconds=DAY, burst=0.5)
    times = admitted(rate, every_seconds=10.0, seconds=DAY, amount=0.01)

    by_hour = [sum(1 for at in times if hour * 3600 <= at < (hour + 1) * 3600) for hour in range(24)]

    assert 0.01 * len(times) <= 5.0
    assert min(by_hour[1:]) >= 18
    assert by_hour[0] <= 19 + 50


def test_a_bucket_holds_what_was_promised_when_the_promised_time_is_over() -> None:
    bucket = Bucket(Rate(amount=97.3, period_seconds=61.7, burst=3.1), level=0.0, now=1e6 / 3)
    wait = bucket.seconds_until(2.7, 1e6 / 3)

    assert bucket.holds(2.7, 1e6 / 3 + wait)
    assert not bucket.holds(2.7, 1e6 / 3 + wait * 0.99)


def test_more_than_the_capacity_is_never_promised() -> None:
    bucket = Bucket(Rate(amount=10, period_seconds=60, burst=2), level=2, now=0.0)

    assert bucket.seconds_until(2.5, 0.0) == math.inf


def test_a_debt_is_refilled_before_anything_is_given() -> None:
    bucket = Bucket(Rate(amount=70, period_seconds=60, burst=10), level=10, now=0.0)
    bucket.take(25, 0.0)

    assert bucket.level(0.0) == -15
    assert bucket.seconds_until(1, 0.0) == pytest.approx(16)


def test_a_clock_that_goes_back_refills_nothing_and_takes_nothing() -> None:
    bucket = Bucket(Rate(amount=70, period_seconds=60, burst=10), level=0, now=100.0)

    assert bucket.level(50.0) == 0
    bucket.take(1, 50.0)
    assert bucket.level(100.0) == -1
    assert bucket.level(101.0) == pytest.approx(0)


def test_reading_the_level_changes_nothing() -> None:
    bucket = Bucket(Rate(amount=70, period_seconds=60, burst=10), level=0, now=0.0)
    bucket.level(1e9)

    assert bucket.level(1.0) == pytest.approx(1)


def test_the_parts_of_four_services_with_a_quarter_each_are_the_whole() -> None:
    whole = Rate(amount=5.0, period_seconds=DAY, burst=0.5)
    part = whole.part(0.25)

    assert 4 * part.burst == pytest.approx(whole.burst)
    assert 4 * part.refill_per_second == pytest.approx(whole.refill_per_second)
