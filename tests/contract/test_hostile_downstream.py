"""Downstreams that misbehave: no record is lost by us, and no answer of theirs confuses the sender."""

from __future__ import annotations

import asyncio
import logging
import time

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from logtriage.pipeline.fields import length_delimited
from support.records import record, request
from support.running import running
from support.sink import Refuse, Sink

ANSWERS = {
    "garbage": b"\xff\xff\xff",
    "cut off": b"\x0a\x10\x08",
    "bad UTF-8 in the message": length_delimited(1, b"\x08\x01" + length_delimited(2, b"\xff\xfetoo old")),
    "more rejected than sent": length_delimited(1, b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
    "less than none rejected": length_delimited(1, b"\x08" + b"\xff" * 9 + b"\x01"),
    "unknown fields": b"\x9a\x06\x03abc",
    "a message of one MiB": length_delimited(1, b"\x08\x01" + length_delimited(2, b"x" * 1024 * 1024)),
}


@pytest.mark.parametrize("large", [False, True], ids=["one part", "several parts"])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_odd_answer_with_ok_stays_ok_and_can_be_read(name: str, large: bool) -> None:
    async def scenario() -> None:
        async with running(lambda number, data: ANSWERS[name], exporter={"max_request_size_mib": 1}) as service:
            items = [record(f"boom {i} " + "x" * (600_000 if large else 0), number=9, text="INFO") for i in range(3)]
            response = ExportLogsServiceResponse.FromString(await service.export(request(*items)))
            assert len(service.sink.records) == 3
            assert 0 <= response.partial_success.rejected_log_records <= 3

    asyncio.run(scenario())


def test_a_downstream_that_never_answers_leaves_the_request_with_the_sender() -> None:
    async def scenario() -> None:
        async def never(number: int, data: bytes) -> bytes:
            await asyncio.Event().wait()
            return b""

        async with running(never, exporter={"timeout": "100ms"}) as service:
            began = time.monotonic()
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert time.monotonic() - began < 1.5
            assert service.metric("logtriage_receiver_in_flight_bytes") == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "hello", [b"", b"HTTP/1.1 200 OK\r\n\r\nno grpc here", b"\0" * 100], ids=["closes", "HTTP/1", "zeros"]
)
def test_a_downstream_that_closes_or_is_no_grpc_leaves_the_request_with_the_sender(hello: bytes) -> None:
    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(hello)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with running(exporter={"endpoint": f"127.0.0.1:{port}", "timeout": "500ms"}) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
        server.close()

    asyncio.run(scenario())


def test_a_downstream_that_comes_back_is_used_within_seconds() -> None:
    async def scenario() -> None:
        async with running() as service:
            assert await service.export(request(record("before"))) == b""
            port = int(service.sink.address.rpartition(":")[2])
            await service.sink._server.stop(0)
            error = await service.refusal(request(record("while it is away")))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            back = Sink()
            await back.__aenter__()
            await back._server.stop(0)
            server = grpc.aio.server()
            service_name = "opentelemetry.proto.collector.logs.v1.LogsService"
            handler = grpc.unary_unary_rpc_method_handler(back._export)
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service_name, {"Export": handler}),))
            assert server.add_insecure_port(f"127.0.0.1:{port}") == port
            await server.start()
            began = time.monotonic()
            while not back.requests:
                try:
                    await service.export(request(record("after")))
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.05)
            assert time.monotonic() - began < 6
            await server.stop(0)

    asyncio.run(scenario())


def test_no_body_or_value_gets_into_our_log(caplog: pytest.LogCaptureFixture) -> None:
    secret = "hunter2-canary"
    codes = [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAUTHENTICATED]

    async def scenario() -> None:
        script = lambda number, data: Refuse(codes[number % 3], f"refused: {secret}")  # noqa: E731
        async with running(script, receiver={"max_request_records": 3}) as service:
            loud = record(secret, attributes={secret: secret, "logtriage.category": secret, "error": secret})
            for items in ([loud], [loud] * 4, [loud.SerializeToString() + b"\xff"]):
                for _ in range(3):
                    await service.refusal(request(*items, service=secret))
            await service.refusal(secret.encode() + b"\xff\xff")

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    told = "\n".join(
        f"{item.getMessage()} {item.__dict__}" for item in caplog.records if item.name.startswith("logtriage")
    )
    assert told
    assert secret not in told
