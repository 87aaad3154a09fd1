"""Characters that a person does not see and a model does: they are stripped before a prompt and from every answer."""

from __future__ import annotations

import re
from typing import Final

INVISIBLE: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"  # soft hyphen, joiners, fillers
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidi marks and isolates
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ufe00-\ufe0f"  # fillers, byte order mark, variation selectors
    "\ud800-\udfff"  # lone surrogates: no UTF-8 has them
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tag characters and more variation selectors
    "]+"
)
"""One run of them. A lone ``\\r`` counts: it hides what stands before it on a terminal."""

ANSI: Final = re.compile(
    r"\x1b(?:\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-9;?]{0,32}[@-~]"
)
"""A terminal escape sequence, the title-setting kind included."""


def strip_invisible(text: str) -> str:
    """Take terminal sequences and invisible characters out; tab and newline stay."""
    return INVISIBLE.sub("", ANSI.sub("", text))


def visible_spans(text: str) -> list[tuple[int, int]]:
    """Give the spans of ``text`` that `strip_invisible` leaves, in order, none empty."""
    spans: list[tuple[int, int]] = []
    for start, end in _outside(text, ANSI, 0, len(text)):
        spans.extend(_outside(text, INVISIBLE, start, end))
    return spans


def _outside(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = start
    for found in pattern.finditer(text, start, end):
        if found.start() > at:
            spans.append((at, found.start()))
        at = found.end()
    if at < end:
        spans.append((at, end))
    return spans
