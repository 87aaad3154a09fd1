"""The attributes of a verdict as bytes: a protobuf message followed by bytes of the same message is their merge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue
from logtriage.pipeline.fields import length_delimited
from logtriage.schema import attributes as names
from logtriage.schema.provenance import Reason, Status
from logtriage.verdicts.verdict import Verdict

AttributeValue = str | bool | int | float | Sequence[str]

_ATTRIBUTES_FIELD = 6
_KEY_FIELD, _VALUE_FIELD = 1, 2
"""Of a KeyValue."""
_STRING_FIELD, _ARRAY_FIELD = 1, 5
"""Of an AnyValue."""
_ITEM_FIELD = 1
"""Of an ArrayValue."""


def attributes_bytes(attributes: dict[str, AttributeValue]) -> bytes:
    """Serialise attributes as they stand in a LogRecord (field 6, one entry each).

    Written by hand: each new verdict has a dozen, and a message object costs three times the bytes.
    """
    return b"".join(
        [
            length_delimited(_ATTRIBUTES_FIELD, _key_bytes(key) + length_delimited(_VALUE_FIELD, _any_value(value)))
            for key, value in attributes.items()
        ]
    )


@lru_cache(maxsize=256)
def _key_bytes(key: str) -> bytes:
    return length_delimited(_KEY_FIELD, key.encode()) if key else b""


def _any_value(value: AttributeValue) -> bytes:
    match value:
        case str():
            return length_delimited(_STRING_FIELD, value.encode("utf-8", "replace"))
        case bool():
            return AnyValue(bool_value=value).SerializeToString()
        case int():
            return AnyValue(int_value=value).SerializeToString()
        case float():
            return AnyValue(double_value=value).SerializeToString()
    return length_delimited(_ARRAY_FIELD, b"".join([length_delimited(_ITEM_FIELD, _any_value(item)) for item in value]))


def verdict_attributes(
    verdict: Verdict,
    *,
    status: Status,
    reason: Reason | None,
    evidence: Sequence[str],
    with_reasoning: bool,
    with_evidence: bool,
    with_action: bool,
) -> dict[str, AttributeValue]:
    """Give the attributes of a verdict, by DESIGN section 2; what is empty is left out."""
    report = verdict.report
    attributes: dict[str, AttributeValue] = {
        names.CATEGORY: report.category.value,
        names.SEVERITY: report.severity.value,
        names.CONFIDENCE: round(float(report.confidence), 3),
        names.IS_ACTIONABLE_FOR_ONCALL: report.is_actionable_for_oncall,
        names.STATUS: status.value,
        names.ENGINE: verdict.engine.value,
        names.FINGERPRINT: verdict.fingerprint.hex(),
        names.FIRST_SEEN: verdict.first_seen,
        names.VERDICT_ID: verdict.verdict_id,
    }
    if reason is not None:
        attributes[names.REASON] = reason.value
    if with_evidence and evidence:
        attributes[names.EVIDENCE] = tuple(evidence)
    if with_action and report.suggested_action:
        attributes[names.SUGGESTED_ACTION] = report.suggested_action
    if with_reasoning and report.reasoning_trace:
        attributes[names.REASONING_TRACE] = report.reasoning_trace
    if verdict.model:
        attributes[names.MODEL] = verdict.model
        attributes[names.PROMPT_VERSION] = verdict.prompt_version
    return attributes


@cache
def _skipped_template(reason: Reason, is_actionable: bool) -> bytes:
    return attributes_bytes(
        {
            names.IS_ACTIONABLE_FOR_ONCALL: is_actionable,
            names.STATUS: Status.SKIPPED.value,
            names.REASON: reason.value,
            names.FINGERPRINT: _NO_FINGERPRINT,
        }
    )


_NO_FINGERPRINT = "0" * 16


def skipped_bytes(reason: Reason, *, is_actionable: bool, fingerprint: bytes) -> bytes:
    """Give the attributes of a record without a verdict, as `attributes_bytes` does; the fingerprint stands last."""
    template = _skipped_template(reason, is_actionable)
    return template[: -len(_NO_FINGERPRINT)] + fingerprint.hex().encode()
