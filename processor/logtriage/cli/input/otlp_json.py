"""Read OTLP JSON: the file format of the Collector's file exporter, one request a line, or one document.

OTLP specification, "JSON Protobuf Encoding": lowerCamelCase keys, 64-bit integers as strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from logtriage.schema.body_level import level_of_body
from logtriage.schema.record import RecordView, resource_view
from logtriage.schema.severity import severity_of_number, severity_of_word


def is_otlp(document: object) -> bool:
    """Tell whether a JSON document is an ExportLogsServiceRequest."""
    return isinstance(document, dict) and isinstance(document.get("resourceLogs"), list)


def views_of_otlp(document: dict[str, Any]) -> Iterator[RecordView]:
    """Yield the records of one request.

    Raises:
        ValueError: a record is not what the specification says.
    """
    try:
        for resource_logs in document["resourceLogs"]:
            attributes = _attributes(resource_logs.get("resource", {}).get("attributes", []))
            resource = resource_view(attributes)
            for scope_logs in resource_logs.get("scopeLogs", []):
                for item in scope_logs.get("logRecords", []):
                    number = int(item.get("severityNumber", 0))
                    text = str(item.get("severityText", ""))
                    body = _text(item.get("body", {}))
                    yield RecordView(
                        resource=resource,
                        body=body,
                        attributes=_attributes(item.get("attributes", [])),
                        severity_number=number,
                        severity_text=text.encode(),
                        level=severity_of_number(number) or severity_of_word(text) or level_of_body(body),
                        event_name=str(item.get("eventName", "")).encode(),
                        time_unix_nano=int(item.get("timeUnixNano") or item.get("observedTimeUnixNano") or 0),
                    )
    except (AttributeError, TypeError, KeyError) as error:
        raise ValueError(f"is no OTLP JSON: {type(error).__name__}") from error


def _attributes(pairs: list[dict[str, Any]]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for pair in pairs:
        found.setdefault(str(pair["key"]).encode(), _text(pair.get("value", {})))
    return found


def _text(value: dict[str, Any], depth: int = 0) -> bytes:
    if depth > 32 or not value:
        return b""
    if "stringValue" in value:
        return str(value["stringValue"]).encode("utf-8", "replace")
    if "boolValue" in value:
        return b"true" if value["boolValue"] else b"false"
    if "arrayValue" in value:
        return b"\n".join(_text(item, depth + 1) for item in value["arrayValue"].get("values", []))
    if "kvlistValue" in value:
        pairs = value["kvlistValue"].get("values", [])
        return b"\n".join(str(pair["key"]).encode() + b"=" + _text(pair.get("value", {}), depth + 1) for pair in pairs)
    for kind in ("intValue", "doubleValue", "bytesValue"):
        if kind in value:
            return str(value[kind]).encode()
    return b""
