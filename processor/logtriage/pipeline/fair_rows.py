"""Held rows that are to leave: in their order within a service, one by one in turn between services."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import NamedTuple

from logtriage.schema.provenance import Reason

Destination = tuple[tuple[str, str | bytes], ...]
"""The metadata that goes on downstream with a record: what has the same goes the same way."""


class LeavingRow(NamedTuple):
    """A row that waits no longer. ``reason`` is None if the model answered, or nothing of it ever waited for one.

    ``asked_about``: which of its records the model was asked by; -1 for none. ``is_counted``: its records were counted
    when they arrived. ``faults``: how often it could not be handled. ``destination`` is None where it is not known yet.
    ``refused``: if there are any, only these of its records (the first and how many) are still to be sent, as received.
    """

    id: int
    source_service: str
    records: int
    size_bytes: int
    reason: Reason | None
    asked_about: int = -1
    is_counted: bool = False
    faults: int = 0
    destination: Destination | None = None
    refused: tuple[tuple[int, int], ...] = ()


class FairRows:
    """A queue of queues. Unbounded: what is in it stands in the spool, which is bounded."""

    def __init__(self) -> None:
        self._services: OrderedDict[str, deque[LeavingRow]] = OrderedDict()
        self.rows = 0
        self.records = 0

    def put(self, row: LeavingRow) -> None:
        """Queue a row behind those of its service."""
        self._services.setdefault(row.source_service, deque()).append(row)
        self.rows += 1
        self.records += row.records

    def put_first(self, row: LeavingRow) -> None:
        """Queue a row before those of its service."""
        self._services.setdefault(row.source_service, deque()).appendleft(row)
        self.rows += 1
        self.records += row.records

    def take(self, *, max_rows: int, max_bytes: int) -> list[LeavingRow]:
        """Take rows, one of each service in turn; at least one, if there is any. One with faults comes alone."""
        taken: list[LeavingRow] = []
        size_bytes = 0
        while self._services and len(taken) < max_rows:
            service, rows = next(iter(self._services.items()))
            row = rows[0]
            if taken and (row.faults or size_bytes + row.size_bytes > max_bytes):
                break
            rows.popleft()
            self.rows -= 1
            self.records -= row.records
            taken.append(row)
            size_bytes += row.size_bytes
            if rows:
                self._services.move_to_end(service)
            else:
                del self._services[service]
            if row.faults:
                break
        return taken
