"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sysconfig
from importlib.metadata import version
from pathlib import Path


def hardware() -> dict[str, str | int | bool]:
    """Give CPU, cores, interpreter and the versions that the figures depend on."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 0,
        "load_average": os.getloadavg()[0],
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "python_with_pgo": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "grpcio": version("grpcio"),
        "protobuf": version("protobuf"),
        "system": f"{platform.system()} {platform.release()}",
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
