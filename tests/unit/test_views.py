"""The views that triage sees of the records on the wire."""

from __future__ import annotations

from opentelemetry.proto.common.v1 import common_pb2 as otlp
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, Record
from logtriage.pipeline.views import entries_of, view_of_record, view_of_resource
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity
from support.records import key_value, record


def view(item: object) -> RecordView:
    wire = Record.FromString(item.SerializeToString())  # type: ignore[attr-defined]
    return view_of_record(wire, level=Severity.ERROR, resource=ResourceView(), tenant=b"t")


def test_a_record_is_seen_with_all_its_attributes_the_first_of_duplicates() -> None:
    item = record("lost", attributes={"a": 1, "b": True}, event_name="cart.lost")
    item.attributes.append(key_value("a", 2))
    seen = view(item)
    assert seen.body == b"lost"
    assert seen.verbatim_spans is None
    assert seen.attributes == {b"a": b"1", b"b": b"true"}
    assert (seen.severity_number, seen.severity_text, seen.event_name, seen.tenant) == (
        17,
        b"ERROR",
        b"cart.lost",
        b"t",
    )


def test_a_record_without_a_time_goes_by_when_it_was_observed() -> None:
    assert view(record(time_unix_nano=0, observed_time_unix_nano=9)).time_unix_nano == 9
    assert view(record(time_unix_nano=7, observed_time_unix_nano=9)).time_unix_nano == 7


def test_a_body_that_is_no_string_has_no_verbatim_text() -> None:
    item = record()
    item.body.CopyFrom(otlp.AnyValue(double_value=1.25e100))
    assert view(item).verbatim_spans == ()


def test_a_resource_written_in_pieces_is_merged() -> None:
    one = Resource(attributes=[key_value("service.name", "cart")]).SerializeToString()
    two = Resource(attributes=[key_value("service.namespace", "shop")]).SerializeToString()
    seen = view_of_resource([one, two], [])
    assert (seen.service_name, seen.service_namespace, seen.entries) == (b"cart", b"shop", 2)
    assert seen.size_bytes == len(one + two)


def test_a_resource_that_cannot_be_read_is_an_unknown_service() -> None:
    assert view_of_resource([b"\xff\xff"], [b"\xff"]).source_service == "unknown_service"


def test_a_map_counts_its_leaves_and_an_array_counts_once() -> None:
    pairs = [key_value(f"k{i}", i) for i in range(7)]
    inner = otlp.AnyValue(kvlist_value=otlp.KeyValueList(values=pairs))
    outer = otlp.AnyValue(kvlist_value=otlp.KeyValueList(values=[*pairs, key_value("in", inner)]))
    array = otlp.AnyValue(array_value=otlp.ArrayValue(values=[otlp.AnyValue(int_value=1)] * 9))
    for value, wanted in ((outer, 14), (array, 1), (otlp.AnyValue(int_value=1), 1), (otlp.AnyValue(), 1)):
        assert entries_of(AnyValue.FromString(value.SerializeToString())) == wanted
