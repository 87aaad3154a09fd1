"""Walk the top-level fields of a message as bytes, for edits that must leave every other byte as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Field(NamedTuple):
    """One field: number, wire type, and where tag, value and end stand; the value of a string is behind its length."""

    number: int
    wire_type: int
    start: int
    value: int
    end: int


class MalformedError(ValueError):
    """The bytes are no message."""


class TooManyFieldsError(Exception):
    """The bytes hold more fields than the caller wants to walk."""


MAX_FIELDS = 20_000
"""A record or resource with more is not taken apart: each attribute costs a microsecond, a request has room for
millions."""

_NO_LIMIT = 2**63 - 1
_UINT32, _UINT64 = 2**32 - 1, 2**64 - 1


def fields(data: bytes, *, max_fields: int = _NO_LIMIT) -> Iterator[Field]:
    """Yield each field in the order of the bytes, groups as one field.

    As lenient as the laxest reader behind us: Go's readers take a tag or a length with bits beyond its width for the
    number without them, and a field that only they can read is one all the same.

    Raises:
        MalformedError: the bytes are no protobuf message.
        TooManyFieldsError: there are more than ``max_fields``, those inside of groups counted.
    """
    position, end = 0, len(data)
    while position < end:
        start = position
        max_fields -= 1
        if max_fields < 0:
            raise TooManyFieldsError
        tag, position = varint(data, position)
        number, wire_type = tag >> 3 & _UINT32, tag & 7
        if number == 0:
            raise MalformedError("field number 0")
        value = position
        if wire_type == 0:
            _, position = varint(data, position)
        elif wire_type == 1:
            position += 8
        elif wire_type == 2:
            size, value = varint(data, position)
            position = value + size
        elif wire_type == 5:
            position += 4
        elif wire_type == 3:
            position = end_of_group(data, position, number, max_fields=max_fields)
            max_fields -= (position - value) // 2
        else:
            raise MalformedError(f"wire type {wire_type}")
        if position > end:
            raise MalformedError("a field runs over the end")
        yield Field(number, wire_type, start, value, position)


def has_more_fields(data: bytes, limit: int) -> bool:
    """Tell whether a message has more than ``limit`` fields at its top level; what is no message has not."""
    try:
        for _ in fields(data, max_fields=limit):
            pass
    except TooManyFieldsError:
        return True
    except MalformedError:
        return False
    return False


def end_of_group(data: bytes, position: int, number: int, *, max_fields: int = _NO_LIMIT) -> int:
    """Give the position behind the end tag of a group. Groups are not used by OTLP; unknown fields may be any."""
    open_groups = [number]
    while open_groups:
        max_fields -= 1
        if max_fields < 0:
            raise TooManyFieldsError
        tag, position = varint(data, position)
        inner, wire_type = tag >> 3, tag & 7
        if wire_type == 4:
            if inner != open_groups.pop():
                raise MalformedError("a group ends that did not begin")
        elif wire_type == 3:
            open_groups.append(inner)
        elif wire_type == 0:
            _, position = varint(data, position)
        elif wire_type == 1:
            position += 8
        elif wire_type == 5:
            position += 4
        elif wire_type == 2:
            size, position = varint(data, position)
            position += size
        else:
            raise MalformedError(f"wire type {wire_type}")
        if position > len(data):
            raise MalformedError("a group runs over the end")
    return position


def varint(data: bytes, position: int) -> tuple[int, int]:
    """Read a varint: its value, cut to 64 bits, and the position behind it."""
    value = shift = 0
    while position < len(data):
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & _UINT64, position
        shift += 7
        if shift > 63:
            raise MalformedError("a varint of more than ten bytes")
    raise MalformedError("a varint runs over the end")


_ONE_BYTE = tuple(bytes((value,)) for value in range(0x80))


def encode_varint(value: int) -> bytes:
    """Write a varint of a number that is not negative."""
    if value <= 0x7F:
        return _ONE_BYTE[value]
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def length_delimited(number: int, content: bytes) -> bytes:
    """Write a field of wire type 2."""
    return encode_varint(number << 3 | 2) + encode_varint(len(content)) + content
