"""In which order does a sender write the fields of a record? Walks protobuf by hand: a decoder keeps no order."""

from __future__ import annotations

from collections.abc import Iterator

COLLECTOR_ORDER = (12, 10, 9, 8, 7, 6, 5, 3, 2, 11, 1)
"""Since v0.134 the Collector fills its buffer from the end: the struct's fields last to first, the two times and the
observed time (11) at its head."""

SDK_ORDER = (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12)

FIELD_NAMES = {
    1: "time_unix_nano",
    2: "severity_number",
    3: "severity_text",
    5: "body",
    6: "attributes",
    7: "dropped_attributes_count",
    8: "flags",
    9: "trace_id",
    10: "span_id",
    11: "observed_time_unix_nano",
    12: "event_name",
}

_RESOURCE_LOGS, _SCOPE_LOGS, _LOG_RECORDS = 1, 2, 2


def records_as_written(request: bytes) -> Iterator[bytes]:
    """Give `request.resource_logs[i].scope_logs[j].log_records[k]` one by one, as the bytes they came in."""
    for number, resource_logs in _fields(request):
        if number == _RESOURCE_LOGS:
            for number_inside, scope_logs in _fields(resource_logs):
                if number_inside == _SCOPE_LOGS:
                    yield from (value for number, value in _fields(scope_logs) if number == _LOG_RECORDS)


def order_of(record: bytes) -> tuple[int, ...]:
    """Give the field numbers in the order they stand in; a repeated field that stands in one run is named once."""
    order: list[int] = []
    for number, _ in _fields(record):
        if not order or order[-1] != number:
            order.append(number)
    return tuple(order)


def follows(order: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Tell whether the fields that are there stand as in `wanted`."""
    return order == tuple(number for number in wanted if number in order)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                start = at
                _, at = _varint(message, at)
            case 1:
                start, at = at, at + 8
            case 2:
                length, start = _varint(message, at)
                at = start + length
            case 5:
                start, at = at, at + 4
            case other:
                raise ValueError(f"wire type {other} at byte {at}")
        yield tag >> 3, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
