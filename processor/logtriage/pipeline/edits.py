"""The edits of a record, on its bytes.

Incoming attributes of ours are taken out, the severity is set, a stale level attribute is rewritten.

The fast way replaces the severity where the scan found it; every other shape takes the walk over the top-level fields.
Whatever is not edited stays byte for byte, unknown fields included, in the order it came.
"""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import KeyValue, RecordSeverity
from logtriage.pipeline.fields import MalformedError, encode_varint, fields, length_delimited
from logtriage.pipeline.severity_scan import UNKNOWN, scan
from logtriage.pipeline.wire import INCOMING_MARK
from logtriage.schema.severity import Severity

NewLevels = Mapping[tuple[bytes, bytes], bytes]
"""From the key and the value of a level attribute to its new value."""

_SEVERITY_NUMBER, _SEVERITY_TEXT, _ATTRIBUTES = 2, 3, 6

_TEXT_TAG = b"\x1a"
_NUMBER_FIELD = {severity: bytes((0x10, severity.number)) for severity in Severity}
_TEXT_FIELD = {severity: length_delimited(_SEVERITY_TEXT, severity.encode()) for severity in Severity}
_ASCENDING = {severity: _NUMBER_FIELD[severity] + _TEXT_FIELD[severity] for severity in Severity}
_DESCENDING = {severity: _TEXT_FIELD[severity] + _NUMBER_FIELD[severity] for severity in Severity}


def without_incoming(record: bytes) -> bytes:
    """Take out the attributes named ``logtriage.*``; the very same bytes if there is none or they are no message."""
    if INCOMING_MARK not in record:
        return record
    return _walk(record, severity=None, levels={}, strip=True)


def with_severity(record: bytes, severity: Severity, *, numbers: int, text: bytes | None) -> bytes:
    """Replace severity number and text where they stand, or add them.

    ``numbers``: how often the number occurs; ``text``: the text if it occurs once, None if it does not. A caller that
    knows of more than one text takes `edited`.
    """
    found, at, is_descending = scan(record)
    if found != UNKNOWN and numbers == 1:
        old = b"" if text is None else _TEXT_TAG + encode_varint(len(text)) + text
        if is_descending:
            start = at - 1 - len(old)
            if start >= 0 and record[start : at - 1] == old:
                new = record[:start] + _DESCENDING[severity] + record[at + 1 :]
                if _has_severity(new, severity):
                    return new
        elif record[at + 1 : at + 1 + len(old)] == old:
            return record[: at - 1] + _ASCENDING[severity] + record[at + 1 + len(old) :]
    if numbers == 0 and text is None:
        return record + _ASCENDING[severity]
    return _walk(record, severity=severity, levels={}, strip=False)


def _has_severity(record: bytes, severity: Severity) -> bool:
    """Tell whether the edit of a tail took: bytes inside a string or an id can look like the tail of a record."""
    try:
        read = RecordSeverity.FromString(record)
    except DecodeError:
        return False
    return list(read.severity_number) == [severity.number] and list(read.severity_text) == [severity.encode()]


def edited(record: bytes, *, severity: Severity | None, levels: NewLevels, strip: bool) -> bytes:
    """Do any of the three edits."""
    return _walk(record, severity=severity, levels=levels, strip=strip)


def _walk(record: bytes, *, severity: Severity | None, levels: NewLevels, strip: bool) -> bytes:
    kept: list[bytes] = []
    number_stands = text_stands = False
    run_start = 0
    try:
        for field in fields(record):
            new: bytes | None = None
            if field.number == _ATTRIBUTES and field.wire_type == 2:
                new = _attribute(record[field.value : field.end], levels, strip=strip)
            elif severity is not None and field.number == _SEVERITY_NUMBER and field.wire_type == 0:
                new = b"" if number_stands else _NUMBER_FIELD[severity]
                number_stands = True
            elif severity is not None and field.number == _SEVERITY_TEXT and field.wire_type == 2:
                new = b"" if text_stands else _TEXT_FIELD[severity]
                text_stands = True
            if new is not None:
                kept.append(record[run_start : field.start])
                kept.append(new)
                run_start = field.end
    except MalformedError:
        return record
    if not kept and severity is None:
        return record
    kept.append(record[run_start:])
    if severity is not None:
        if not number_stands:
            kept.append(_NUMBER_FIELD[severity])
        if not text_stands:
            kept.append(_TEXT_FIELD[severity])
    return b"".join(kept)


def _attribute(attribute: bytes, levels: NewLevels, *, strip: bool) -> bytes | None:
    """Give what an attribute becomes: None as it is, empty if it is taken out."""
    if not (strip and INCOMING_MARK in attribute) and not levels:
        return None
    if strip and _is_ours(attribute):
        return b""
    if not levels:
        return None
    try:
        key_value = KeyValue.FromString(attribute)
    except DecodeError:
        return None
    level = levels.get((key_value.key, key_value.value.string_value))
    if level is None:
        return None
    key_value.value.string_value = level
    return length_delimited(_ATTRIBUTES, key_value.SerializeToString())


def _is_ours(attribute: bytes) -> bool:
    """Tell whether any key written in an attribute is one of ours: readers differ in which one they take.

    Read by the walk, not by protobuf: what protobuf refuses (groups a hundred deep) others behind us may read.
    """
    try:
        return any(
            attribute.startswith(INCOMING_MARK, field.value)
            for field in fields(attribute)
            if field.number == 1 and field.wire_type == 2 and field.end - field.value >= len(INCOMING_MARK)
        )
    except MalformedError:
        return False
