"""Whether there is room: limits in rows' records and bytes, with hysteresis."""

from __future__ import annotations

from collections.abc import Iterable

from logtriage.errors import SpoolUnavailableError
from logtriage.spool.row import Head, Row

HIGH, LOW = 0.8, 0.6


class Room:
    """Counts what is stored against its limits. Belongs to one event loop."""

    def __init__(self, *, max_records: int, max_bytes: int) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._is_over = False
        self.rows = 0
        self.records = 0
        self.size_bytes = 0

    @property
    def has_room(self) -> bool:
        """False from 80 % of a limit on until both are below 60 %."""
        return not self._is_over

    def check(self, rows: Iterable[Row]) -> None:
        """Let rows pass that stay within the limits themselves.

        Raises:
            SpoolUnavailableError: they do not.
        """
        records = size_bytes = 0
        for row in rows:
            records += row.records
            size_bytes += row.size_bytes
        if self.records + records > self._max_records:
            raise SpoolUnavailableError("`hold.max_records` is reached", reason="full")
        if self.size_bytes + size_bytes > self._max_bytes:
            raise SpoolUnavailableError("`hold.max_mib` is reached", reason="full")

    def add(self, heads: Iterable[Head | Row]) -> None:
        """Count rows that are stored now."""
        self._change(heads, 1)

    def take(self, heads: Iterable[Head | Row]) -> None:
        """Count rows that are stored no more."""
        self._change(heads, -1)

    def _change(self, heads: Iterable[Head | Row], sign: int) -> None:
        for head in heads:
            self.rows += sign
            self.records += sign * head.records
            self.size_bytes += sign * head.size_bytes
        share = max(self.records / self._max_records, self.size_bytes / self._max_bytes)
        self._is_over = share >= HIGH or (self._is_over and share >= LOW)
