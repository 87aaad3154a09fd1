"""Observe the process itself: CPU, memory, uptime, and what runs."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from logtriage.telemetry.meter import Meter
from logtriage.telemetry.metrics import BUILD_INFO, PROCESS_CPU, PROCESS_MEMORY_RSS, PROCESS_UPTIME
from logtriage.version import __version__

_STATM = Path("/proc/self/statm")


def observe_process(meter: Meter) -> None:
    """Register the metrics of the process on ``meter``. Memory is reported where ``/proc`` exists."""
    started = time.monotonic()
    meter.observe(BUILD_INFO, lambda: 1, version=__version__, python_version=platform.python_version())
    meter.observe(PROCESS_CPU, time.process_time)
    meter.observe(PROCESS_UPTIME, lambda: time.monotonic() - started)
    if _STATM.exists():
        meter.observe(PROCESS_MEMORY_RSS, resident_bytes)


def resident_bytes() -> float:
    """Give the resident memory of this process (proc(5): the second field of ``statm``, in pages)."""
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
