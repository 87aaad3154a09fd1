"""The verdict event: each new or changed verdict, once, as an OpenTelemetry event record of our own.

Its resource and scope are ours, its attributes stand under ``logtriage.verdict.``, which no alert rule reads. It is the
audit trail: of a model it carries the whole reasoning, redacted, which no other record does.
"""

from __future__ import annotations

from collections.abc import Mapping

from logtriage._pb.logtriage.wire.v1.projection_pb2 import (
    AnyValue,
    KeyValue,
    LogsRequest,
    Record,
    Resource,
    ResourceLogs,
    Scope,
    ScopeLogs,
)
from logtriage.pipeline.fragment import AttributeValue, attributes_bytes
from logtriage.schema.attributes import VERDICT_EVENT_NAME, VERDICT_EVENT_PREFIX
from logtriage.schema.record import RecordView
from logtriage.schema.severity import Severity
from logtriage.verdicts.verdict import Verdict
from logtriage.version import __version__


def verdict_event(
    verdict: Verdict,
    record: RecordView,
    *,
    resource: Mapping[str, str],
    now_unix_nano: int,
    full_reasoning: str = "",
    cost_usd: float = 0.0,
) -> bytes:
    """Build an ExportLogsServiceRequest with the one event. ``resource``: our own attributes."""
    event = Record(
        time_unix_nano=now_unix_nano,
        observed_time_unix_nano=now_unix_nano,
        severity_number=[Severity.INFO.number],
        severity_text=[Severity.INFO.value.encode()],
        body=AnyValue(string_value=_summary(verdict).encode()),
        event_name=VERDICT_EVENT_NAME.encode(),
    )
    attributes = attributes_bytes(_attributes(verdict, record, full_reasoning, cost_usd))
    scope = ScopeLogs(
        scope=[Scope(name=b"logtriage", version=__version__.encode()).SerializeToString()],
        log_records=[event.SerializeToString() + attributes],
    )
    pairs = [KeyValue(key=key.encode(), value=AnyValue(string_value=value.encode())) for key, value in resource.items()]
    ours = ResourceLogs(resource=[Resource(attributes=pairs).SerializeToString()], scope_logs=[scope])
    return LogsRequest(resource_logs=[ours]).SerializeToString()


def _summary(verdict: Verdict) -> str:
    report = verdict.report
    actionable = "actionable" if report.is_actionable_for_oncall else "not actionable"
    return f"{report.category.value}, {report.severity.value}, {actionable} (by {verdict.engine.value})"


def _attributes(
    verdict: Verdict, record: RecordView, full_reasoning: str, cost_usd: float
) -> dict[str, AttributeValue]:
    report = verdict.report
    told: dict[str, AttributeValue] = {
        "id": verdict.verdict_id,
        "fingerprint": verdict.fingerprint.hex(),
        "category": report.category.value,
        "severity": report.severity.value,
        "confidence": round(float(report.confidence), 3),
        "is_actionable_for_oncall": report.is_actionable_for_oncall,
        "evidence": report.evidence,
        "reasoning_trace": report.reasoning_trace,
        "suggested_action": report.suggested_action,
        "engine": verdict.engine.value,
        "engine_version": verdict.engine_version,
        "signature": verdict.signature,
        "reason": verdict.reason.value if verdict.reason else "",
        "first_seen": verdict.first_seen,
        "model": verdict.model,
        "prompt_version": verdict.prompt_version,
        "full_reasoning": full_reasoning,
        "source_service": record.resource.source_service,
        "source_namespace": record.resource.service_namespace.decode("utf-8", "replace"),
        "source_version": record.resource.service_version.decode("utf-8", "replace"),
    }
    if cost_usd:
        told["cost_usd"] = round(cost_usd, 6)
    return {VERDICT_EVENT_PREFIX + key: value for key, value in told.items() if value not in ("", ())}
