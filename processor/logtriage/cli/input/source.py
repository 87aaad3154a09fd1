"""Read a file or standard input as lines, without a lock that a blocked reader would hold when the process ends.

Lines are split at LF only: a carriage return inside of a line, as progress bars write it, is no end of a record.
"""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager

STDIN = "-"
_READ_BYTES = 65_536
_BOM = b"\xef\xbb\xbf"
IDLE = ""
"""Comes in place of a line, which is never empty, where nothing came for a while: what waits for more may be given."""
IDLE_SECONDS = 1.0


@contextmanager
def opened(name: str) -> Iterator[Iterator[str]]:
    """Open a file, or standard input for ``-``, and give its lines, with their ends.

    Bytes that are no UTF-8 come as lone surrogates (``surrogateescape``), so that nothing is lost.

    Raises:
        OSError: the file cannot be opened.
    """
    if name == STDIN:
        yield lines_of(0)
        return
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise IsADirectoryError(21, "it is a folder", name)
        yield lines_of(descriptor)
    finally:
        os.close(descriptor)


def lines_of(descriptor: int, *, idle_seconds: float = IDLE_SECONDS) -> Iterator[str]:
    """Yield the lines of an open file as they come, and `IDLE` once where none comes for so long.

    A byte order mark at its head is left out.
    """
    pending: list[bytes] = []
    is_first = True
    while True:
        if not select.select([descriptor], [], [], idle_seconds)[0]:
            yield IDLE
        data = os.read(descriptor, _READ_BYTES)
        if not data:
            break
        if is_first:
            data = data.removeprefix(_BOM)
            is_first = False
        first, *rest = data.split(b"\n")
        pending.append(first)
        for piece in rest:
            yield b"".join(pending).decode("utf-8", "surrogateescape") + "\n"
            pending = [piece]
    if last := b"".join(pending):
        yield last.decode("utf-8", "surrogateescape")
