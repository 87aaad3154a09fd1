"""A router of its real parts whose spool and downstream stop or fail where a test says so; no model ever answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest
from opentelemetry.metrics import NoOpMeterProvider

from logtriage.errors import SpoolUnavailableError
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.router import Router
from logtriage.schema.transit import Answer, Metadata
from logtriage.spool.memory import MemorySpool
from logtriage.spool.row import Head, Row
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices
from logtriage.triage.desk import ASK_AGAIN_SECONDS
from support.annotating import annotator, desk_of
from support.asked import Asked
from support.records import record, records_of, request

LOG = RateLimitedLog(logging.getLogger("logtriage.tests"))
QUIET = record("fine", number=9, text="INFO")
DATA = request(record("boom"), QUIET)


class Gates:
    """Where a call stops until a test lets it go on; all gates are open at first."""

    def __init__(self) -> None:
        self.reached: dict[str, asyncio.Event] = {}
        self.open: dict[str, asyncio.Event] = {}

    def shut(self, step: str) -> None:
        self.reached[step], self.open[step] = asyncio.Event(), asyncio.Event()

    async def pass_by(self, step: str) -> None:
        if step in self.open:
            self.reached[step].set()
            await self.open[step].wait()


class GatedSpool(MemorySpool):
    """A spool in memory that stops at its gates, and fails where a test says so."""

    def __init__(self, gates: Gates) -> None:
        super().__init__(max_records=1000, max_bytes=1 << 20)
        self.gates = gates
        self.fails: set[str] = set()

    async def put(self, rows: Sequence[Row]) -> list[Head]:
        await self.gates.pass_by("put")
        if "put" in self.fails:
            raise SpoolUnavailableError("scripted", reason="full")
        return await super().put(rows)

    async def keep(self, ids: Collection[int], request_hash: bytes) -> None:
        await self.gates.pass_by("keep")
        if "keep" in self.fails:
            self._take_out(ids)
            raise SpoolUnavailableError("scripted", reason="disk")
        await super().keep(ids, request_hash)


class Downstream:
    """Takes what it is given, unless a test says otherwise."""

    def __init__(self, gates: Gates) -> None:
        self.gates = gates
        self.answers: Callable[[bytes], None] = lambda data: None
        self.taken: list[bytes] = []

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        await self.gates.pass_by("forward")
        self.answers(request)
        self.taken += records_of(request)
        return b""


class Bench:
    """A router of its real parts, with a model that never answers by itself."""

    def __init__(
        self, *, max_request_bytes: int = 1 << 20, max_request_records: int = 1000, downstream: Any = None
    ) -> None:
        self.gates = Gates()
        self.spool = GatedSpool(self.gates)
        self.downstream = downstream or Downstream(self.gates)
        self.left: list[LeavingRow] = []
        self.scheduler = Asked()
        self.desk = desk_of(scheduler=self.scheduler)
        meter = Meter(NoOpMeterProvider())
        self.holding = Holding(
            self.spool,
            self.desk,
            leave=self.left.append,
            deadline_seconds=30,
            may_hold=True,
            meter=meter,
            rate_limited_log=LOG,
        )
        self.router = Router(
            annotator=annotator(desk=self.desk),
            forwarder=Forwarder(self.downstream, max_request_bytes=max_request_bytes),
            holding=self.holding,
            max_request_records=max_request_records,
            trust_incoming=False,
            meter=meter,
            source_services=SourceServices(10),
            rate_limited_log=LOG,
        )

    async def route(self, data: bytes = DATA) -> Answer:
        return await self.router.route(data, metadata=(), tenant=b"", deadline=time.monotonic() + 5)

    async def route_once_asked_again(self, data: bytes) -> Answer:
        """Begin a call once the desk asks again about what it was refused."""
        until = time.monotonic() + ASK_AGAIN_SECONDS
        while time.monotonic() <= until:
            await asyncio.sleep(0.01)
        return await self.route(data)

    async def cut_off_at(self, step: str, data: bytes = DATA) -> None:
        """Begin a call, let its sender go at a step, and let the step end."""
        self.gates.shut(step)
        call = asyncio.create_task(self.route(data))
        await self.gates.reached[step].wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        self.gates.open[step].set()
        await self.router.settled(time.monotonic() + 10)
        await asyncio.sleep(0)

    @property
    def waiting(self) -> int:
        return self.holding.records
