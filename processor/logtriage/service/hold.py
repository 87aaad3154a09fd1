"""Put holding together: the spool, what waits in it, what leaves it; and start and stop them in their order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from logtriage.config.hold import HoldMode, HoldSettings
from logtriage.config.settings import Settings
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.delivery import DeadLetters, Delivery
from logtriage.pipeline.forwarder import Exporter, Forwarder
from logtriage.pipeline.held_exporter import HeldExporter
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.leaving import RowAnnotator
from logtriage.spool.folder import SPOOL_FOLDER_NAME
from logtriage.spool.left_behind import is_left_behind
from logtriage.spool.memory import MemorySpool
from logtriage.spool.row import Head
from logtriage.spool.spool import Spool
from logtriage.telemetry import metrics
from logtriage.telemetry.logs import fields
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices
from logtriage.triage.desk import Desk

_PATIENCE = 4
"""Nobody waits for a held record: downstream may take so many times `exporter.timeout` for it."""

_logger = logging.getLogger(__name__)


def holds_in(settings: Settings, state_folder: Path) -> HoldSettings | None:
    """Give the settings of the spool; None if none is needed: nothing may wait, and no earlier run left anything.

    What was left on the disk is delivered whatever the settings are now, so that `hold.mode: memory` begins with the
    start after.
    """
    if settings.may_hold and settings.hold.mode is HoldMode.DISK:
        return settings.hold
    if not is_left_behind(state_folder):
        return settings.hold if settings.may_hold else None
    if settings.hold.mode is HoldMode.MEMORY:
        _logger.warning(
            "an earlier run left records on the disk: until the next start this one holds there too, in spite of "
            "`hold.mode: memory`",
            extra=fields(folder=str(state_folder / SPOOL_FOLDER_NAME)),
        )
    return settings.hold.model_copy(update={"mode": HoldMode.DISK})


class Hold:
    """Holding and its tasks. Build, start and stop it on one event loop."""

    def __init__(
        self,
        settings: Settings,
        spool: Spool,
        *,
        desk: Desk,
        annotator: Annotator,
        exporter: Exporter,
        dead_letters: DeadLetters,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        timeout = settings.exporter.timeout * _PATIENCE
        self._spool = spool
        self._meter = meter
        self.is_lossy = isinstance(spool, MemorySpool)
        """What is held ends with the process."""
        cleaner = Cleaner(trust_incoming=settings.trust_incoming, meter=meter, rate_limited_log=rate_limited_log)
        self._rows = RowAnnotator(annotator, cleaner, meter=meter, rate_limited_log=rate_limited_log)
        self._exporter = HeldExporter(
            spool,
            self._rows,
            Delivery(
                Forwarder(
                    exporter, max_request_bytes=settings.exporter.max_request_size_bytes, timeout_seconds=timeout
                ),
                self._rows,
                dead_letters,
                timeout_seconds=timeout,
                meter=meter,
                source_services=source_services,
                rate_limited_log=rate_limited_log,
            ),
            partial(BackOffGate, settings.exporter.retry_on_failure),
            num_consumers=settings.hold.num_consumers,
            meter=meter,
            rate_limited_log=rate_limited_log,
        )
        self.holding = Holding(
            spool,
            desk,
            leave=self._exporter.leave,
            deadline_seconds=settings.hold.deadline,
            may_hold=settings.may_hold,
            meter=meter,
            rate_limited_log=rate_limited_log,
        )
        self._found: Sequence[Head] = ()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def rows_and_records(self) -> tuple[int, int]:
        """How much is held; after `stop`, how much stays."""
        return self._spool.rows, self._spool.records

    async def open(self) -> None:
        """Open the spool: from now on records may be stored.

        Raises:
            SpoolStartError: the service must not start with this folder.
        """
        self._found = await self._spool.start(self.holding.found)

    def start(self) -> None:
        """Begin to deliver, and to ask about what was found."""
        found, self._found = self._found, ()
        if found:
            records = sum(head.records for head in found)
            _logger.info("records of an earlier run are delivered", extra=fields(rows=len(found), records=records))
        self.holding.found(found)
        self._tasks = [
            asyncio.create_task(self._exporter.run(), name="held-exporter"),
            asyncio.create_task(self.holding.run(), name="hold-deadlines"),
            asyncio.create_task(self.holding.ask_again(self._rows), name="hold-ask-again"),
        ]

    def drain(self) -> None:
        """Let all leave that waits, and hold nothing more."""
        self.holding.drain()

    async def stop(self, deadline: float) -> None:
        """Send what leaves until a time on the monotonic clock; what downstream does not take stays in the spool."""
        if self._tasks:
            try:
                async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
                    await self._exporter.idle()
            except TimeoutError:
                pass
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._spool.rows:
            left = fields(rows=self._spool.rows, records=self._spool.records)
            if self.is_lossy:
                self._meter.add(metrics.SPOOL_LOST_LOG_RECORDS, self._spool.records, reason="memory")
                _logger.error(
                    "held records that downstream has not taken are lost: `hold.mode` is `memory`", extra=left
                )
            else:
                _logger.warning(
                    "downstream has not taken all held records in the time of `shutdown.timeout`: the rest stay in the "
                    "spool and are delivered after the next start",
                    extra=left,
                )
        await self._spool.close()
