"""Let the severity of a record follow its verdict: both OTLP fields and stale level attributes, the originals kept."""

from __future__ import annotations

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.edits import edited, with_severity
from logtriage.pipeline.fragment import AttributeValue
from logtriage.pipeline.level_attributes import stale_levels
from logtriage.schema import attributes as names
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word

MAX_ORIGINAL_TEXT_BYTES = 1024
"""Of a severity text that is kept: what a sender writes there has no limit, what backends take has."""


def already_says(record: Record, severity: Severity) -> bool:
    """Tell whether both severity fields say what the verdict says; a text that is no level word says nothing."""
    numbers, texts = record.severity_number, record.severity_text
    if len(numbers) != 1 or len(texts) > 1 or severity_of_number(numbers[0]) is not severity:
        return False
    if not texts or not texts[0]:
        return True
    told = severity_of_word(texts[0].decode("utf-8", "replace"))
    return told is None or told is severity


def overridden(raw: bytes, record: Record, severity: Severity) -> tuple[bytes, tuple[tuple[str, AttributeValue], ...]]:
    """Set both severity fields and each stale level attribute; give the originals of what changed as attributes."""
    levels, original_level = stale_levels(record, severity)
    originals: list[tuple[str, AttributeValue]] = []
    if levels:
        originals.append((names.ORIGINAL_LEVEL, original_level.decode("utf-8", "replace")))
    if already_says(record, severity):
        return (edited(raw, severity=None, levels=levels, strip=False) if levels else raw), tuple(originals)
    numbers, texts = record.severity_number, record.severity_text
    text = texts[-1] if texts else b""
    originals += [
        (names.ORIGINAL_SEVERITY_NUMBER, numbers[-1] if numbers else 0),
        (names.ORIGINAL_SEVERITY_TEXT, text[:MAX_ORIGINAL_TEXT_BYTES].decode("utf-8", "replace")),
    ]
    if levels or len(numbers) > 1 or len(texts) > 1:
        return edited(raw, severity=severity, levels=levels, strip=False), tuple(originals)
    return with_severity(raw, severity, numbers=len(numbers), text=texts[0] if texts else None), tuple(originals)
