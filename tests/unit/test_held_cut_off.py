"""A stop while held rows are sent one by one: what was taken by then is not sent again after the next start."""

from __future__ import annotations

import asyncio
import logging

import pytest
from opentelemetry.metrics import NoOpMeterProvider

from logtriage.config.exporter import RetrySettings
from logtriage.errors import PermanentDeliveryError
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.delivery import Delivery
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.held_exporter import HeldExporter
from logtriage.pipeline.leaving import RowAnnotator
from logtriage.schema.transit import Metadata
from logtriage.spool.memory import MemorySpool
from logtriage.spool.row import Row
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices
from support.annotating import annotator
from support.records import record, records_of, request

LOG = RateLimitedLog(logging.getLogger("logtriage.tests"))


class RefusesThenHangs:
    """Downstream that refuses what comes together, takes the first row that comes alone, and then says nothing."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.hangs = asyncio.Event()

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        if records > 1:
            raise PermanentDeliveryError("no", code="INVALID_ARGUMENT")
        if self.taken:
            self.hangs.set()
            await asyncio.Event().wait()
        self.taken += records_of(request)
        return b""


class NoLetters:
    """Keeps nothing."""

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> bool:
        raise AssertionError("nothing is refused for good that comes alone")


def exporter_of(spool: MemorySpool, downstream: RefusesThenHangs) -> HeldExporter:
    meter, services = Meter(NoOpMeterProvider()), SourceServices(10)
    rows = RowAnnotator(
        annotator(),
        Cleaner(trust_incoming=False, meter=meter, rate_limited_log=LOG),
        meter=meter,
        rate_limited_log=LOG,
    )
    delivery = Delivery(
        Forwarder(downstream, max_request_bytes=1 << 20),
        rows,
        NoLetters(),
        timeout_seconds=60,
        meter=meter,
        source_services=services,
        rate_limited_log=LOG,
    )
    return HeldExporter(
        spool,
        rows,
        delivery,
        lambda: BackOffGate(RetrySettings()),
        num_consumers=1,
        meter=meter,
        rate_limited_log=LOG,
    )


def test_a_row_that_is_taken_before_a_stop_cuts_off_the_next_one_is_removed() -> None:
    async def scenario() -> None:
        spool = MemorySpool(max_records=1000, max_bytes=1 << 20)
        downstream = RefusesThenHangs()
        exporter = exporter_of(spool, downstream)
        heads = await spool.put([_row(f"fine {number}") for number in range(3)])
        for head in heads:
            exporter.leave(LeavingRow(head.id, "a", 1, head.size_bytes, None, destination=()))
        running = asyncio.create_task(exporter.run())
        await downstream.hangs.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert [head.id for head, _ in await spool.read([head.id for head in heads])] == [2, 3]
        assert len(downstream.taken) == 1

    asyncio.run(scenario())


def _row(body: str) -> Row:
    return Row(
        payload=request(record(body, number=9, text="INFO")),
        records=1,
        fingerprint=b"",
        metadata=(),
        tenant=b"",
        received_unix_nano=1,
        deadline_unix_nano=2,
        request_hash=b"h" * 16,
    )
