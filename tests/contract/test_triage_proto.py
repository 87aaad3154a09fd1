"""The protobuf files say what the code says: the report and its enums, and the numbers of OTLP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.resource.v1 import resource_pb2

from logtriage._pb.logtriage.v1 import triage_pb2
from logtriage._pb.logtriage.wire.v1 import projection_pb2
from logtriage.schema.category import Category
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

PROTO = Path(__file__).parents[2] / "proto" / "logtriage"


def test_the_nine_categories_are_the_same_in_the_same_order() -> None:
    values = triage_pb2.DESCRIPTOR.enum_types_by_name["Category"].values
    assert [(value.name, value.number) for value in values] == [
        ("CATEGORY_UNSPECIFIED", 0),
        *((f"CATEGORY_{category.name}", i) for i, category in enumerate(Category, 1)),
    ]
    assert len(Category) == 9
    assert all(category.value == category.name.lower() for category in Category)


def test_the_severities_are_the_same_with_the_numbers_of_otlp() -> None:
    values = triage_pb2.DESCRIPTOR.enum_types_by_name["Severity"].values
    assert {value.name: value.number for value in values} == {
        "SEVERITY_UNSPECIFIED": 0,
        **{f"SEVERITY_{severity.name}": severity.number for severity in Severity},
    }
    for severity in Severity:
        assert logs_pb2.SeverityNumber.Value(f"SEVERITY_NUMBER_{severity.name}") == severity.number


def test_the_report_has_the_same_fields_in_the_same_order() -> None:
    fields = triage_pb2.TriageReport.DESCRIPTOR.fields
    assert [field.name for field in fields] == list(TriageReport.model_fields)
    assert [field.number for field in fields] == list(range(1, len(fields) + 1))
    kinds = {field.name: (field.type, field.is_repeated) for field in fields}
    assert kinds == {
        "category": (FieldDescriptor.TYPE_ENUM, False),
        "severity": (FieldDescriptor.TYPE_ENUM, False),
        "confidence": (FieldDescriptor.TYPE_DOUBLE, False),
        "evidence": (FieldDescriptor.TYPE_STRING, True),
        "reasoning_trace": (FieldDescriptor.TYPE_STRING, False),
        "suggested_action": (FieldDescriptor.TYPE_STRING, False),
        "is_actionable_for_oncall": (FieldDescriptor.TYPE_BOOL, False),
    }


def test_the_proto_file_is_what_the_generated_code_was_made_from() -> None:
    source = (PROTO / "v1" / "triage.proto").read_text()
    named = re.findall(r"^  CATEGORY_(\w+) = (\d+);", source, re.MULTILINE)
    assert [(f"CATEGORY_{name}", int(number)) for name, number in named] == [
        (value.name, value.number) for value in triage_pb2.DESCRIPTOR.enum_types_by_name["Category"].values
    ]


PROJECTED: dict[str, Descriptor] = {
    "LogsRequest": logs_service_pb2.ExportLogsServiceRequest.DESCRIPTOR,
    "ResourceLogs": logs_pb2.ResourceLogs.DESCRIPTOR,
    "ScopeLogs": logs_pb2.ScopeLogs.DESCRIPTOR,
    "RecordSeverity": logs_pb2.LogRecord.DESCRIPTOR,
    "Record": logs_pb2.LogRecord.DESCRIPTOR,
    "RecordPieces": logs_pb2.LogRecord.DESCRIPTOR,
    "KeyValue": common_pb2.KeyValue.DESCRIPTOR,
    "AnyValue": common_pb2.AnyValue.DESCRIPTOR,
    "ArrayValue": common_pb2.ArrayValue.DESCRIPTOR,
    "KeyValueList": common_pb2.KeyValueList.DESCRIPTOR,
    "Resource": resource_pb2.Resource.DESCRIPTOR,
    "Scope": common_pb2.InstrumentationScope.DESCRIPTOR,
    "LogsResponse": logs_service_pb2.ExportLogsServiceResponse.DESCRIPTOR,
    "PartialSuccess": logs_service_pb2.ExportLogsPartialSuccess.DESCRIPTOR,
}

WIRE_TYPES = {
    FieldDescriptor.TYPE_ENUM: 0,
    FieldDescriptor.TYPE_BOOL: 0,
    FieldDescriptor.TYPE_INT32: 0,
    FieldDescriptor.TYPE_INT64: 0,
    FieldDescriptor.TYPE_DOUBLE: 1,
    FieldDescriptor.TYPE_FIXED64: 1,
    FieldDescriptor.TYPE_STRING: 2,
    FieldDescriptor.TYPE_BYTES: 2,
    FieldDescriptor.TYPE_MESSAGE: 2,
}


def test_every_message_of_the_projection_is_compared() -> None:
    assert set(projection_pb2.DESCRIPTOR.message_types_by_name) == set(PROJECTED)


@pytest.mark.parametrize("name", PROJECTED)
def test_the_projection_has_the_numbers_and_wire_types_of_otlp(name: str) -> None:
    ours, theirs = projection_pb2.DESCRIPTOR.message_types_by_name[name], PROJECTED[name]
    for field in ours.fields:
        original = theirs.fields_by_name[field.name]
        assert field.number == original.number
        assert WIRE_TYPES[field.type] == WIRE_TYPES[original.type]
        assert not (field.is_repeated and field.is_packed)
        if original.is_repeated:
            assert field.is_repeated


def test_no_string_of_the_projection_is_checked_for_utf8() -> None:
    for message in projection_pb2.DESCRIPTOR.message_types_by_name.values():
        assert all(field.type != FieldDescriptor.TYPE_STRING for field in message.fields)
