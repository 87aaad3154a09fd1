"""A call that waits for a commit or for downstream, cut off at each step: nothing may be left half done.

The rows of `pipeline/commitment.py`'s table that need no crash; those that do are in the fault tests.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.schema.provenance import Reason
from support.gated import QUIET, Bench
from support.records import record, request

STEPS = ("put", "forward", "keep")


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
