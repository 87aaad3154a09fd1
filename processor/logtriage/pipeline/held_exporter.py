"""Send held rows downstream until they are taken: their sender has its OK and will not send them again.

Rows that leave together go in one request (a protobuf message followed by bytes of the same is their merge), fair
between services. What is worth another try is tried without end, behind one gate for all. What is refused for good is
sent once more as received, row by row; what is refused even so becomes a dead letter. A row is removed from the spool
once one of these is done, so that a crash in between sends it again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsResponse
from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import PermanentDeliveryError, SpoolUnavailableError, place_of
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.fair_rows import FairRows, LeavingRow
from logtriage.pipeline.forwarder import Forwarder, Refused
from logtriage.pipeline.leaving import Ready, RowAnnotator
from logtriage.pipeline.tally import count_into
from logtriage.schema.transit import Metadata
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
        gate: BackOffGate,
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
        self._gate = gate
        self._num_consumers = num_consumers
        self._timeout_seconds = timeout_seconds
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log
        self._queue = FairRows()
        self._records_sent = 0
        self._busy = 0
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
            batch = self._queue.take(max_rows=MAX_BATCH_ROWS, max_bytes=MAX_BATCH_BYTES)
            if not batch:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            records = sum(row.records for row in batch)
            self._busy += 1
            self._records_sent += records
            try:
                await self._send_batch(batch)
            finally:
                self._busy -= 1
                self._records_sent -= records
                self._finished.set()

    async def _send_batch(self, batch: Sequence[LeavingRow]) -> None:
        """Send rows; after a fault of ours they come again one by one."""
        try:
            await self._deliver(batch)
        except SpoolUnavailableError:
            self._log.warning("spool", "held rows cannot be read for now: they are tried again")
            await self._put_back(batch, faults=0)
        except Exception as error:
            self._meter.add(metrics.HOLD_FAULTS)
            self._log.error("held", "held rows could not be sent: they are tried again", error=place_of(error))
            await self._put_back(batch, faults=1)

    async def _put_back(self, batch: Iterable[LeavingRow], *, faults: int) -> None:
        for row in batch:
            self._queue.put(row._replace(faults=row.faults + faults))
        await asyncio.sleep(_AGAIN_SECONDS)
        self._arrived.set()

    async def _deliver(self, batch: Sequence[LeavingRow]) -> None:
        by_id = {leaving.id: leaving for leaving in batch}
        requests: dict[tuple[object, ...], list[Ready]] = {}
        unreadable = 0
        turn_began = time.monotonic()
        for head, row in await self._spool.read(list(by_id)):
            if time.monotonic() - turn_began > _YIELD_AFTER_SECONDS:
                await asyncio.sleep(0)
                turn_began = time.monotonic()
            if row is None:
                unreadable += head.records
                continue
            ready = await self._rows.ready(by_id[head.id], row)
            requests.setdefault((row.tenant, *row.metadata), []).append(ready)
        if unreadable:
            self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, unreadable, outcome="unreadable")
        reach(CrashPoint.LEASED)
        for together in requests.values():
            await self._deliver_together(together)
            reach(CrashPoint.EXPORTED)
            await self._spool.remove([ready.leaving.id for ready in together])
            reach(CrashPoint.REMOVED)

    async def _deliver_together(self, together: Sequence[Ready]) -> None:
        """Send rows of one tenant in one request."""
        data = b"".join(ready.data for ready in together)
        refused = await self._send(data, sum(ready.row.records for ready in together), together[0].row.metadata)
        first = 0
        for ready in together:
            end = first + ready.row.records
            is_refused = [one for one in refused if one.first < end and first < one.first + one.records]
            first = end
            if not is_refused:
                self._count(ready)
            elif len(together) > 1:
                await self._deliver_together([ready])
            else:
                await self._deliver_refused(ready, is_refused[0].error)

    async def _deliver_refused(self, ready: Ready, error: PermanentDeliveryError) -> None:
        if ready.is_annotated:
            self._log.warning(
                "refused_annotated",
                "downstream refuses held records that were annotated: they are sent once more as received",
                code=error.code,
            )
            received = await self._rows.as_received(ready.leaving, ready.row)
            await self._deliver_together([received])
            return
        await self._dead_letters.keep(
            ready.data,
            records=ready.row.records,
            metadata=ready.row.metadata,
            code=error.code,
            message=str(error),
        )
        self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, ready.row.records, outcome="dead_letter")

    async def _send(self, data: bytes, records: int, metadata: Metadata) -> list[Refused]:
        """Send a request until all of its parts are taken or refused for good; give what was refused."""
        parts = await self._forwarder.parts_of(data, records)
        refused: list[Refused] = []
        first = 0
        while parts:
            is_probe = await self._gate.turn()
            try:
                forwarded = await self._forwarder.send(
                    parts, metadata=metadata, deadline=time.monotonic() + self._timeout_seconds * len(parts)
                )
            except BaseException:
                self._gate.given_up(is_probe=is_probe)
                raise
            refused += [one._replace(first=first + one.first) for one in forwarded.refused]
            first += forwarded.accepted + forwarded.refused_records
            parts = forwarded.rest
            if forwarded.response:
                self._count_rejected(forwarded.response)
            if forwarded.error is None:
                self._gate.succeeded()
            else:
                self._gate.failed(
                    is_probe=is_probe,
                    retry_after_seconds=forwarded.error.retry_after_seconds,
                    is_misconfigured=forwarded.error.is_misconfigured,
                )
        return refused

    def _count(self, ready: Ready) -> None:
        records = ready.row.records
        outcome = "annotated" if ready.is_annotated else "as_received"
        self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, records, outcome=outcome)
        if not ready.is_annotated:
            reason = "exception" if ready.leaving.faults else "refused_annotated"
            self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=reason)
        elif not ready.leaving.is_counted:
            count_into(self._meter, ready.tally, self._source_services)

    def _count_rejected(self, response: bytes) -> None:
        try:
            rejected = LogsResponse.FromString(response).partial_success.rejected_log_records
        except DecodeError:
            return
        if rejected > 0:
            self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, rejected, outcome="rejected")
            self._log.warning("rejected", "downstream rejects some of the held records it accepted", records=rejected)
