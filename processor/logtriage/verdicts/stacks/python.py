"""Frames of Python: ``File "path", line n, in function``, and lines of source behind them."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import INDENT, Follows, Frame

_FRAME = re.compile(INDENT + rb"File \\{0,3}\"([^\"\n]{0,400}?)\\{0,3}\"(, line [0-9]{1,7})(?:, in ([^\n]{1,200}))?\Z")
_LIBRARY = re.compile(
    rb"site-packages|dist-packages|lib/python[0-9]|lib\\{1,4}python|\A<frozen|\A<string>|/asyncio/|/concurrent/futures/"
)
"""Installed packages and the standard library."""


def read(line: bytes) -> Frame | None:
    """Read a frame; of the file the last part of its path is kept, of a package's own file the last two."""
    found = _FRAME.match(line)
    if found is None:
        return None
    start, end = found.span(1)
    path = line[start:end].replace(b"\\", b"/")
    base = path.rfind(b"/") + 1
    if path[base:] == b"__init__.py" and base > 1:
        base = path.rfind(b"/", 0, base - 1) + 1
    cuts = [(start, start + base)] if base else []
    return Frame(
        name=path[base:] + b" " + (found[3] or b""),
        is_in_app=_LIBRARY.search(path) is None,
        cuts=(*cuts, found.span(2)),
        follows=Follows.SOURCE,
    )
