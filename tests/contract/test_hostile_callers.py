"""Senders that misbehave on the connection: nothing is left of their calls, and others are served as before."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct

import grpc
import pytest

from support.records import record, request
from support.running import Running, running
from support.sink import EXPORT

OUTCOMES = (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


async def nothing_is_left(service: Running, tasks_before: int) -> None:
    """Wait until calls under way have ended, at most five seconds."""
    async with asyncio.timeout(5):
        while service.metric("logtriage_receiver_in_flight_bytes") or len(asyncio.all_tasks()) > tasks_before + 2:
            await asyncio.sleep(0.01)
    assert service.metric("logtriage_exporter_in_flight_requests") == 0
    assert await service.export(request(record("still served"))) == b""


@pytest.mark.parametrize("timeout", [0.001, 0.02, 0.15])
def test_tiny_deadlines_end_as_deadlines_and_leave_nothing(timeout: float) -> None:
    async def scenario() -> None:
        async with running() as service:
            await service.export(request(record()))
            before = len(asyncio.all_tasks())
            calls = [service.export(request(record(f"boom {i}")), timeout=timeout) for i in range(100)]
            for outcome in await asyncio.gather(*calls, return_exceptions=True):
                assert outcome == b"" or outcome.code() in OUTCOMES  # type: ignore[union-attr]
            gc.collect()
            await nothing_is_left(service, before)

    asyncio.run(scenario())


def test_calls_cancelled_in_mid_flight_leave_nothing() -> None:
    async def scenario() -> None:
        gate = asyncio.Event()

        async def slow(number: int, data: bytes) -> bytes:
            await gate.wait()
            return b""

        async with running(slow) as service:
            before = len(asyncio.all_tasks())
            call = service.channel.unary_unary(EXPORT)
            calls = [call(request(record(f"boom {i}")), timeout=5) for i in range(50)]
            while len(service.sink.calls) < 50:
                await asyncio.sleep(0.01)
            assert service.metric("logtriage_receiver_in_flight_bytes") > 0
            for one in calls:
                one.cancel()
            gate.set()
            await nothing_is_left(service, before)

    asyncio.run(scenario())


GARBAGE = {
    "HTTP/1": b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 200,
    "zero bytes": b"\0" * 4096,
    "preface and a wrong frame": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 64,
    "preface and silence": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_is_not_grpc_on_the_port_disturbs_nobody(name: str) -> None:
    async def scenario() -> None:
        async with running() as service:
            for _ in range(20):
                reader, writer = await asyncio.open_connection("127.0.0.1", service.service.port)
                writer.write(GARBAGE[name])
                await writer.drain()
                assert await service.export(request(record())) == b""
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.close()
                del reader
            assert await service.export(request(record())) == b""

    asyncio.run(scenario())


def test_connections_that_come_and_go_leave_nothing() -> None:
    async def scenario() -> None:
        async with running() as service:
            await service.export(request(record()))
            before = len(asyncio.all_tasks())
            for i in range(60):
                options = [("grpc.use_local_subchannel_pool", 1)]
                channel = grpc.aio.insecure_channel(f"127.0.0.1:{service.service.port}", options=options)
                call = channel.unary_unary(EXPORT)(request(record(f"boom {i}")), timeout=5)
                if i % 3:
                    assert await call == b""
                await channel.close()
                if not i % 3:
                    with pytest.raises((asyncio.CancelledError, grpc.aio.UsageError, grpc.aio.AioRpcError)):
                        await call
            await nothing_is_left(service, before)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "path",
    [
        "/opentelemetry.proto.collector.logs.v1.LogsService/Nothing",
        "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
        "/x/y",
        "/" + "x" * 2000,
    ],
)
def test_another_path_is_unimplemented(path: str) -> None:
    async def scenario() -> None:
        async with running() as service:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await service.channel.unary_unary(path)(b"x", timeout=5)
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED

    asyncio.run(scenario())


def test_metadata_of_64_kib_is_refused_by_grpc_and_others_are_served() -> None:
    async def scenario() -> None:
        async with running() as service:
            error = await service.refusal(request(record()), x_large="x" * 65536)
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert await service.export(request(record())) == b""

    asyncio.run(scenario())
