"""A power cut: the process dies, and of its files only what was synced is left.

`PowerSupply.environment` loads `shims/power_loss.c` into the service, which keeps what each fsync made durable.
`cut_off`, called after the process was killed, builds the folder anew from that. A file whose name is in a synced
folder and that was never synced itself is empty; a name that was made, changed or removed since the folder was synced
is as it was then.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from faults.shims import shim

PAGE_BYTES = 4096


@dataclass
class PowerSupply:
    """Of the folder ``root``. ``store`` is a folder for what is durable; both stand on the same machine."""

    root: Path
    store: Path

    def environment(self) -> dict[str, str]:
        """Give what the service's environment needs."""
        return {
            "LD_PRELOAD": str(shim("power_loss")),
            "POWER_LOSS_ROOT": str(self.root.resolve()),
            "POWER_LOSS_STORE": str(self.store.resolve()),
        }

    def sync_all(self) -> None:
        """Make durable what stands in the folder now: the state before the service starts."""
        shutil.rmtree(self.store, ignore_errors=True)
        for part in ("file", "folder"):
            (self.store / part).mkdir(parents=True)
        self.root.mkdir(mode=0o700, exist_ok=True)
        command = [sys.executable, "-c", _SYNC_EACH, str(self.root.resolve())]
        subprocess.run(command, check=True, env={**os.environ, **self.environment()})

    def cut_off(self, *, mixed: random.Random | None = None) -> list[str]:
        """Forget what was not synced; give the files that lost something.

        ``mixed``: a disk that was writing. Of the pages of a file that differ from the durable ones, each may be new.
        """
        before = _contents(self.root)
        rebuilt = self.store / "rebuilt"
        rebuilt.mkdir(mode=0o700)
        self._rebuild("root", self.root, rebuilt, mixed)
        shutil.rmtree(self.root)
        shutil.move(rebuilt, self.root)
        after = _contents(self.root)
        self.sync_all()
        return sorted(str(name) for name, content in before.items() if after.get(name) != content)

    def _rebuild(self, folder_id: str, was: Path, target: Path, mixed: random.Random | None) -> None:
        synced = self.store / "folder" / folder_id
        for line in synced.read_text().splitlines() if synced.exists() else ():
            kind, entry_id, name = line.split(" ", 2)
            if kind == "folder":
                (target / name).mkdir(mode=0o700)
                self._rebuild(entry_id, was / name, target / name, mixed)
                continue
            file = self.store / "file" / entry_id
            content = file.read_bytes() if file.exists() else b""
            if mixed is not None and (was / name).exists():
                content = mix(content, (was / name).read_bytes(), mixed)
            (target / name).write_bytes(content)
            (target / name).chmod(0o600)


_SYNC_EACH = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for path in (*(os.path.join(folder, name) for name in names), folder):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)
"""


def _contents(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def mix(durable: bytes, written: bytes, rng: random.Random) -> bytes:
    """Give a file of the new length in which each page beyond what is the same is the old or the new one."""
    pages = []
    for at in range(0, len(written), PAGE_BYTES):
        old, new = durable[at : at + PAGE_BYTES], written[at : at + PAGE_BYTES]
        pages.append(new if old == new or rng.random() < 0.5 else old.ljust(len(new), b"\0")[: len(new)])
    return b"".join(pages)
