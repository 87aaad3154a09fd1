"""Build the spool that the settings ask for, and show it in the metrics."""

from __future__ import annotations

from pathlib import Path

from logtriage.config.hold import HoldMode, HoldSettings
from logtriage.spool.folder import SPOOL_FOLDER_NAME
from logtriage.spool.memory import MemorySpool
from logtriage.spool.spool import Spool
from logtriage.spool.sqlite import SqliteSpool
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog


def build_spool(settings: HoldSettings, state_folder: Path, *, meter: Meter, rate_limited_log: RateLimitedLog) -> Spool:
    """Give a spool that is not started. On disk it lies in ``state_folder``, which `start` makes if it is missing."""
    spool: SqliteSpool | MemorySpool
    if settings.mode is HoldMode.MEMORY:
        spool = MemorySpool(max_records=settings.max_records, max_bytes=settings.max_bytes)
    else:
        spool = SqliteSpool(
            state_folder / SPOOL_FOLDER_NAME,
            max_records=settings.max_records,
            max_bytes=settings.max_bytes,
            min_free_bytes=settings.min_free_bytes,
            meter=meter,
            rate_limited_log=rate_limited_log,
        )
    _observe(meter, spool)
    return spool


def _observe(meter: Meter, spool: SqliteSpool | MemorySpool) -> None:
    meter.observe(metrics.SPOOL_RECORDS, lambda: spool.records)
    meter.observe(metrics.SPOOL_SIZE, lambda: spool.size_bytes)
    meter.observe(metrics.SPOOL_FILE_SIZE, lambda: spool.file_bytes)
    meter.observe(metrics.SPOOL_HAS_ROOM, lambda: float(spool.has_room))
    meter.observe(metrics.SPOOL_BROKEN, lambda: float(spool.is_broken))
