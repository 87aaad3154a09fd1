"""Put the parts of the service together from settings."""

from __future__ import annotations

import logging

from logtriage.config.settings import Settings
from logtriage.engines.local.engine import LocalEngine
from logtriage.otlp.exporter import OtlpExporter
from logtriage.otlp.receiver import Receiver
from logtriage.otlp.server import OtlpServer
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.router import Router
from logtriage.pipeline.select import Selector
from logtriage.telemetry import metrics
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices
from logtriage.telemetry.setup import MetricsPush, Telemetry
from logtriage.triage.judge import Judge

_logger = logging.getLogger(__name__)


class Service:
    """The parts of one running service. Build, start and stop it on one event loop."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        meter = telemetry.meter
        rate_limited_log = RateLimitedLog(_logger)
        self.settings = settings
        self._exporter = OtlpExporter(settings.exporter, meter=meter, rate_limited_log=rate_limited_log)
        annotator = Annotator(
            selector=Selector(min_severity=settings.selection.min_severity, read_body=settings.selection.read_body),
            judge=Judge(LocalEngine(), ttl_seconds=settings.verdicts.ttl),
            max_verdicts=settings.verdicts.max_entries,
            severity_mode=settings.severity.mode,
            detail=settings.detail,
            full_detail_interval_seconds=settings.verdicts.full_detail_interval,
            trust_incoming=settings.trust_incoming,
            rate_limited_log=rate_limited_log,
        )
        meter.observe(metrics.VERDICTS_SIZE, lambda: annotator.verdicts_in_memory)
        router = Router(
            annotator=annotator,
            forwarder=Forwarder(self._exporter, max_request_bytes=settings.exporter.max_request_size_bytes),
            max_request_records=settings.receiver.max_request_records,
            trust_incoming=settings.trust_incoming,
            meter=meter,
            source_services=SourceServices(settings.telemetry.metrics.max_source_services),
            rate_limited_log=rate_limited_log,
        )
        receiver = Receiver(
            router,
            max_in_flight_bytes=settings.receiver.max_in_flight_bytes,
            forwarded_keys=settings.receiver.metadata.forward,
            tenant_key=settings.receiver.tenant_key,
            meter=meter,
            rate_limited_log=rate_limited_log,
        )
        self._server = OtlpServer(settings.receiver, receiver)

    @property
    def port(self) -> int:
        """The receiver's port, once started."""
        return self._server.port

    async def start(self) -> None:
        """Listen.

        Raises:
            CannotListenError: the receiver's address cannot be bound.
        """
        await self._server.start()

    async def stop(self) -> None:
        """Refuse what is new, answer what is under way, close the connections."""
        await self._server.stop(self.settings.shutdown.grace)
        await self._exporter.close()


def telemetry_of(settings: Settings) -> Telemetry:
    """Build our own telemetry from its settings."""
    wanted = settings.telemetry.metrics
    push = None
    if wanted.otlp.target is not None:
        push = MetricsPush(
            target=wanted.otlp.target.grpc_target,
            is_plaintext=wanted.otlp.is_plaintext,
            interval_seconds=wanted.otlp.interval,
            headers={key: value.get_secret_value() for key, value in wanted.otlp.headers.items()},
        )
    return Telemetry(max_source_services=wanted.max_source_services, push=push)
