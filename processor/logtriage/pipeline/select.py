"""Selection: which records are judged, and at which level they call themselves.

The severity number decides; if it is 0, the severity text; if that is empty or no level word, the body or
``exception.type`` (container logs without a parser).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record, RecordSeverity
from logtriage.pipeline.fields import MAX_FIELDS, has_more_fields
from logtriage.pipeline.severity_scan import indexes_to_look_at
from logtriage.pipeline.values import body_text
from logtriage.pipeline.wire import parse_record
from logtriage.schema.body_level import level_of_body
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word

_PLAIN_ERRORS = frozenset((b"ERROR", b"error", b"Error"))
_CAN_HOLD_MANY_BYTES = 2 * MAX_FIELDS


@dataclass(frozen=True, slots=True)
class Selected:
    """A record that is to be judged: its index in the scope, its fields, the level it calls itself.

    Of one with more than `MAX_FIELDS` fields ``record`` holds the severity alone.
    """

    index: int
    record: Record
    level: Severity
    has_too_many_fields: bool = False

    @property
    def key_level(self) -> Severity:
        """The level in the fingerprint: FATAL also if the text alone says so, for such a record is never lowered."""
        texts = self.record.severity_text
        if not texts or texts[-1] in _PLAIN_ERRORS or self.level is Severity.FATAL:
            return self.level
        told = severity_of_word(texts[-1].decode("utf-8", "replace"))
        return Severity.FATAL if told is Severity.FATAL else self.level


class Selector:
    """Selects by severity. ``read_body``: look into the body where the severity fields say nothing."""

    def __init__(self, *, min_severity: Severity, read_body: bool) -> None:
        self._min_severity = min_severity
        self._min_number = 1 if min_severity is Severity.DEBUG else min_severity.number
        self._read_body = read_body

    def select(self, records: Sequence[bytes]) -> list[Selected]:
        """Give the records to be judged, in order. Bytes that are no LogRecord are not selected."""
        selected = []
        for index in indexes_to_look_at(records, self._min_number):
            raw = records[index]
            is_large = len(raw) > _CAN_HOLD_MANY_BYTES and has_more_fields(raw, MAX_FIELDS)
            record = _severity_only(raw) if is_large else parse_record(raw)
            if record is None:
                continue
            level = self.level_of(record)
            if level is not None and not level.is_less_urgent_than(self._min_severity):
                selected.append(Selected(index, record, level, is_large))
        return selected

    def level_of(self, record: Record) -> Severity | None:
        """Read the level that a record calls itself; None if nothing tells."""
        numbers = record.severity_number
        number = numbers[-1] if numbers else 0
        level = severity_of_number(number)
        if level is not None:
            return level
        texts = record.severity_text
        if texts and texts[-1]:
            level = severity_of_word(texts[-1].decode("utf-8", "replace"))
            if level is not None:
                return level
        if not self._read_body:
            return None
        level = level_of_body(body_text(record))
        if level is None and any(attribute.key == b"exception.type" for attribute in record.attributes):
            return Severity.ERROR
        return level


def _severity_only(raw: bytes) -> Record | None:
    try:
        severity = RecordSeverity.FromString(raw)
    except DecodeError:
        return None
    return Record(severity_number=severity.severity_number[-1:], severity_text=severity.severity_text[-1:])
