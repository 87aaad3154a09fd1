"""Selection: which records are judged, and at which level they call themselves.

The severity number decides; if it is 0, the severity text; if that is empty or no level word, the body or
``exception.type`` (container logs without a parser).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record, RecordPieces, RecordSeverity
from logtriage.pipeline.fields import MAX_FIELDS, has_more_fields
from logtriage.pipeline.said_severity import Said, SaidSeverities
from logtriage.pipeline.severity_scan import indexes_to_look_at
from logtriage.pipeline.telling_attributes import Telling, TellingAttributes
from logtriage.pipeline.values import body_text, body_text_of
from logtriage.schema.attributes import VERDICT_EVENT_NAME
from logtriage.schema.body_level import level_of_body
from logtriage.schema.severity import Severity

_CAN_HOLD_MANY_BYTES = 2 * MAX_FIELDS


class Selected(NamedTuple):
    """A record that is to be judged: its place in the scope, the level it calls itself, and what else decides.

    Of one with more than `MAX_FIELDS` fields ``record``, ``body`` and ``attributes`` are empty.
    """

    place: int
    level: Severity
    said: Said
    record: RecordPieces
    body: bytes
    attributes: Sequence[Telling]
    has_too_many_fields: bool = False

    @property
    def key_level(self) -> Severity:
        """The level in the fingerprint: FATAL also if text or attribute alone says so; it is never lowered."""
        if self.said.says_fatal or any(attribute.level is Severity.FATAL for attribute in self.attributes):
            return Severity.FATAL
        return self.level


_VERDICT_EVENT = VERDICT_EVENT_NAME.encode()


class Selector:
    """Selects by severity. ``read_body``: look into the body where the severity fields say nothing."""

    def __init__(self, *, min_severity: Severity, read_body: bool) -> None:
        self._judged = tuple(severity for severity in Severity if not severity.is_less_urgent_than(min_severity))
        self._min_number = 1 if min_severity is Severity.DEBUG else min_severity.number
        self._read_body = read_body
        self._attributes = TellingAttributes()
        self._said = SaidSeverities()

    def select(self, records: Sequence[bytes]) -> list[Selected]:
        """Give the records to be judged, in order. Bytes that are no LogRecord are not selected."""
        selected = []
        for index in indexes_to_look_at(records, self._min_number):
            raw = records[index]
            is_large = len(raw) > _CAN_HOLD_MANY_BYTES and has_more_fields(raw, MAX_FIELDS)
            try:
                record = _severity_only(raw) if is_large else RecordPieces.FromString(raw)
                body = body_text_of(record.body)
                attributes = self._attributes.among(record.attributes)
            except DecodeError:
                continue
            said = self._said.read(tuple(record.severity_number), tuple(record.severity_text))
            level = said.level
            if level is None and self._read_body:
                level = _level_of_content(body, (attribute.key for attribute in attributes))
            if level in self._judged and not _is_verdict_event(record, level):
                selected.append(Selected(index, level, said, record, body, attributes, is_large))
        return selected

    def level_of(self, record: Record) -> Severity | None:
        """Read the level that a record calls itself; None if nothing tells."""
        level = Said(tuple(record.severity_number), tuple(record.severity_text)).level
        if level is None and self._read_body:
            return _level_of_content(body_text(record), (attribute.key for attribute in record.attributes))
        return level


def _is_verdict_event(record: RecordPieces, level: Severity) -> bool:
    """Tell whether a record is an event of ours or a replica's: never judged, unless it says ERROR (forged)."""
    return record.event_name == _VERDICT_EVENT and level.is_less_urgent_than(Severity.ERROR)


def _level_of_content(body: bytes, attribute_keys: Iterable[bytes]) -> Severity | None:
    level = level_of_body(body)
    return Severity.ERROR if level is None and b"exception.type" in attribute_keys else level


def _severity_only(raw: bytes) -> RecordPieces:
    severity = RecordSeverity.FromString(raw)
    return RecordPieces(severity_number=severity.severity_number[-1:], severity_text=severity.severity_text[-1:])
