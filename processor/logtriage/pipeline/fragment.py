"""The attributes of a verdict as bytes: a protobuf message followed by bytes of the same message is their merge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, ArrayValue, KeyValue
from logtriage.pipeline.fields import length_delimited
from logtriage.schema import attributes as names
from logtriage.schema.provenance import Reason, Status
from logtriage.verdicts.verdict import Verdict

AttributeValue = str | bool | int | float | Sequence[str]

_ATTRIBUTES_FIELD = 6


def attributes_bytes(attributes: dict[str, AttributeValue]) -> bytes:
    """Serialise attributes as they stand in a LogRecord (field 6, one entry each)."""
    return b"".join(length_delimited(_ATTRIBUTES_FIELD, _key_value(key, value)) for key, value in attributes.items())


def _key_value(key: str, value: AttributeValue) -> bytes:
    return KeyValue(key=key.encode(), value=_any_value(value)).SerializeToString()


def _any_value(value: AttributeValue) -> AnyValue:
    match value:
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case str():
            return AnyValue(string_value=value.encode("utf-8", "replace"))
    array = ArrayValue(values=[_any_value(item) for item in value])
    return AnyValue(array_value=array.SerializeToString())


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
