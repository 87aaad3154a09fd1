"""Whether the sender can have taken its answer: what grpc.aio tells about a call that has ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import grpc
import pytest
from opentelemetry.metrics import NoOpMeterProvider

from logtriage.otlp.receiver import Receiver
from logtriage.schema.transit import Answer, Metadata
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from support.holding import until
from support.sink import EXPORT


class Router:
    """Answers as a test says, and notes what is told about the end of each call."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.before = before
        self.ended: list[bool] = []

    async def route(self, data: bytes, *, metadata: Metadata, tenant: bytes, deadline: float) -> Answer:
        self.before()
        return Answer(b"", 1, self.ended.append)

    def count(self, data: bytes) -> int:
        return 1


@asynccontextmanager
async def receiving(router: Router) -> AsyncIterator[grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]]:
    receiver = Receiver(
        router,
        max_in_flight_bytes=1 << 20,
        forwarded_keys=(),
        tenant_key=None,
        meter=Meter(NoOpMeterProvider()),
        rate_limited_log=RateLimitedLog(logging.getLogger("logtriage.tests")),
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(receiver.handlers())
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel.unary_unary(EXPORT)
    finally:
        await server.stop(0)


@pytest.mark.parametrize("timeout", [5.0, None])
def test_an_answer_in_time_can_have_been_taken(timeout: float | None) -> None:
    async def scenario() -> None:
        router = Router()
        async with receiving(router) as export:
            assert await export(b"x", timeout=timeout) == b""
            await until(lambda: bool(router.ended))
            assert router.ended == [True]

    asyncio.run(scenario())


def test_an_answer_after_the_senders_deadline_was_not_taken() -> None:
    def outlast_the_deadline() -> None:
        time.sleep(0.4)  # holds the loop, so that the handler is not cancelled: the answer goes out too late

    async def scenario() -> None:
        router = Router(outlast_the_deadline)
        async with receiving(router) as export:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await export(b"x", timeout=0.2)
            assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            await until(lambda: bool(router.ended))
            assert router.ended == [False]

    asyncio.run(scenario())
