"""Settings of what is judged, by whom, and what is written on a record."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from logtriage.config.durations import Seconds
from logtriage.config.section import Count, Flag, Section
from logtriage.schema.severity import Severity, severity_of_word


def _severity_of_setting(value: Any) -> Any:
    if isinstance(value, Severity):
        return value
    severity = severity_of_word(value) if isinstance(value, str) else None
    if severity is None:
        raise ValueError("is no severity: write DEBUG, INFO, WARN, ERROR or FATAL")
    return severity


SeverityWord = Annotated[
    Severity,
    BeforeValidator(_severity_of_setting),
    WithJsonSchema({"type": "string", "enum": [severity.value for severity in Severity]}),
]
"""A severity, in any spelling that loggers use (`warning`, `err`, `Error`)."""


class SeverityMode(StrEnum):
    """What a verdict does to the severity fields of a record."""

    APPLY = "apply"
    ANNOTATE = "annotate"


class Detail(StrEnum):
    """How much of a verdict is written on a record."""

    AUTO = "auto"
    FULL = "full"
    SLIM = "slim"


class EngineChoice(StrEnum):
    """Who judges."""

    AUTO = "auto"
    LOCAL = "local"
    MIMO = "mimo"


class SelectionSettings(Section):
    """Which records are judged."""

    min_severity: SeverityWord = Field(
        Severity.ERROR, description="Records at least this severe are judged; all others pass as they came."
    )
    read_body: Flag = Field(
        True,
        description=(
            "Of a record that has neither severity number nor text (container logs without a parser), "
            "read the level from its body."
        ),
    )


class SeveritySettings(Section):
    """What happens to the severity of a judged record."""

    mode: SeverityMode = Field(
        SeverityMode.APPLY,
        description=(
            "`apply`: severity number and text of a judged record become the verdict's, the old ones are kept in "
            "`logtriage.original_severity_*`; `annotate`: they stay."
        ),
    )


class VerdictsSettings(Section):
    """How long a verdict serves."""

    max_entries: Count = Field(50_000, ge=1, description="Verdicts kept in memory; the least used make room.")
    ttl: Seconds = Field(86_400.0, gt=0, description="A verdict serves this long, then the fingerprint is judged anew.")
    events: Flag = Field(
        True,
        description=(
            "Send each new or changed verdict once as an event record of our own (`event_name` `logtriage.verdict`): "
            "the audit trail."
        ),
    )
    full_detail_interval: Seconds = Field(
        600.0,
        ge=0,
        description="With `detail: auto`, one record of a fingerprint in this time carries the whole verdict.",
    )
