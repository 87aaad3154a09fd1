"""Names of the log record attributes that LogTriage writes. People filter and alert on them: they do not change."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "logtriage."

CATEGORY: Final = "logtriage.category"
SEVERITY: Final = "logtriage.severity"
CONFIDENCE: Final = "logtriage.confidence"
IS_ACTIONABLE_FOR_ONCALL: Final = "logtriage.is_actionable_for_oncall"
EVIDENCE: Final = "logtriage.evidence"
REASONING_TRACE: Final = "logtriage.reasoning_trace"
SUGGESTED_ACTION: Final = "logtriage.suggested_action"
STATUS: Final = "logtriage.status"
ENGINE: Final = "logtriage.engine"
REASON: Final = "logtriage.reason"
FINGERPRINT: Final = "logtriage.fingerprint"
FIRST_SEEN: Final = "logtriage.first_seen"
VERDICT_ID: Final = "logtriage.verdict_id"
MODEL: Final = "logtriage.model"
PROMPT_VERSION: Final = "logtriage.prompt_version"
ORIGINAL_SEVERITY_NUMBER: Final = "logtriage.original_severity_number"
ORIGINAL_SEVERITY_TEXT: Final = "logtriage.original_severity_text"
ORIGINAL_LEVEL: Final = "logtriage.original_level"
MODE: Final = "logtriage.mode"
SHADOW_IS_ACTIONABLE_FOR_ONCALL: Final = "logtriage.shadow_is_actionable_for_oncall"

ALL_ATTRIBUTES: Final[tuple[str, ...]] = (
    CATEGORY,
    SEVERITY,
    CONFIDENCE,
    IS_ACTIONABLE_FOR_ONCALL,
    EVIDENCE,
    REASONING_TRACE,
    SUGGESTED_ACTION,
    STATUS,
    ENGINE,
    REASON,
    FINGERPRINT,
    FIRST_SEEN,
    VERDICT_ID,
    MODEL,
    PROMPT_VERSION,
    ORIGINAL_SEVERITY_NUMBER,
    ORIGINAL_SEVERITY_TEXT,
    ORIGINAL_LEVEL,
    MODE,
    SHADOW_IS_ACTIONABLE_FOR_ONCALL,
)

VERDICT_EVENT_NAME: Final = "logtriage.verdict"
VERDICT_EVENT_PREFIX: Final = "logtriage.verdict."
"""Attributes of the verdict event: names that no alert rule on records reads."""

MAX_EVIDENCE_PIECES: Final = 5
MAX_EVIDENCE_CHARACTERS: Final = 300
MIN_EVIDENCE_BYTES: Final = 8
MAX_REASONING_CHARACTERS: Final = 2000
MAX_ACTION_CHARACTERS: Final = 300

MAX_RECORD_ENTRIES: Final = 128
"""Loki's ``max_structured_metadata_entries_count``, and OpenTelemetry's own attribute count limit."""
MAX_RECORD_METADATA_BYTES: Final = 64 * 1024
"""Loki's ``max_structured_metadata_size``: names and values of one record."""
