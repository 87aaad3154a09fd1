"""What is refused for good while no dead letter can be written: tried again ever less often, one by one."""

from __future__ import annotations

from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.parked import LONGEST_SECONDS, Parked


class Bench:
    """Parked rows in a time of their own."""

    def __init__(self, rows: int) -> None:
        self.now = 100.0
        self.parked = Parked(clock=lambda: self.now)
        for number in range(rows):
            self.parked.park(row_of(number))

    def due(self) -> list[int]:
        return [row.id for row in self.parked.due()]

    def wait(self) -> float:
        """Let time pass until the next one is due; give how long that takes."""
        seconds = self.parked.seconds_until_due
        assert seconds is not None
        self.now += seconds
        return seconds


def row_of(number: int) -> LeavingRow:
    return LeavingRow(id=number, source_service="a", records=2, size_bytes=1, reason=None)


def test_while_writing_fails_one_is_tried_at_a_time_ever_less_often() -> None:
    bench = Bench(3)
    waited, tried = [], []
    for _ in range(9):
        waited.append(bench.wait())
        (row_id,) = bench.due()
        assert bench.due() == []
        tried.append(row_id)
        bench.parked.park(row_of(row_id))
    assert waited == [1, 2, 4, 8, 16, 32, LONGEST_SECONDS, LONGEST_SECONDS, LONGEST_SECONDS]
    assert tried == [0, 1, 2] * 3
    assert bench.parked.records == 6


def test_once_a_letter_is_written_all_are_tried() -> None:
    bench = Bench(5)
    bench.parked.gone(77, is_letter=True)
    assert bench.due() == [0, 1, 2, 3, 4]
    assert (bench.parked.records, bench.parked.seconds_until_due) == (0, None)


def test_once_downstream_takes_one_that_was_parked_all_are_tried() -> None:
    bench = Bench(5)
    bench.wait()
    (row_id,) = bench.due()
    bench.parked.gone(77, is_letter=False)
    assert bench.due() == []
    bench.parked.gone(row_id, is_letter=False)
    assert bench.due() == [1, 2, 3, 4]


def test_one_that_is_under_way_for_long_does_not_keep_the_next_from_its_turn() -> None:
    bench = Bench(2)
    bench.wait()
    assert bench.due() == [0]
    bench.wait()
    assert bench.due() == [1]
