"""The service as its users run it: the command, its probes, its stop."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from support.records import record, request
from support.running import running
from support.sink import EXPORT, Sink

COMMAND = Path(sys.executable).parent / "logtriage"
START_SECONDS, STATED_START_SECONDS = 6.0, 2.0


class Process:
    """`logtriage serve` with a file of settings."""

    def __init__(
        self, folder: Path, downstream: str, *, sections: dict[str, object] | None = None, **receiver: object
    ) -> None:
        settings = {
            "receiver": {"endpoint": "127.0.0.1:0", **receiver},
            "exporter": {"endpoint": downstream},
            "verdicts": {"events": False},
            "telemetry": {"logs": {"encoding": "json"}, "metrics": {"endpoint": "127.0.0.1:0"}},
            **(sections or {}),
        }
        file = folder / "logtriage.yaml"
        file.write_text(json.dumps(settings))
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [str(COMMAND), "serve", "--config", str(file)],
            stderr=subprocess.PIPE,
        )
        self.lines: list[dict[str, object]] = []
        self.serving = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self.serving.wait(START_SECONDS * 3):
            self.process.kill()
            raise AssertionError(f"it does not serve: {self.lines}")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(json.loads(line))
            if "is serving" in str(self.lines[-1]["msg"]):
                self.started_seconds = time.monotonic() - self.began
                self.serving.set()

    def told(self, text: str) -> dict[str, object]:
        return next(line for line in self.lines if text in str(line["msg"]))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.told('is serving')['port']}"

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.told('is serving')['metrics_port']}{path}") as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def end(self) -> int:
        if self.process.poll() is None and not any("stopping" in str(line["msg"]) for line in self.lines):
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=15)
        self._reader.join(timeout=5)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@asynccontextmanager
async def serving(tmp_path: Path, **receiver: object) -> AsyncIterator[tuple[Process, Sink, grpc.aio.Channel]]:
    async with Sink() as sink:
        process = await asyncio.to_thread(Process, tmp_path, sink.address, **receiver)
        channel = grpc.aio.insecure_channel(process.address)
        try:
            yield process, sink, channel
        finally:
            await channel.close()
            await asyncio.to_thread(process.end)


async def health(channel: grpc.aio.Channel, service: str = "") -> int:
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    data = await check(health_pb2.HealthCheckRequest(service=service).SerializeToString(), timeout=5)
    return int(health_pb2.HealthCheckResponse.FromString(data).status)


def test_it_serves_probes_and_metrics_and_stops_with_exit_code_0(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as (process, sink, channel):
            assert process.started_seconds < STATED_START_SECONDS * 3
            assert await health(channel) == health_pb2.HealthCheckResponse.SERVING
            assert await health(channel, "opentelemetry.proto.collector.logs.v1.LogsService") == 1
            await channel.unary_unary(EXPORT)(request(record("No space left on device")), timeout=5)
            assert len(sink.records) == 1
            assert (await asyncio.to_thread(process.get, "/livez"))[0] == 200
            assert (await asyncio.to_thread(process.get, "/readyz"))[0] == 200
            code, metrics = await asyncio.to_thread(process.get, "/metrics")
            assert code == 200
            assert b'logtriage_triaged_records_total{category="resource_exhaustion"' in metrics
            assert await asyncio.to_thread(process.end) == 0
            assert "No space left" not in json.dumps(process.lines)

    asyncio.run(scenario())


def test_a_call_under_way_at_sigterm_is_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Sink() as sink:
            arrived, gate = asyncio.Event(), asyncio.Event()

            async def script(number: int, data: bytes) -> bytes:
                arrived.set()
                await gate.wait()
                return b""

            sink.script = script
            process = await asyncio.to_thread(Process, tmp_path, sink.address)
            channel = grpc.aio.insecure_channel(process.address)
            call = asyncio.ensure_future(channel.unary_unary(EXPORT)(request(record("late")), timeout=5))
            await arrived.wait()
            process.process.send_signal(signal.SIGTERM)
            while not any("stopping" in str(line["msg"]) for line in process.lines):
                await asyncio.sleep(0.01)
            gate.set()
            assert await call == b""
            assert await asyncio.to_thread(process.end) == 0
            assert [item.body.string_value for item in sink.records] == ["late"]
            await channel.close()

    asyncio.run(scenario())


@pytest.mark.slow
def test_an_address_in_use_is_told_with_its_setting_and_exit_code_3(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as (process, _, _):
            other = tmp_path / "other.yaml"
            other.write_text(
                json.dumps({"receiver": {"endpoint": process.address}, "telemetry": {"metrics": {"endpoint": ""}}})
            )
            ended = await asyncio.to_thread(
                subprocess.run,
                [str(COMMAND), "serve", "--config", str(other)],
                capture_output=True,
                timeout=20,
            )
            assert ended.returncode == 3
            assert b"receiver.endpoint" in ended.stderr

    asyncio.run(scenario())


def test_a_second_signal_ends_the_process_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Sink() as sink:
            arrived, gate = asyncio.Event(), asyncio.Event()

            async def script(number: int, data: bytes) -> bytes:
                arrived.set()
                await gate.wait()
                return b""

            sink.script = script
            process = await asyncio.to_thread(Process, tmp_path, sink.address)
            channel = grpc.aio.insecure_channel(process.address)
            call = asyncio.ensure_future(channel.unary_unary(EXPORT)(request(record("late")), timeout=5))
            await arrived.wait()
            process.process.send_signal(signal.SIGTERM)
            while not any("stopping" in str(line["msg"]) for line in process.lines):
                await asyncio.sleep(0.01)
            process.process.send_signal(signal.SIGTERM)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
            assert await asyncio.to_thread(process.end) == 128 + signal.SIGTERM
            gate.set()
            await channel.close()

    asyncio.run(scenario())


def test_at_start_it_says_which_host_will_see_log_text(tmp_path: Path) -> None:
    async def seen_by(sections: dict[str, object]) -> object:
        async with Sink() as sink:
            process = await asyncio.to_thread(Process, tmp_path, sink.address, sections=sections)
            assert await asyncio.to_thread(process.end) == 0
            return process.told("is serving")["log_text_is_seen_by"]

    mimo = {"api_key": "sk-" + "0" * 32, "base_url": "https://model.example/v1"}
    state = {"directory": str(tmp_path)}
    assert asyncio.run(seen_by({"engine": "local"})) == "downstream only"
    told = asyncio.run(seen_by({"engine": "mimo", "mimo": mimo, "state": state}))
    assert told == "downstream; redacted: model.example"


def test_who_watches_health_is_told_not_serving_once_it_stops() -> None:
    async def scenario() -> None:
        async with running(shutdown={"grace": "5s"}) as service:
            asked = health_pb2.HealthCheckRequest().SerializeToString()
            watch = service.channel.unary_stream("/grpc.health.v1.Health/Watch")(asked, timeout=10)
            assert health_pb2.HealthCheckResponse.FromString(await watch.read()).status == 1
            stopping = asyncio.create_task(service.service.stop())
            assert health_pb2.HealthCheckResponse.FromString(await watch.read()).status == 2
            watch.cancel()
            await stopping

    asyncio.run(scenario())
