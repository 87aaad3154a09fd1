"""A disk that is full or read-only: a small tmpfs where mounting is allowed, else the shim that fails the calls."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

from faults.shims import shim


class SmallDisk:
    """Stands at a folder while entered; ``kind`` says what it is made of."""

    def __init__(self, root: Path, beside: Path, *, mib: int = 16, may_mount: bool = True) -> None:
        self._root = root
        self._switch = beside / "disk-errors"
        self._mib = mib
        self._may_mount = may_mount
        self.kind = "shim"

    def __enter__(self) -> SmallDisk:
        self._root.mkdir(mode=0o700, exist_ok=True)
        options = f"size={self._mib}m,mode=0700"
        command = ["mount", "-t", "tmpfs", "-o", options, "logtriage-faults", str(self._root)]
        if self._may_mount and subprocess.run(command, capture_output=True).returncode == 0:
            self.kind = "tmpfs"
        return self

    def __exit__(self, *_: object) -> None:
        if self.kind == "tmpfs":
            subprocess.run(["umount", "--lazy", str(self._root)], check=True)

    def environment(self) -> dict[str, str]:
        """Give what the service's environment needs."""
        return {
            "LD_PRELOAD": str(shim("disk_errors")),
            "DISK_ERRORS_ROOT": str(self._root.resolve()),
            "DISK_ERRORS_SWITCH": str(self._switch),
        }

    def fill(self) -> None:
        """Leave no byte free, as another program's file would."""
        if self.kind == "shim":
            self._switch.write_text(f"all {errno.ENOSPC}")
            return
        with (self._root / "filler").open("wb", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(b"\0" * size)
                except OSError:
                    size //= 2

    def make_read_only(self) -> None:
        """Let nothing be written, and nothing be opened for writing."""
        self._switch.write_text(f"all {errno.EROFS}")

    def fail(self, call: str) -> None:
        """Let a system call end with an I/O error."""
        self._switch.write_text(f"{call} {errno.EIO}")

    def mend(self) -> None:
        """Be a good disk again."""
        self._switch.unlink(missing_ok=True)
        if self.kind == "tmpfs":
            (self._root / "filler").unlink(missing_ok=True)
