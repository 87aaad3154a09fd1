"""Random damage to the spool's files: it starts, holds again, and each record is either read back or counted."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.spooling import numbers_in, row_of, spooling

ROWS, RECORDS = 30, 3
FILES = ("spool.sqlite3", "spool.sqlite3-wal")
ACCOUNT = "spool.counts"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder as a kill leaves it, with rows in the database, in the log, and removed ones."""

    async def fill() -> None:
        async with spooling(folder / "before") as found:
            for number in range(ROWS + 6):
                heads = await found.hold(
                    row_of(number, size_bytes=200 + 977 * number, request_hash=number.to_bytes(16, "big"))
                )
                if number >= ROWS:
                    await found.spool.remove([head.id for head in heads])
                if number == ROWS // 2:
                    async with asyncio.timeout(10):
                        while (found.folder / FILES[1]).stat().st_size:
                            await asyncio.sleep(0.02)
            shutil.copytree(folder / "before", folder / "spool")

    folder = tmp_path_factory.mktemp("sound")
    asyncio.run(fill())
    return folder / "spool"


bytes_to_write = st.one_of(st.binary(min_size=1, max_size=64), st.just(bytes(4096)))
damages = st.lists(st.tuples(st.sampled_from(FILES), st.floats(0, 1), bytes_to_write), min_size=1, max_size=6)
damages_of_all = st.lists(
    st.tuples(st.sampled_from((*FILES, ACCOUNT)), st.floats(0, 1), bytes_to_write), min_size=1, max_size=6
)
cuts = st.one_of(st.none(), st.tuples(st.sampled_from(FILES), st.floats(0, 1)))


@given(damages=damages, cut=cuts)
def test_each_record_is_read_back_or_counted_whatever_is_damaged(
    sound: Path, damages: list[tuple[str, float, bytes]], cut: tuple[str, float] | None
) -> None:
    with damaged(sound, damages, cut) as folder:
        asyncio.run(_check(folder, is_account_sound=True))


@given(damages=damages_of_all, cut=cuts)
def test_it_starts_and_holds_whatever_is_damaged_the_account_too(
    sound: Path, damages: list[tuple[str, float, bytes]], cut: tuple[str, float] | None
) -> None:
    with damaged(sound, damages, cut) as folder:
        is_account_sound = (folder / ACCOUNT).read_bytes() == (sound / ACCOUNT).read_bytes()
        asyncio.run(_check(folder, is_account_sound=is_account_sound))


@contextmanager
def damaged(sound: Path, damages: list[tuple[str, float, bytes]], cut: tuple[str, float] | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "spool"
        shutil.copytree(sound, folder)
        for name, share, data in damages:
            with (folder / name).open("r+b") as file:
                file.seek(int(share * ((folder / name).stat().st_size - 1)))
                file.write(data)
        if cut is not None:
            with (folder / cut[0]).open("r+b") as file:
                file.truncate(int(cut[1] * (folder / cut[0]).stat().st_size))
        yield folder


async def _check(folder: Path, *, is_account_sound: bool) -> None:
    async with spooling(folder) as found:
        async with asyncio.timeout(10):
            while any(name.startswith("spool-salvaging") for name in found.names):
                await asyncio.sleep(0.005)
            await asyncio.sleep(0)
        heads = [*found.first, *found.late]
        numbers = sorted(number for number in await numbers_in(found.spool, heads) if number is not None)
        assert len(set(numbers)) == len(numbers)
        if is_account_sound:
            assert set(numbers) <= set(range(ROWS)), "what was removed does not come back"
            assert len(numbers) * RECORDS + sum(found.lost.values()) == ROWS * RECORDS
        new = await found.hold(row_of(1000))
        assert await numbers_in(found.spool, new) == [1000]
    async with spooling(folder) as again:
        async with asyncio.timeout(10):
            while any(name.startswith("spool-salvaging") for name in again.names):
                await asyncio.sleep(0.005)
            await asyncio.sleep(0)
        heads = [*again.first, *again.late]
        numbers_again = [number for number in await numbers_in(again.spool, heads) if number is not None]
        assert sorted(numbers_again) == [*numbers, 1000]
        assert again.lost == {}
