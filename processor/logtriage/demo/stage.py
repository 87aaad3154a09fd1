"""The stage: the service with its embedded engine on free loopback ports, a receiver behind it, an SDK in front.

Records are sent by the OpenTelemetry SDK's own OTLP exporter, one resource a service, and read from what the service
exports: the same road as in production.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from logtriage.config.settings import Settings
from logtriage.demo.capture import CapturedRecord
from logtriage.service.build import Service, telemetry_of

ID_ATTRIBUTE = "demo.record.id"
"""Set on each record by the sender, so that what comes out is told apart."""
_FLUSH_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TriagedRecord:
    """A record as it left the service. ``triage`` has our attributes, without their prefix."""

    captured: CapturedRecord
    severity_text: str
    severity_number: int
    triage: dict[str, object] = field(default_factory=dict)

    @property
    def is_selected(self) -> bool:
        """True if the service judged it."""
        return "status" in self.triage

    @property
    def is_actionable(self) -> bool:
        """True if it would page."""
        return self.triage.get("is_actionable_for_oncall") is True


def run_stage(records: list[CapturedRecord]) -> list[TriagedRecord]:
    """Send records through the service and give what came out, in the order of ``records``.

    Raises:
        RuntimeError: not every record came out.
    """
    with _service_and_sink() as (port, received):
        _send(records, port)
    came_out = {}
    for request in received:
        for resource_logs in request.resource_logs:
            for scope_logs in resource_logs.scope_logs:
                for item in scope_logs.log_records:
                    attributes = {attribute.key: _plain(attribute.value) for attribute in item.attributes}
                    came_out[attributes.get(ID_ATTRIBUTE)] = (item, attributes)
    missing = [record.id for record in records if record.id not in came_out]
    if missing:
        raise RuntimeError(f"{len(missing)} records did not come out of the service, `{missing[0]}` first")
    triaged = []
    for record in records:
        item, attributes = came_out[record.id]
        triaged.append(
            TriagedRecord(
                captured=record,
                severity_text=item.severity_text,
                severity_number=int(item.severity_number),
                triage={
                    key.removeprefix("logtriage."): value
                    for key, value in attributes.items()
                    if key.startswith("logtriage.")
                },
            )
        )
    return triaged


@contextmanager
def _service_and_sink() -> Iterator[tuple[int, list[ExportLogsServiceRequest]]]:
    """Run service and sink on a loop of their own thread; give the service's port and the list of what it exports."""
    received: list[ExportLogsServiceRequest] = []
    started: Future[tuple[int, Callable[[], None]]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_run(received, started)), name="logtriage-demo")
    thread.start()
    try:
        port, stop = started.result(timeout=20)
        try:
            yield port, received
        finally:
            stop()
    finally:
        thread.join()


async def _run(received: list[ExportLogsServiceRequest], started: Future[tuple[int, Callable[[], None]]]) -> None:
    sink = grpc.aio.server()

    async def keep(data: bytes, _: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        received.append(ExportLogsServiceRequest.FromString(data))
        return b""

    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(keep)
    service_name = "opentelemetry.proto.collector.logs.v1.LogsService"
    sink.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service_name, {"Export": handler}),))
    try:
        sink_port = sink.add_insecure_port("127.0.0.1:0")
        await sink.start()
        with tempfile.TemporaryDirectory() as nothing_held:  # a service with this user's settings may have a spool
            settings = Settings.model_validate(
                {
                    "receiver": {"endpoint": "127.0.0.1:0"},
                    "exporter": {"endpoint": f"127.0.0.1:{sink_port}"},
                    "state": {"directory": nothing_held},
                }
            )
        telemetry = telemetry_of(settings)
        service = Service(settings, telemetry)
        await service.start()
    except BaseException as error:
        started.set_exception(error)
        raise
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    started.set_result((service.port, lambda: _stop(loop, stopping)))
    await stopping.wait()
    await service.stop()
    await sink.stop(0)
    telemetry.close()


def _stop(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stopping.set)


def _send(records: list[CapturedRecord], port: int) -> None:
    """Send by the SDK: one provider for each resource, as each service would have its own."""
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    providers: dict[tuple[tuple[str, str], ...], LoggerProvider] = {}
    for record in records:
        key = tuple(sorted(record.resource.items()))
        provider = providers.get(key)
        if provider is None:
            provider = LoggerProvider(resource=Resource(dict(record.resource)), shutdown_on_exit=False)
            exporter = OTLPLogExporter(endpoint=f"127.0.0.1:{port}", insecure=True, timeout=10)
            provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
            providers[key] = provider
        provider.get_logger("logtriage.demo").emit(
            LogRecord(
                severity_text=record.severity_text or None,
                severity_number=SeverityNumber(record.severity_number),
                body=record.body,
                attributes={**record.attributes, ID_ATTRIBUTE: record.id},
            )
        )
    for provider in providers.values():
        provider.force_flush(int(_FLUSH_SECONDS * 1000))
        provider.shutdown()


def _plain(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    return getattr(value, kind) if kind else None
