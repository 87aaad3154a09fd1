"""The rows of a request: one a fingerprint, each record as it came under its own resource and scope."""

from __future__ import annotations

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs, ScopeLogs

from logtriage.pipeline.held import Held, HeldRecord, Origin, rows_of, take_out
from logtriage.pipeline.outgoing import slice_of
from logtriage.pipeline.wire import count_records, parse_request
from support.records import key_value, record

ORIGIN = Origin((("x-tenant", "a"),), b"a", 1, 2, b"h" * 16)
A, B = b"A" * 8, b"B" * 8


def two_services() -> bytes:
    """Two resources with two scopes of three records each; bodies name the place."""
    request = ExportLogsServiceRequest()
    for i in range(2):
        resource = ResourceLogs(schema_url=f"schema {i}")
        resource.resource.attributes.append(key_value("service.name", f"service {i}"))
        for j in range(2):
            scope = ScopeLogs(scope=InstrumentationScope(name=f"scope {j}"), schema_url="s")
            scope.log_records.extend(record(f"{i}{j}{k}") for k in range(3))
            resource.scope_logs.append(scope)
        request.resource_logs.append(resource)
    return request.SerializeToString()


def held_at(data: bytes, fingerprint: bytes, *places: str, asked: str = "") -> list[HeldRecord]:
    request = parse_request(data)
    return [
        HeldRecord(i, j, k, request.resource_logs[i].scope_logs[j].log_records[k], fingerprint, f"s{i}", place == asked)
        for place in places
        for i, j, k in [tuple(map(int, place))]
    ]


def shown(data: bytes) -> list[tuple[str, str, str]]:
    """Service, scope and body of each record."""
    return [
        (resource.resource.attributes[0].value.string_value, scope.scope.name, item.body.string_value)
        for resource in ExportLogsServiceRequest.FromString(data).resource_logs
        for scope in resource.scope_logs
        for item in scope.log_records
    ]


def test_each_fingerprint_has_one_row_with_its_records_under_their_own_resource_and_scope() -> None:
    data = two_services()
    held = sorted([*held_at(data, A, "000", "002", "110", asked="002"), *held_at(data, B, "001")])
    first, second = rows_of(parse_request(data), held, ORIGIN)
    assert shown(first.row.payload) == [
        ("service 0", "scope 0", "000"),
        ("service 0", "scope 0", "002"),
        ("service 1", "scope 1", "110"),
    ]
    assert shown(second.row.payload) == [("service 0", "scope 0", "001")]
    assert (first.row.fingerprint, first.row.records, first.asked_about) == (A, 3, 1)
    assert (second.row.fingerprint, second.row.records, second.asked_about) == (B, 1, -1)
    assert {
        resource.schema_url for resource in ExportLogsServiceRequest.FromString(first.row.payload).resource_logs
    } == {
        "schema 0",
        "schema 1",
    }


def test_what_is_taken_out_and_what_is_held_are_the_whole_request() -> None:
    data = two_services()
    held = held_at(data, A, "000", "001", "002", "101")
    request = parse_request(data)
    rows = rows_of(request, held, ORIGIN)
    assert take_out(request, held, {A}) == 4
    left, waiting = shown(request.SerializeToString()), shown(rows[0].row.payload)
    assert sorted(left + waiting) == sorted(shown(data))
    assert ("service 0", "scope 0") not in {one[:2] for one in left}
    assert len(request.resource_logs[0].scope_logs) == 1


def test_only_the_fingerprints_that_are_safe_are_taken_out() -> None:
    data = two_services()
    request = parse_request(data)
    held = [*held_at(data, A, "000"), *held_at(data, B, "001")]
    assert take_out(request, held, {B}) == 1
    assert ("service 0", "scope 0", "000") in shown(request.SerializeToString())


def test_a_request_that_waits_as_a_whole_leaves_nothing() -> None:
    data = two_services()
    request = parse_request(data)
    places = [f"{i}{j}{k}" for i in range(2) for j in range(2) for k in range(3)]
    assert take_out(request, held_at(data, A, *places), {A}) == 12
    assert request.SerializeToString() == b""


def test_all_records_of_a_fingerprint_wait_or_none_as_the_first_one_does() -> None:
    held = Held()
    assert [held.waits(A, True), held.waits(A, False), held.waits(B, False), held.waits(B, True)] == [
        True,
        True,
        False,
        False,
    ]
    assert held.fingerprints == {A}


def test_a_slice_has_the_records_between_two_places_in_their_order() -> None:
    request = parse_request(two_services())
    everything = shown(request.SerializeToString())
    for first in range(12):
        for records in range(1, 13 - first):
            part = slice_of(request, first, records)
            assert count_records(part) == records
            assert shown(part.SerializeToString()) == everything[first : first + records]
