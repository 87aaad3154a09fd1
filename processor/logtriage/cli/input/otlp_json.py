"""Read OTLP JSON: the file format of the Collector's file exporter, one request a line, or one document.

OTLP specification, "JSON Protobuf Encoding": lowerCamelCase keys, 64-bit integers as strings, numbers for enums.
Records become the same views as in the service, so that they get the same fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.select import Selector
from logtriage.pipeline.views import view_of_record, view_of_resource
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity

_IDS = ("traceId", "spanId")
"""Hex in OTLP JSON, base64 in protobuf's: a prompt has no use for them."""


def views_of_otlp(document: dict[str, Any], *, service_name: str = "") -> Iterator[RecordView | str]:
    """Yield the records of one request; for one that is not what the specification says, why.

    ``service_name`` serves resources that name no service.
    """
    selector = Selector(min_severity=Severity.DEBUG, read_body=True)
    for resource_logs in _list(document, "resourceLogs"):
        try:
            resource = _resource(resource_logs, service_name)
        except (ParseError, ValueError) as error:
            yield f"has a resource that is no OTLP JSON: {_first_line(error)}"
            resource = view_of_resource([], [])
        for scope_logs in _list(resource_logs, "scopeLogs"):
            for item in _list(scope_logs, "logRecords"):
                yield _view(item, resource, selector)


def _resource(resource_logs: object, service_name: str) -> ResourceView:
    found = (resource_logs.get("resource") if isinstance(resource_logs, dict) else None) or {}
    resource = ParseDict(found, Resource(), ignore_unknown_fields=True)
    if service_name and not any(pair.key == "service.name" for pair in resource.attributes):
        resource.attributes.add(key="service.name").value.string_value = service_name
    return view_of_resource([resource.SerializeToString()], [])


def _view(item: object, resource: ResourceView, selector: Selector) -> RecordView | str:
    if not isinstance(item, dict):
        return "has a log record that is no JSON object"
    try:
        known = {key: value for key, value in item.items() if key not in _IDS}
        message = ParseDict(known, LogRecord(), ignore_unknown_fields=True)
        record = Record.FromString(message.SerializeToString())
    except (ParseError, ValueError) as error:
        return f"has a log record that is no OTLP JSON: {_first_line(error)}"
    return view_of_record(record, level=selector.level_of(record), resource=resource, tenant=b"")


def _list(parent: object, key: str) -> list[Any]:
    value = parent.get(key) if isinstance(parent, dict) else None
    return value if isinstance(value, list) else []


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200].encode("ascii", "backslashreplace").decode()
