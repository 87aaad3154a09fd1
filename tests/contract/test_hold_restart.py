"""Stop and start with records that wait: none is lost, what is over its deadline leaves, the model is asked again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from contract.test_service_process import COMMAND, Process
from logtriage.errors import SpoolInUseError
from support.holding import Thinking, blip, holding, marks, quiet, told, until
from support.mimo_service import KEY
from support.mimo_standin import MimoStandin
from support.records import attributes_of, request
from support.running import running
from support.sink import EXPORT, Refuse, Sink

DOWN = Refuse(grpc.StatusCode.UNAVAILABLE, "scripted")


async def stopped(service: object, seconds: float) -> None:
    """Stop as SIGTERM does, and hold that it took no longer."""
    began = time.monotonic()
    await service.stop()  # type: ignore[attr-defined]
    assert time.monotonic() - began < seconds


def test_at_a_stop_what_waits_leaves_with_the_local_verdict(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path) as (service, _):
            await service.export(request(blip("a"), blip("b")))
            await stopped(service.service, 10)
            assert sorted(marks(service)) == ["a", "b"]
            assert told(service, "a")["logtriage.status"] == "fallback"
            assert told(service, "a")["logtriage.reason"] == "draining"
            assert service.metric("logtriage_hold_released_log_records_total", reason="draining") == 2

    asyncio.run(scenario())


def test_what_downstream_does_not_take_at_a_stop_is_delivered_after_the_next_start(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "1s"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            await service.export(request(blip("kept")))
            await stopped(service.service, 5)
            assert service.sink.records == []
        async with holding(tmp_path, hold={"deadline": "1s"}) as (service, _):
            await until(lambda: marks(service) == ["kept"])
            assert service.metric("logtriage_hold_recovered_log_records_total") == 1
            await until(lambda: service.metric("logtriage_spool_log_records") == 0)
        async with holding(tmp_path) as (service, _):
            assert service.metric("logtriage_hold_recovered_log_records_total") == 0

    asyncio.run(scenario())


def test_what_is_lost_with_the_memory_at_a_stop_is_counted(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, hold={"mode": "memory"}, shutdown={"timeout": "1s"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            await service.export(request(blip("lost")))
            await stopped(service.service, 5)
            assert service.metric("logtriage_spool_lost_log_records_total", reason="memory") == 1

    asyncio.run(scenario())


def test_after_a_start_what_is_within_its_deadline_gets_the_models_verdict(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "1s"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            await service.export(request(blip("a")))
            await service.export(request(blip("b")))
            await stopped(service.service, 5)
        async with holding(tmp_path, thinking=Thinking(answers_at_once=True)) as (service, standin):
            await until(lambda: len(service.sink.records) == 2)
            assert standin.calls == 1
            assert told(service, "a")["logtriage.status"] == "fresh"
            assert told(service, "b")["logtriage.status"] == "cached"
            assert told(service, "b")["logtriage.engine"] == "mimo"

    asyncio.run(scenario())


def test_after_a_start_what_is_over_its_deadline_leaves_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "1s"}, hold={"deadline": "10ms"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            await service.export(request(blip("late")))
            await stopped(service.service, 5)
        async with holding(tmp_path) as (service, standin):
            await until(lambda: marks(service) == ["late"])
            assert told(service, "late")["logtriage.reason"] == "deadline"
            assert service.metric("logtriage_hold_released_log_records_total", reason="deadline") == 1
            assert standin.calls == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("sections", [{"engine": "local"}, {"engine": "mimo", "hold": {"deadline": "0s"}}])
def test_what_was_held_is_delivered_whatever_the_settings_are_now(tmp_path: Path, sections: dict[str, object]) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "1s"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            await service.export(request(blip("kept")))
            await stopped(service.service, 5)
        with MimoStandin() as standin:
            async with running(mimo=standin.settings(), state={"directory": str(tmp_path)}, **sections) as service:
                await until(lambda: marks(service) == ["kept"])
                assert "logtriage.category" in told(service, "kept")
                assert told(service, "kept")["logtriage.status"] == (
                    "fresh" if sections["engine"] == "local" else "fallback"
                )
                await service.export(request(blip("new")))
                assert "new" in marks(service)

    asyncio.run(scenario())


def test_a_second_service_must_not_use_the_same_folder(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with holding(tmp_path):
            with pytest.raises(SpoolInUseError, match=r"state\.directory"):
                async with holding(tmp_path):
                    pass

    asyncio.run(scenario())


def test_health_turns_before_anything_else_and_what_is_under_way_is_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        gate, arrived = asyncio.Event(), asyncio.Event()

        async def slow(number: int, data: bytes) -> bytes:
            arrived.set()
            await gate.wait()
            return b""

        async with holding(tmp_path, script=slow) as (service, _):
            asked = health_pb2.HealthCheckRequest().SerializeToString()
            watch = service.channel.unary_stream("/grpc.health.v1.Health/Watch")(asked, timeout=20)
            assert health_pb2.HealthCheckResponse.FromString(await watch.read()).status == 1
            call = asyncio.ensure_future(service.export(request(blip("waits"), quiet("flows"))))
            await arrived.wait()
            stopping = asyncio.create_task(service.service.stop())
            assert health_pb2.HealthCheckResponse.FromString(await watch.read()).status == 2
            watch.cancel()
            assert (await service.refusal(request(quiet("new")))).code() is grpc.StatusCode.UNAVAILABLE
            gate.set()
            assert await call == b""
            await stopping
            assert sorted(marks(service)) == ["flows", "waits"]

    asyncio.run(scenario())


class Held:
    """`logtriage serve` with a model that thinks until it is told to answer."""

    def __init__(self, folder: Path, downstream: str, standin: MimoStandin, **sections: object) -> None:
        mimo = {"api_key": KEY, "base_url": standin.base_url}
        self.process = Process(
            folder,
            downstream,
            sections={
                "engine": "mimo",
                "mimo": mimo,
                "state": {"directory": str(folder / "state")},
                "hold": {"min_free_mib": 0},
                **sections,
            },
        )


def test_a_sigterm_delivers_what_waits_within_its_time_and_exits_with_code_0(tmp_path: Path) -> None:
    thinking = Thinking()

    async def scenario() -> None:
        with MimoStandin(thinking) as standin:
            async with Sink() as sink:
                held = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                process = held.process
                async with grpc.aio.insecure_channel(process.address) as channel:
                    for i in range(20):
                        await channel.unary_unary(EXPORT)(request(blip(f"{i}")), timeout=5)
                assert sink.records == []
                began = time.monotonic()
                assert await asyncio.to_thread(process.end) == 0
                assert time.monotonic() - began < 15
                assert sorted(int(str(attributes_of(item)["mark"])) for item in sink.records) == list(range(20))
            thinking.answer()

    asyncio.run(scenario())


def test_a_second_signal_ends_at_once_and_loses_nothing(tmp_path: Path) -> None:
    thinking = Thinking()

    async def scenario() -> None:
        with MimoStandin(thinking) as standin:
            async with Sink(lambda number, data: DOWN) as sink:
                held = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                process = held.process
                async with grpc.aio.insecure_channel(process.address) as channel:
                    await channel.unary_unary(EXPORT)(request(blip("kept")), timeout=5)
                process.process.send_signal(signal.SIGTERM)
                await until(lambda: bool(sink.calls))
                assert (await asyncio.to_thread(process.get, "/readyz"))[0] == 503
                began = time.monotonic()
                process.process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.end) == 128 + signal.SIGTERM
                assert time.monotonic() - began < 2
                assert sink.records == []
                sink.script = lambda number, data: b""
                again = await asyncio.to_thread(Held, tmp_path, sink.address, standin, hold={"deadline": "1s"})
                await until(lambda: bool(sink.records))
                assert [attributes_of(item)["mark"] for item in sink.records] == ["kept"]
                assert await asyncio.to_thread(again.process.end) == 0
            thinking.answer()

    asyncio.run(scenario())


def test_a_killed_service_delivers_what_it_had_acknowledged_after_its_next_start(tmp_path: Path) -> None:
    thinking = Thinking()

    async def scenario() -> None:
        with MimoStandin(thinking) as standin:
            async with Sink() as sink:
                held = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                process = held.process
                async with grpc.aio.insecure_channel(process.address) as channel:
                    for i in range(20):
                        await channel.unary_unary(EXPORT)(request(blip(f"{i}")), timeout=5)
                os.kill(process.process.pid, signal.SIGKILL)
                assert await asyncio.to_thread(process.end) == -signal.SIGKILL
                assert sink.records == []
                thinking.answer()
                again = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                await until(lambda: len(sink.records) >= 20)
                assert sorted(int(str(attributes_of(item)["mark"])) for item in sink.records) == list(range(20))
                assert {attributes_of(item)["logtriage.engine"] for item in sink.records} == {"mimo"}
                assert await asyncio.to_thread(again.process.end) == 0

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_second_process_is_told_which_setting_to_change(tmp_path: Path) -> None:
    async def scenario() -> None:
        with MimoStandin(Thinking(answers_at_once=True)) as standin:
            async with Sink() as sink:
                held = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                ended = await asyncio.to_thread(
                    subprocess.run,
                    [str(COMMAND), "serve", "--config", str(tmp_path / "logtriage.yaml")],
                    capture_output=True,
                    timeout=20,
                )
                assert ended.returncode == 3
                assert b"state.directory" in ended.stderr
                assert await asyncio.to_thread(held.process.end) == 0

    asyncio.run(scenario())
