"""What every spool does: the one on disk and the one in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from logtriage.errors import SpoolUnavailableError
from logtriage.spool.memory import MemorySpool
from logtriage.spool.row import Head
from logtriage.spool.spool import Spool
from support.spooling import HASH, numbers_in, row_of, spooling

OTHER = b"o" * 16


@asynccontextmanager
async def opened(kind: str, folder: Path, **limits: int) -> AsyncIterator[Spool]:
    if kind == "memory":
        memory = MemorySpool(
            max_records=limits.get("max_records", 100_000), max_bytes=limits.get("max_bytes", 512 << 20)
        )
        assert await memory.start(lambda heads: None) == []
        yield memory
        await memory.close()
    else:
        async with spooling(folder / "spool", **limits) as found:
            yield found.spool


@pytest.fixture(params=["disk", "memory"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ids(heads: list[Head]) -> list[int]:
    return [head.id for head in heads]


def test_what_was_put_and_kept_is_read_back_as_it_was(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1), row_of(2, size_bytes=0), row_of(3, size_bytes=300_000)])
            await spool.keep(ids(heads), HASH)
            assert await numbers_in(spool, heads) == [1, 2, 3]
            assert [head.fingerprint for head in heads] == [row_of(number).fingerprint for number in (1, 2, 3)]

    asyncio.run(scenario())


def test_rows_are_read_in_the_order_that_was_asked_for(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(number) for number in range(5)])
            assert await numbers_in(spool, heads[::-1]) == [4, 3, 2, 1, 0]

    asyncio.run(scenario())


def test_a_removed_row_is_left_out_and_its_room_is_free(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1), row_of(2)])
            await spool.keep(ids(heads), HASH)
            await spool.remove([heads[0].id])
            assert await numbers_in(spool, heads) == [2]
            assert (spool.rows, spool.records, spool.size_bytes) == (1, 3, heads[1].size_bytes)

    asyncio.run(scenario())


def test_a_discarded_row_is_gone(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1)])
            await spool.discard(ids(heads), HASH)
            assert await spool.read(ids(heads)) == []
            assert (spool.rows, spool.records, spool.size_bytes) == (0, 0, 0)

    asyncio.run(scenario())


def test_an_id_is_never_used_again(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            first = await spool.put([row_of(1)])
            await spool.remove(ids(first))
            second = await spool.put([row_of(2)])
            assert second[0].id > first[0].id

    asyncio.run(scenario())


def test_removing_twice_or_what_never_was_does_no_harm(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1), row_of(2)])
            await spool.remove([heads[0].id, 999])
            await spool.remove([heads[0].id])
            assert await numbers_in(spool, heads) == [2]
            assert spool.rows == 1

    asyncio.run(scenario())


def test_a_put_past_a_limit_stores_nothing_of_it(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path, max_records=10) as spool:
            await spool.put([row_of(1)])
            with pytest.raises(SpoolUnavailableError, match=r"hold\.max_records") as caught:
                await spool.put([row_of(2), row_of(3), row_of(4)])
            assert caught.value.reason == "full"
            assert (spool.rows, spool.records) == (1, 3)

    asyncio.run(scenario())


def test_a_put_past_the_limit_in_bytes_stores_nothing_of_it(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path, max_bytes=100_000) as spool:
            with pytest.raises(SpoolUnavailableError, match=r"hold\.max_mib"):
                await spool.put([row_of(1, size_bytes=60_000), row_of(2, size_bytes=60_000)])
            assert spool.size_bytes == 0

    asyncio.run(scenario())


def test_room_ends_at_80_percent_and_comes_back_below_60(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path, max_records=10) as spool:
            seven = await spool.put([row_of(number, records=1) for number in range(7)])
            assert spool.has_room
            eighth = await spool.put([row_of(8, records=1)])
            assert not spool.has_room
            await spool.remove(ids(eighth) + ids(seven[:1]))
            assert not spool.has_room, "60 % is not below 60 %"
            await spool.remove(ids(seven[1:2]))
            assert spool.has_room

    asyncio.run(scenario())


def test_puts_beyond_the_high_mark_are_taken_up_to_the_limit(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path, max_records=10) as spool:
            await spool.put([row_of(1, records=9)])
            assert not spool.has_room
            await spool.put([row_of(2, records=1)])
            assert spool.records == 10

    asyncio.run(scenario())


def test_a_request_like_any_other_is_not_suppressed(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1)])
            assert spool.take_suppressed(HASH) == frozenset(), "two equal requests under way are two"
            await spool.keep(ids(heads), HASH)
            assert spool.take_suppressed(HASH) == frozenset()
            spool.answer_taken(HASH)
            assert spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())


def test_a_request_whose_answer_was_lost_is_suppressed_once(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1), row_of(2)])
            await spool.keep(ids(heads), HASH)
            spool.answer_lost(HASH)
            assert spool.take_suppressed(OTHER) == frozenset()
            assert spool.take_suppressed(HASH) == {row_of(1).fingerprint, row_of(2).fingerprint}
            assert spool.take_suppressed(HASH) == frozenset()
            await spool.keep([], HASH)
            spool.answer_taken(HASH)
            assert spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())


def test_a_suppressed_request_that_goes_unanswered_again_is_suppressed_again(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1)])
            await spool.keep(ids(heads), HASH)
            spool.answer_lost(HASH)
            spool.take_suppressed(HASH)
            more = await spool.put([row_of(2)])
            await spool.keep(ids(more), HASH)
            spool.answer_lost(HASH)
            assert spool.take_suppressed(HASH) == {row_of(1).fingerprint, row_of(2).fingerprint}

    asyncio.run(scenario())


def test_a_suppressed_request_that_is_told_to_come_again_is_suppressed_again(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1)])
            await spool.keep(ids(heads), HASH)
            spool.answer_lost(HASH)
            spool.take_suppressed(HASH)
            more = await spool.put([row_of(2)])
            await spool.discard(ids(more), HASH)
            assert spool.take_suppressed(HASH) == {row_of(1).fingerprint}, "row 2 is not stored any more"

    asyncio.run(scenario())


def test_a_discarded_request_is_not_suppressed(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1)])
            await spool.discard(ids(heads), HASH)
            assert spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())


def test_rows_of_mixed_fingerprints_suppress_nothing(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            mixed = row_of(1)
            heads = await spool.put([type(mixed)(**{**_fields(mixed), "fingerprint": b""})])
            await spool.keep(ids(heads), HASH)
            spool.answer_lost(HASH)
            assert spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())


def test_keeping_a_row_that_is_not_stored_any_more_tells_so(kind: str, tmp_path: Path) -> None:
    if kind == "memory":
        pytest.skip("rows in memory do not get lost")

    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:
            heads = await spool.put([row_of(1), row_of(2)])
            await spool.remove([heads[0].id])
            with pytest.raises(SpoolUnavailableError):
                await spool.keep(ids(heads), HASH)
            assert spool.rows == 0, "it has let go of the other row, too"

    asyncio.run(scenario())


def test_many_callers_at_once_get_what_they_put(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(kind, tmp_path) as spool:

            async def call(number: int) -> list[Head]:
                request_hash = number.to_bytes(16, "big")
                heads = await spool.put([row_of(number, request_hash=request_hash)])
                await spool.keep(ids(heads), request_hash)
                return heads

            stored = await asyncio.gather(*(call(number) for number in range(200)))
            heads = [head for found in stored for head in found]
            assert await numbers_in(spool, heads) == list(range(200))
            assert len(set(ids(heads))) == 200

    asyncio.run(scenario())


def _fields(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}  # type: ignore[attr-defined]
