"""Read a file or standard input as lines, without a lock that a blocked reader would hold when the process ends.

Lines are split at LF only: a carriage return inside of a line, as progress bars write it, is no end of a record.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

STDIN = "-"
_READ_BYTES = 65_536
_BOM = b"\xef\xbb\xbf"


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


def lines_of(descriptor: int) -> Iterator[str]:
    """Yield the lines of an open file as they come. A byte order mark at its head is left out."""
    pending: list[bytes] = []
    is_first = True
    while data := os.read(descriptor, _READ_BYTES):
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
