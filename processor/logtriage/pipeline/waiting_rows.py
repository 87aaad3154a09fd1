"""The rows that wait for the model: by fingerprint, by id, and by when they must leave."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from logtriage.pipeline.fair_rows import Destination
from logtriage.schema.provenance import Reason
from logtriage.spool.row import Head

_SPARE_DEADLINES = 1000
"""Of rows that have left, so many deadlines at least are kept before they are cleared out."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that waits. ``asked_about``: which of its records the model was asked by; -1 for none.

    ``reason``: why it leaves at its deadline; `deadline` unless it could not leave when it should have. ``is_counted``:
    its records were counted when they arrived.
    """

    head: Head
    source_service: str
    asked_about: int = -1
    destination: Destination | None = None
    reason: Reason | None = Reason.DEADLINE
    is_counted: bool = False


class WaitingRows:
    """An index. A row is in it from `put` until `take_out`, whatever it was looked up by in between."""

    def __init__(self) -> None:
        self._by_fingerprint: dict[bytes, OrderedDict[int, WaitingRow]] = {}
        self._by_id: dict[int, tuple[bytes, float]] = {}
        self._deadlines: list[tuple[float, int]] = []
        self.records = 0

    def __contains__(self, fingerprint: bytes) -> bool:
        return fingerprint in self._by_fingerprint

    def put(self, row: WaitingRow, deadline: float) -> bool:
        """Add a row, or give one that is there another place in time; tell whether its deadline is the next one now."""
        self.take_out(row)
        head = row.head
        self._by_fingerprint.setdefault(head.fingerprint, OrderedDict())[head.id] = row
        self._by_id[head.id] = head.fingerprint, deadline
        self.records += head.records
        if len(self._deadlines) > 2 * len(self._by_id) + _SPARE_DEADLINES:
            self._deadlines = [entry for entry in self._deadlines if self._stands(entry)]
            heapq.heapify(self._deadlines)
        is_next = not self._deadlines or deadline < self._deadlines[0][0]
        heapq.heappush(self._deadlines, (deadline, head.id))
        return is_next

    def replace(self, row: WaitingRow) -> None:
        """Know more of a row that waits; its place and its deadline stay."""
        self._by_fingerprint[row.head.fingerprint][row.head.id] = row

    def of(self, fingerprint: bytes) -> Sequence[WaitingRow]:
        """Give all rows of a fingerprint, in the order they came."""
        return list(self._by_fingerprint.get(fingerprint, {}).values())

    def first_of(self, fingerprint: bytes) -> WaitingRow | None:
        """Give the first row of a fingerprint, if any waits."""
        rows = self._by_fingerprint.get(fingerprint)
        return next(iter(rows.values())) if rows else None

    def get(self, fingerprint: bytes, row_id: int) -> WaitingRow | None:
        """Give a row, if it still waits."""
        rows = self._by_fingerprint.get(fingerprint)
        return rows.get(row_id) if rows is not None else None

    def all(self) -> Sequence[WaitingRow]:
        """Give all rows, those of a fingerprint together."""
        return [row for rows in self._by_fingerprint.values() for row in rows.values()]

    def over_deadline(self, now: float) -> Sequence[WaitingRow]:
        """Give the rows whose deadline has come, earliest first. They stay, and are given again, until taken out."""
        due: dict[int, float] = {}
        while self._deadlines and self._deadlines[0][0] <= now:
            deadline, row_id = heapq.heappop(self._deadlines)
            if self._stands((deadline, row_id)):
                due[row_id] = deadline
        for row_id, deadline in due.items():
            heapq.heappush(self._deadlines, (deadline, row_id))
        return [self._by_fingerprint[self._by_id[row_id][0]][row_id] for row_id in due]

    def seconds_until_next(self, now: float) -> float | None:
        """How long until the next deadline; None if nothing waits."""
        while self._deadlines and not self._stands(self._deadlines[0]):
            heapq.heappop(self._deadlines)
        return max(self._deadlines[0][0] - now, 0.0) if self._deadlines else None

    def take_out(self, row: WaitingRow) -> None:
        """Forget a row; one that is not there does no harm."""
        head = row.head
        if self._by_id.pop(head.id, None) is None:
            return
        rows = self._by_fingerprint[head.fingerprint]
        del rows[head.id]
        if not rows:
            del self._by_fingerprint[head.fingerprint]
        self.records -= head.records

    def _stands(self, entry: tuple[float, int]) -> bool:
        """False for the deadline of a row that has left, or has another one now."""
        deadline, row_id = entry
        known = self._by_id.get(row_id)
        return known is not None and known[1] == deadline
