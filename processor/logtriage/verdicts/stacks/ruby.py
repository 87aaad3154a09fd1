"""Frames of Ruby: ``file.rb:line:in 'function'``."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import INDENT, Frame

_FRAME = re.compile(
    INDENT + rb"([0-9]{1,4}: )?(?:from )?([^\s:\n]{1,400}|[^\s:\n]{0,100}<internal:[^\s>\n]{1,100}>)"
    rb"(:[0-9]{1,7}):in [`']([^'\n]{1,200})'"
)
_LIBRARY = re.compile(rb"/gems/|/lib/ruby/|<internal:|/rubygems/|/bin/|\A\(eval")
"""Installed gems, the standard library, and what starts a program."""


def read(line: bytes) -> Frame | None:
    """Read a frame; of the file the last part of its path is kept."""
    found = _FRAME.match(line)
    if found is None or found.end() < len(line.rstrip()):
        return None
    start, end = found.span(2)
    path = line[start:end]
    base = start + path.rfind(b"/") + 1
    cuts = [found.span(1)] if found[1] else []
    if base > start:
        cuts.append((start, base))
    return Frame(
        name=line[base:end] + b" " + found[4],
        is_in_app=_LIBRARY.search(path) is None,
        cuts=(*cuts, found.span(3)),
    )
