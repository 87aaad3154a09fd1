"""What the schema says of the attributes of one record that left LogTriage, as assertions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from e2e.transit import as_it_was, triage_attributes
from logtriage.schema import attributes
from logtriage.schema.category import Category
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word

TYPES: dict[str, type] = {
    attributes.CONFIDENCE: float,
    attributes.IS_ACTIONABLE_FOR_ONCALL: bool,
    attributes.SHADOW_IS_ACTIONABLE_FOR_ONCALL: bool,
    attributes.EVIDENCE: list,
    attributes.ORIGINAL_SEVERITY_NUMBER: int,
}
ALWAYS = {attributes.IS_ACTIONABLE_FOR_ONCALL, attributes.STATUS, attributes.FINGERPRINT}
WITH_A_VERDICT = {
    attributes.CATEGORY,
    attributes.SEVERITY,
    attributes.CONFIDENCE,
    attributes.ENGINE,
    attributes.FIRST_SEEN,
    attributes.VERDICT_ID,
}


def assert_untouched(record: LogRecord) -> None:
    """Check that a record that was not selected carries none of our attributes."""
    assert not triage_attributes(record), f"not selected, and yet: {triage_attributes(record)}"


def assert_judged(record: LogRecord) -> dict[str, Any]:
    """Check the verdict on a selected record, and that its severity fields follow it; give the attributes."""
    triage = triage_attributes(record)
    assert set(triage) <= set(attributes.ALL_ATTRIBUTES), set(triage) - set(attributes.ALL_ATTRIBUTES)
    assert set(triage) >= ALWAYS | WITH_A_VERDICT, (ALWAYS | WITH_A_VERDICT) - set(triage)
    for name, value in triage.items():
        assert type(value) is TYPES.get(name, str), (name, value)
        assert value != "" or name == attributes.ORIGINAL_SEVERITY_TEXT, f"`{name}` is empty"
    assert triage[attributes.STATUS] in list(Status)
    assert triage[attributes.STATUS] != Status.SKIPPED
    assert triage[attributes.ENGINE] in list(EngineName)
    assert triage.get(attributes.REASON, Reason.GUARDED) in list(Reason)
    assert triage[attributes.CATEGORY] in list(Category)
    assert 0 <= triage[attributes.CONFIDENCE] <= 1
    assert round(triage[attributes.CONFIDENCE], 3) == triage[attributes.CONFIDENCE]
    assert len(triage[attributes.FINGERPRINT]) == 16
    assert int(triage[attributes.FINGERPRINT], 16) >= 0
    assert datetime.fromisoformat(triage[attributes.FIRST_SEEN]).tzinfo is not None
    if triage[attributes.CATEGORY] == Category.NOISE:
        assert not triage[attributes.IS_ACTIONABLE_FOR_ONCALL]
    _assert_quotes(record, triage)
    _assert_severity(record, triage)
    return triage


def _assert_quotes(record: LogRecord, triage: dict[str, Any]) -> None:
    evidence = triage.get(attributes.EVIDENCE, [])
    assert len(evidence) <= attributes.MAX_EVIDENCE_PIECES
    own_bytes = as_it_was(record).SerializeToString()
    for piece in evidence:
        assert len(piece) <= attributes.MAX_EVIDENCE_CHARACTERS
        assert len(piece.encode()) >= attributes.MIN_EVIDENCE_BYTES
        assert piece.encode() in own_bytes, f"quoted, but not in the record: {piece!r}"
    assert len(triage.get(attributes.REASONING_TRACE, "")) <= attributes.MAX_REASONING_CHARACTERS
    assert len(triage.get(attributes.SUGGESTED_ACTION, "")) <= attributes.MAX_ACTION_CHARACTERS


def _assert_severity(record: LogRecord, triage: dict[str, Any]) -> None:
    judged = Severity(triage[attributes.SEVERITY])
    assert severity_of_number(record.severity_number) == judged, (record.severity_number, judged)
    if attributes.ORIGINAL_SEVERITY_NUMBER in triage:
        assert record.severity_text == judged
    words = [record.severity_text, *(pair.value.string_value for pair in record.attributes if pair.key == "level")]
    for word in words:
        assert severity_of_word(word) in (judged, None), (word, judged)
