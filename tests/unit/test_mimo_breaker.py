from __future__ import annotations

from itertools import pairwise

from logtriage.engines.mimo.breaker import OPEN_SECONDS, WINDOW_CALLS, Breaker, State, Ticket


class Time:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def breaker_of(time: Time, random: float = 0.0) -> Breaker:
    return Breaker(clock=time, random=lambda: random)


def admitted(breaker: Breaker) -> Ticket:
    ticket = breaker.admit()
    assert ticket is not None
    return ticket


def fail(breaker: Breaker, times: int = 1) -> bool:
    opened = [breaker.failed(admitted(breaker)) for _ in range(times)]
    return any(opened)


def test_four_failures_in_a_row_leave_it_closed_and_the_fifth_opens_it() -> None:
    breaker = breaker_of(Time())

    assert not fail(breaker, 4)
    assert breaker.state is State.CLOSED
    assert fail(breaker)
    assert breaker.state is State.OPEN
    assert breaker.admit() is None


def test_a_success_in_between_begins_the_row_anew() -> None:
    breaker = breaker_of(Time())
    fail(breaker, 4)
    breaker.succeeded(admitted(breaker))
    fail(breaker, 4)

    assert breaker.state is State.CLOSED


def test_half_of_the_last_twenty_opens_it_and_fewer_do_not() -> None:
    breaker = breaker_of(Time())
    for _ in range(WINDOW_CALLS):
        breaker.succeeded(admitted(breaker))
    for number in range(1, 10):
        fail(breaker)
        breaker.succeeded(admitted(breaker))
        assert breaker.state is State.CLOSED, number
    assert fail(breaker)
    assert breaker.state is State.OPEN


def test_a_failure_that_says_so_opens_it_at_once() -> None:
    breaker = breaker_of(Time())

    assert breaker.failed(admitted(breaker), opens=True)
    assert breaker.state is State.OPEN


def test_after_the_pause_one_probe_is_let_through_and_no_second() -> None:
    time = Time()
    breaker = breaker_of(time)
    breaker.failed(admitted(breaker), opens=True)
    time.now += OPEN_SECONDS - 0.01
    assert breaker.admit() is None
    time.now += 0.01

    assert breaker.state is State.HALF_OPEN
    assert admitted(breaker).is_probe
    assert breaker.admit() is None


def test_a_probe_that_succeeds_closes_it_and_forgets_the_past() -> None:
    time = Time()
    breaker = breaker_of(time)
    fail(breaker, 5)
    time.now += OPEN_SECONDS
    breaker.succeeded(admitted(breaker))

    assert breaker.state is State.CLOSED
    assert not fail(breaker, 4)


def test_a_probe_that_fails_opens_it_for_another_pause_without_news() -> None:
    time = Time()
    breaker = breaker_of(time)
    fail(breaker, 5)
    time.now += OPEN_SECONDS

    assert not breaker.failed(admitted(breaker))
    assert breaker.state is State.OPEN
    assert breaker.seconds_until_probe == OPEN_SECONDS


def test_a_probe_that_hangs_does_not_keep_the_next_one_back_and_either_closes_it() -> None:
    for succeeds_first in (True, False):
        time = Time()
        breaker = breaker_of(time)
        fail(breaker, 5)
        time.now += OPEN_SECONDS
        hanging = admitted(breaker)
        time.now += OPEN_SECONDS
        second = admitted(breaker)
        assert breaker.admit() is None

        breaker.succeeded(hanging if succeeds_first else second)

        assert breaker.state is State.CLOSED
        assert not breaker.failed(second if succeeds_first else hanging, opens=True)
        assert breaker.state is State.CLOSED


def test_an_open_breaker_never_lets_more_than_one_probe_through_in_a_pause() -> None:
    time = Time()
    breaker = breaker_of(time)
    fail(breaker, 5)
    began, probes = time.now, []
    while time.now < began + 300.0:
        time.now += 0.25
        ticket = breaker.admit()
        if ticket is not None:
            probes.append(time.now)
            breaker.failed(ticket)

    assert len(probes) == 30
    assert min(later - earlier for earlier, later in pairwise(probes)) >= OPEN_SECONDS


def test_a_probe_given_up_makes_room_for_another() -> None:
    time = Time()
    breaker = breaker_of(time)
    fail(breaker, 5)
    time.now += OPEN_SECONDS
    breaker.released(admitted(breaker))

    assert admitted(breaker).is_probe


def test_a_call_from_before_it_opened_neither_closes_nor_prolongs_it() -> None:
    time = Time()
    breaker = breaker_of(time)
    slow, slower = admitted(breaker), admitted(breaker)
    fail(breaker, 5)
    time.now += 3.0

    breaker.succeeded(slow)
    breaker.failed(slower, opens=True)

    assert breaker.state is State.OPEN
    assert breaker.seconds_until_probe == OPEN_SECONDS - 3.0


def test_what_the_endpoint_asked_for_lengthens_the_pause() -> None:
    breaker = breaker_of(Time())
    breaker.failed(admitted(breaker), opens=True, retry_after_seconds=42.0)

    assert breaker.seconds_until_probe == 42.0


def test_replicas_that_failed_together_probe_apart_and_none_later_than_the_pause() -> None:
    pauses = []
    for random in (0.0, 0.5, 1.0):
        breaker = breaker_of(Time(), random)
        breaker.failed(admitted(breaker), opens=True)
        pauses.append(breaker.seconds_until_probe)

    assert len(set(pauses)) == 3
    assert max(pauses) == OPEN_SECONDS
    assert min(pauses) >= OPEN_SECONDS * 0.5


def test_a_probe_of_an_earlier_outage_does_not_end_a_later_one() -> None:
    time = Time()
    breaker = breaker_of(time)
    fail(breaker, 5)
    time.now += OPEN_SECONDS
    hanging = admitted(breaker)
    time.now += OPEN_SECONDS
    breaker.succeeded(admitted(breaker))
    fail(breaker, 5)

    breaker.succeeded(hanging)

    assert breaker.state is State.OPEN
