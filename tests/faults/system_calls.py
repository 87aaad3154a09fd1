"""What strace saw a process do to files and sockets: one file a thread, each call on one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

OPTIONS = ("-ff", "-ttt", "-T", "-yy", "-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendmsg,sendto")

_LINE = re.compile(
    r"(?P<at>\d+\.\d+) (?P<name>\w+)\(\d+<(?P<what>[^>]*>?[^>,)]*)>.* = (?P<result>-?\d+).*<(?P<took>[\d.]+)>$"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that ended; times are of the wall clock. ``what``: the path, or the ends of the connection."""

    name: str
    what: str
    began: float
    ended: float

    @property
    def is_sync(self) -> bool:
        """Whether it makes a file durable."""
        return self.name in ("fsync", "fdatasync")


def calls_of(prefix: Path) -> list[Call]:
    """Read what `strace -o PREFIX` with `OPTIONS` wrote; in the order in which the calls began."""
    found = []
    for file in prefix.parent.glob(f"{prefix.name}.*"):
        for line in file.read_text(errors="replace").splitlines():
            match = _LINE.match(line)
            if match and int(match["result"]) >= 0:
                began = float(match["at"])
                found.append(Call(match["name"], match["what"], began, began + float(match["took"])))
    return sorted(found, key=lambda call: call.began)
