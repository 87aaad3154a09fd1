"""The table of metrics. ``docs/metrics.md`` is made from it; alert rules and dashboards use these names.

Those of a model (``model_metrics.py``) and of what is held (``hold_metrics.py``) are part of this module, too.
"""

from __future__ import annotations

from typing import Final

from logtriage.telemetry import hold_metrics, model_metrics
from logtriage.telemetry.hold_metrics import *  # noqa: F403  # so that every metric is `metrics.NAME`
from logtriage.telemetry.metric import Kind as Kind
from logtriage.telemetry.metric import Metric as Metric
from logtriage.telemetry.model_metrics import *  # noqa: F403

_REQUEST_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_JUDGE_BUCKETS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 90.0)

RECEIVER_ACCEPTED_LOG_RECORDS: Final = Metric(
    name="logtriage.receiver.accepted_log_records",
    unit="{record}",
    description="Records of requests that were answered OK.",
    kind=Kind.COUNTER,
    labels=("receiver", "transport"),
)
RECEIVER_REFUSED_LOG_RECORDS: Final = Metric(
    name="logtriage.receiver.refused_log_records",
    unit="{record}",
    description="Records of requests that the sender was told to keep and send again.",
    kind=Kind.COUNTER,
    labels=("receiver", "transport"),
)
RECEIVER_FAILED_LOG_RECORDS: Final = Metric(
    name="logtriage.receiver.failed_log_records",
    unit="{record}",
    description="Records of requests that were refused for good, by us or by downstream.",
    kind=Kind.COUNTER,
    labels=("receiver", "transport"),
)
RECEIVER_REQUESTS: Final = Metric(
    name="logtriage.receiver.requests",
    unit="{request}",
    description="Export calls by outcome: `success`, `refused` (to be sent again), `failure` (refused for good).",
    kind=Kind.COUNTER,
    labels=("receiver", "transport", "outcome"),
)
RECEIVER_IN_FLIGHT: Final = Metric(
    name="logtriage.receiver.in_flight",
    unit="By",
    description="Bytes of requests in work; at `receiver.max_in_flight_mib` senders are told to retry.",
    kind=Kind.GAUGE,
)
EXPORTER_SENT_LOG_RECORDS: Final = Metric(
    name="logtriage.exporter.sent_log_records",
    unit="{record}",
    description="Records that downstream accepted.",
    kind=Kind.COUNTER,
)
EXPORTER_SEND_FAILED_LOG_RECORDS: Final = Metric(
    name="logtriage.exporter.send_failed_log_records",
    unit="{record}",
    description="Records that downstream did not accept, by gRPC status (`error_type`, for example `UNAVAILABLE`).",
    kind=Kind.COUNTER,
    labels=("error_type",),
)
EXPORTER_REQUEST_DURATION: Final = Metric(
    name="logtriage.exporter.request.duration",
    unit="s",
    description="Time that a forwarded request took, by outcome: `success` or `failure`.",
    kind=Kind.HISTOGRAM,
    labels=("outcome",),
    buckets=_REQUEST_BUCKETS,
)
EXPORTER_IN_FLIGHT_REQUESTS: Final = Metric(
    name="logtriage.exporter.in_flight_requests",
    unit="{request}",
    description="Forwarded requests that wait for downstream's answer.",
    kind=Kind.GAUGE,
)
SELECTED_LOG_RECORDS: Final = Metric(
    name="logtriage.selected_log_records",
    unit="{record}",
    description="Records severe enough to be judged.",
    kind=Kind.COUNTER,
)
TRIAGED_RECORDS: Final = Metric(
    name="logtriage.triaged_records",
    unit="{record}",
    description=(
        "Selected records by what they left with; made to alert on. Records without a verdict have the category "
        "`none`; services past `telemetry.metrics.max_source_services` are `__other__`."
    ),
    kind=Kind.COUNTER,
    labels=("source_service", "category", "severity", "is_actionable_for_oncall"),
)
RECORDS: Final = Metric(
    name="logtriage.records",
    unit="{record}",
    description="Selected records by `logtriage.status` and `logtriage.reason` (empty where there is none).",
    kind=Kind.COUNTER,
    labels=("status", "reason"),
)
UNTRIAGED_LOG_RECORDS: Final = Metric(
    name="logtriage.untriaged_log_records",
    unit="{record}",
    description=(
        "Records forwarded as received, without our attributes: `record_cap` (the request had too many), `exception` "
        "(a fault of ours), `refused_annotated` (downstream refused what we had annotated). The alert on this one "
        "belongs to who runs LogTriage."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
FINGERPRINTS_JUDGED: Final = Metric(
    name="logtriage.fingerprints_judged",
    unit="{fingerprint}",
    description=(
        "Judgements of the embedded engine (`engine` is `local`); those of a model: `logtriage_scheduler_asked_total`."
    ),
    kind=Kind.COUNTER,
    labels=("engine",),
)
JUDGE_DURATION: Final = Metric(
    name="logtriage.judge.duration",
    unit="s",
    description="Time that one judgement of the embedded engine took (`engine` is `local`).",
    kind=Kind.HISTOGRAM,
    labels=("engine",),
    buckets=_JUDGE_BUCKETS,
)
VERDICTS_SIZE: Final = Metric(
    name="logtriage.verdicts.size",
    unit="{verdict}",
    description="Verdicts in memory.",
    kind=Kind.GAUGE,
)
VERDICTS_LOOKUPS: Final = Metric(
    name="logtriage.verdicts.lookups",
    unit="{lookup}",
    description="Look-ups of a verdict by result: `hit`, or `miss` where the embedded engine judged.",
    kind=Kind.COUNTER,
    labels=("result",),
)
EVIDENCE_PIECES_MISSING: Final = Metric(
    name="logtriage.evidence.pieces_missing",
    unit="{piece}",
    description="Pieces of a verdict's evidence that a later record did not contain, and that were left out of it.",
    kind=Kind.COUNTER,
)
VERDICT_EVENTS: Final = Metric(
    name="logtriage.verdict_events",
    unit="{event}",
    description="Verdict events by outcome: `sent`, `failed`, or `dropped` because too many waited.",
    kind=Kind.COUNTER,
    labels=("outcome",),
)
BUILD_INFO: Final = Metric(
    name="logtriage.build_info",
    unit="",
    description="Always 1; the labels say what runs.",
    kind=Kind.GAUGE,
    labels=("version", "python_version"),
)
PROCESS_CPU: Final = Metric(
    name="logtriage.process.cpu",
    unit="s",
    description="CPU time of the process, user and system.",
    kind=Kind.OBSERVED_COUNTER,
)
PROCESS_MEMORY_RSS: Final = Metric(
    name="logtriage.process.memory_rss",
    unit="By",
    description="Resident memory of the process.",
    kind=Kind.GAUGE,
)
PROCESS_UPTIME: Final = Metric(
    name="logtriage.process.uptime",
    unit="s",
    description="Time since the process started.",
    kind=Kind.OBSERVED_COUNTER,
)

METRICS: Final[tuple[Metric, ...]] = (
    RECEIVER_ACCEPTED_LOG_RECORDS,
    RECEIVER_REFUSED_LOG_RECORDS,
    RECEIVER_FAILED_LOG_RECORDS,
    RECEIVER_REQUESTS,
    RECEIVER_IN_FLIGHT,
    EXPORTER_SENT_LOG_RECORDS,
    EXPORTER_SEND_FAILED_LOG_RECORDS,
    EXPORTER_REQUEST_DURATION,
    EXPORTER_IN_FLIGHT_REQUESTS,
    SELECTED_LOG_RECORDS,
    TRIAGED_RECORDS,
    RECORDS,
    UNTRIAGED_LOG_RECORDS,
    FINGERPRINTS_JUDGED,
    JUDGE_DURATION,
    *model_metrics.MODEL_METRICS,
    VERDICTS_SIZE,
    VERDICTS_LOOKUPS,
    EVIDENCE_PIECES_MISSING,
    VERDICT_EVENTS,
    *hold_metrics.HOLD_METRICS,
    BUILD_INFO,
    PROCESS_CPU,
    PROCESS_MEMORY_RSS,
    PROCESS_UPTIME,
)
