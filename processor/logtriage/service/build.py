"""Put the parts of the service together from settings."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import TYPE_CHECKING

from opentelemetry.trace import Tracer

from logtriage.config.settings import Settings
from logtriage.engines.local.engine import LocalEngine
from logtriage.otlp.exporter import OtlpExporter
from logtriage.otlp.receiver import Receiver
from logtriage.otlp.server import OtlpServer
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.events import VerdictEvents
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.loop_watch import LoopWatch
from logtriage.pipeline.router import Router
from logtriage.pipeline.select import Selector
from logtriage.schema.provenance import EngineName
from logtriage.service.hold import Hold, holds_in
from logtriage.service.state import state_path
from logtriage.telemetry import metrics
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices
from logtriage.telemetry.setup import MetricsPush, Telemetry
from logtriage.triage.desk import Desk
from logtriage.triage.judge import Judge

if TYPE_CHECKING:
    from logtriage.service.model import Model

_WATCH_SECONDS = 1.0
_LAST_EVENTS_SECONDS = 2.0

_logger = logging.getLogger(__name__)


class Service:
    """The parts of one running service. Build, start and stop it on one event loop."""

    def __init__(self, settings: Settings, telemetry: Telemetry, *, tracer: Tracer | None = None) -> None:
        meter = telemetry.meter
        rate_limited_log = RateLimitedLog(_logger)
        source_services = SourceServices(settings.telemetry.metrics.max_source_services)
        self.settings = settings
        self._tasks: list[asyncio.Task[None]] = []
        self._exporter = OtlpExporter(settings.exporter, meter=meter, rate_limited_log=rate_limited_log)
        forwarder = Forwarder(
            self._exporter,
            max_request_bytes=settings.exporter.max_request_size_bytes,
            timeout_seconds=settings.exporter.timeout,
        )
        local = LocalEngine()
        self._model: Model | None = None
        if settings.engine_name is EngineName.MIMO:
            from logtriage.service.model import Model

            self._model = Model(
                settings, second_opinion=local, meter=meter, tracer=tracer, source_services=source_services
            )
        self._events: VerdictEvents | None = None
        if settings.verdicts.events:
            self._events = VerdictEvents(
                forwarder,
                resource={key: str(value) for key, value in telemetry.resource.attributes.items()},
                meter=meter,
                rate_limited_log=rate_limited_log,
            )
        desk = Desk(
            Judge(local, ttl_seconds=settings.verdicts.ttl),
            max_verdicts=settings.verdicts.max_entries,
            ttl_seconds=settings.verdicts.ttl,
            scheduler=self._model.scheduler if self._model else None,
            told=self._events.tell if self._events else None,
        )
        meter.observe(metrics.VERDICTS_SIZE, lambda: desk.verdicts_in_memory)
        self._loop_watch = LoopWatch(telemetry.instance_id, rate_limited_log)
        annotator = Annotator(
            selector=Selector(min_severity=settings.selection.min_severity, read_body=settings.selection.read_body),
            desk=desk,
            severity_mode=settings.severity.mode,
            detail=settings.detail,
            full_detail_interval_seconds=settings.verdicts.full_detail_interval,
            trust_incoming=settings.trust_incoming,
            loop_watch=self._loop_watch,
            rate_limited_log=rate_limited_log,
        )
        self._hold: Hold | None = None
        folder = state_path(settings.state.directory, os.environ)
        hold = holds_in(settings, folder)
        if hold is not None:
            from logtriage.spool.build import build_spool
            from logtriage.spool.dead_letter import DeadLetter

            self._hold = Hold(
                settings,
                build_spool(hold, folder, meter=meter, rate_limited_log=rate_limited_log),
                desk=desk,
                annotator=annotator,
                exporter=self._exporter,
                dead_letters=DeadLetter(settings.dead_letter, folder, meter=meter, rate_limited_log=rate_limited_log),
                meter=meter,
                source_services=source_services,
                rate_limited_log=rate_limited_log,
            )
        self._router = Router(
            annotator=annotator,
            forwarder=forwarder,
            holding=self._hold.holding if self._hold is not None else None,
            max_request_records=settings.receiver.max_request_records,
            trust_incoming=settings.trust_incoming,
            meter=meter,
            source_services=source_services,
            rate_limited_log=rate_limited_log,
        )
        receiver = Receiver(
            self._router,
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

    @property
    def is_looping(self) -> bool:
        """True if our own output came back to us within the last minute."""
        return self._loop_watch.is_looping

    @property
    def hold(self) -> Hold | None:
        """What holds records; None if nothing may wait and no earlier run left anything."""
        return self._hold

    async def start(self) -> None:
        """Open the spool, listen, and begin to ask the model and to deliver, if there is one.

        Raises:
            SpoolStartError: the spool's folder cannot be used, and must not be left aside.
            CannotListenError: the receiver's address cannot be bound.
        """
        if self._hold is not None:
            await self._hold.open()
        await self._server.start()
        if self._model is not None:
            await self._model.start()
        if self._hold is not None:
            self._hold.start()
        if self._events is not None:
            self._tasks.append(asyncio.create_task(self._events.run(), name="verdict-events"))
        self._tasks.append(asyncio.create_task(self._watch_loop(), name="loop-watch"))

    async def stop(self) -> None:
        """Refuse what is new, answer what is under way, send what is held and the events that wait, close all.

        Health turns first. What downstream does not take in time stays in the spool.
        """
        deadline = time.monotonic() + self.settings.shutdown.delivery_seconds
        await self._server.refuse()
        if self._hold is not None:
            self._hold.drain()
        if self._model is not None:
            await self._model.stop()
        await self._server.stop(min(self.settings.shutdown.grace, deadline - time.monotonic()))
        await self._router.settled(deadline)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._hold is not None:
            await self._hold.stop(deadline)
        if self._events is not None:
            await self._events.drain(_LAST_EVENTS_SECONDS)
        await self._exporter.close()

    async def _watch_loop(self) -> None:
        """Report NOT_SERVING while our own output comes back, so that the load balancer and a person notice."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            await self._server.report(is_serving=not self.is_looping)


def telemetry_of(settings: Settings) -> Telemetry:
    """Build our own metrics from their settings."""
    wanted = settings.telemetry.metrics
    return Telemetry(max_source_services=wanted.max_source_services, push=push_of(settings))


def push_of(settings: Settings) -> MetricsPush | None:
    """Read where our own metrics and spans are pushed to; None if nowhere."""
    wanted = settings.telemetry.metrics.otlp
    if wanted.target is None:
        return None
    return MetricsPush(
        target=wanted.target.grpc_target,
        is_plaintext=wanted.is_plaintext,
        interval_seconds=wanted.interval,
        headers={key: value.get_secret_value() for key, value in wanted.headers.items()},
    )
