"""Let the severity of a record follow its verdict: both OTLP fields and stale level attributes, the originals kept."""

from __future__ import annotations

from collections.abc import Sequence

from logtriage.pipeline.edits import NewLevels, edited, with_severity
from logtriage.pipeline.fragment import AttributeValue
from logtriage.pipeline.level_attributes import stale_levels
from logtriage.pipeline.said_severity import Said
from logtriage.pipeline.telling_attributes import Telling
from logtriage.schema import attributes as names
from logtriage.schema.severity import Severity

MAX_ORIGINAL_TEXT_BYTES = 1024
"""Of a severity text that is kept: what a sender writes there has no limit, what backends take has."""

_NO_LEVELS: tuple[NewLevels, bytes] = {}, b""


def overridden(
    raw: bytes, said: Said, attributes: Sequence[Telling], severity: Severity
) -> tuple[bytes, tuple[tuple[str, AttributeValue], ...]]:
    """Set both severity fields and each stale level attribute; give the originals of what changed as attributes."""
    levels, original_level = stale_levels(attributes, severity) if attributes else _NO_LEVELS
    if not levels and said.already_is(severity):
        return raw, ()
    originals: list[tuple[str, AttributeValue]] = []
    if levels:
        originals.append((names.ORIGINAL_LEVEL, original_level.decode("utf-8", "replace")))
        if said.already_is(severity):
            return edited(raw, severity=None, levels=levels, strip=False), tuple(originals)
    numbers, texts = said.numbers, said.texts
    text = texts[-1] if texts else b""
    originals += [
        (names.ORIGINAL_SEVERITY_NUMBER, numbers[-1] if numbers else 0),
        (names.ORIGINAL_SEVERITY_TEXT, text[:MAX_ORIGINAL_TEXT_BYTES].decode("utf-8", "replace")),
    ]
    if levels or len(numbers) > 1 or len(texts) > 1:
        return edited(raw, severity=severity, levels=levels, strip=False), tuple(originals)
    return with_severity(raw, severity, numbers=len(numbers), text=texts[0] if texts else None), tuple(originals)
