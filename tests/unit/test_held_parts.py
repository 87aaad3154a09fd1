"""Rows that leave together in parts, of which downstream refuses one: what it has taken is not sent again."""

from __future__ import annotations

import asyncio

from logtriage.errors import PermanentDeliveryError
from logtriage.schema.transit import Metadata
from support.leaving import Leaving
from support.records import records_of

LONG = "x" * 350
"""Two such records fill a part."""


class RefusesPoison:
    """Downstream that refuses what has a certain record in it."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        if b"poison" in request:
            raise PermanentDeliveryError("no", code="INVALID_ARGUMENT")
        self.taken += names_of(records_of(request))
        return b""


def names_of(records: list[bytes]) -> list[str]:
    return [raw[raw.index(b"<") + 1 : raw.index(b">")].decode() for raw in records]


def named(name: str) -> str:
    return f"<{name}> {LONG}"


def test_of_a_row_across_two_parts_of_which_one_is_refused_no_record_arrives_twice() -> None:
    async def scenario() -> None:
        downstream = RefusesPoison()
        bench = Leaving(downstream, max_request_bytes=1000)
        await bench.leave([named("a"), named("b"), named("c")], [named("poison"), named("d")], [named("e")])
        running = asyncio.create_task(bench.exporter.run())
        await bench.exporter.idle()
        running.cancel()
        assert sorted(downstream.taken + names_of(bench.letters.records)) == ["a", "b", "c", "d", "e", "poison"]
        assert "poison" in names_of(bench.letters.records)
        assert sorted(downstream.taken)[:3] == ["a", "b", "c"]
        assert bench.spool.rows == 0

    asyncio.run(scenario())
