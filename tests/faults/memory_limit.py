"""A limit on the memory of a process, as a container has it.

A cgroup where this machine lets us make one (version 1 or 2); else a watcher that kills the process once its resident
memory is over the limit, which is what a container's limit comes to.
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_POLL_SECONDS = 0.02


class MemoryLimit:
    """Holds for one process while entered; ``kind`` says how."""

    def __init__(self, pid: int, mib: int, *, may_use_cgroup: bool = True) -> None:
        self._pid = pid
        self._bytes = mib << 20
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._may_use_cgroup = may_use_cgroup
        self._cgroup: Path | None = None
        self.kind = "watched"

    def __enter__(self) -> MemoryLimit:
        name = f"logtriage-faults-{self._pid}"
        for folder, limit in (
            (_ROOT / "memory" / name, "memory.limit_in_bytes"),
            (_ROOT / name, "memory.max"),
        ):
            if self._may_use_cgroup and self._is_limited_by(folder, limit):
                self._cgroup, self.kind = folder, "cgroup"
                return self
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._cgroup is not None:
            procs = self._cgroup.parent / "cgroup.procs"
            for pid in (self._cgroup / "cgroup.procs").read_text().split():
                procs.write_text(pid)
            self._cgroup.rmdir()
        else:
            self._ended.set()
            self._thread.join()

    def _is_limited_by(self, folder: Path, limit: str) -> bool:
        try:
            folder.mkdir()
        except OSError:
            return False
        try:
            (folder / limit).write_text(str(self._bytes))
            (folder / "cgroup.procs").write_text(str(self._pid))
        except OSError:
            folder.rmdir()
            return False
        return True

    def _watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._ended.wait(_POLL_SECONDS):
            try:
                resident = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1]) * page
            except OSError:
                return
            if resident > self._bytes:
                os.kill(self._pid, signal.SIGKILL)
                return
