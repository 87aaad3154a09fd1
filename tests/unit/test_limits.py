"""At the limits of the backends the reasoning goes first, then the evidence, never category and actionable."""

from __future__ import annotations

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.limits import OUR_ENTRIES, RECORD_FIELD_ENTRIES, room_of
from logtriage.schema import attributes as names
from logtriage.schema.attributes import MAX_RECORD_ENTRIES, MAX_RECORD_METADATA_BYTES
from logtriage.schema.record import ResourceView
from support.annotating import annotate, annotator
from support.records import attributes_of, key_value, record, records_of, request
from support.scripted_engine import judgement
from support.tables import each_row

FULL = MAX_RECORD_ENTRIES - RECORD_FIELD_ENTRIES - OUR_ENTRIES - 1
"""So many attributes of its own, beside the service's name, leave room for all of ours."""


def out_of(item: LogRecord) -> dict[str, object]:
    target = annotator(lambda _: judgement(quotes=(b"the cart is gone",), reasoning="r" * 2000))
    (raw,) = records_of(annotate(target, request(item)))
    return attributes_of(LogRecord.FromString(raw))


def entries_after(told: dict[str, object], own: int) -> int:
    ours = [key for key in told if key.startswith(names.PREFIX)]
    return 1 + RECORD_FIELD_ENTRIES + own + len(ours)


@each_row("own", range(95, 141))
def test_by_the_number_of_attributes(own: int) -> None:
    told = out_of(record("the cart is gone", attributes={f"a{i}": i for i in range(own)}))
    assert (names.REASONING_TRACE in told) is (own <= FULL)
    assert (names.EVIDENCE in told) is (own <= FULL + 1)
    assert told[names.CATEGORY] == "code_bug"
    assert told[names.IS_ACTIONABLE_FOR_ONCALL] is True
    if own <= FULL + 2:
        assert entries_after(told, own) <= MAX_RECORD_ENTRIES


def test_the_leaves_of_a_nested_map_count_each() -> None:
    inner = AnyValue(kvlist_value=KeyValueList(values=[key_value(f"i{i}", i) for i in range(60)]))
    outer = AnyValue(kvlist_value=KeyValueList(values=[key_value("in", inner), *inner.kvlist_value.values]))
    assert names.REASONING_TRACE not in out_of(record("the cart is gone", attributes={"m": outer}))
    assert names.EVIDENCE not in out_of(record("the cart is gone", attributes={"m": outer}))
    assert names.EVIDENCE in out_of(record("the cart is gone", attributes={"m": inner}))


@pytest.mark.parametrize(
    ("left", "reasoning", "evidence"),
    [(8000, True, True), (3000, False, True), (1500, False, False), (-5000, False, False)],
)
def test_by_the_bytes_of_attributes(left: int, reasoning: bool, evidence: bool) -> None:
    told = out_of(record("the cart is gone", attributes={"big": "x" * (MAX_RECORD_METADATA_BYTES - left)}))
    assert (names.REASONING_TRACE in told) is reasoning
    assert (names.EVIDENCE in told) is evidence
    assert told.keys() >= {names.CATEGORY, names.IS_ACTIONABLE_FOR_ONCALL, names.SEVERITY, names.FINGERPRINT}


@each_row("size", range(56_000, 66_000, 500))
def test_what_fitted_before_still_fits(size: int) -> None:
    told = out_of(record("the cart is gone", attributes={"big": "x" * size}))
    ours = {key: value for key, value in told.items() if key.startswith(names.PREFIX)}
    added = sum(len(key) + len(str(value)) for key, value in ours.items())
    assert size + added <= MAX_RECORD_METADATA_BYTES or not ours.keys() & {names.REASONING_TRACE, names.EVIDENCE}


def test_a_large_body_takes_no_room_for_attributes() -> None:
    assert names.REASONING_TRACE in out_of(record("the cart is gone" + " " * 100_000))


def test_a_record_of_many_tiny_attributes_is_counted() -> None:
    item = LogRecord()
    for i in range(110):
        item.attributes.add(key=chr(ord("a") + i % 26))
    raw = item.SerializeToString()
    assert len(raw) < 600
    room = room_of(Record.FromString(raw), len(raw), ResourceView(), evidence_bytes=10, reasoning_bytes=10)
    assert not room.evidence


def test_what_the_resource_carries_counts_towards_each_record() -> None:
    wire = Record.FromString(record("x").SerializeToString())
    for view in (ResourceView(entries=120), ResourceView(size_bytes=MAX_RECORD_METADATA_BYTES)):
        assert not room_of(wire, 50, view, evidence_bytes=10, reasoning_bytes=10).evidence
