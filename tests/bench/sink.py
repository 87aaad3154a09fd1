"""The sink: takes requests as bytes, answers empty, and hands over what it took when asked. `python -m bench.sink`."""

from __future__ import annotations

import asyncio
import signal

import grpc

from bench.framing import framed, unframed
from logtriage.otlp.exporter import EXPORT_METHOD

TAKE_METHOD = "/logtriage.bench.Sink/Take"
OPTIONS = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


async def sink() -> None:
    """Listen until SIGTERM."""
    kept: list[bytes] = []

    async def export(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        kept.append(request)
        return b""

    async def take(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        taken = framed(kept)
        kept.clear()
        return taken

    server = grpc.aio.server(options=OPTIONS)
    for path, handler in ((EXPORT_METHOD, export), (TAKE_METHOD, take)):
        service, method = path.strip("/").split("/")
        methods = {method: grpc.unary_unary_rpc_method_handler(handler)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    await server.start()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    await server.stop(1)


async def take(channel: grpc.aio.Channel) -> list[bytes]:
    """Take what the sink received since the last time."""
    return unframed(await channel.unary_unary(TAKE_METHOD)(b""))


if __name__ == "__main__":
    asyncio.run(sink())
