"""Send held rows downstream until they are taken: their sender has its OK and will not send them again.

Rows that leave together go in one request (a protobuf message followed by bytes of the same is their merge), fair
between destinations and services. What is worth another try is put back and tried without end, behind a gate for each
destination. What is refused for good is sent once more as received, row by row; what is refused even so becomes a dead
letter. A row is removed from the spool once one of these is done, so that a crash in between sends it again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import PermanentDeliveryError, SpoolUnavailableError, place_of
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.destinations import Destinations, Turn
from logtriage.pipeline.fair_rows import Destination, LeavingRow
from logtriage.pipeline.forwarder import Forwarder, Refused
from logtriage.pipeline.leaving import Ready, RowAnnotator
from logtriage.pipeline.tally import count_into
from logtriage.pipeline.wire import partial_success_of
from logtriage.schema.transit import Metadata
from logtriage.spool.lasting import Lasting
from logtriage.spool.row import Row
from logtriage.spool.spool import Spool
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices

MAX_BATCH_ROWS = 256
MAX_BATCH_BYTES = 1024 * 1024
_AGAIN_SECONDS = 1.0
_YIELD_AFTER_SECONDS = 0.005
"""Annotating for longer than this lets calls run in between."""
_MAX_TRIES_OF_A_REST = 5
"""What is left of a request of which downstream took a part is tried so often before all of it is sent again."""


class _LaterError(Exception):
    """Downstream may take it later."""


class DeadLetters(Protocol):
    """Keeps what downstream refuses for good."""

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> None:
        """Keep a request as received. Never raises for what a disk does: what cannot be kept is dropped and counted."""
        ...


class HeldExporter:
    """A queue of rows, and ``num_consumers`` tasks that send them. Belongs to one event loop."""

    def __init__(
        self,
        spool: Spool,
        forwarder: Forwarder,
        rows: RowAnnotator,
        dead_letters: DeadLetters,
        new_gate: Callable[[], BackOffGate],
        *,
        num_consumers: int,
        timeout_seconds: float,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._spool = spool
        self._forwarder = forwarder
        self._rows = rows
        self._dead_letters = dead_letters
        self._num_consumers = num_consumers
        self._timeout_seconds = timeout_seconds
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log
        self._queue = Destinations(new_gate)
        self._records_sent = 0
        self._busy = 0
        self._unreadable = Lasting()
        self._arrived = asyncio.Event()
        self._finished = asyncio.Event()
        meter.observe(metrics.HOLD_QUEUE_SIZE, lambda: self.records)

    @property
    def records(self) -> int:
        """How many records wait to be sent, or are being sent."""
        return self._queue.records + self._records_sent

    @property
    def is_idle(self) -> bool:
        """True if nothing waits to be sent, or is being sent."""
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
            batch, turn = self._queue.take(max_rows=MAX_BATCH_ROWS, max_bytes=MAX_BATCH_BYTES)
            if not batch:
                self._arrived.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._queue.seconds_until_turn):
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
        except _LaterError:
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
        done: list[int] = []
        try:
            await self._deliver_together(together, turn, done)
        except Exception:
            await self._remove(done, by_id)
            raise
        await self._remove(done, by_id)

    async def _remove(self, done: Sequence[int], by_id: dict[int, LeavingRow]) -> None:
        """Let go of rows that are delivered or dead letters."""
        if done:
            reach(CrashPoint.EXPORTED)
            await self._spool.remove(done)
            reach(CrashPoint.REMOVED)
        for row_id in done:
            by_id.pop(row_id, None)

    async def _deliver_together(self, together: Sequence[Ready], turn: Turn, done: list[int]) -> None:
        """Send rows of one destination in one request; ``done`` gets the ids of those that need not be sent again."""
        data = b"".join(ready.data for ready in together)
        refused = await self._send(data, sum(ready.row.records for ready in together), together[0].row.metadata, turn)
        first = 0
        again: list[tuple[Ready, PermanentDeliveryError]] = []
        for ready in together:
            end = first + ready.row.records
            is_refused = [one for one in refused if one.first < end and first < one.first + one.records]
            first = end
            if is_refused:
                again.append((ready, is_refused[0].error))
            else:
                self._count(ready)
                done.append(ready.leaving.id)
        for ready, error in again:
            if len(together) > 1:
                await self._deliver_together([ready], turn, done)
            else:
                await self._deliver_refused(ready, error, turn, done)

    async def _deliver_refused(self, ready: Ready, error: PermanentDeliveryError, turn: Turn, done: list[int]) -> None:
        if ready.is_annotated:
            self._log.warning(
                "refused_annotated",
                "downstream refuses held records that were annotated: they are sent once more as received",
                code=error.code,
            )
            received = await self._rows.as_received(ready.leaving, ready.row, "refused_annotated")
            await self._deliver_together([received], turn, done)
            return
        await self._dead_letters.keep(
            ready.data,
            records=ready.row.records,
            metadata=ready.row.metadata,
            code=error.code,
            message=str(error),
        )
        self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, ready.row.records, outcome="dead_letter")
        done.append(ready.leaving.id)

    async def _send(self, data: bytes, records: int, metadata: Metadata, turn: Turn) -> list[Refused]:
        """Send a request; give what was refused for good.

        Raises:
            _LaterError: not all of it was taken or refused for good; nothing was, unless it was tried several times.
        """
        parts = await self._forwarder.parts_of(data, records)
        refused: list[Refused] = []
        first = tries = 0
        while parts:
            forwarded = await self._forwarder.send(
                parts, metadata=metadata, deadline=time.monotonic() + self._timeout_seconds * len(parts)
            )
            refused += [one._replace(first=first + one.first) for one in forwarded.refused]
            first += forwarded.accepted + forwarded.refused_records
            parts = forwarded.rest
            if forwarded.response:
                self._count_rejected(forwarded.response)
            if forwarded.error is None:
                turn.succeeded()
                continue
            turn.failed(
                retry_after_seconds=forwarded.error.retry_after_seconds,
                is_misconfigured=forwarded.error.is_misconfigured,
            )
            tries += 1
            if first == 0 or tries >= _MAX_TRIES_OF_A_REST:
                raise _LaterError
            await asyncio.sleep(turn.gate.seconds_until_try or 0)
        return refused

    def _count(self, ready: Ready) -> None:
        records = ready.row.records
        outcome = "annotated" if ready.is_annotated else "as_received"
        self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, records, outcome=outcome)
        if ready.untriaged is not None:
            self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=ready.untriaged)
        elif not ready.leaving.is_counted:
            count_into(self._meter, ready.tally, self._source_services)

    def _count_rejected(self, response: bytes) -> None:
        rejected = partial_success_of(response).rejected_log_records
        if rejected > 0:
            self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, rejected, outcome="rejected")
            self._log.warning("rejected", "downstream rejects some of the held records it accepted", records=rejected)
