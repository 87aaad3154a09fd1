"""A request over the limit is split: no part over it, each record as it came, each part whole in itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest
from logtriage.pipeline.fields import fields, length_delimited
from logtriage.pipeline.outgoing import parts_of
from logtriage.pipeline.wire import count_records, parse_request
from support.records import records_of

SCHEMA = 3
UNKNOWN = 99

SCOPES = st.lists(st.lists(st.integers(0, 400), max_size=6), max_size=3)
REQUESTS = st.lists(SCOPES, max_size=4)


def build(shape: list[list[list[int]]], *, unknown: bytes = b"") -> bytes:
    """Build a request; ``shape[i][j]`` are the sizes of the records. Every record has a body of its own."""
    number = 0
    data = b""
    for i, scopes in enumerate(shape):
        resource = length_delimited(1, length_delimited(1, b"\x0a\x01r" + b"\x12\x03\x0a\x01" + b"%d" % i))
        resource += length_delimited(SCHEMA, b"schema of resource %d" % i) + length_delimited(UNKNOWN, b"u%d" % i)
        for j, sizes in enumerate(scopes):
            scope = length_delimited(1, length_delimited(1, b"scope %d/%d" % (i, j)))
            scope += length_delimited(SCHEMA, b"schema of scope %d/%d" % (i, j)) + length_delimited(UNKNOWN, b"v%d" % j)
            for size in sizes:
                body = b"%d " % number + b"x" * size
                number += 1
                scope += length_delimited(2, length_delimited(5, length_delimited(1, body)))
            resource += length_delimited(2, scope)
        data += length_delimited(1, resource)
    return data + unknown


def flattened(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Give each record with all that stands around it: resource and scope without what they contain."""
    found = []
    for resource in parse_request(data).resource_logs:
        outer = type(resource)()
        outer.CopyFrom(resource)
        outer.ClearField("scope_logs")
        for scope in resource.scope_logs:
            inner = type(scope)()
            inner.CopyFrom(scope)
            inner.ClearField("log_records")
            found += [(outer.SerializeToString(), inner.SerializeToString(), bytes(item)) for item in scope.log_records]
    return found


@given(REQUESTS, st.integers(60, 3000), st.sampled_from((b"", length_delimited(UNKNOWN, b"of the request"))))
def test_the_parts_are_the_request(shape: list[list[list[int]]], limit: int, unknown: bytes) -> None:
    data = build(shape, unknown=unknown)
    records = count_records(parse_request(data))
    parts = parts_of(data, records, limit)
    if len(data) <= limit:
        assert parts == [(data, records)]
        return
    assert [item for part in parts for item in flattened(part.data)] == flattened(data)
    assert [part.records for part in parts] == [len(records_of(part.data)) for part in parts]
    for part in parts:
        assert part.records >= 1
        assert len(part.data) <= limit or part.records == 1
        assert [part.data[f.start : f.end] for f in fields(part.data) if f.number == UNKNOWN] == [unknown][
            : bool(unknown)
        ]
        for resource in LogsRequest.FromString(part.data).resource_logs:
            assert resource.scope_logs
            assert all(scope.log_records for scope in resource.scope_logs)


@given(st.integers(20, 60), st.integers(200, 900))
def test_the_parts_are_few(records: int, limit: int) -> None:
    data = build([[[30] * records]])
    parts = parts_of(data, records, limit)
    overhead = len(build([[[]]])) + 48
    if len(parts) > 1:
        assert len(parts) <= records * (30 + 32) // max(1, limit - overhead - 62) + 1


def test_a_record_over_the_limit_is_a_part_of_its_own_between_the_others() -> None:
    data = build([[[10, 5000, 10]]])
    parts = parts_of(data, 3, 1000)
    assert [part.records for part in parts] == [1, 1, 1]
    assert [LogRecord.FromString(records_of(part.data)[0]).body.string_value[0] for part in parts] == ["0", "1", "2"]


def test_a_request_of_empty_envelopes_alone_has_no_parts() -> None:
    assert parts_of(build([[[]], []] * 50), 0, 100) == []
