"""Log records as bytes, in the orders that senders write them."""

from __future__ import annotations

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from logtriage.pipeline.fields import fields

COLLECTOR_ORDER = (12, 10, 9, 8, 7, 6, 5, 3, 2, 11, 1)
"""The order in which the Collector's pdata (since v0.134) writes the fields of a LogRecord."""

TIME = 1_795_000_000_000_000_000


def record(
    body: str = "boom",
    *,
    number: int = 17,
    text: str = "ERROR",
    attributes: dict[str, object] | None = None,
    **more: object,
) -> LogRecord:
    """Build a record as an SDK would."""
    more.setdefault("time_unix_nano", TIME)
    more.setdefault("observed_time_unix_nano", TIME + 5)
    return LogRecord(
        severity_number=number,  # type: ignore[arg-type]
        severity_text=text,
        body=AnyValue(string_value=body),
        attributes=[key_value(key, value) for key, value in (attributes or {}).items()],
        **more,  # type: ignore[arg-type]
    )


def key_value(key: str, value: object) -> KeyValue:
    """Build an attribute."""
    match value:
        case bool():
            return KeyValue(key=key, value=AnyValue(bool_value=value))
        case int():
            return KeyValue(key=key, value=AnyValue(int_value=value))
        case float():
            return KeyValue(key=key, value=AnyValue(double_value=value))
        case AnyValue():
            return KeyValue(key=key, value=value)
    return KeyValue(key=key, value=AnyValue(string_value=str(value)))


def in_collector_order(ascending: bytes) -> bytes:
    """Write the top-level fields as the Collector does; fields it does not know come first, as they were."""
    parts: dict[int, list[bytes]] = {}
    for field in fields(ascending):
        parts.setdefault(field.number, []).append(ascending[field.start : field.end])
    unknown = [part for number in parts if number not in COLLECTOR_ORDER for part in parts[number]]
    return b"".join(unknown + [part for number in COLLECTOR_ORDER for part in parts.get(number, [])])


def request(*records: LogRecord | bytes, service: str = "checkout", **resource: str) -> bytes:
    """Put records into one request of one service."""
    scope = ScopeLogs()
    envelope = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope])])
    attributes = {"service.name": service, **{key.replace("_", "."): value for key, value in resource.items()}}
    envelope.resource_logs[0].resource.attributes.extend(key_value(key, value) for key, value in attributes.items())
    return raw_request([item if isinstance(item, bytes) else item.SerializeToString() for item in records], envelope)


def raw_request(records: list[bytes], envelope: ExportLogsServiceRequest) -> bytes:
    """Put record bytes into the first scope of a request, untouched."""
    from logtriage.pipeline.wire import parse_request

    split = parse_request(envelope.SerializeToString())
    split.resource_logs[0].scope_logs[0].log_records.extend(records)
    return split.SerializeToString()


def records_of(data: bytes) -> list[bytes]:
    """Give the records of a request as the bytes they are."""
    from logtriage.pipeline.wire import parse_request

    return [
        bytes(item)
        for resource_logs in parse_request(data).resource_logs
        for scope_logs in resource_logs.scope_logs
        for item in scope_logs.log_records
    ]


def attributes_of(item: LogRecord) -> dict[str, object]:
    """Give the attributes of a record as plain values; a list for an array."""
    return {attribute.key: plain(attribute.value) for attribute in item.attributes}


def plain(value: AnyValue) -> object:
    """Give an AnyValue as a plain value."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(inner) for inner in value.array_value.values]
    if kind == "kvlist_value":
        return {inner.key: plain(inner.value) for inner in value.kvlist_value.values}
    return getattr(value, kind) if kind else None
