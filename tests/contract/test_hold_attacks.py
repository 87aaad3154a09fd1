"""What goes wrong with records that wait at the worst moment: over real gRPC, with a real spool and a real sink."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Collection
from pathlib import Path

import grpc
import pytest

from logtriage.spool.database import Database
from support.holding import Thinking, blip, holding, marks, quiet, until
from support.records import request
from support.sink import Refuse


class FullDisk:
    """Lets rows be stored, and while it ``fails`` not be kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fails = False
        settle = Database.settle

        def full(database: Database, ids: Collection[int]) -> None:
            if self.fails and ids:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            settle(database, ids)

        monkeypatch.setattr(Database, "settle", full)


def test_what_could_not_be_kept_after_its_sender_had_gone_is_not_taken_for_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)

    async def scenario() -> None:
        gate, arrived = asyncio.Event(), asyncio.Event()

        async def slow_at_first(number: int, data: bytes) -> bytes:
            arrived.set()
            if number == 0:
                await gate.wait()
            return b""

        async with holding(tmp_path, thinking=Thinking(), script=slow_at_first, hold={"deadline": "3s"}) as (
            service,
            _,
        ):
            data = request(blip("waits"), quiet("flows"))
            call = asyncio.ensure_future(service.export(data))
            await arrived.wait()
            disk.fails = True
            call.cancel()
            await until(lambda: service.metric("logtriage_spool_faults_total", reason="disk_full") >= 1)
            disk.fails = False
            gate.set()
            await until(lambda: service.metric("logtriage_spool_broken") == 0)
            assert await service.export(data) == b""
            await until(lambda: "waits" in marks(service))

    asyncio.run(scenario())


def test_what_could_not_be_kept_and_is_refused_as_annotated_is_sent_once_more_as_received(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)

    async def scenario() -> None:
        def refuse_annotated(number: int, data: bytes) -> bytes | Refuse:
            disk.fails = True
            return Refuse(grpc.StatusCode.INVALID_ARGUMENT, "no") if b"logtriage." in data else b""

        async with holding(tmp_path, script=refuse_annotated) as (service, _):
            assert await service.export(request(blip("waits"), quiet("flows"))) == b""
            assert marks(service) == ["flows", "waits"]

    asyncio.run(scenario())


def test_a_stop_does_not_wait_for_a_disk_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    hangs = threading.Event()
    begin = Database.begin

    def hang(database: Database) -> None:
        if hangs.is_set():
            goes_on.wait(60)
        begin(database)

    monkeypatch.setattr(Database, "begin", hang)

    async def scenario() -> None:
        def hang_and_refuse(number: int, data: bytes) -> Refuse:
            hangs.set()
            return Refuse(grpc.StatusCode.UNAVAILABLE)

        try:
            async with holding(tmp_path, script=hang_and_refuse, shutdown={"timeout": "9s"}) as (service, _):
                with pytest.raises(grpc.aio.AioRpcError):
                    await service.export(request(blip("waits"), quiet("flows")), timeout=1)
                async with asyncio.timeout(17):
                    await service.service.stop()
        finally:
            goes_on.set()

    asyncio.run(scenario())


def test_a_sender_whose_token_is_refused_does_not_keep_the_held_records_of_others(tmp_path: Path) -> None:
    async def scenario() -> None:
        thinking = Thinking()
        async with holding(
            tmp_path,
            thinking=thinking,
            receiver={"metadata": {"forward": ["authorization"]}},
            exporter={"retry_on_failure": {"initial_interval": "20ms", "max_interval": "50ms"}},
        ) as (service, _):
            refused = [0]

            def refuse_expired(number: int, data: bytes) -> bytes | Refuse:
                if service.sink.metadata[number].get("authorization") != "expired":
                    return b""
                refused[0] += 1
                return Refuse(grpc.StatusCode.UNAUTHENTICATED, "expired")

            service.sink.script = refuse_expired
            for i in range(20):
                await service.export(request(blip(f"expired {i}")), authorization="expired")
            await service.export(request(blip("good")), authorization="good")
            thinking.answer()
            await until(lambda: marks(service) == ["good"])
            await service.export(request(blip("later")), authorization="good")
            await until(lambda: "later" in marks(service))
            await until(lambda: refused[0] >= 3)
            assert service.metric("logtriage_hold_queue_size") == 20
            service.sink.script = lambda number, data: b""
            await until(lambda: len(service.sink.records) == 22)

    asyncio.run(scenario())


def test_what_an_earlier_run_stored_is_delivered_though_this_one_is_to_hold_in_memory(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "8s"}) as (service, _):
            service.sink.script = lambda number, data: Refuse(grpc.StatusCode.UNAVAILABLE)
            await service.export(request(blip("kept")))
            await service.service.stop()
        async with holding(tmp_path, hold={"mode": "memory", "deadline": "1s"}) as (service, _):
            await until(lambda: marks(service) == ["kept"])
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
        async with holding(tmp_path, hold={"mode": "memory"}) as (service, _):
            await service.export(request(blip("new")))
            assert service.metric("logtriage_spool_log_records") == 1
            assert service.metric("logtriage_spool_file_size_bytes") == 0

    asyncio.run(scenario())
