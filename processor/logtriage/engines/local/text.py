"""The text of a record that the engine looks at: body and cause-like attributes, capped, lower-cased once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from logtriage.engines.local.needle_index import groups_of
from logtriage.schema.record import RecordView, judged_text

CAUSE_ATTRIBUTES: Final = frozenset(
    {
        b"exception.type",
        b"exception.message",
        b"exception.stacktrace",
        b"error.type",
        b"error.message",
        b"error.stack",
        b"error.stack_trace",
        b"error.kind",
        b"error",
        b"err",
        b"message",
        b"msg",
        b"reason",
        b"cause",
        b"detail",
        b"details",
        b"stack",
        b"stacktrace",
        b"stack_trace",
    }
)
"""Attributes in which structured loggers put the cause; others hold request data that would mislead."""

_MAX_ATTRIBUTE_BYTES: Final = 3072
_ATTRIBUTE_HEAD_BYTES: Final = 2048
_MAX_CAUSE_BYTES: Final = 6144


@dataclass(frozen=True, kw_only=True)
class JudgedText:
    """The looked-at parts, one a line: offsets are the same in both forms. A quote never crosses a line."""

    original: bytes
    lowered: bytes

    @cached_property
    def groups(self) -> set[int]:
        """The groups of the lowered text, which every index of literals asks for."""
        return groups_of(self.lowered)


def text_of(record: RecordView) -> JudgedText:
    """Put together what may be looked at: at most 8 KiB of body and 6 KiB of attributes."""
    body = judged_text(record.body)
    causes: list[bytes] = []
    left = _MAX_CAUSE_BYTES
    for name, value in record.attributes.items():
        if value and left > 0 and name.lower() in CAUSE_ATTRIBUTES:
            shown = _capped(value)[:left]
            left -= len(shown)
            causes.append(shown)
    original = b"\n".join((body, *causes)) if causes else body
    return JudgedText(original=original, lowered=original.lower())


def _capped(value: bytes) -> bytes:
    if len(value) <= _MAX_ATTRIBUTE_BYTES:
        return value
    return value[:_ATTRIBUTE_HEAD_BYTES] + b"\n" + value[_ATTRIBUTE_HEAD_BYTES - _MAX_ATTRIBUTE_BYTES :]
