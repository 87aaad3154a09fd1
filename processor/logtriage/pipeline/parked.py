"""Rows that downstream refuses for good while their dead letter cannot be written: they stay in the spool.

One of them is tried again from time to time, ever less often: sent anew, since downstream may take it by now, and
written if it does not. Once one is gone, all the others are tried.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from logtriage.pipeline.fair_rows import LeavingRow

FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 60.0


class Parked:
    """Belongs to one event loop; ``clock`` is monotonic. Unbounded: what is in it stands in the spool."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rows: OrderedDict[int, LeavingRow] = OrderedDict()
        self._tried: set[int] = set()
        self._wait_seconds = 0.0
        self._try_at = 0.0
        self.records = 0

    def park(self, row: LeavingRow) -> None:
        """Keep a row for later."""
        self._tried.discard(row.id)
        if row.id not in self._rows:
            self.records += row.records
        self._rows[row.id] = row
        if not self._wait_seconds:
            self._wait(FIRST_SECONDS)

    def gone(self, row_id: int, *, is_letter: bool) -> None:
        """Hear that a row is delivered, or a dead letter (``is_letter``): then, or if it was parked, all are tried."""
        if is_letter or row_id in self._tried:
            self._wait_seconds = self._try_at = 0.0
        self._tried.discard(row_id)

    def due(self) -> list[LeavingRow]:
        """Give the rows to be tried now: the one that waits longest; all of them once writing works."""
        if not self._rows or self._clock() < self._try_at:
            return []
        if self._wait_seconds:
            self._wait(min(2 * self._wait_seconds, LONGEST_SECONDS))
            rows = [self._rows.popitem(last=False)[1]]
        else:
            rows = list(self._rows.values())
            self._rows.clear()
        self.records -= sum(row.records for row in rows)
        self._tried.update(row.id for row in rows)
        return rows

    @property
    def seconds_until_due(self) -> float | None:
        """How long until one is to be tried; None if there is none."""
        return max(self._try_at - self._clock(), 0.0) if self._rows else None

    def _wait(self, seconds: float) -> None:
        self._wait_seconds = seconds
        self._try_at = self._clock() + seconds
