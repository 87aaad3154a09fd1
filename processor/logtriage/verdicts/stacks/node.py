"""Frames of Node and of browsers: ``at function (file:line:column)``."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import INDENT, Frame

_FRAME = re.compile(
    INDENT + rb"at (async )?((?:new )?[A-Za-z0-9_.$<>#*/\x80-\xff-]{1,200}(?: \[as [^\]\n]{1,100}\])?) "
    rb"\(([^()\n]{1,400}?)(:[0-9]{1,7}(?::[0-9]{1,7})?)?\)"
)
_BARE = re.compile(
    INDENT + rb"at (?:async )?()((?:file://|node:|[a-z]{2,12}:)?/?[^()\s\n]{1,400}?)(:[0-9]{1,7}:[0-9]{1,7})(?=\s|\Z)"
)
_LIBRARY = re.compile(
    rb"node_modules/|node_modules\\|\Anode:|\Ainternal/|\A<anonymous>|\Anative\Z|\Aindex [0-9]|/\.yarn/|/\.pnpm/"
)
"""The runtime, and packages beside the application."""
_BUNDLE_HASH = re.compile(rb"[.-][0-9a-f]{8,20}(?=\.[cm]?[jt]sx?\Z)|\?[^\n]{0,200}\Z")
"""What a bundler puts into a file name."""


def read(line: bytes) -> Frame | None:
    """Read a frame; of the file the last part of its path is kept."""
    found = _FRAME.match(line)
    bare = None if found else _BARE.match(line)
    if found:
        (start, end), place = found.span(3), found.span(4)
        function = found[2]
    elif bare:
        (start, end), place = bare.span(2), bare.span(3)
        function = b""
    else:
        return None
    path = line[start:end]
    is_library = _LIBRARY.search(path) is not None
    cuts: list[tuple[int, int]] = []
    if found and found[1]:
        cuts.append(found.span(1))
    base = start + max(path.rfind(b"/"), path.rfind(b"\\")) + 1
    if base > start:
        cuts.append((start, base))
    cuts += [hashed.span() for hashed in _BUNDLE_HASH.finditer(line, base, end)]
    if place[0] >= 0:
        cuts.append(place)
    return Frame(name=function + b" " + line[base:end], is_in_app=not is_library, cuts=tuple(cuts))
