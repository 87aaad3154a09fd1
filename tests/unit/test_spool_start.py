"""A disk that hangs as the service starts: it serves without holding, and holds once the disk answers."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from logtriage.errors import SpoolInUseError, SpoolUnavailableError
from logtriage.schema.provenance import Reason
from logtriage.spool import sqlite as spool_on_disk
from logtriage.spool.database import connect
from logtriage.spool.folder import Folder
from support.holding import Thinking, blip, holding, marks, told, until
from support.records import request
from support.spooling import numbers_in, row_of, spooling


class HangingDisk:
    """Makes connections once a test lets the disk answer."""

    def __init__(self) -> None:
        self.answers = threading.Event()

    def connect(self, path: str) -> sqlite3.Connection:
        self.answers.wait(20)
        return connect(path)


def test_a_disk_that_hangs_at_the_start_gives_its_rows_and_holds_once_it_answers(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.hold(row_of(1))
        disk = HangingDisk()
        async with spooling(tmp_path / "spool", connect=disk.connect, start_patience_ms=50) as found:
            try:
                assert found.first == []
                assert (found.spool.is_broken, found.spool.has_room) == (True, False)
                found.spool._patience_seconds = 0.05
                with pytest.raises(SpoolUnavailableError, match="hangs"):
                    await found.spool.put([row_of(2)])
                assert found.spool.rows == 0, "nothing is kept in memory for a disk that hangs"
            finally:
                disk.answers.set()
            await until(lambda: found.spool.has_room)
            assert not found.spool.is_broken
            assert await numbers_in(found.spool, found.late) == [1]
            found.spool._patience_seconds = 10
            await found.hold(row_of(3))
            await until(lambda: found.spool.rows == 2)
        async with spooling(tmp_path / "spool") as after:
            assert await numbers_in(after.spool, after.first) == [1, 3]
            assert after.lost == found.lost == {}

    asyncio.run(scenario())


def test_a_folder_that_proves_late_to_be_anothers_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers, take = threading.Event(), Folder.take

    def late(self: Folder) -> None:
        answers.wait(20)
        take(self)

    async def scenario() -> None:
        folder = tmp_path / "spool"
        folder.mkdir()
        with (folder / "spool.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            monkeypatch.setattr(Folder, "take", late)
            async with spooling(folder, start_patience_ms=50) as found:
                waiting = asyncio.create_task(found.spool.put([row_of(1)]))
                await asyncio.sleep(0)
                answers.set()
                with pytest.raises(SpoolUnavailableError):
                    await waiting
                await until(lambda: "until a restart" in caplog.text)
                assert (found.spool.is_broken, found.spool.has_room, found.spool.rows) == (True, False, 0)
                with pytest.raises(SpoolUnavailableError):
                    await found.spool.put([row_of(2)])
                assert (found.spool.rows, found.spool.records, found.spool.size_bytes) == (0, 0, 0)

    with caplog.at_level(logging.INFO):
        asyncio.run(scenario())


def test_a_folder_that_is_anothers_still_ends_the_start_where_the_disk_answers(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool"):
            with pytest.raises(SpoolInUseError):
                async with spooling(tmp_path / "spool"):
                    pass

    asyncio.run(scenario())


def test_the_service_serves_while_the_disk_hangs_and_delivers_what_was_held_once_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "spool") as before:
            await before.hold(replace(row_of(1, records=1), payload=request(blip("before")), metadata=()))
        answers, take = threading.Event(), Folder.take

        def late(self: Folder) -> None:
            answers.wait(20)
            take(self)

        monkeypatch.setattr(Folder, "take", late)
        monkeypatch.setattr(spool_on_disk.SqliteSpool.__init__, "__kwdefaults__", _soon())
        thinking = Thinking()
        async with holding(tmp_path, thinking=thinking) as (service, _):
            try:
                await service.export(request(blip("meanwhile")))
                assert told(service, "meanwhile")["logtriage.reason"] == Reason.NO_ROOM
                assert service.metric("logtriage_spool_broken") == 1
            finally:
                answers.set()
            await until(lambda: service.metric("logtriage_spool_broken") == 0)
            await service.export(request(blip("after")))
            assert "after" not in marks(service)
            thinking.answer()
            await until(lambda: sorted(marks(service)) == ["after", "before", "meanwhile"])

    asyncio.run(scenario())


def _soon() -> dict[str, object]:
    return {**(spool_on_disk.SqliteSpool.__init__.__kwdefaults__ or {}), "start_patience_seconds": 0.05}
