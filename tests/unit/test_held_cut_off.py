"""A stop while held rows are sent one by one: what was taken by then is not sent again after the next start."""

from __future__ import annotations

import asyncio

import pytest

from logtriage.errors import PermanentDeliveryError
from logtriage.schema.transit import Metadata
from support.leaving import Leaving
from support.records import records_of


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


def test_a_row_that_is_taken_before_a_stop_cuts_off_the_next_one_is_removed() -> None:
    async def scenario() -> None:
        downstream = RefusesThenHangs()
        bench = Leaving(downstream)
        await bench.leave(["fine 1"], ["fine 2"], ["fine 3"])
        running = asyncio.create_task(bench.exporter.run())
        await downstream.hangs.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert [head.id for head, _ in await bench.spool.read([1, 2, 3])] == [2, 3]
        assert len(downstream.taken) == 1

    asyncio.run(scenario())
