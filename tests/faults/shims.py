"""Shared objects that are loaded into the service before its C library: compiled here, by the machine's own gcc."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from pathlib import Path

_SOURCES = Path(__file__).parent / "shims"


def shim(name: str) -> Path:
    """Compile `shims/NAME.c`, unless the same source was compiled already; give the shared object."""
    source = _SOURCES / f"{name}.c"
    version = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    target = Path(tempfile.gettempdir()) / f"logtriage-shims-{version}" / f"{name}.so"
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        beside = target.with_suffix(".new")
        command = ["gcc", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", str(beside), str(source), "-ldl"]
        subprocess.run(command, check=True)
        beside.rename(target)
    return target
