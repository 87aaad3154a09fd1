from __future__ import annotations

import random
import sys
import time

import pytest

from logtriage.triage.envelope import BASE_FLOOR_RECORDS, SURGE_FACTOR, Breach, Envelope, event_minute, weight_of

HOUR = 3600.0
NOON = 29_000_000
"""A minute of event time."""
MINUTE_NANO = 60 * 10**9


def envelope(version: bytes = b"1.0") -> Envelope:
    return Envelope(ttl_seconds=24 * HOUR, now=0.0, service_version=version)


def breach(of: Envelope, *, now: float = 1.0, version: bytes = b"1.0") -> Breach | None:
    return of.breach(now=now, service_version=version)


def test_ten_thousand_records_inside_the_envelope_are_no_reason_to_ask_again() -> None:
    one = envelope()
    for i in range(10_000):
        assert not one.observe(NOON + i // 500)

    assert breach(one) is None


def test_ten_times_the_rate_is_a_surge_at_once_and_until_the_new_verdict() -> None:
    one = envelope()
    for i in range(10_000):
        one.observe(NOON + i // 60)
    surging = [one.observe(NOON + 200) for _ in range(600)]
    after = [one.observe(NOON + 201 + i) for i in range(50)]

    assert surging.index(True) == 599
    assert all(after)
    assert breach(one) is Breach.SURGE
    one.renew(now=2.0, service_version=b"1.0")
    assert not one.is_surge
    assert breach(one) is None


def test_after_a_new_verdict_the_base_is_the_present_rate() -> None:
    one = envelope()
    for _ in range(700):
        one.observe(NOON)
    one.renew(now=1.0, service_version=b"1.0")

    assert not any(one.observe(NOON + 1) for _ in range(6999))
    assert one.observe(NOON + 1)


def test_a_first_sighting_and_a_few_more_are_no_surge() -> None:
    one = envelope()

    assert not any(one.observe(NOON) for _ in range(BASE_FLOOR_RECORDS * SURGE_FACTOR - 1))


def test_a_record_that_stands_for_many_counts_as_many() -> None:
    one = envelope()

    assert not one.observe(NOON, 599)
    assert one.observe(NOON, 1)


@pytest.mark.parametrize("per_minute", [60, 500])
@pytest.mark.parametrize("is_live_in_between", [False, True])
def test_a_drained_backlog_at_the_usual_rate_is_no_surge(per_minute: int, is_live_in_between: bool) -> None:
    one = envelope()
    for minute in range(120):
        for _ in range(per_minute):
            assert not one.observe(NOON + minute)
        if is_live_in_between:
            assert not one.observe(NOON + 120, 4)


def test_backlogs_of_several_senders_at_once_are_no_surge() -> None:
    one = envelope()
    backlogs = [NOON + minute for minute in range(240) for _ in range(100)]
    random.Random(7).shuffle(backlogs)

    assert not any(one.observe(minute) for minute in backlogs)


def test_a_backlog_that_holds_a_surge_is_one_though_it_arrives_late() -> None:
    one = envelope()
    one.observe(NOON + 500)
    found = False
    for minute in range(120):
        one.observe(NOON + 500)
        for _ in range(1200 if minute == 77 else 60):
            found = one.observe(NOON + minute)
        assert found is (minute >= 77)


def test_late_records_do_not_hide_a_surge_that_is_going_on() -> None:
    one = envelope()
    one.observe(NOON)
    answers = []
    for i in range(600):
        answers.append(one.observe(NOON))
        one.observe(NOON - 20 - i % 50)

    assert answers[-1]
    assert answers.index(True) == 598


def test_records_out_of_order_within_ten_minutes_are_no_surge() -> None:
    one = envelope()
    minutes = [NOON + minute for minute in range(10) for _ in range(599)]
    random.Random(3).shuffle(minutes)

    assert not any(one.observe(minute) for minute in minutes)


@pytest.mark.parametrize("minute", range(10))
def test_the_record_that_makes_it_a_surge_may_belong_to_any_of_the_last_ten_minutes(minute: int) -> None:
    one = envelope()
    minutes = [NOON + minute for minute in range(10) for _ in range(599)]
    random.Random(3).shuffle(minutes)
    one.observe(NOON + 9, 0)
    for other in minutes:
        one.observe(other)

    assert one.observe(NOON + minute)


def test_a_minute_that_was_left_behind_by_a_jump_goes_on_being_counted() -> None:
    one = envelope()
    for _ in range(400):
        one.observe(NOON)
    one.observe(NOON + 120)

    assert [one.observe(NOON) for _ in range(200)].index(True) == 199


def test_a_surge_among_late_records_ends_with_its_verdict_and_does_not_ask_for_ever() -> None:
    one = envelope()
    one.observe(NOON)
    asks = 0
    for _ in range(100_000):
        if one.observe(NOON - 300):
            asks += 1
            one.renew(now=1.0, service_version=b"1.0")

    assert asks <= 3


def test_an_old_backlog_does_not_raise_the_base_for_what_comes_later() -> None:
    one = envelope()
    one.observe(NOON)
    for _ in range(550):
        one.observe(NOON - 300)
    one.renew(now=1.0, service_version=b"1.0")

    assert [one.observe(NOON + 60) for _ in range(600)][-1]


def test_a_sender_s_clock_that_runs_ahead_is_read_as_the_arrival() -> None:
    arrival = NOON * MINUTE_NANO + 5

    assert event_minute(arrival + 90 * MINUTE_NANO, arrival) == NOON
    assert event_minute(arrival - 90 * MINUTE_NANO, arrival) == NOON - 90
    assert event_minute(0, arrival) == NOON
    assert event_minute(2**64 - 1, arrival) == NOON


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        (None, 1),
        (b"25", 25),
        (b"0", 1),
        (b"-5", 1),
        (b"", 1),
        (b"1e9", 1),
        (b"12 ", 1),
        ("٣".encode(), 1),
        (b"999999999", 999_999_999),
        (b"9" * 5000, 1),
    ],
)
def test_only_a_plain_number_is_a_weight(value: bytes | None, weight: int) -> None:
    assert weight_of({} if value is None else {b"log_count": value}) == weight


def test_the_time_to_live_ends_the_envelope_and_a_new_verdict_begins_another() -> None:
    one = envelope()

    assert breach(one, now=24 * HOUR - 1) is None
    assert breach(one, now=24 * HOUR) is Breach.TTL
    one.renew(now=24 * HOUR, service_version=b"1.0")
    assert breach(one, now=47 * HOUR) is None


def test_another_service_version_asks_again_once() -> None:
    one = envelope(b"1.0")

    assert breach(one, version=b"1.1") is Breach.SERVICE_VERSION
    one.renew(now=2.0, service_version=b"1.1")
    assert breach(one, version=b"1.1") is None
    assert breach(one, version=b"1.0") is None


def test_a_record_without_a_version_is_no_other_version() -> None:
    assert breach(envelope(b"1.0"), version=b"") is None
    assert breach(envelope(b""), version=b"1.0") is None


def test_a_version_for_each_host_asks_a_few_times_an_hour_only() -> None:
    one = envelope(b"host-0")
    asks = 0
    for i in range(1000):
        version = b"host-%d" % i
        if one.breach(now=i * 7.2, service_version=version):
            asks += 1
            one.renew(now=i * 7.2, service_version=version)

    assert asks <= 10


def test_observing_costs_less_than_half_a_microsecond() -> None:
    one = envelope()
    for i in range(1000):
        one.observe(NOON + i // 100)
    runs = []
    for _ in range(5):
        observe, rounds = one.observe, range(20_000)
        began = time.perf_counter()
        for _i in rounds:
            observe(NOON + 10, 0)
        runs.append((time.perf_counter() - began) / 20_000)

    print(f"observe: {min(runs) * 1e6:.2f} µs a record")
    assert min(runs) < 3 * 0.5e-6


def test_memory_does_not_grow_with_what_is_observed() -> None:
    one = envelope()
    source = random.Random(11)
    for _ in range(50_000):
        one.observe(NOON + source.randrange(-10_000, 10_000), source.randrange(1, 5))
        if one.is_surge:
            one.renew(now=1.0, service_version=b"%d" % source.randrange(1000))
    held = [getattr(one, name) for name in Envelope.__slots__]
    size = sys.getsizeof(one) + sum(
        sys.getsizeof(value) + sum(map(sys.getsizeof, value if isinstance(value, list | tuple) else ()))
        for value in held
    )

    print(f"envelope: {size} bytes")
    assert size < 2048
