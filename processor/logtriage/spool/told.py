"""Carry what the writing thread tells to the event loop, and make metrics and log lines of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from logtriage.errors import place_of
from logtriage.spool.faults import Fault
from logtriage.spool.lasting import Lasting
from logtriage.spool.row import Head
from logtriage.telemetry import metrics
from logtriage.telemetry.logs import fields
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

_logger = logging.getLogger(__name__)


class Told:
    """The `Events` of a spool that runs in a service."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        found: Callable[[Sequence[Head]], None],
        gone: Callable[[Sequence[Head]], None],
        cut_off: Callable[[bytes, bytes, int], None],
        forget_hashes: Callable[[], None],
        meter: Meter,
        log: RateLimitedLog,
        folder: Path,
    ) -> None:
        self._loop = loop
        self._found = found
        self._gone = gone
        self._cut_off = cut_off
        self._forget_hashes = forget_hashes
        self._meter = meter
        self._log = log
        self._folder = str(folder)
        self._failing = Lasting()

    def found(self, heads: Sequence[Head]) -> None:
        """Rows from before were read only now."""
        if heads:
            self._on_loop(partial(self._found, heads))

    def gone(self, heads: Sequence[Head]) -> None:
        """Rows are stored no more."""
        if heads:
            self._on_loop(partial(self._gone, heads))

    def cut_off(self, marks: Sequence[tuple[int, bytes, bytes]]) -> None:
        """A crash left rows tentative."""
        for row_id, request_hash, fingerprint in marks:
            self._on_loop(partial(self._cut_off, request_hash, fingerprint, row_id))

    def forget_hashes(self) -> None:
        """Nothing may be suppressed any more."""
        self._on_loop(self._forget_hashes)

    def lost(self, records: int, reason: str, *, at_most: bool) -> None:
        """Acknowledged records are lost."""
        self._meter.add(metrics.SPOOL_LOST_LOG_RECORDS, records, reason=reason)
        message = "records that had been acknowledged are lost: the spool's file is damaged"
        if at_most:
            message += "; the account of them too, so that this number is no more than an estimate"
        self._log.error("lost", message, folder=self._folder, records=records, reason=reason)

    def failed(self, fault: Fault, error: Exception) -> None:
        """Nothing can be stored for now."""
        self._meter.add(metrics.SPOOL_FAULTS, reason=fault.value)
        told = place_of(error) if fault is Fault.BUG else f"{type(error).__name__}: {error}"
        if self._failing.is_to_be_told(f"{fault.value} {told}" if fault is Fault.BUG else fault.value):
            self._log.error(
                f"failed {fault.value}",
                f"nothing is held for now: {fault.meaning} (folder of `state.directory`)",
                folder=self._folder,
                error=told,
            )

    def recovered(self) -> None:
        """Rows can be stored again."""
        self._failing.end()
        _logger.info("records are held again", extra=fields(folder=self._folder))

    def noticed(self, key: str, message: str, **values: object) -> None:
        """Something that a person should read."""
        self._log.warning(key, message, folder=self._folder, **values)

    def committed(self, seconds: float) -> None:
        """A commit took so long."""
        self._meter.record(metrics.SPOOL_COMMIT_DURATION, seconds)

    def _on_loop(self, told: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(told)
        except RuntimeError:
            pass  # the loop is closed: nobody listens any more
