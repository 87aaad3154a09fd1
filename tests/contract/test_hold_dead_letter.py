"""Downstream refuses held records for good, and the disk does not take their dead letter: they stay in the spool."""

from __future__ import annotations

import asyncio
from pathlib import Path

import grpc
import pytest

from logtriage.pipeline import parked
from logtriage.spool.letter_folder import LetterFolder
from support.holding import PROOF, Thinking, blip, holding, marks, until
from support.records import attributes_of, record, records_of, request
from support.running import Running
from support.sink import Refuse

NO = Refuse(grpc.StatusCode.INVALID_ARGUMENT, "no")
DOWN = Refuse(grpc.StatusCode.UNAVAILABLE, "scripted")
BIG = "x" * 300_000


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parked, "FIRST_SECONDS", 0.02)
    monkeypatch.setattr(parked, "LONGEST_SECONDS", 0.05)


class Disk:
    """The folder of the dead letters, which cannot be written while a file has its name."""

    def __init__(self, state: Path) -> None:
        self.folder = LetterFolder(state / "deadletter")

    def fail(self) -> None:
        self.folder.path.write_bytes(b"in the way")

    def work(self) -> None:
        self.folder.path.unlink()

    @property
    def records(self) -> list[int]:
        return [self.folder.header(letter_id).records for letter_id in self.folder.ids()]


def waiting(service: Running) -> float:
    return service.metric("logtriage_dead_letter_waiting_log_records")


def test_what_is_refused_stays_in_the_spool_in_nobodys_way_until_its_letter_is_written(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk(tmp_path)
        disk.fail()
        thinking = Thinking()
        async with holding(tmp_path, thinking=thinking, hold={"num_consumers": 1}) as (service, _):
            service.sink.script = lambda number, data: NO if b"poison" in data else b""
            for mark in ("poison 1", "a", "poison 2", "b"):
                await service.export(request(blip(mark)))
            thinking.answer()
            await until(lambda: waiting(service) == 2 and len(service.sink.calls) > 20)
            await service.export(request(record(f"the lamp went out, {PROOF}", attributes={"mark": "c"})))
            assert service.metric("logtriage_hold_held_log_records_total") == 5
            await until(lambda: sorted(marks(service)) == ["a", "b", "c"])
            await until(lambda: service.metric("logtriage_spool_log_records") == 2)
            assert service.metric("logtriage_dead_letter_log_records_total", outcome="dropped") == 0
            disk.work()
            await until(lambda: disk.records == [1, 1])
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
            assert waiting(service) == 0

    asyncio.run(scenario())


def test_a_restart_finds_it_and_downstream_may_take_it_then(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk(tmp_path)
        disk.fail()
        async with holding(tmp_path, thinking=Thinking(answers_at_once=True)) as (service, _):
            service.sink.script = lambda number, data: NO
            await service.export(request(blip("poison")))
            await until(lambda: waiting(service) == 1)
        async with holding(tmp_path, thinking=Thinking(answers_at_once=True)) as (service, _):
            service.sink.script = lambda number, data: NO
            await until(lambda: waiting(service) == 1)
            service.sink.script = lambda number, data: b""
            await until(lambda: marks(service) == ["poison"])
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
            assert "logtriage.category" in attributes_of(service.sink.records[0])

    asyncio.run(scenario())


def test_of_a_row_that_is_taken_in_part_only_the_rest_is_sent_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        disk = Disk(tmp_path)
        disk.fail()
        async with holding(tmp_path, exporter={"max_request_size_mib": 1}) as (service, _):
            service.sink.script = lambda number, data: DOWN if number >= 1 else b""
            sent = [f"{i}" for i in range(12)]
            items = [record(f"poison-{i} {BIG}", number=9, attributes={"mark": mark}) for i, mark in enumerate(sent)]
            assert await service.export(request(*items)) == b""
            service.sink.script = lambda number, data: NO if b"poison-7 " in data else b""
            await until(lambda: waiting(service) > 0 and len(service.sink.calls) > 30)
            kept = [mark for mark in sent if mark not in marks(service)]
            assert "7" in kept
            assert 1 <= len(kept) <= 3, "what fits in a part with it"
            assert sorted(marks(service), key=int) == [mark for mark in sent if mark not in kept], "none arrives twice"
            disk.work()
            await until(lambda: disk.records == [len(kept)])
            (letter_id,) = disk.folder.ids()
            assert len(records_of(disk.folder.read(letter_id).request)) == len(kept)
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
            assert service.metric("logtriage_hold_delivered_log_records_total", outcome="dead_letter") == len(kept)

    asyncio.run(scenario())


def test_of_a_row_only_the_part_that_downstream_refuses_annotated_goes_as_received(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, exporter={"max_request_size_mib": 1}) as (service, _):
            service.sink.script = lambda number, data: DOWN if number >= 1 else b""
            sent = [f"{i}" for i in range(12)]
            body = "No space left on device"
            items = [record(f"{body} poison-{i} {BIG}", attributes={"mark": mark}) for i, mark in enumerate(sent)]
            assert await service.export(request(*items)) == b""
            service.sink.script = lambda number, data: (
                NO if b"poison-7 " in data and b"logtriage.category" in data else b""
            )
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
            assert sorted(marks(service), key=int) == sent
            plain = [mark for mark, item in zip(marks(service), service.sink.records, strict=True) if not _told(item)]
            assert "7" in plain
            assert len(plain) <= 3
            outcome = "logtriage_hold_delivered_log_records_total"
            assert service.metric(outcome, outcome="as_received") == len(plain)

    asyncio.run(scenario())


def _told(item: object) -> bool:
    return "logtriage.category" in attributes_of(item)  # type: ignore[arg-type]
