"""Weigh a request by walking lengths, before anything is parsed.

Parsing holds the interpreter's lock and takes memory per message: 4 MiB of empty resources are two million objects. The
walk touches tags and lengths only, and stops at its limit, whatever the bytes are.
"""

from __future__ import annotations

from collections.abc import Iterator

from logtriage.errors import NotProtobufError
from logtriage.pipeline.fields import MalformedError, TooManyFieldsError, end_of_group

WALK_ABOVE_BYTES = 4 * 1024 * 1024
"""In requests up to this size the records of a scope are not walked: splitting them costs at most 0.1 s."""

WALK_ENVELOPES_ABOVE_BYTES = 64 * 1024
"""In requests up to this size nothing is walked: they hold at most 32,768 resources."""

OTHER_FIELDS = 100_000
"""How many fields that are no resource, scope or record a walk passes: 0.02 s."""

_RESOURCE_LOGS = 0x0A
_SCOPE_LOGS = 0x12
_LOG_RECORD = 0x12


class _Steps:
    """How many fields one walk may still pass."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


def count_up_to(data: bytes, limit: int, *, in_scopes: bool = True) -> int:
    """Count resources, scopes and records together (an empty one costs as much as a record); stop above ``limit``.

    A request with more than `OTHER_FIELDS` fields besides is over the limit too. ``in_scopes=False`` leaves the records
    out: it costs nothing per record.

    Raises:
        NotProtobufError: a length runs over the end, or a tag is none.
    """
    steps = _Steps(limit + OTHER_FIELDS)
    count = 0
    try:
        for resource_start, resource_end in _messages(data, 0, len(data), _RESOURCE_LOGS, steps):
            count += 1
            for scope_start, scope_end in _messages(data, resource_start, resource_end, _SCOPE_LOGS, steps):
                count += 1
                for _ in _messages(data, scope_start, scope_end, _LOG_RECORD, steps) if in_scopes else ():
                    count += 1
                    if count > limit:
                        return count
                if count > limit:
                    return count
            if count > limit:
                return count
    except TooManyFieldsError:
        return limit + 1
    return count


def _messages(data: bytes, position: int, end: int, wanted_tag: int, steps: _Steps) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of each length-delimited field with the tag; pass over the others."""
    while position < end:
        steps.left -= 1
        if steps.left < 0:
            raise TooManyFieldsError
        tag = data[position]
        position += 1
        if tag >= 0x80:
            tag, position = _varint(data, position - 1, end)
        wire_type = tag & 7
        if wire_type == 2:
            size = data[position] if position < end else 0x80
            position += 1
            if size >= 0x80:
                size, position = _varint(data, position - 1, end)
            start, position = position, position + size
            if position > end:
                raise NotProtobufError("a length runs over the end of the request")
            if tag == wanted_tag:
                yield start, position
        elif wire_type == 0:
            _, position = _varint(data, position, end)
        elif wire_type == 1:
            position += 8
        elif wire_type == 5:
            position += 4
        elif wire_type == 3:
            start = position
            try:
                position = end_of_group(data, position, tag >> 3, max_fields=max(steps.left, 0))
            except MalformedError as error:
                raise NotProtobufError("a group of the request cannot be read") from error
            steps.left -= (position - start) // 2
        else:
            raise NotProtobufError("a tag of the request has a wire type that cannot be read")
        if position > end:
            raise NotProtobufError("a field runs over the end of the request")


def _varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while position < end:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
        if shift > 63:
            break
    raise NotProtobufError("a number of the request cannot be read")
