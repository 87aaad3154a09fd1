"""Cut quotes: exact slices of a record, one line each, whole words, valid UTF-8."""

from __future__ import annotations

import re
from typing import Final

from logtriage.schema.attributes import MAX_EVIDENCE_CHARACTERS, MIN_EVIDENCE_BYTES

_MAX_QUOTE_BYTES: Final = MAX_EVIDENCE_CHARACTERS
_MAX_WORD_BYTES: Final = 40
_WORD_BEFORE: Final = re.compile(rb"[A-Za-z0-9_.:'-]{1,40}\Z")
_WORD_AFTER: Final = re.compile(rb"[A-Za-z0-9_.:'-]{1,40}")
_NOT_UTF8: Final = re.compile(r"[\udc80-\udcff]+")


LOWERING_BYTES: Final = 32
"""What a lowering rests on is quoted with its neighbours: of "retry 1 of 3" alone no byte is left between masks."""


def quote_of(text: bytes, start: int, end: int, *, least_bytes: int = MIN_EVIDENCE_BYTES) -> bytes:
    """Give the line of ``text[start:end]`` that says most, grown to whole words, and to 8 bytes if the line has them.

    Empty if nothing of the span can be quoted.
    """
    start, end = _longest_line(text, start, end)
    line_start = text.rfind(b"\n", 0, start) + 1
    line_end = text.find(b"\n", end)
    line_end = len(text) if line_end < 0 else line_end
    start, end = _whole_words(text, start, end, line_start, line_end)
    while end - start < least_bytes and (start > line_start or end < line_end):
        if end < line_end:
            end = _word_end(text, end, line_end)
        if end - start < least_bytes and start > line_start:
            start = _word_start(text, start, line_start)
    return _valid_utf8(text[start : min(end, start + _MAX_QUOTE_BYTES)]).strip()


def _longest_line(text: bytes, start: int, end: int) -> tuple[int, int]:
    best = (start, start)
    at = start
    for line in text[start:end].split(b"\n"):
        if len(line.strip()) > best[1] - best[0]:
            best = (at, at + len(line))
        at += len(line) + 1
    return best


def _whole_words(text: bytes, start: int, end: int, line_start: int, line_end: int) -> tuple[int, int]:
    before = _WORD_BEFORE.search(text, max(line_start, start - _MAX_WORD_BYTES), start)
    after = _WORD_AFTER.match(text, end, min(line_end, end + _MAX_WORD_BYTES))
    return (before.start() if before else start), (after.end() if after else end)


def _word_end(text: bytes, end: int, line_end: int) -> int:
    blank = text.find(b" ", end + 1, min(line_end, end + _MAX_WORD_BYTES))
    return blank if blank > 0 else min(line_end, end + _MAX_WORD_BYTES)


def _word_start(text: bytes, start: int, line_start: int) -> int:
    floor = max(line_start, start - _MAX_WORD_BYTES)
    blank = text.rfind(b" ", floor, start - 1)
    return blank + 1 if blank >= 0 else floor


def _valid_utf8(piece: bytes) -> bytes:
    try:
        piece.decode()
    except UnicodeDecodeError:
        parts = _NOT_UTF8.split(piece.decode("utf-8", "surrogateescape"))
        return max(parts, key=len).encode()
    return piece
