"""Whatever the order of arrival: no minute is counted twice, and no surge is overlooked."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from logtriage.triage.envelope import BASE_FLOOR_RECORDS, SURGE_FACTOR, Envelope

LIMIT = BASE_FLOOR_RECORDS * SURGE_FACTOR
START = 1000

pieces = st.tuples(st.integers(0, 60), st.integers(1, 300))


def envelope() -> Envelope:
    return Envelope(ttl_seconds=1.0, now=0.0)


@given(st.lists(pieces, max_size=80))
def test_a_surge_is_never_seen_where_no_minute_reached_ten_times_the_base(arrivals: list[tuple[int, int]]) -> None:
    one, true = envelope(), Counter[int]()
    for minute, weight in arrivals:
        true[minute] += weight
        one.observe(START + minute, weight)
        if one.is_surge:
            assert max(true.values()) >= LIMIT


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 300)), max_size=80))
def test_within_ten_minutes_a_surge_is_seen_exactly_when_a_minute_reaches_ten_times_the_base(
    arrivals: list[tuple[int, int]],
) -> None:
    one, true = envelope(), Counter[int]()
    for minute, weight in arrivals:
        true[minute] += weight
        assert one.observe(START + minute, weight) is (max(true.values()) >= LIMIT)


@given(st.lists(st.integers(11, 59), max_size=300), st.integers(11, 59), st.randoms(use_true_random=False))
def test_a_late_minute_of_twice_the_surge_is_seen_between_whatever_else_is_late(
    others: list[int], minute: int, source: object
) -> None:
    one = envelope()
    one.observe(START + 60, 1)
    arrivals = [*others, *[minute] * (2 * LIMIT)]
    source.shuffle(arrivals)  # type: ignore[attr-defined]
    for late in arrivals:
        one.observe(START + 60 - late)

    assert one.is_surge


@given(st.lists(st.one_of(pieces, st.just(None)), max_size=80))
def test_right_after_a_verdict_there_is_no_surge_until_more_arrives_than_ever_before(
    steps: list[tuple[int, int] | None],
) -> None:
    one, true = envelope(), Counter[int]()
    for step in steps:
        if step is None:
            one.renew(now=0.0, service_version=b"")
            assert not one.is_surge
        else:
            true[step[0]] += step[1]
            one.observe(START + step[0], step[1])
            assert one.records_a_minute <= max(true.values())
