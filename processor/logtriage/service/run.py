"""Run the service until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import time
from contextlib import suppress

from logtriage.config.settings import Settings
from logtriage.errors import SpoolStartError
from logtriage.otlp.server import CannotListenError
from logtriage.service.announcement import announce_advice, announce_start, announce_stop
from logtriage.service.build import Service, push_of, telemetry_of
from logtriage.telemetry.http import HttpServer, Readiness
from logtriage.telemetry.logs import fields, set_up_logs, tear_down_logs
from logtriage.telemetry.spans import Spans

EXIT_OK, EXIT_CANNOT_START = 0, 3
"""As in ``cli/exit_codes.py``."""

_logger = logging.getLogger(__name__)


def run_service(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; give the exit code. A second signal ends the process at once."""
    handler = set_up_logs(settings.telemetry.logs.level, settings.telemetry.logs.encoding)
    try:
        announce_advice(settings)
        return asyncio.run(_serve(settings))
    finally:
        tear_down_logs(handler)


async def _serve(settings: Settings) -> int:
    began = time.monotonic()
    stopping = asyncio.Event()
    telemetry = telemetry_of(settings)
    spans = Spans(telemetry.resource, push_of(settings))
    http: HttpServer | None = None
    service = Service(settings, telemetry, tracer=spans.tracer)
    is_serving = False

    def readiness() -> Readiness:
        if not is_serving:
            return Readiness(False, "starting or stopping")
        if service.is_looping:
            return Readiness(False, "our own output comes back to us")
        return Readiness(True)

    try:
        try:
            listen = settings.telemetry.metrics.listen
            if listen is not None:
                http = HttpServer(
                    host=listen.host,
                    port=listen.port,
                    registry=telemetry.registry,
                    watched_loop=asyncio.get_running_loop(),
                    readiness=readiness,
                )
            await service.start()
        except (OSError, SpoolStartError) as error:
            _logger.error("cannot start", extra=fields(error=_reason_of(error, settings)))
            await service.stop()
            return EXIT_CANNOT_START
        _watch_signals(stopping)
        is_serving = True
        announce_start(settings, service, metrics_port=http.port if http else 0, seconds=time.monotonic() - began)
        await stopping.wait()
        is_serving = False
        _logger.info("stopping: calls under way are answered", extra=fields(grace_seconds=settings.shutdown.grace))
        await service.stop()
        announce_stop(service)
        return EXIT_OK
    finally:
        if http is not None:
            http.close()
        spans.close()
        telemetry.close()


def _watch_signals(stopping: asyncio.Event) -> None:
    def stop(signal_number: signal.Signals) -> None:
        if stopping.is_set():
            _logger.warning("second signal: exit at once", extra=fields(signal=signal_number.name))
            os._exit(128 + signal_number)
        stopping.set()

    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(signal_number, stop, signal_number)


def _reason_of(error: OSError | SpoolStartError, settings: Settings) -> str:
    if isinstance(error, CannotListenError | SpoolStartError):
        return str(error)
    why = os.strerror(error.errno) if error.errno in (errno.EADDRINUSE, errno.EACCES) else error.strerror
    return (
        f"`telemetry.metrics.endpoint`: cannot listen on `{settings.telemetry.metrics.endpoint}`: {why}. Set another "
        "address (a Collector uses 8888, too), or leave it empty"
    )
