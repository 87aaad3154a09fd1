"""The spool over a stop, a kill, and its own tidying up."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from pathlib import Path

import pytest

from logtriage.errors import SpoolFormatError, SpoolInUseError
from logtriage.spool.database import Database
from logtriage.spool.folder import DATABASE_NAME
from support.spooling import HASH, Spooling, numbers_in, row_of, spooling


def killed(folder: Path) -> Path:
    """Copy the files as a kill would leave them at this moment."""
    copy = folder.with_name(folder.name + "-killed")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def test_rows_are_there_after_a_stop(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            heads = await before.hold(row_of(1), row_of(2))
        async with spooling(tmp_path / "spool") as after:
            assert after.first == heads
            assert await numbers_in(after.spool, after.first) == [1, 2]
            assert (after.spool.rows, after.spool.records) == (2, 6)
            assert after.lost == {}

    asyncio.run(scenario())


def test_rows_are_there_after_a_kill(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            heads = await before.hold(*(row_of(number) for number in range(30)))
            await before.spool.remove([heads[0].id])
            copy = killed(tmp_path / "spool")
        async with spooling(copy) as after:
            assert await numbers_in(after.spool, after.first) == list(range(1, 30))
            assert after.lost == {}

    asyncio.run(scenario())


def test_rows_that_a_kill_left_tentative_count_as_held(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.spool.put([row_of(1)])
            copy = killed(tmp_path / "spool")
        async with spooling(copy) as after:
            assert await numbers_in(after.spool, after.first) == [1]

    asyncio.run(scenario())


def test_a_request_that_a_kill_cut_off_before_its_rows_were_kept_is_suppressed_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.spool.put([row_of(1), row_of(2)])
            copy = killed(tmp_path / "spool")
        async with spooling(copy) as after:
            assert after.spool.take_suppressed(HASH) == {row_of(1).fingerprint, row_of(2).fingerprint}
            await after.spool.keep([], HASH)
            after.spool.answer_taken(HASH)
            again = killed(copy)
        async with spooling(again) as last:
            assert last.spool.take_suppressed(HASH) == frozenset(), "its OK was given"

    asyncio.run(scenario())


def test_a_cut_off_request_stays_suppressed_over_a_second_kill(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.spool.put([row_of(1)])
            copy = killed(tmp_path / "spool")
        async with spooling(copy) as after:
            assert after.spool.take_suppressed(HASH)
            await after.spool.remove([after.first[0].id])
            again = killed(copy)
        async with spooling(again) as last:
            assert last.first == []
            assert last.spool.take_suppressed(HASH) == {row_of(1).fingerprint}, "it was delivered, and not answered"

    asyncio.run(scenario())


def test_a_request_whose_rows_were_kept_before_a_kill_is_not_suppressed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            heads = await before.spool.put([row_of(1)])
            await before.spool.keep([head.id for head in heads], HASH)
            copy = killed(tmp_path / "spool")
        async with spooling(copy) as after:
            assert after.spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())


def test_ids_go_on_after_a_restart_of_an_empty_spool(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            heads = await before.hold(row_of(1))
            await before.spool.remove([heads[0].id])
        async with spooling(tmp_path / "spool") as after:
            assert (await after.hold(row_of(2)))[0].id > heads[0].id

    asyncio.run(scenario())


def test_folder_and_files_are_closed_to_other_users(tmp_path: Path) -> None:
    async def scenario() -> None:
        before = os.umask(0)
        try:
            async with spooling(tmp_path / "state" / "spool") as found:
                await found.hold(row_of(1))
                assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700
                modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in found.folder.iterdir()}
                names = {DATABASE_NAME, DATABASE_NAME + "-wal", "spool.counts", "spool.lock"}
                assert modes == dict.fromkeys(names, 0o600)
        finally:
            os.umask(before)

    asyncio.run(scenario())


def test_a_second_spool_in_the_folder_is_told_which_setting_to_change(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as first:
            with pytest.raises(SpoolInUseError, match=r"state\.directory"):
                await Spooling(tmp_path / "spool").spool.start(lambda heads: None)
            await first.hold(row_of(1))
        async with spooling(tmp_path / "spool") as after:
            assert after.spool.rows == 1

    asyncio.run(scenario())


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.hold(row_of(1))
        database = Database(tmp_path / "spool" / DATABASE_NAME)
        database._connection.execute("PRAGMA user_version=99")
        database.checkpoint(shrink=True)
        database.close()
        content = (tmp_path / "spool" / DATABASE_NAME).read_bytes()
        for _ in range(2):
            with pytest.raises(SpoolFormatError, match="newer LogTriage"):
                await Spooling(tmp_path / "spool").spool.start(lambda heads: None)
        assert (tmp_path / "spool" / DATABASE_NAME).read_bytes() == content

    asyncio.run(scenario())


def test_a_spool_that_was_emptied_is_small_again_and_so_is_its_log(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as found:
            heads = []
            for first in range(0, 200, 10):
                heads += await found.hold(*(row_of(number, size_bytes=100_000) for number in range(first, first + 10)))
            assert found.spool.file_bytes > 10_000_000
            await found.spool.remove([head.id for head in heads])
            async with asyncio.timeout(10):
                while found.spool.file_bytes > 1_000_000:
                    await asyncio.sleep(0.05)
            assert await numbers_in(found.spool, await found.hold(row_of(1))) == [1]

    asyncio.run(scenario())


def test_the_log_stays_bounded_under_a_steady_load(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as found:
            for number in range(300):
                heads = await found.hold(row_of(number, size_bytes=200_000))
                await found.spool.remove([head.id for head in heads])
            wal = tmp_path / "spool" / (DATABASE_NAME + "-wal")
            assert wal.stat().st_size < 16 << 20
            assert (tmp_path / "spool" / DATABASE_NAME).stat().st_size < 16 << 20

    asyncio.run(scenario())


def test_nothing_is_held_while_the_disk_is_nearly_full(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool", min_free_bytes=1 << 60) as found:
            assert not found.spool.has_room
            assert not found.spool.is_broken
            with pytest.raises(Exception, match="min_free_mib"):
                await found.spool.put([row_of(1)])
            assert found.spool.rows == 0

    asyncio.run(scenario())
