"""The gates that held records leave by: while downstream fails one tries, with jitter, no sooner than asked to."""

from __future__ import annotations

import pytest

from logtriage.config.exporter import RetrySettings
from logtriage.pipeline.back_off_gate import MAX_RETRY_AFTER_SECONDS, BackOffGate
from logtriage.pipeline.destinations import Destinations
from logtriage.pipeline.fair_rows import Destination, LeavingRow

ONE: Destination = (("x-scope-orgid", "one"),)
TWO: Destination = (("x-scope-orgid", "two"),)


class Bench:
    """Gates and their queues in a time of their own."""

    def __init__(self, *, random: float = 1.0) -> None:
        self.now = 100.0
        self.random = random
        self.gate = self.new_gate()
        self.queue = Destinations(self.new_gate)

    def new_gate(self) -> BackOffGate:
        retry = RetrySettings.model_validate({"initial_interval": "1s", "multiplier": 2, "max_interval": "5s"})
        return BackOffGate(retry, clock=lambda: self.now, random=lambda: self.random)

    def fail(self, **more: object) -> float | None:
        """Let a try fail; give how long the next one waits."""
        is_probe = self.gate.begin()
        self.gate.failed(is_probe=is_probe, **{"retry_after_seconds": None, **more})  # type: ignore[arg-type]
        return self.gate.seconds_until_try

    def put(self, *rows: tuple[int, Destination | None]) -> None:
        for number, destination in rows:
            self.queue.put(
                LeavingRow(id=number, source_service="a", records=2, size_bytes=1, reason=None, destination=destination)
            )

    def take(self) -> list[int]:
        """Take what may be tried, and let it go wrong."""
        rows, turn = self.queue.take(max_rows=10, max_bytes=1000)
        if turn is not None:
            turn.failed(retry_after_seconds=None, is_misconfigured=False)
            turn.end()
        self.queue.put_back(rows)
        return [row.id for row in rows]


def test_an_open_gate_lets_all_pass_at_once() -> None:
    gate = Bench().gate
    assert [gate.begin() for _ in range(3)] == [False, False, False]
    assert gate.seconds_until_try == 0


def test_waits_grow_with_each_failure_in_a_row_up_to_the_longest() -> None:
    bench = Bench()
    assert [bench.fail() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    bench.gate.succeeded()
    assert bench.gate.is_open
    assert bench.gate.seconds_until_try == 0


@pytest.mark.parametrize("drawn", [0.0, 0.25, 1.0])
def test_a_wait_is_drawn_from_between_zero_and_its_ceiling(drawn: float) -> None:
    assert Bench(random=drawn).fail() == drawn * 1.0


@pytest.mark.parametrize(("asked", "waited"), [(10.0, 10.0), (0.0, 0.0), (-5.0, 0.0), (1e9, MAX_RETRY_AFTER_SECONDS)])
def test_what_downstream_asks_for_is_waited_for_before_the_jitter(asked: float, waited: float) -> None:
    assert Bench().fail(retry_after_seconds=asked) == waited + 1.0


def test_a_wrong_token_is_tried_again_at_the_longest_interval() -> None:
    assert Bench().fail(is_misconfigured=True) == 5.0


def test_while_it_is_closed_one_tries_and_the_others_wait_for_how_it_goes() -> None:
    bench = Bench()
    bench.fail()
    assert bench.gate.begin()
    assert bench.gate.seconds_until_try is None
    bench.gate.failed(is_probe=True, retry_after_seconds=None)
    assert bench.gate.seconds_until_try == 2.0


def test_of_several_that_fail_together_one_counts() -> None:
    bench = Bench()
    for is_probe in [bench.gate.begin() for _ in range(4)]:
        bench.gate.failed(is_probe=is_probe, retry_after_seconds=None)
    assert bench.gate.seconds_until_try == 1.0


def test_one_that_is_cut_off_before_it_knows_lets_another_try() -> None:
    bench = Bench()
    bench.put((1, ONE))
    bench.take()
    bench.now += 1
    rows, turn = bench.queue.take(max_rows=10, max_bytes=1000)
    bench.queue.put_back(rows)
    assert bench.take() == []
    assert turn is not None
    turn.end()
    assert bench.take() == [1]


def test_where_one_destination_fails_the_others_are_taken_in_turn() -> None:
    bench = Bench()
    bench.put((1, ONE), (2, ONE), (3, TWO), (4, None))
    assert [bench.take() for _ in range(3)] == [[1, 2], [3], [4]]
    assert bench.take() == [4]
    bench.now += 1
    assert sorted(bench.take() + bench.take() + bench.take()) == [1, 2, 3, 4]


def test_rows_that_were_put_back_come_first_and_in_their_order() -> None:
    bench = Bench()
    bench.put((1, None), (2, None))
    rows, _ = bench.queue.take(max_rows=2, max_bytes=1000)
    bench.put((3, None))
    bench.queue.put_back(rows)
    assert bench.take() == [1, 2, 3]
    assert (bench.queue.rows, bench.queue.records) == (3, 6)


def test_the_next_turn_is_known_unless_only_an_event_brings_it() -> None:
    bench = Bench()
    assert bench.queue.seconds_until_turn is None
    bench.put((1, ONE))
    assert bench.queue.seconds_until_turn == 0
    bench.take()
    assert bench.queue.seconds_until_turn == 1.0
    bench.put((2, TWO))
    assert bench.queue.seconds_until_turn == 0
