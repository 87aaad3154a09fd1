"""The bare relay: what the service would cost if it did nothing. `python -m bench.relay HOST:PORT` of the sink.

A raw-bytes server and channel of ``grpc.aio`` with the service's own options.
"""

from __future__ import annotations

import asyncio
import signal
import sys

import grpc

from logtriage.config.exporter import ExporterSettings
from logtriage.config.receiver import ReceiverSettings
from logtriage.otlp.exporter import EXPORT_METHOD, _channel
from logtriage.otlp.server import server_options


async def relay(downstream: str) -> None:
    """Pass each request on and its answer back, until SIGTERM."""
    settings = ExporterSettings(endpoint=downstream, compression="none")  # type: ignore[arg-type]
    channel = _channel(settings)
    call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(EXPORT_METHOD)

    async def export(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        return await call(request, timeout=settings.timeout)

    server = grpc.aio.server(options=server_options(ReceiverSettings()))
    service, method = EXPORT_METHOD.strip("/").split("/")
    handler = grpc.unary_unary_rpc_method_handler(export)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    await server.start()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    await server.stop(1)
    await channel.close()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1]))
