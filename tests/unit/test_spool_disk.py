"""A disk that fails: holding stops, says so, and comes back by itself; rows that were stored stay."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from logtriage.errors import SpoolUnavailableError
from logtriage.spool.counts import Counts
from logtriage.spool.faults import Fault
from support.spooling import HASH, Spooling, numbers_in, row_of, spooling

RECOVERY_SECONDS = 10


class Disk:
    """Makes connections whose statements fail while a word of them is in ``failing``."""

    def __init__(self) -> None:
        self.failing: tuple[str, ...] = ()
        self.code = sqlite3.SQLITE_IOERR
        self.seconds = 0.0

    def connect(self, path: str) -> sqlite3.Connection:
        disk = self

        class Failing(sqlite3.Connection):
            def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
                disk.check(sql)
                return super().execute(sql, *parameters)  # type: ignore[arg-type]

            def executemany(self, sql: str, *parameters: object) -> sqlite3.Cursor:
                disk.check(sql)
                return super().executemany(sql, *parameters)  # type: ignore[arg-type]

        return sqlite3.connect(path, isolation_level=None, factory=Failing)

    def check(self, sql: str) -> None:
        if any(word in sql for word in self.failing):
            if self.seconds:
                time.sleep(self.seconds)
                return
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = self.code  # type: ignore[attr-defined]
            raise error


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(RECOVERY_SECONDS):
        while not condition():
            await asyncio.sleep(0.02)


async def refused(found: Spooling, number: int) -> str:
    with pytest.raises(SpoolUnavailableError) as caught:
        await found.spool.put([row_of(number)])
    return caught.value.reason


@pytest.mark.parametrize("word", ["BEGIN", "INSERT INTO head", "INSERT INTO row", "UPDATE state", "COMMIT"])
@pytest.mark.parametrize("fault", [Fault.IO, Fault.FULL, Fault.READ_ONLY])
def test_a_failed_commit_refuses_stores_nothing_and_passes(tmp_path: Path, word: str, fault: Fault) -> None:
    codes = {Fault.IO: sqlite3.SQLITE_IOERR, Fault.FULL: sqlite3.SQLITE_FULL, Fault.READ_ONLY: sqlite3.SQLITE_READONLY}

    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            heads = await found.hold(row_of(1))
            disk.failing, disk.code = (word,), codes[fault]
            assert await refused(found, 2) == fault.value
            assert found.spool.is_broken
            assert not found.spool.has_room
            assert found.spool.rows == 1
            assert await numbers_in(found.spool, heads) == [1], "what is stored can be read meanwhile"
            assert found.metric("logtriage_spool_faults_total", reason=fault.value) >= 1
            disk.failing = ()
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads + await found.hold(row_of(3))) == [1, 3]
        async with spooling(tmp_path / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [1, 3]
            assert after.lost == found.lost == {}

    asyncio.run(scenario())


def test_a_commit_that_failed_and_yet_reached_the_disk_is_undone(tmp_path: Path) -> None:
    class Late(Disk):
        def connect(self, path: str) -> sqlite3.Connection:
            disk = self

            class FailsAfterwards(sqlite3.Connection):
                def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
                    cursor = super().execute(sql, *parameters)  # type: ignore[arg-type]
                    disk.check(sql)
                    return cursor

            return sqlite3.connect(path, isolation_level=None, factory=FailsAfterwards)

    async def scenario() -> None:
        disk = Late()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            disk.failing = ("COMMIT",)
            await refused(found, 1)
            disk.failing = ()
            await until(lambda: found.spool.has_room)
            await found.hold(row_of(2))
        async with spooling(tmp_path / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [2], "its caller sent row 1 away"
            assert after.lost == {}

    asyncio.run(scenario())


def test_an_account_that_cannot_be_written_undoes_the_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as found:
            with monkeypatch.context() as patched:
                patched.setattr(Counts, "append", fail)
                assert await refused(found, 1) == "io_error"
            await until(lambda: found.spool.has_room)
            await found.hold(row_of(2))
        async with spooling(tmp_path / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [2]

    asyncio.run(scenario())


def test_rows_that_cannot_be_kept_are_given_back_and_never_delivered(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            heads = await found.spool.put([row_of(1)])
            disk.failing = ("COMMIT",)
            with pytest.raises(SpoolUnavailableError):
                await found.spool.keep([heads[0].id], HASH)
            assert await found.spool.read([heads[0].id]) == []
            assert found.spool.rows == 0
            disk.failing = ()
            await until(lambda: found.spool.has_room)
        async with spooling(tmp_path / "spool") as after:
            assert after.first == []

    asyncio.run(scenario())


def test_what_was_removed_while_the_disk_failed_does_not_come_back(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            heads = await found.hold(row_of(1), row_of(2))
            disk.failing = ("COMMIT",)
            await found.spool.remove([heads[0].id])
            assert found.spool.rows == 1
            disk.failing = ()
            await until(lambda: found.spool.has_room)
        async with spooling(tmp_path / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [2]

    asyncio.run(scenario())


def test_a_row_that_cannot_be_read_now_is_read_later(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            heads = await found.hold(row_of(1))
            disk.failing = ("SELECT data FROM row",)
            with pytest.raises(SpoolUnavailableError):
                await found.spool.read([heads[0].id])
            disk.failing = ()
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads) == [1]
            assert found.lost == {}

    asyncio.run(scenario())


def test_a_disk_that_fails_at_the_start_gives_its_rows_once_it_works(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            heads = await before.hold(row_of(1), row_of(2))
        disk = Disk()
        disk.failing = ("FROM head",)
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            assert found.first == []
            assert found.spool.is_broken
            disk.failing = ()
            await until(lambda: found.spool.has_room)
            assert found.late == heads
            assert await numbers_in(found.spool, found.late) == [1, 2]
            assert (found.spool.rows, found.lost) == (2, {})

    asyncio.run(scenario())


def test_a_failed_checkpoint_stops_holding_only_until_it_works(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            disk.failing = ("wal_checkpoint",)
            heads = await found.hold(row_of(1))
            await until(lambda: found.spool.is_broken)
            disk.failing = ()
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads) == [1]

    asyncio.run(scenario())


def test_a_disk_that_hangs_holds_up_no_answer(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            found.spool._patience_seconds = 0.05
            disk.failing, disk.seconds = ("COMMIT",), 0.5
            began = time.monotonic()
            assert await refused(found, 1) == "hangs"
            assert time.monotonic() - began < 0.4
            assert found.spool.is_broken
            disk.seconds, disk.failing = 0.0, ()
            await until(lambda: found.spool.has_room and found.spool.rows == 0)
            assert found.metric("logtriage_spool_faults_total", reason="io_error") == 0
        async with spooling(tmp_path / "spool") as after:
            assert after.first == [], "its caller sent the row away"

    asyncio.run(scenario())


def test_faults_are_told_once_in_a_while(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        disk = Disk()
        async with spooling(tmp_path / "spool", connect=disk.connect) as found:
            disk.failing = ("BEGIN",)
            for number in range(300):
                await refused(found, number)

    with caplog.at_level(logging.WARNING):
        asyncio.run(scenario())
    assert 1 <= len(caplog.records) <= 12
    assert "the disk fails" in caplog.text


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a file system of its own size, which only root may."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(descriptor: int) -> None:
    with suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))


def cover(folder: Path) -> None:
    """Hide a folder behind a read-only file system: what is open keeps working, and no name can be opened."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)], check=True)


def uncover(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], check=True)


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True, capture_output=True)


def test_a_full_disk_refuses_delivers_and_recovers(tmp_path: Path) -> None:
    async def scenario(folder: Path) -> None:
        async with spooling(folder / "spool") as found:
            heads = await found.hold(row_of(1, size_bytes=100_000))
            filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
            fill(filler)
            assert await refused(found, 2) == "disk_full"
            assert await numbers_in(found.spool, heads) == [1]
            os.truncate(filler, 0)
            os.close(filler)
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads + await found.hold(row_of(3))) == [1, 3]
            assert found.lost == {}

    with small_disk(tmp_path / "disk", "4m") as folder:
        asyncio.run(scenario(folder))


def test_a_start_on_a_full_disk_delivers_what_is_held(tmp_path: Path) -> None:
    async def scenario(folder: Path) -> None:
        async with spooling(folder / "spool") as before:
            await before.hold(row_of(1, size_bytes=100_000))
        filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
        fill(filler)
        os.close(filler)
        async with spooling(folder / "spool") as found:
            assert await numbers_in(found.spool, found.first) == [1]
            await found.spool.remove([found.first[0].id])
            (folder / "filler").unlink()
            await until(lambda: found.spool.has_room)
            await found.hold(row_of(2))
        async with spooling(folder / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [2]
            assert found.lost == after.lost == {}

    with small_disk(tmp_path / "disk", "4m") as folder:
        asyncio.run(scenario(folder))


def test_a_disk_that_is_full_while_it_salvages_goes_on_later(tmp_path: Path) -> None:
    async def scenario(folder: Path) -> None:
        async with spooling(folder / "spool") as before:
            for number in range(20):
                await before.hold(row_of(number, size_bytes=100_000, request_hash=number.to_bytes(16, "big")))
        with (folder / "spool" / "spool.sqlite3").open("r+b") as file:
            file.write(bytes(4096))
        filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
        fill(filler)
        os.close(filler)
        async with spooling(folder / "spool") as found:
            await until(lambda: found.spool.is_broken)
            (folder / "filler").unlink()
            await until(lambda: len(found.first) + len(found.late) == 20)
            heads = [*found.first, *found.late]
            assert sorted(number or 0 for number in await numbers_in(found.spool, heads)) == list(range(20))
            assert found.lost == {}

    with small_disk(tmp_path / "disk", "8m") as folder:
        asyncio.run(scenario(folder))


def test_a_file_system_that_turns_read_only_refuses_delivers_and_recovers(tmp_path: Path) -> None:
    async def scenario(folder: Path) -> None:
        async with spooling(folder / "spool") as found:
            heads = await found.hold(row_of(1))
            cover(folder / "spool")
            assert await refused(found, 2) == "read_only"
            assert await numbers_in(found.spool, heads) == [1]
            uncover(folder / "spool")
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads + await found.hold(row_of(3))) == [1, 3]
            assert found.lost == {}

    with small_disk(tmp_path / "disk", "16m") as folder:
        asyncio.run(scenario(folder))


def test_a_start_on_a_read_only_file_system_gives_its_rows_once_it_is_writable(tmp_path: Path) -> None:
    async def scenario(folder: Path) -> None:
        async with spooling(folder / "spool") as before:
            await before.hold(row_of(1))
        remount(folder, "ro")
        async with spooling(folder / "spool") as found:
            assert found.first == []
            assert await refused(found, 2) == "read_only"
            remount(folder, "rw")
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, found.late) == [1]

    with small_disk(tmp_path / "disk", "16m") as folder:
        asyncio.run(scenario(folder))


def test_a_limit_on_the_size_of_files_refuses_and_passes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as found:
            heads = await found.hold(row_of(1, size_bytes=50_000))
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, hard))
            try:
                with pytest.raises(SpoolUnavailableError):
                    await found.spool.put([row_of(2, size_bytes=200_000)])
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
                signal.signal(signal.SIGXFSZ, handler)
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, heads + await found.hold(row_of(3))) == [1, 3]

    asyncio.run(scenario())


def test_another_program_that_locks_the_file_is_waited_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.hold(row_of(1))
        script = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN IMMEDIATE');"
            "c.execute('UPDATE state SET value=value');"
            "print('locked', flush=True); sys.stdin.read()"
        )
        other = await asyncio.create_subprocess_exec(
            "python3", "-c", script, str(tmp_path / "spool" / "spool.sqlite3"), stdin=-1, stdout=-1
        )
        assert other.stdout is not None
        assert other.stdin is not None
        assert await other.stdout.readline() == b"locked\n"
        async with spooling(tmp_path / "spool") as found:
            assert await refused(found, 2) == "locked"
            other.stdin.close()
            await other.wait()
            await until(lambda: found.spool.has_room)
            assert await numbers_in(found.spool, found.late) == [1]

    asyncio.run(scenario())


def test_a_disk_below_the_floor_says_how_much_it_has(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool", min_free_bytes=1 << 60) as found:
            free = found.spool.free_bytes_below_floor
            assert not found.spool.has_room
            assert free is not None
            assert 0 <= free < 1 << 60
        async with spooling(tmp_path / "spool") as found:
            assert found.spool.has_room
            assert found.spool.free_bytes_below_floor is None

    asyncio.run(scenario())
