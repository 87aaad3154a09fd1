"""The wire: a request split down to its records by the projection of OTLP, each record as the bytes it came in.

``request.resource_logs[i].scope_logs[j].log_records[k]`` is ``bytes``. Unknown fields, messages written in pieces and
bad UTF-8 survive. ``tests/property/test_wire.py`` holds it equal to full parsing.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest, LogsResponse, PartialSuccess, Record
from logtriage.errors import NotProtobufError

INCOMING_MARK = b"logtriage."
"""A request without these bytes carries no attribute of ours: one search instead of looking at every key."""


def parse_request(data: bytes) -> LogsRequest:
    """Split a request.

    Raises:
        NotProtobufError: the bytes are no ExportLogsServiceRequest down to the records.
    """
    try:
        return LogsRequest.FromString(data)
    except DecodeError as error:
        raise NotProtobufError("the bytes are not an ExportLogsServiceRequest") from error


def parse_record(data: bytes) -> Record | None:
    """Read the fields that selection and triage look at; None if the bytes are no LogRecord."""
    try:
        return Record.FromString(data)
    except DecodeError:
        return None


def count_records(request: LogsRequest) -> int:
    """Count the records of a split request."""
    return sum(len(scope.log_records) for resource in request.resource_logs for scope in resource.scope_logs)


def response_bytes(rejected_log_records: int, error_message: bytes) -> bytes:
    """Build an ExportLogsServiceResponse; without a rejection or a message it is empty, as the specification asks."""
    response = LogsResponse()
    if rejected_log_records or error_message:
        response.partial_success.rejected_log_records = rejected_log_records
        response.partial_success.error_message = error_message
    return response.SerializeToString()


def partial_success_of(response: bytes) -> PartialSuccess:
    """Read what downstream rejected; empty if nothing, or if the answer cannot be read: it came with OK all the same.

    The records of such an answer are delivered: a sender that cannot read it either would take them for lost.
    """
    try:
        return LogsResponse.FromString(response).partial_success
    except DecodeError:
        return PartialSuccess()
