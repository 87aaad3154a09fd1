"""What waits, until when, and what lets it go; after a start, too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.held import Held, HeldRecord, NewRow
from logtriage.pipeline.holding import Holding
from logtriage.schema.provenance import Reason
from logtriage.spool.memory import MemorySpool
from logtriage.spool.row import Head, Row, head_of
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry
from support.annotating import desk_of
from support.asked import Asked
from support.holding import until

A, B = b"A" * 8, b"B" * 8
SECOND = 1_000_000_000
NOW = 1_795_000_000 * SECOND


class Asker:
    """Asks about stored rows as a test says."""

    def __init__(self, waits: Callable[[Row], bool]) -> None:
        self.waits = waits
        self.asked: list[bytes] = []

    async def ask(self, row: Row) -> Held:
        self.asked.append(row.fingerprint)
        held = Held()
        if self.waits(row):
            held.records.append(HeldRecord(0, 0, 0, b"", row.fingerprint, "shop", True))
        return held


class Bench:
    """Holding with a clock of its own."""

    def __init__(self, *, may_hold: bool = True) -> None:
        self.now = 100.0
        self.left: list[LeavingRow] = []
        self.fails_on: set[int] = set()
        self.telemetry = Telemetry(max_source_services=10)
        self.spool = MemorySpool(max_records=1000, max_bytes=1 << 20)
        self.holding = Holding(
            self.spool,
            desk_of(scheduler=Asked()),
            leave=self.leave,
            deadline_seconds=30,
            may_hold=may_hold,
            meter=self.telemetry.meter,
            rate_limited_log=RateLimitedLog(logging.getLogger("logtriage.tests")),
            clock=lambda: self.now,
            wall_clock=lambda: NOW,
        )

    def leave(self, row: LeavingRow) -> None:
        if row.id in self.fails_on:
            raise RecursionError
        self.left.append(row)

    @property
    def faults(self) -> float:
        return self.telemetry.registry.get_sample_value("logtriage_hold_faults_total") or 0.0

    async def stored(self, fingerprint: bytes, *, deadline_unix_nano: int = NOW + 30 * SECOND) -> tuple[Head, NewRow]:
        row = Row(
            payload=b"p",
            records=3,
            fingerprint=fingerprint,
            metadata=(),
            tenant=b"",
            received_unix_nano=NOW,
            deadline_unix_nano=deadline_unix_nano,
            request_hash=b"",
        )
        (head,) = await self.spool.put([row])
        assert head == head_of(row, head.id)
        return head, NewRow(row, "shop", -1, is_counted=not fingerprint)

    @property
    def reasons(self) -> list[Reason | None]:
        return [row.reason for row in self.left]


def test_each_row_leaves_once_with_what_let_it_go() -> None:
    async def scenario() -> None:
        bench = Bench()
        a, b = await bench.stored(A), await bench.stored(B)
        bench.holding.admit([a, b], deadline=130.0)
        assert (bench.holding.records, bench.left) == (6, [])
        bench.holding.answered(A, None)
        bench.holding.answered(A, Reason.BUDGET)
        assert bench.reasons == [None]
        bench.holding.drain()
        assert bench.reasons == [None, Reason.DRAINING]
        assert bench.holding.records == 0
        assert [row.source_service for row in bench.left] == ["shop", "shop"]

    asyncio.run(scenario())


def test_rows_leave_at_their_deadline_whatever_order_they_came_in() -> None:
    async def scenario() -> None:
        bench = Bench()
        late, early = await bench.stored(A), await bench.stored(B)
        running = asyncio.create_task(bench.holding.run())
        await asyncio.sleep(0)
        bench.holding.admit([late], deadline=bench.now + 500)
        bench.holding.admit([early], deadline=bench.now)
        await until(lambda: bool(bench.left))
        assert [row.id for row in bench.left] == [early[0].id]
        assert bench.reasons == [Reason.DEADLINE]
        running.cancel()

    asyncio.run(scenario())


def test_deadlines_of_rows_that_have_left_do_not_pile_up() -> None:
    async def scenario() -> None:
        bench = Bench()
        for _ in range(3000):
            head, new = await bench.stored(A)
            bench.holding.admit([(head, new)], deadline=3600.0)
            bench.holding.answered(A, None)
            await bench.spool.remove([head.id])
        assert len(bench.left) == 3000
        assert len(bench.holding._rows._deadlines) < 1100

    asyncio.run(scenario())


def test_while_draining_nothing_waits_any_more() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.holding.drain()
        assert bench.holding.why_not_wait is Reason.DRAINING
        bench.holding.admit([await bench.stored(A)], deadline=130.0)
        assert bench.reasons == [Reason.DRAINING]

    asyncio.run(scenario())


def test_the_rest_of_a_request_leaves_at_once_and_is_not_counted_again() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.holding.admit([await bench.stored(b"")], deadline=130.0)
        (row,) = bench.left
        assert (row.reason, row.is_counted) == (None, True)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("deadline_unix_nano", "leaves"),
    [
        (NOW - 1, True),
        (NOW + 1 * SECOND, False),
        (NOW - 315_000_000 * SECOND, True),
        (NOW + 315_000_000 * SECOND, False),
    ],
)
def test_after_a_start_what_is_over_its_deadline_leaves_and_nothing_waits_longer_than_it_may(
    deadline_unix_nano: int, leaves: bool
) -> None:
    async def scenario() -> None:
        bench = Bench()
        head, _ = await bench.stored(A, deadline_unix_nano=deadline_unix_nano)
        bench.holding.found([head])
        assert bool(bench.left) is leaves
        bench.now += 30.0
        running = asyncio.create_task(bench.holding.run())
        await until(lambda: len(bench.left) == 1)
        assert bench.reasons == [Reason.DEADLINE]
        running.cancel()

    asyncio.run(scenario())


def test_after_a_start_the_model_is_asked_once_a_fingerprint() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.holding.found([(await bench.stored(one))[0] for one in (A, A, B)])
        asker = Asker(lambda row: row.fingerprint == A)
        asking = asyncio.create_task(bench.holding.ask_again(asker))
        await until(lambda: len(asker.asked) == 2)
        await asyncio.sleep(0)
        assert sorted(asker.asked) == [A, B]
        assert len(bench.left) == 1
        bench.holding.answered(A, None)
        assert [row.asked_about for row in bench.left[1:]] == [0, -1]
        asking.cancel()

    asyncio.run(scenario())


def test_a_stored_row_that_cannot_be_asked_about_leaves() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.holding.found([(await bench.stored(one))[0] for one in (A, B)])

        def explode(_: Row) -> bool:
            raise RecursionError

        asking = asyncio.create_task(bench.holding.ask_again(Asker(explode)))
        await until(lambda: len(bench.left) == 2)
        assert bench.reasons == [Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR]
        asking.cancel()

    asyncio.run(scenario())


def test_where_nothing_may_wait_what_was_stored_is_delivered() -> None:
    async def scenario() -> None:
        bench = Bench(may_hold=False)
        assert bench.holding.why_not_wait is Reason.PENDING
        bench.holding.found([(await bench.stored(A))[0]])
        assert len(bench.left) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("let_go", ["answered", "drain", "deadline", "found", "admit"])
def test_a_row_that_cannot_leave_is_tried_again_and_never_stranded(let_go: str) -> None:
    async def scenario() -> None:
        bench = Bench()
        stored = [await bench.stored(A), await bench.stored(A)]
        bench.fails_on.add(stored[0][0].id)
        if let_go == "found":
            bench.holding.drain()
            bench.holding.found([head for head, _ in stored])
        else:
            if let_go == "admit":
                bench.holding.drain()
            bench.holding.admit(stored, deadline=130.0)
        running = asyncio.create_task(bench.holding.run())
        match let_go:
            case "answered":
                bench.holding.answered(A, Reason.BUDGET)
            case "drain":
                bench.holding.drain()
            case "deadline":
                await asyncio.sleep(0)
                bench.now = 130.0
                bench.holding._wake.set()
        await until(lambda: len(bench.left) == 1)
        assert (bench.left[0].id, bench.holding.records) == (stored[1][0].id, 3)
        assert bench.faults == 1
        bench.fails_on.clear()
        bench.now += 1.0
        bench.holding._wake.set()
        await until(lambda: len(bench.left) == 2)
        assert (bench.left[1].id, bench.holding.records) == (stored[0][0].id, 0)
        assert bench.left[0].reason is bench.left[1].reason
        running.cancel()

    asyncio.run(scenario())
