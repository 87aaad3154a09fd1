"""A call that waits for a commit or for downstream, cut off at each step: nothing may be left half done.

The rows of `pipeline/commitment.py`'s table that need no crash; those that do are in the fault tests.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence

import pytest
from opentelemetry.metrics import NoOpMeterProvider

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError, SpoolUnavailableError
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.router import Router
from logtriage.schema.provenance import Reason
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
STEPS = ("put", "forward", "keep")
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

    def __init__(self, *, max_request_bytes: int = 1 << 20) -> None:
        self.gates = Gates()
        self.spool = GatedSpool(self.gates)
        self.downstream = Downstream(self.gates)
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
            max_request_records=1000,
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

    async def cut_off_at(self, step: str) -> None:
        """Begin a call, let its sender go at a step, and let the step end."""
        self.gates.shut(step)
        call = asyncio.create_task(self.route())
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


@pytest.mark.parametrize("step", STEPS)
def test_what_waits_is_held_once_if_the_sender_goes_and_comes_again(step: str) -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.cut_off_at(step)
        assert (bench.spool.records, bench.waiting) == (1, 1)
        again = await bench.route()
        assert again.records == 2
        assert again.ended is not None
        again.ended(True)
        assert (bench.spool.records, bench.waiting) == (1, 1)
        third = await bench.route()
        assert third.ended is not None
        third.ended(True)
        assert (bench.spool.records, bench.waiting) == (2, 2)

    asyncio.run(scenario())


def test_a_sender_that_goes_before_the_forward_has_nothing_forwarded() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.cut_off_at("put")
        assert bench.downstream.taken == []

    asyncio.run(scenario())


def test_an_answer_that_is_lost_again_leaves_its_request_known() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.cut_off_at("forward")
        for _ in range(3):
            again = await bench.route()
            assert again.ended is not None
            again.ended(False)
        assert bench.spool.records == 1

    asyncio.run(scenario())


def test_a_refusal_after_a_lost_answer_leaves_the_request_known() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.cut_off_at("forward")

        def refuse(_: bytes) -> None:
            raise RetryableDeliveryError("scripted")

        bench.downstream.answers = refuse
        with pytest.raises(RetryableDeliveryError):
            await bench.route()
        bench.downstream.answers = lambda _: None
        await bench.route()
        assert bench.spool.records == 1

    asyncio.run(scenario())


def test_more_records_that_wait_than_did_before_are_stored_too() -> None:
    async def scenario() -> None:
        bench = Bench()
        data = request(record("boom"), record("another crash"), QUIET)
        bench.scheduler.refuses = b"another crash"
        bench.gates.shut("forward")
        call = asyncio.create_task(bench.route(data))
        await bench.gates.reached["forward"].wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        bench.gates.open["forward"].set()
        await bench.router.settled(time.monotonic() + 10)
        await asyncio.sleep(0)
        assert bench.spool.records == 1
        bench.scheduler.refuses = b""
        await bench.route_once_asked_again(data)
        assert bench.spool.records == 2

    asyncio.run(scenario())


def test_records_that_the_spool_refuses_leave_at_once_with_no_room() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.spool.fails.add("put")
        answer = await bench.route()
        assert answer.records == 2
        assert len(bench.downstream.taken) == 2
        assert any(b"no_room" in item for item in bench.downstream.taken)
        assert (bench.spool.records, bench.waiting) == (0, 0)

    asyncio.run(scenario())


def test_records_that_the_spool_loses_before_the_answer_are_delivered_before_it() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.spool.fails.add("keep")
        await bench.route()
        assert len(bench.downstream.taken) == 2
        assert (bench.spool.records, bench.waiting) == (0, 0)

    asyncio.run(scenario())


def test_a_fault_of_ours_after_the_commit_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        bench = Bench()

        async def explode(*_: object, **__: object) -> None:
            raise RecursionError

        monkeypatch.setattr(bench.router._answering, "_forward_unless_gone", explode)
        answer = await bench.route()
        assert answer.records == 2
        assert len(bench.downstream.taken) == 2
        assert (bench.spool.records, bench.waiting) == (0, 0)

    asyncio.run(scenario())


def test_what_is_refused_for_good_after_others_were_held_is_told_as_a_partial_success() -> None:
    async def scenario() -> None:
        bench = Bench()

        def refuse(_: bytes) -> None:
            raise PermanentDeliveryError("no", code="INVALID_ARGUMENT")

        bench.downstream.answers = refuse
        answer = await bench.route()
        assert answer.response
        assert bench.waiting == 1

    asyncio.run(scenario())


def test_a_verdict_that_comes_between_commit_and_answer_lets_the_row_leave_with_it() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.gates.shut("keep")
        call = asyncio.create_task(bench.route())
        await bench.gates.reached["keep"].wait()
        bench.scheduler.fail(Reason.NO_MODEL)
        assert bench.left == []
        bench.gates.open["keep"].set()
        await call
        assert [row.reason for row in bench.left] == [Reason.NO_MODEL]
        assert bench.waiting == 0

    asyncio.run(scenario())


def test_a_call_is_waited_for_from_the_moment_its_records_are_held_back() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.gates.shut("put")
        call = asyncio.create_task(bench.route())
        await bench.gates.reached["put"].wait()
        (asked,) = bench.scheduler.fingerprints
        assert bench.holding.is_waited_for(asked)
        bench.gates.open["put"].set()
        await call
        assert bench.holding.is_waited_for(asked)
        bench.scheduler.fail(Reason.BUDGET)
        assert not bench.holding.is_waited_for(asked)

    asyncio.run(scenario())
