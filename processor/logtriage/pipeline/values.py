"""AnyValue as text: bytes as received where it is a string, leaves of maps and arrays, bounded in depth and number."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, ArrayValue, KeyValueList, Record

MAX_DEPTH = 32
"""Deeper values are passed on like all others but not looked into."""
MAX_LEAVES = 256
MAX_VISITS = 1024
"""Values looked at in one map or array, empty ones and the maps and arrays in it counted."""
MAX_CONTAINER_BYTES = 64 * 1024
"""A larger map or array is not taken apart: its bytes are its text."""


class Leaf(NamedTuple):
    """One value of a map or array: the key it stands under, its text, whether the record holds that text as it is."""

    key: bytes
    text: bytes
    is_verbatim: bool


def scalar_text(value: AnyValue) -> bytes:
    """Give the text of one value, as OpenTelemetry represents it outside OTLP; of a map or array its leaves."""
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return str(value.int_value).encode()
        case "bool_value":
            return b"true" if value.bool_value else b"false"
        case "double_value":
            return repr(value.double_value).encode()
        case "bytes_value":
            return base64.b64encode(value.bytes_value[:4096])
        case "array_value" | "kvlist_value":
            return rendered(leaves(value))[0]
    return b""


def leaves(value: AnyValue) -> list[Leaf]:
    """Give each leaf of a map or array; what is nested too deep, too much or broken is left out."""
    found: list[Leaf] = []
    _collect(value, b"", 0, found, MAX_VISITS)
    return found


def _collect(value: AnyValue, key: bytes, depth: int, found: list[Leaf], visits: int) -> int:
    """Add the leaves of a value; give what is left of ``visits``."""
    visits -= 1
    if depth > MAX_DEPTH or len(found) >= MAX_LEAVES or visits < 0:
        return visits
    kind = value.WhichOneof("value")
    if kind not in ("array_value", "kvlist_value"):
        found.append(Leaf(key, scalar_text(value), kind == "string_value"))
        return visits
    inside = value.array_value if kind == "array_value" else value.kvlist_value
    if len(inside) > MAX_CONTAINER_BYTES:
        found.append(Leaf(key, inside[:MAX_CONTAINER_BYTES], False))
        return visits
    try:
        if kind == "array_value":
            pairs = ((key, item) for item in ArrayValue.FromString(inside).values)
        else:
            pairs = ((pair.key, pair.value) for pair in KeyValueList.FromString(inside).values)
    except DecodeError:
        return visits
    for inner_key, item in pairs:
        visits = _collect(item, inner_key, depth + 1, found, visits)
        if visits < 0:
            break
    return visits


def rendered(found: list[Leaf]) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Render leaves as lines ``key=text``, with the spans of the strings: only they stand in the record as they are."""
    lines: list[bytes] = []
    spans: list[tuple[int, int]] = []
    position = 0
    for leaf in found:
        line = leaf.key + b"=" + leaf.text if leaf.key else leaf.text
        end = position + len(line)
        if leaf.is_verbatim:
            spans.append((end - len(leaf.text), end))
        lines.append(line)
        position = end + 1
    return b"\n".join(lines), tuple(spans)


def is_container(value: AnyValue) -> bool:
    """Tell whether a value is a map or an array."""
    return value.WhichOneof("value") in ("array_value", "kvlist_value")


def body_text(record: Record) -> bytes:
    """Give the text of a record's body; empty if it has none."""
    body = record.body
    return body.string_value or scalar_text(body)


_STRING_TAG = 0x0A


def body_text_of(pieces: Sequence[bytes]) -> bytes:
    """Do what `body_text` does for a body that is still bytes, in the pieces that it was written in.

    Raises:
        DecodeError: a piece is no AnyValue.
    """
    if not pieces:
        return b""
    body = pieces[0]
    if len(pieces) == 1 and len(body) > 2 and body[0] == _STRING_TAG:
        size = body[1]
        if size < 0x80:
            if len(body) == size + 2:
                return body[2:]
        elif body[2] < 0x80 and len(body) == (size & 0x7F | body[2] << 7) + 3:
            return body[3:]
    value = AnyValue()
    for piece in pieces:
        value.MergeFromString(piece)
    return value.string_value or scalar_text(value)
