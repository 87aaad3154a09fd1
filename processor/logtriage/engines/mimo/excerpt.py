"""Cut a long text for a prompt: its head, the top of its stack, its last cause and its tail stay."""

from __future__ import annotations

import re
from typing import Final

_STACK_TOP: Final = re.compile(
    r"^[ \t]*(?:at [\w$.<>/]{2,200}[ (]|File \"[^\"\n]{1,200}\", line \d|goroutine \d+ \[|Traceback \(most recent)",
    re.MULTILINE,
)
_LAST_CAUSE: Final = re.compile(r"^(?:Caused by: |Root cause: |During handling of )", re.MULTILINE)
_MAX_LINE: Final = 300
_TAIL_SHARE: Final = 4
_TOP_SHARE: Final = 4

_FRAME: Final = re.compile(
    r"[ \t]+(?:at [^\n]*|File \"[^\n]*|\.\.\. \d+ [^\n]*|in [^\n]*|from [^\n]*)|[ \t]{4,}[^\n]*|[ \t]*", re.ASCII
)


def only_frames(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]``, grown to whole lines, holds stack frames and nothing else."""
    start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    lines = text[start : line_end if line_end >= 0 else len(text)].split("\n")
    return all(_FRAME.fullmatch(line) for line in lines)


def kept_spans(text: str, limit: int) -> list[tuple[int, int]]:
    """Give the spans of ``text`` that are kept so that they have ``limit`` characters in all, in order.

    The head is half of them, the tail a quarter; the last quarter goes to the top of the stack or, where the head
    shows that, to the last ``Caused by``. Without either the head has it.
    """
    if len(text) <= limit:
        return [(0, len(text))] if text else []
    tail_start = len(text) - limit // _TAIL_SHARE
    top_size = limit // _TOP_SHARE
    head_end = limit - limit // _TAIL_SHARE - top_size
    inner = _inner_start(text, head_end, tail_start)
    if inner is None:
        return [(0, head_end + top_size), (tail_start, len(text))]
    return _joined([(0, head_end), (inner, min(inner + top_size, tail_start)), (tail_start, len(text))])


def _inner_start(text: str, head_end: int, tail_start: int) -> int | None:
    if not _STACK_TOP.search(text, 0, head_end):
        top = _STACK_TOP.search(text, head_end, tail_start)
        if top:
            line_before = text.rfind("\n", max(head_end, top.start() - _MAX_LINE), max(head_end, top.start() - 1))
            return line_before + 1 if line_before >= 0 else top.start()
    causes = [found.start() for found in _LAST_CAUSE.finditer(text, head_end, tail_start)]
    return causes[-1] if causes else None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined
