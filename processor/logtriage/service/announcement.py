"""What the log says at start and stop: the addresses, who sees log text, what is held where."""

from __future__ import annotations

import logging
import os

from logtriage.config.advice import advice_on
from logtriage.config.durations import format_duration
from logtriage.config.hold import HoldMode
from logtriage.config.settings import Settings
from logtriage.schema.provenance import EngineName, Reason
from logtriage.service.build import Service
from logtriage.service.state import state_path
from logtriage.spool.folder import SPOOL_FOLDER_NAME
from logtriage.telemetry.logs import fields
from logtriage.version import __version__

_logger = logging.getLogger(__name__)


def announce_advice(settings: Settings) -> None:
    """Warn of settings that work against each other."""
    for advice in advice_on(settings):
        _logger.warning(
            "settings work against each other",
            extra=fields(setting=advice.path, value=advice.value, advice=advice.problem),
        )


def announce_start(settings: Settings, service: Service, *, metrics_port: int, seconds: float) -> None:
    """Say that the service runs. ``seconds``: how long its start took."""
    if not settings.receiver.listen.is_loopback:
        _logger.warning(
            "the receiver listens beyond this machine without TLS or credentials: let only Collectors reach it",
            extra=fields(endpoint=settings.receiver.endpoint),
        )
    holding = _holding(settings, service)
    _logger.info(
        f"LogTriage {__version__} is serving",
        extra=fields(
            receiver=settings.receiver.endpoint,
            port=service.port,
            exporter=settings.exporter.endpoint,
            exporter_is_plaintext=settings.exporter.is_plaintext,
            metrics=settings.telemetry.metrics.endpoint or "off",
            metrics_port=metrics_port,
            engine=settings.engine_name.value,
            log_text_is_seen_by=_who_sees_text(settings),
            **holding,
            started_in_seconds=round(seconds, 3),
        ),
    )


def announce_stop(service: Service) -> None:
    """Say that the service has stopped, and how much stays on the disk for the next start."""
    if service.hold is None or service.hold.is_lossy:
        _logger.info("stopped")
        return
    rows, records = service.hold.rows_and_records
    _logger.info("stopped", extra=fields(held_rows=rows, held_records=records))


def _holding(settings: Settings, service: Service) -> dict[str, object]:
    """Say where records wait for the model, how long at most, and what an earlier run left there."""
    told: dict[str, object] = {"held_in": _where_held(settings)}
    if settings.may_hold:
        told["hold_deadline"] = format_duration(settings.hold.deadline)
    if service.hold is not None:
        told["held_rows"], told["held_records"] = service.hold.rows_and_records
        if service.hold.holding.why_not_wait is Reason.NO_ROOM:  # which has told the cause
            told["held_in"] = "nowhere for now (`no_room`)"
    return told


def _where_held(settings: Settings) -> str:
    if settings.engine_name is not EngineName.MIMO:
        return "nowhere: no model is asked"
    if not settings.may_hold:
        return "nowhere: `hold.deadline` is `0s`"
    if settings.hold.mode is HoldMode.MEMORY:
        return "memory: a crash loses them"
    return str(state_path(settings.state.directory, os.environ) / SPOOL_FOLDER_NAME)


def _who_sees_text(settings: Settings) -> str:
    """Name the hosts that see log text: downstream always, the model's endpoint redacted."""
    if settings.engine_name is not EngineName.MIMO:
        return "downstream only"
    mimo = settings.mimo
    kept = " (this machine)" if mimo.is_loopback else ""
    return f"downstream; redacted: {mimo.host}{kept}"
