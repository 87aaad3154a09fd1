"""Edits on the bytes of a record: what is not edited stays byte for byte, in the order it came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.edits import edited, with_severity, without_incoming
from logtriage.pipeline.fields import MalformedError, encode_varint, fields, length_delimited, varint
from logtriage.pipeline.wire import parse_record
from logtriage.schema.severity import Severity
from support.records import attributes_of, in_collector_order, record
from support.strategies import record_bytes


def numbers_and_text(raw: bytes) -> tuple[int, bytes | None]:
    wire = parse_record(raw)
    assert wire is not None
    return len(wire.severity_number), wire.severity_text[0] if wire.severity_text else None


@given(record_bytes(), st.sampled_from(Severity), st.integers(0, 2))
def test_the_severity_is_set_once_and_every_other_field_stays_in_its_order(
    pair: tuple[bytes, bytes], severity: Severity, which: int
) -> None:
    raw = (*pair, in_collector_order(pair[0]))[which]
    numbers, text = numbers_and_text(raw)
    result = with_severity(raw, severity, numbers=numbers, text=text)
    told = LogRecord.FromString(result)
    assert (told.severity_number, told.severity_text) == (severity.number, severity.value)
    found = [field.number for field in fields(result)]
    assert (found.count(2), found.count(3)) == (1, 1)
    assert [result[f.start : f.end] for f in fields(result) if f.number not in (2, 3)] == [
        raw[f.start : f.end] for f in fields(raw) if f.number not in (2, 3)
    ]


def test_an_id_that_looks_like_a_tail_is_not_mistaken_for_the_severity() -> None:
    forged = record("x", number=0, text="", trace_id=b"\x01" * 14 + b"\x10\x11").SerializeToString()
    for raw in (forged, in_collector_order(forged)):
        numbers, text = numbers_and_text(raw)
        told = LogRecord.FromString(with_severity(raw, Severity.WARN, numbers=numbers, text=text))
        assert told.trace_id == b"\x01" * 14 + b"\x10\x11"
        assert (told.severity_number, told.severity_text) == (13, "WARN")


def test_an_id_that_looks_like_the_tail_stays_where_the_severity_stands_elsewhere() -> None:
    trace_id = b"\x01" * 14 + b"\x10\x11"
    raw = length_delimited(6, b"\x0a\x01a") + b"\x10\x12" + length_delimited(9, trace_id)
    raw += b"\x59" + b"\x01" * 8 + b"\x09" + b"\x01" * 8
    told = LogRecord.FromString(with_severity(raw, Severity.WARN, numbers=1, text=None))
    assert told.trace_id == trace_id
    assert (told.severity_number, told.severity_text) == (13, "WARN")


def test_incoming_attributes_go_and_everything_else_stays() -> None:
    raw = record("logtriage. in the body", attributes={"a": 1, "logtriage.category": "noise", "b": "logtriage.x"})
    kept = record("logtriage. in the body", attributes={"a": 1, "b": "logtriage.x"})
    assert without_incoming(raw.SerializeToString()) == kept.SerializeToString()


def test_a_record_without_such_attributes_is_the_very_same_object() -> None:
    raw = record("nothing of ours").SerializeToString()
    assert without_incoming(raw) is raw
    marked = record("logtriage. in the body").SerializeToString()
    assert without_incoming(marked) is marked
    broken = b"\x0f logtriage."
    assert without_incoming(broken) is broken


def test_levels_are_rewritten_by_key_and_value_and_keep_unknown_fields() -> None:
    unknown = length_delimited(99, b"kept")
    attribute = length_delimited(1, b"level") + length_delimited(2, length_delimited(1, b"error")) + unknown
    other = length_delimited(1, b"level") + length_delimited(2, length_delimited(1, b"500"))
    raw = length_delimited(6, attribute) + length_delimited(6, other)
    result = edited(raw, severity=None, levels={(b"level", b"error"): b"warn"}, strip=False)
    assert [a.value.string_value for a in LogRecord.FromString(result).attributes] == ["warn", "500"]
    assert result.count(unknown) == 1


def test_all_three_edits_at_once() -> None:
    raw = record("x", attributes={"level": "error", "logtriage.status": "fresh", "a": "b"}).SerializeToString()
    levels = {(b"level", b"error"): b"debug"}
    told = LogRecord.FromString(edited(raw, severity=Severity.DEBUG, levels=levels, strip=True))
    assert (told.severity_number, told.severity_text) == (5, "DEBUG")
    assert attributes_of(told) == {"level": "debug", "a": "b"}


@given(st.binary(max_size=40))
def test_a_walk_over_any_bytes_gives_them_all_or_says_that_they_are_no_message(data: bytes) -> None:
    try:
        found = list(fields(data))
    except MalformedError:
        return
    assert b"".join(data[field.start : field.end] for field in found) == data


@given(st.integers(0, 2**64 - 1))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    encoded = encode_varint(value)
    assert varint(encoded, 0) == (value, len(encoded))


@pytest.mark.parametrize("data", [b"\x80", b"\xff" * 11, b"\x00\x01", b"\x0a\x05a", b"\x0b\x0a", b"\x0b\x14", b"\x0c"])
def test_broken_bytes_are_no_message(data: bytes) -> None:
    with pytest.raises(MalformedError):
        list(fields(data))
