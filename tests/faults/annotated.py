"""Is a delivered record the one that was sent, but for what LogTriage is documented to change?

That is: attributes ``logtriage.*`` added; with ``logtriage.original_severity_*`` the two severity fields, and with
``logtriage.original_level`` the level attribute. With the originals put back it must be equal to what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.schema import attributes as names
from support.records import attributes_of

_LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Judged:
    """What our attributes on one delivered record say; empty words where there is none."""

    status: str
    reason: str
    engine: str
    category: str
    severity: str
    is_actionable: bool


def difference(delivered: LogRecord, sent: LogRecord) -> str:
    """Say in what a delivered record differs from the one that was sent; empty if it does not."""
    given = attributes_of(delivered)
    plain = LogRecord()
    plain.CopyFrom(delivered)
    del plain.attributes[:]
    plain.attributes.extend(one for one in delivered.attributes if not one.key.startswith(names.PREFIX))
    if names.ORIGINAL_SEVERITY_NUMBER in given:
        plain.severity_number = given[names.ORIGINAL_SEVERITY_NUMBER]  # type: ignore[assignment]
        plain.severity_text = str(given.get(names.ORIGINAL_SEVERITY_TEXT, ""))
    if names.ORIGINAL_LEVEL in given:
        for one in plain.attributes:
            if one.key == _LEVEL:
                one.value.string_value = str(given[names.ORIGINAL_LEVEL])
    if plain == sent:
        return ""
    differing = [
        field.name for field in LogRecord.DESCRIPTOR.fields if getattr(plain, field.name) != getattr(sent, field.name)
    ]
    return f"differs in {', '.join(differing) or 'unknown fields'}"


def judged_of(delivered: LogRecord) -> Judged | None:
    """Read our attributes; None if the record carries no status of ours."""
    given = attributes_of(delivered)
    if names.STATUS not in given:
        return None
    return Judged(
        status=str(given[names.STATUS]),
        reason=str(given.get(names.REASON, "")),
        engine=str(given.get(names.ENGINE, "")),
        category=str(given.get(names.CATEGORY, "")),
        severity=str(given.get(names.SEVERITY, "")),
        is_actionable=bool(given.get(names.IS_ACTIONABLE_FOR_ONCALL)),
    )
