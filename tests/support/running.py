"""The service of its real parts on a free port, in the test's own event loop, and a sender in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import grpc

from logtriage.config.settings import Settings
from logtriage.service.build import Service
from logtriage.telemetry.setup import Telemetry
from support.sink import EXPORT, Script, Sink


@dataclass
class Running:
    """A sender's view of the running service."""

    service: Service
    telemetry: Telemetry
    sink: Sink
    channel: grpc.aio.Channel

    async def export(self, request: bytes, *, timeout: float | None = 5, **metadata: str) -> bytes:
        """Send one request as a Collector would."""
        call = self.channel.unary_unary(EXPORT)
        pairs = tuple((key.replace("_", "-"), value) for key, value in metadata.items())
        response: bytes = await call(request, timeout=timeout, metadata=pairs)
        return response

    async def refusal(self, request: bytes, **metadata: str) -> grpc.aio.AioRpcError:
        """Send one request that is to be refused, and give how."""
        try:
            response = await self.export(request, **metadata)
        except grpc.aio.AioRpcError as error:
            return error
        raise AssertionError(f"the request was answered OK: {response!r}")

    def metric(self, name: str, **labels: str) -> float:
        """Read one metric as Prometheus would; 0 if it was never counted."""
        return self.telemetry.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def _state_folder(sections: dict[str, object]) -> AsyncIterator[None]:
    """Keep state where no service of this user keeps its own."""
    with TemporaryDirectory() as folder:
        sections.setdefault("state", {"directory": folder})
        yield


@asynccontextmanager
async def running(script: Script | None = None, **sections: object) -> AsyncIterator[Running]:
    """Start sink, service and sender; ``sections`` are sections of the settings.

    Verdict events are off unless a test asks for them. Nothing is kept over a restart unless ``state`` says where.
    """
    async with Sink(script) as sink, _state_folder(sections):
        exporter = {"endpoint": sink.address, **dict(sections.pop("exporter", {}))}  # type: ignore[call-overload]
        receiver = {"endpoint": "127.0.0.1:0", **dict(sections.pop("receiver", {}))}  # type: ignore[call-overload]
        sections.setdefault("verdicts", {"events": False})
        settings = Settings.model_validate({"exporter": exporter, "receiver": receiver, **sections})
        telemetry = Telemetry(max_source_services=500)
        service = Service(settings, telemetry)
        await service.start()
        channel = grpc.aio.insecure_channel(
            f"127.0.0.1:{service.port}",
            options=[("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)],
        )
        try:
            yield Running(service, telemetry, sink, channel)
        finally:
            await channel.close()
            await service.stop()
            telemetry.close()
