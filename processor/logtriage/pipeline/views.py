"""Build the small frozen views that triage sees from the records on the wire."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, Record, Resource, Scope
from logtriage.pipeline.fields import MAX_FIELDS, has_more_fields
from logtriage.pipeline.values import body_text, is_container, leaves, rendered, scalar_text
from logtriage.schema.record import RecordView, ResourceView, resource_view
from logtriage.schema.severity import Severity

MAX_RENDERED_CONTAINERS = 32
"""Of the maps and arrays among a record's attributes; those that come later have no text."""


def view_of_resource(pieces: list[bytes], scope_pieces: list[bytes]) -> ResourceView:
    """Read a resource (in pieces, merged as protobuf merges) and count what it and the scope add to each record."""
    joined, scope_joined = b"".join(pieces), b"".join(scope_pieces)
    attributes: dict[bytes, bytes] = {}
    entries = 0
    size_bytes = len(joined) + len(scope_joined)
    if has_more_fields(joined, MAX_FIELDS) or has_more_fields(scope_joined, MAX_FIELDS):
        return resource_view(attributes, entries=MAX_FIELDS, size_bytes=size_bytes)
    try:
        for attribute in Resource.FromString(joined).attributes:
            attributes.setdefault(attribute.key, scalar_text(attribute.value))
            entries += entries_of(attribute.value)
    except DecodeError:
        pass
    try:
        entries += sum(entries_of(attribute.value) for attribute in Scope.FromString(scope_joined).attributes)
    except DecodeError:
        pass
    return resource_view(attributes, entries=entries, size_bytes=size_bytes)


def entries_of(value: AnyValue) -> int:
    """Count the entries that one attribute becomes in a backend that flattens maps."""
    return max(1, len(leaves(value))) if value.WhichOneof("value") == "kvlist_value" else 1


def view_of_record(record: Record, *, level: Severity | None, resource: ResourceView, tenant: bytes) -> RecordView:
    """Build the whole view, all attributes as text: for a record that is judged."""
    attributes: dict[bytes, bytes] = {}
    containers = 0
    for attribute in record.attributes:
        containers += is_container(attribute.value)
        if containers <= MAX_RENDERED_CONTAINERS or not is_container(attribute.value):
            attributes.setdefault(attribute.key, scalar_text(attribute.value))
    spans: tuple[tuple[int, int], ...] | None = None
    body = body_text(record)
    if is_container(record.body):
        body, spans = rendered(leaves(record.body))
    elif record.body.WhichOneof("value") != "string_value":
        spans = ()
    return RecordView(
        resource=resource,
        body=body,
        verbatim_spans=spans,
        attributes=attributes,
        severity_number=record.severity_number[-1] if record.severity_number else 0,
        severity_text=record.severity_text[-1] if record.severity_text else b"",
        level=level,
        event_name=record.event_name,
        time_unix_nano=record.time_unix_nano or record.observed_time_unix_nano,
        tenant=tenant,
    )
