"""The rows that are to leave: in order within a service, in turn between services, those with a fault alone."""

from __future__ import annotations

from logtriage.pipeline.fair_rows import FairRows, LeavingRow


def row(number: int, service: str = "a", *, size: int = 10, faults: int = 0) -> LeavingRow:
    return LeavingRow(id=number, source_service=service, records=2, size_bytes=size, reason=None, faults=faults)


def taken(rows: FairRows, *, max_rows: int = 100, max_bytes: int = 1000) -> list[int]:
    return [one.id for one in rows.take(max_rows=max_rows, max_bytes=max_bytes)]


def filled(*rows: LeavingRow) -> FairRows:
    queue = FairRows()
    for one in rows:
        queue.put(one)
    return queue


def test_a_service_with_many_rows_does_not_keep_the_others_waiting() -> None:
    queue = filled(*(row(i, "loud") for i in range(10)), row(10, "quiet"), row(11, "other"))
    assert taken(queue, max_rows=4) == [0, 10, 11, 1]
    assert taken(queue) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_rows_of_a_service_leave_in_their_order() -> None:
    queue = filled(*(row(i, "ab"[i % 2]) for i in range(8)))
    order = taken(queue)
    assert [i for i in order if i % 2 == 0] == [0, 2, 4, 6]
    assert [i for i in order if i % 2] == [1, 3, 5, 7]


def test_a_batch_stays_within_its_bytes_but_is_never_empty() -> None:
    queue = filled(row(0, size=600), row(1, size=600), row(2, size=5000), row(3, size=1))
    assert [taken(queue) for _ in range(4)] == [[0], [1], [2], [3]]


def test_a_row_with_a_fault_comes_alone() -> None:
    queue = filled(row(0), row(1, faults=1), row(2))
    assert [taken(queue) for _ in range(3)] == [[0], [1], [2]]


def test_what_waits_is_counted() -> None:
    queue = filled(row(0), row(1, "b"))
    assert (queue.rows, queue.records) == (2, 4)
    taken(queue)
    assert (queue.rows, queue.records) == (0, 0)
    assert taken(queue) == []
