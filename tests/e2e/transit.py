"""Compare records before and after LogTriage: who arrived, what changed, and is what was added fit for the schema.

A record that was judged is put back as it was (:func:`as_it_was`) from its own attributes; then it must equal what was
sent in every field, whatever order the fields were written in.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from logtriage.schema import attributes

VERDICT_EVENT = "logtriage.verdict"
ID_ATTRIBUTE = "test.record.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A record with the resource and scope it travelled under."""

    resource: Resource
    resource_schema_url: str
    scope: InstrumentationScope
    scope_schema_url: str
    record: LogRecord


def records_of(requests: Iterable[ExportLogsServiceRequest]) -> Iterator[Passed]:
    """Walk all records; LogTriage's own events (a verdict that is new or changed) are left out."""
    for request in requests:
        for resource_logs in request.resource_logs:
            for scope_logs in resource_logs.scope_logs:
                for record in scope_logs.log_records:
                    if record.event_name != VERDICT_EVENT:
                        yield Passed(
                            resource=resource_logs.resource,
                            resource_schema_url=resource_logs.schema_url,
                            scope=scope_logs.scope,
                            scope_schema_url=scope_logs.schema_url,
                            record=record,
                        )


def requests_in_file(path: Path) -> list[ExportLogsServiceRequest]:
    """Read what the file exporter wrote, one request in OTLP JSON a line; a line that has no end yet is left out."""
    requests = []
    for line in path.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            tree = json.loads(line)
            _hex_to_base64(tree)
            requests.append(json_format.ParseDict(tree, ExportLogsServiceRequest()))
    return requests


def _hex_to_base64(node: Any) -> None:
    """OTLP JSON writes trace and span ids in hex, protobuf's JSON reads bytes in base64."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("traceId", "spanId") and isinstance(value, str):
                node[key] = base64.b64encode(bytes.fromhex(value)).decode()
            else:
                _hex_to_base64(value)
    elif isinstance(node, list):
        for value in node:
            _hex_to_base64(value)


def triage_attributes(record: LogRecord) -> dict[str, Any]:
    """Give the `logtriage.*` attributes of a record as Python values; a name that stands twice is a fault."""
    found: dict[str, Any] = {}
    for pair in record.attributes:
        if pair.key.startswith(attributes.PREFIX):
            assert pair.key not in found, f"`{pair.key}` stands twice"
            kind = pair.value.WhichOneof("value")
            if kind == "array_value":
                found[pair.key] = [element.string_value for element in pair.value.array_value.values]
            else:
                found[pair.key] = getattr(pair.value, kind) if kind else None
    return found


def identity_of(record: LogRecord) -> str:
    """Give the id that the test put on the record; empty if there is none."""
    return next((pair.value.string_value for pair in record.attributes if pair.key == ID_ATTRIBUTE), "")


def as_it_was(record: LogRecord) -> LogRecord:
    """Undo what LogTriage says it did to the record."""
    triage = triage_attributes(record)
    was = LogRecord()
    was.CopyFrom(record)
    del was.attributes[:]
    original_level = triage.get(attributes.ORIGINAL_LEVEL)
    for pair in record.attributes:
        if pair.key.startswith(attributes.PREFIX):
            continue
        kept = was.attributes.add()
        kept.CopyFrom(pair)
        if pair.key == "level" and original_level is not None:
            kept.value.string_value = original_level
    if attributes.ORIGINAL_SEVERITY_NUMBER in triage:
        was.severity_number = triage[attributes.ORIGINAL_SEVERITY_NUMBER]
        was.severity_text = triage.get(attributes.ORIGINAL_SEVERITY_TEXT, "")
    return was


def fields_of(passed: Passed) -> bytes:
    """Give every field of a record, its resource and its scope as bytes that do not depend on the order of fields."""
    parts = (
        passed.resource.SerializeToString(deterministic=True),
        passed.resource_schema_url.encode(),
        passed.scope.SerializeToString(deterministic=True),
        passed.scope_schema_url.encode(),
        as_it_was(passed.record).SerializeToString(deterministic=True),
    )
    return b"\x00\xff".join(parts)


def assert_same_records(sent: Iterable[Passed], arrived: Iterable[Passed]) -> None:
    """Fail unless each record sent arrived once, and equal in every field but for what triage says it changed."""
    before = Counter(fields_of(passed) for passed in sent)
    after = Counter(fields_of(passed) for passed in arrived)
    missing, added = before - after, after - before
    assert not missing, f"{missing.total()} of {before.total()} missing or changed, the first: {next(iter(missing))!r}"
    assert not added, f"{added.total()} more than the {before.total()} sent, the first: {next(iter(added))!r}"
