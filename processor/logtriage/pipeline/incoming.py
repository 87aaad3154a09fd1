"""What a record brings of our own attributes: taken away, or trusted where an instance before us wrote them."""

from __future__ import annotations

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.edits import without_incoming
from logtriage.pipeline.wire import INCOMING_MARK
from logtriage.schema import attributes as names

_STATUS = names.STATUS.encode()


def is_triaged(raw: bytes) -> bool:
    """Tell whether a trusted instance before us has annotated a record."""
    if _STATUS not in raw:
        return False
    return any(attribute.key == _STATUS for attribute in Record.FromString(raw).attributes)


def strip(records: list[bytes], target: object) -> bool:
    """Take incoming attributes of ours out of each record that has some, in the list and on the request."""
    has_changed = False
    for i, record in enumerate(records):
        if INCOMING_MARK in record:
            stripped = without_incoming(record)
            if stripped is not record:
                records[i] = target[i] = stripped  # type: ignore[index]
                has_changed = True
    return has_changed
