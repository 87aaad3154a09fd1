"""Faults of ours, or of the spool, while a call is answered: nothing is refused for them, stranded, or doubled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence

import pytest

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.pipeline.annotator import Annotator
from logtriage.schema.transit import Metadata
from logtriage.spool.row import Head, Row
from support.gated import DATA, Bench, GatedSpool
from support.records import record, records_of, request


class TakesSome:
    """Downstream that takes a part and is away for the next one, until a test says it is back."""

    def __init__(self) -> None:
        self.is_back = False
        self.taken: list[bytes] = []

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        if self.taken and not self.is_back:
            raise RetryableDeliveryError("scripted")
        self.taken += records_of(request)
        return b""


def in_parts(max_request_records: int = 1000) -> tuple[Bench, bytes]:
    """Give a bench whose downstream takes the first part, and a request of six parts."""
    bench = Bench(max_request_bytes=1000, max_request_records=max_request_records, downstream=TakesSome())
    return bench, request(*(record(f"fine {i} {'x' * 800}", number=9, text="INFO") for i in range(6)))


async def stored_rest(bench: Bench, data: bytes) -> list[bytes]:
    """Give the records of all rows that leave, which are to be those of a request but for the first."""
    rows = await bench.spool.read([row.id for row in bench.left])
    return [raw for _, row in rows if row is not None for raw in records_of(row.payload)]


def test_over_the_record_cap_what_downstream_does_not_take_of_a_request_is_stored() -> None:
    async def scenario() -> None:
        bench, data = in_parts(max_request_records=5)
        answer = await bench.route(data)
        assert answer.records == 6
        assert await stored_rest(bench, data) == records_of(data)[1:]
        assert len(bench.downstream.taken) == 1

    asyncio.run(scenario())


def test_after_a_fault_of_ours_what_downstream_does_not_take_of_a_request_is_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def explode(*_: object, **__: object) -> None:
        raise RecursionError

    async def scenario() -> None:
        bench, data = in_parts()
        monkeypatch.setattr(Annotator, "annotate", explode)
        assert (await bench.route(data)).records == 6
        assert await stored_rest(bench, data) == records_of(data)[1:]

    asyncio.run(scenario())


def test_untriaged_nothing_of_a_request_is_stored_if_downstream_takes_nothing() -> None:
    async def scenario() -> None:
        bench = Bench(max_request_records=1)

        def refuse(_: bytes) -> None:
            raise RetryableDeliveryError("scripted")

        bench.downstream.answers = refuse
        with pytest.raises(RetryableDeliveryError):
            await bench.route()
        assert bench.spool.records == 0

    asyncio.run(scenario())


def test_untriaged_what_is_refused_for_good_is_told_so() -> None:
    async def scenario() -> None:
        bench = Bench(max_request_records=1)

        def refuse(_: bytes) -> None:
            raise PermanentDeliveryError("no", code="INVALID_ARGUMENT")

        bench.downstream.answers = refuse
        with pytest.raises(PermanentDeliveryError):
            await bench.route()

    asyncio.run(scenario())


@pytest.mark.parametrize("method", ["put", "take_suppressed"])
def test_a_spool_that_raises_as_rows_are_stored_costs_their_triage_only(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def explode(*_: object) -> None:
        raise RecursionError

    async def scenario() -> None:
        bench = Bench()
        monkeypatch.setattr(bench.spool, method, explode)
        assert (await bench.route()).records == 2
        assert sorted(bench.downstream.taken) == sorted(records_of(DATA))
        assert (bench.spool.records, bench.waiting) == (0, 0)
        assert bench.holding._expected.total() == 0

    asyncio.run(scenario())


def test_a_spool_that_raises_as_rows_are_kept_has_them_delivered_at_once() -> None:
    async def scenario() -> None:
        bench = Bench()

        async def explode(ids: Collection[int], request_hash: bytes) -> None:
            raise RecursionError

        bench.spool.keep = explode  # type: ignore[method-assign]
        assert (await bench.route()).records == 2
        assert len(bench.downstream.taken) == 2
        assert (bench.spool.records, bench.waiting) == (0, 0)
        assert bench.holding._expected.total() == 0

    asyncio.run(scenario())


def test_a_spool_that_raises_as_rows_are_discarded_changes_no_answer() -> None:
    async def scenario() -> None:
        bench = Bench()

        async def explode(ids: Collection[int], request_hash: bytes) -> None:
            raise RecursionError

        def refuse(_: bytes) -> None:
            raise RetryableDeliveryError("scripted")

        bench.spool.discard = explode  # type: ignore[method-assign]
        bench.downstream.answers = refuse
        with pytest.raises(RetryableDeliveryError):
            await bench.route()
        assert bench.holding._expected.total() == 0

    asyncio.run(scenario())


def test_a_spool_that_raises_as_the_rest_is_stored_makes_the_answer_retryable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def explode(self: GatedSpool, rows: Sequence[Row]) -> list[Head]:
        raise RecursionError

    async def scenario() -> None:
        bench, data = in_parts()
        monkeypatch.setattr(GatedSpool, "put", explode)
        with pytest.raises(RetryableDeliveryError):
            await bench.route(data)

    asyncio.run(scenario())


def test_kept_rows_that_cannot_be_let_wait_leave_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        bench = Bench()

        def explode(_: bytes) -> bool:
            raise RecursionError

        monkeypatch.setattr(bench.desk, "is_awaited", explode)
        assert (await bench.route()).records == 2
        assert bench.waiting == 1
        seconds = bench.holding._rows.seconds_until_next(time.monotonic())
        assert seconds is not None
        assert seconds <= 1

    asyncio.run(scenario())


def test_what_the_spool_could_not_keep_goes_as_received_if_it_cannot_be_annotated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    annotate = Annotator.annotate

    async def explode_as_it_leaves(self: Annotator, *rest: object, **more: object) -> object:
        if more.get("leaving") is not None:
            raise RecursionError
        return await annotate(self, *rest, **more)  # type: ignore[arg-type]

    async def scenario() -> None:
        bench = Bench()
        bench.spool.fails.add("keep")
        monkeypatch.setattr(Annotator, "annotate", explode_as_it_leaves)
        assert (await bench.route()).records == 2
        assert sorted(bench.downstream.taken) == sorted(records_of(DATA))

    asyncio.run(scenario())


def test_a_fault_of_ours_as_a_request_is_forwarded_has_it_forwarded_as_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        bench = Bench()
        forward, faults = bench.router._answering._forward, iter([True])

        async def explode_once(*rest: object) -> object:
            if next(faults, False):
                raise RecursionError
            return await forward(*rest)  # type: ignore[arg-type]

        monkeypatch.setattr(bench.router._answering, "_forward", explode_once)
        data = request(record("fine", number=9, text="INFO"))
        assert (await bench.route(data)).records == 1
        assert bench.downstream.taken == records_of(data)

    asyncio.run(scenario())


def test_a_rest_that_is_stored_after_a_refusal_leaves_though_its_sender_goes_meanwhile() -> None:
    async def scenario() -> None:
        bench = Bench(max_request_bytes=1000)
        answers = iter([None, PermanentDeliveryError("no", code="INVALID_ARGUMENT"), RetryableDeliveryError("later")])

        def answer(_: bytes) -> None:
            if (error := next(answers)) is not None:
                raise error

        bench.downstream.answers = answer
        stripped = {"logtriage.category": "noise"}
        await bench.cut_off_at(
            "keep",
            request(*(record("fine " + "x" * 800, number=9, text="INFO", attributes=stripped) for _ in range(2))),
        )
        assert [row.records for row in bench.left] == [1]
        assert (bench.spool.records, bench.waiting) == (1, 0)
        assert bench.holding._expected.total() == 0

    asyncio.run(scenario())
