"""Split an outgoing request into parts that each stay under the size a receiver accepts (4 MiB by gRPC's default)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest, ResourceLogs, ScopeLogs
from logtriage.pipeline.fields import fields
from logtriage.pipeline.wire import count_records, parse_request

_RESOURCE_LOGS = 1
_OVERHEAD_BYTES = 16
"""Tags and lengths that one more nested message may add."""


class Part(NamedTuple):
    """One request to send, with the number of its records."""

    data: bytes
    records: int


def parts_of(data: bytes, records: int, max_bytes: int) -> list[Part]:
    """Give the request itself if it is small enough, else parts, each record still as it came, in their order.

    A single record larger than ``max_bytes`` is a part of its own: downstream decides about it.
    """
    if len(data) <= max_bytes:
        return [Part(data, records)]
    request = parse_request(data)
    unknown = b"".join(data[field.start : field.end] for field in fields(data) if field.number != _RESOURCE_LOGS)
    parts = _split(request, max_bytes - len(unknown))
    return [Part(unknown + part.SerializeToString(), count_records(part)) for part in parts]


def slice_of(request: LogsRequest, first: int, records: int) -> LogsRequest:
    """Give ``records`` records of a request, from the ``first`` on, under their resources and scopes."""
    part = LogsRequest()
    position, last = 0, first + records
    for resource_logs in request.resource_logs:
        target_resource: ResourceLogs | None = None
        for scope_logs in resource_logs.scope_logs:
            start, end = max(first - position, 0), last - position
            position += len(scope_logs.log_records)
            wanted = scope_logs.log_records[start:end] if end > 0 else []
            if not wanted:
                continue
            if target_resource is None:
                target_resource = part.resource_logs.add()
                target_resource.CopyFrom(envelope_of_resource(resource_logs))
            target_scope = target_resource.scope_logs.add()
            target_scope.CopyFrom(envelope_of_scope(scope_logs))
            target_scope.log_records.extend(wanted)
    return part


def _split(request: LogsRequest, max_bytes: int) -> Iterator[LogsRequest]:
    part = LogsRequest()
    size = 0
    for resource_logs in request.resource_logs:
        resource_envelope = envelope_of_resource(resource_logs)
        resource_size = resource_envelope.ByteSize() + _OVERHEAD_BYTES
        target_resource: ResourceLogs | None = None
        for scope_logs in resource_logs.scope_logs:
            scope_envelope = envelope_of_scope(scope_logs)
            scope_size = scope_envelope.ByteSize() + _OVERHEAD_BYTES
            target_scope: ScopeLogs | None = None
            for record in scope_logs.log_records:
                needed = len(record) + _OVERHEAD_BYTES
                needed += 0 if target_scope is not None else scope_size
                needed += 0 if target_resource is not None else resource_size
                if size and size + needed > max_bytes:
                    yield part
                    part, size = LogsRequest(), 0
                    target_resource = target_scope = None
                    needed = len(record) + _OVERHEAD_BYTES + scope_size + resource_size
                if target_resource is None:
                    target_resource = part.resource_logs.add()
                    target_resource.CopyFrom(resource_envelope)
                if target_scope is None:
                    target_scope = target_resource.scope_logs.add()
                    target_scope.CopyFrom(scope_envelope)
                target_scope.log_records.append(record)
                size += needed
    if size:
        yield part


def envelope_of_resource(resource_logs: ResourceLogs) -> ResourceLogs:
    """Copy all but the scopes: the resource, its schema URL, unknown fields."""
    envelope = ResourceLogs()
    envelope.CopyFrom(resource_logs)
    envelope.ClearField("scope_logs")
    return envelope


def envelope_of_scope(scope_logs: ScopeLogs) -> ScopeLogs:
    """Copy all but the records."""
    envelope = ScopeLogs()
    envelope.CopyFrom(scope_logs)
    envelope.ClearField("log_records")
    return envelope
