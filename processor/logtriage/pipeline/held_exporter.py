"""Send held rows downstream until they are taken: their sender has its OK and will not send them again.

Rows that leave together go in one request (a protobuf message followed by bytes of the same is their merge), fair
between destinations and services. What is worth another try is put back and tried without end, behind a gate for each
destination. What is refused for good is sent once more as received, row by row; what is refused even so becomes a dead
letter, or, where that cannot be written, waits for it in the spool, in nobody's way. A row is removed from the spool
once it is delivered or a dead letter, so that a crash in between sends it again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import SpoolUnavailableError, place_of
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.delivery import Delivered, Delivery, LaterError
from logtriage.pipeline.destinations import Destinations, Turn
from logtriage.pipeline.fair_rows import Destination, LeavingRow
from logtriage.pipeline.leaving import Ready, RowAnnotator
from logtriage.pipeline.parked import Parked
from logtriage.spool.lasting import Lasting
from logtriage.spool.row import Row
from logtriage.spool.spool import Spool
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

MAX_BATCH_ROWS = 256
MAX_BATCH_BYTES = 1024 * 1024
_AGAIN_SECONDS = 1.0
_YIELD_AFTER_SECONDS = 0.005
"""Annotating for longer than this lets calls run in between."""


class HeldExporter:
    """A queue of rows, and ``num_consumers`` tasks that send them. Belongs to one event loop."""

    def __init__(
        self,
        spool: Spool,
        rows: RowAnnotator,
        delivery: Delivery,
        new_gate: Callable[[], BackOffGate],
        *,
        num_consumers: int,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._spool = spool
        self._rows = rows
        self._delivery = delivery
        self._num_consumers = num_consumers
        self._meter = meter
        self._log = rate_limited_log
        self._parked = Parked()
        self._queue = Destinations(new_gate)
        self._records_sent = 0
        self._busy = 0
        self._removing: set[asyncio.Task[None]] = set()
        self._unreadable = Lasting()
        self._arrived = asyncio.Event()
        self._finished = asyncio.Event()
        meter.observe(metrics.HOLD_QUEUE_SIZE, lambda: self.records)
        meter.observe(metrics.DEAD_LETTER_WAITING_LOG_RECORDS, lambda: self._parked.records)

    @property
    def records(self) -> int:
        """How many records wait to be sent, or are being sent."""
        return self._queue.records + self._records_sent

    @property
    def is_idle(self) -> bool:
        """True if nothing waits to be sent, or is being sent. What only its dead letter keeps here does not count."""
        return not self._queue.rows and not self._busy

    def leave(self, row: LeavingRow) -> None:
        """Queue a row."""
        self._queue.put(row)
        self._arrived.set()

    async def run(self) -> None:
        """Send rows until cancelled; what is not sent by then stays in the spool."""
        async with asyncio.TaskGroup() as group:
            for i in range(self._num_consumers):
                group.create_task(self._consume(), name=f"held-exporter-{i}")

    async def idle(self) -> None:
        """Wait until all is sent."""
        while not self.is_idle:
            self._finished.clear()
            await self._finished.wait()

    async def _consume(self) -> None:
        while True:
            for row in self._parked.due():
                self._queue.put(row)
            batch, turn = self._queue.take(max_rows=MAX_BATCH_ROWS, max_bytes=MAX_BATCH_BYTES)
            if not batch:
                self._arrived.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds_until_work):
                        await self._arrived.wait()
                continue
            records = sum(row.records for row in batch)
            self._busy += 1
            self._records_sent += records
            try:
                await self._send_batch(batch, turn)
            finally:
                if turn is not None:
                    turn.end()
                self._busy -= 1
                self._records_sent -= records
                self._finished.set()
                self._arrived.set()

    @property
    def _seconds_until_work(self) -> float | None:
        """How long nothing is to be sent; None if that takes more than time."""
        waits = (self._queue.seconds_until_turn, self._parked.seconds_until_due)
        return min((wait for wait in waits if wait is not None), default=None)

    async def _send_batch(self, batch: Sequence[LeavingRow], turn: Turn | None) -> None:
        """Send rows; after a fault of ours they come again one by one."""
        by_id = {leaving.id: leaving for leaving in batch}
        try:
            for destination, rows in (await self._read(by_id)).items():
                await self._deliver_in_turn(destination, rows, turn, by_id)
        except SpoolUnavailableError:
            if self._unreadable.is_to_be_told("unreadable"):
                self._log.warning("spool", "held rows cannot be read for now: they are tried again")
            self._queue.put_back(list(by_id.values()))
            await asyncio.sleep(_AGAIN_SECONDS)
        except Exception as error:
            self._meter.add(metrics.HOLD_FAULTS)
            self._log.error("held", "held rows could not be sent: they are tried again", error=place_of(error))
            for row in by_id.values():
                self._queue.put(row._replace(faults=row.faults + 1))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _read(self, by_id: dict[int, LeavingRow]) -> dict[Destination, list[tuple[int, Row]]]:
        """Read rows back, by where they go. What is gone is taken out of ``by_id``."""
        found: dict[Destination, list[tuple[int, Row]]] = {}
        there: dict[int, LeavingRow] = {}
        rows = await self._spool.read(list(by_id))
        self._unreadable.end()
        for head, row in rows:
            if row is None:
                self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, head.records, outcome="unreadable")
                continue
            destination = tuple(row.metadata)
            there[head.id] = by_id[head.id]._replace(destination=destination)
            found.setdefault(destination, []).append((head.id, row))
        by_id.clear()
        by_id.update(there)
        return found

    async def _deliver_in_turn(
        self,
        destination: Destination,
        rows: Sequence[tuple[int, Row]],
        turn: Turn | None,
        by_id: dict[int, LeavingRow],
    ) -> None:
        """Deliver rows to one destination, as far as it takes them; the others are put back. None stay in ``by_id``."""
        mine = turn or self._queue.turn(destination)
        try:
            if mine is not None:
                await self._deliver(rows, mine, by_id)
        except LaterError:
            pass
        finally:
            if mine is not None and mine is not turn:
                mine.end()
        self._queue.put_back([by_id.pop(row_id) for row_id, _ in rows if row_id in by_id])

    async def _deliver(self, rows: Sequence[tuple[int, Row]], turn: Turn, by_id: dict[int, LeavingRow]) -> None:
        together: list[Ready] = []
        turn_began = time.monotonic()
        for row_id, row in rows:
            if time.monotonic() - turn_began > _YIELD_AFTER_SECONDS:
                await asyncio.sleep(0)
                turn_began = time.monotonic()
            together.append(await self._rows.ready(by_id[row_id], row))
        reach(CrashPoint.LEASED)
        delivered = Delivered()
        try:
            await self._delivery.deliver(together, turn, delivered)
        except asyncio.CancelledError:
            self._remove_behind(delivered.done)
            raise
        except Exception:
            await self._take_over(delivered, by_id)
            raise
        await self._take_over(delivered, by_id)

    def _remove_behind(self, row_ids: Sequence[int]) -> None:
        """Remove rows without waiting for it: at a stop, nothing may wait for a disk that hangs."""
        if row_ids:
            removing = asyncio.create_task(self._spool.remove(row_ids), name="remove-behind")
            self._removing.add(removing)
            removing.add_done_callback(self._removing.discard)

    async def _take_over(self, delivered: Delivered, by_id: dict[int, LeavingRow]) -> None:
        """Let go of rows that are delivered or dead letters; put those aside whose dead letter cannot be written."""
        by_id.update(delivered.narrowed)
        for row_id in delivered.unkept:
            self._parked.park(by_id.pop(row_id))
        if delivered.done:
            reach(CrashPoint.EXPORTED)
            await self._spool.remove(delivered.done)
            reach(CrashPoint.REMOVED)
        for row_id in delivered.done:
            by_id.pop(row_id, None)
            self._parked.gone(row_id, is_letter=row_id in delivered.letters)
