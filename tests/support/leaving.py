"""The exporter of held rows of its real parts, over a spool in memory and a downstream that a test writes."""

from __future__ import annotations

import logging

from opentelemetry.metrics import NoOpMeterProvider

from logtriage.config.exporter import RetrySettings
from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.delivery import Delivery
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.forwarder import Exporter, Forwarder
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


class Letters:
    """Keeps dead letters in memory."""

    def __init__(self) -> None:
        self.records: list[bytes] = []

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> bool:
        self.records += records_of(request)
        return True


class Leaving:
    """A spool, its exporter with one consumer, and the dead letters."""

    def __init__(self, downstream: Exporter, *, max_request_bytes: int = 1 << 20) -> None:
        meter = Meter(NoOpMeterProvider())
        self.spool = MemorySpool(max_records=1000, max_bytes=1 << 20)
        self.letters = Letters()
        rows = RowAnnotator(
            annotator(),
            Cleaner(trust_incoming=False, meter=meter, rate_limited_log=LOG),
            meter=meter,
            rate_limited_log=LOG,
        )
        delivery = Delivery(
            Forwarder(downstream, max_request_bytes=max_request_bytes),
            rows,
            self.letters,
            timeout_seconds=60,
            meter=meter,
            source_services=SourceServices(10),
            rate_limited_log=LOG,
        )
        self.exporter = HeldExporter(
            self.spool,
            rows,
            delivery,
            lambda: BackOffGate(RetrySettings()),
            num_consumers=1,
            meter=meter,
            rate_limited_log=LOG,
        )

    async def leave(self, *rows: list[str]) -> None:
        """Store rows, each given by the bodies of its records, and let them leave."""
        for head in await self.spool.put([_row(bodies) for bodies in rows]):
            self.exporter.leave(LeavingRow(head.id, "a", head.records, head.size_bytes, None, destination=()))


def _row(bodies: list[str]) -> Row:
    return Row(
        payload=request(*(record(body, number=9, text="INFO") for body in bodies)),
        records=len(bodies),
        fingerprint=b"",
        metadata=(),
        tenant=b"",
        received_unix_nano=1,
        deadline_unix_nano=2,
        request_hash=b"h" * 16,
    )
