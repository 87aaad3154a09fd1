"""The table of metrics. ``docs/metrics.md`` is made from it; alert rules and dashboards use these names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    """Only grows; counted by `Meter.add`."""
    OBSERVED_COUNTER = "observed counter"
    """Only grows; read by a callback when somebody asks."""
    GAUGE = "gauge"
    """Goes up and down; read by a callback when somebody asks."""
    HISTOGRAM = "histogram"
    """Distribution of values; recorded by `Meter.record`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. ``unit`` is UCUM: ``s``, ``By``, or a noun in braces, which Prometheus leaves out."""

    name: str
    unit: str
    description: str
    kind: Kind
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram's buckets, in the unit."""

    @property
    def prometheus_labels(self) -> tuple[str, ...]:
        """The labels on ``/metrics``, where no dot may stand."""
        return tuple(re.sub(r"[^A-Za-z0-9]+", "_", label) for label in self.labels)

    @property
    def prometheus_name(self) -> str:
        """The name on ``/metrics``; a histogram's series add ``_bucket``, ``_sum`` and ``_count`` to it."""
        name = re.sub(r"[^A-Za-z0-9]+", "_", self.name)
        suffix = _SUFFIX_OF_UNIT.get(self.unit, "")
        if suffix and not name.endswith(suffix):
            name += suffix
        is_counter = self.kind in (Kind.COUNTER, Kind.OBSERVED_COUNTER)
        return f"{name}_total" if is_counter and not name.endswith("_total") else name


_SUFFIX_OF_UNIT = {"s": "_seconds", "By": "_bytes"}

_REQUEST_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_JUDGE_BUCKETS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 90.0)
_GEN_AI_DURATION_BUCKETS: Final = tuple(0.01 * 2**power for power in range(14))
_GEN_AI_TOKEN_BUCKETS: Final = tuple(float(4**power) for power in range(14))
"""Both from the semantic conventions for generative AI."""

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
MODEL_CALLS: Final = Metric(
    name="logtriage.model.calls",
    unit="{call}",
    description=(
        "HTTP calls to a model by what came of them: `ok`, a finish reason, `http_429` and the like, `timeout`, "
        "`connect`, `cut`, `malformed`, `empty`, `redirect`, `answer_too_large`, `given_up`."
    ),
    kind=Kind.COUNTER,
    labels=("model", "outcome"),
)
MODEL_TOKENS: Final = Metric(
    name="logtriage.model.tokens",
    unit="{token}",
    description=(
        "Tokens that calls to a model used: `input` and `output`; of these `cached_input` and `reasoning`. Calls that "
        "were cut off count as if they had used all they might."
    ),
    kind=Kind.COUNTER,
    labels=("model", "type"),
)
MODEL_COST: Final = Metric(
    name="logtriage.model.cost_usd",
    unit="{USD}",
    description="US dollars that calls to a model cost, by the service whose records were judged.",
    kind=Kind.COUNTER,
    labels=("model", "source_service"),
)
MODEL_BREAKER_OPEN: Final = Metric(
    name="logtriage.model.breaker_open",
    unit="",
    description="1 while a model's endpoint fails and is not called, else 0.",
    kind=Kind.GAUGE,
    labels=("model",),
)
GEN_AI_OPERATION_DURATION: Final = Metric(
    name="gen_ai.client.operation.duration",
    unit="s",
    description=(
        "Time that one question to a model took, all of its tries together; `error.type` is empty if it was answered."
    ),
    kind=Kind.HISTOGRAM,
    labels=("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "error.type"),
    buckets=_GEN_AI_DURATION_BUCKETS,
)
GEN_AI_TOKEN_USAGE: Final = Metric(
    name="gen_ai.client.token.usage",
    unit="{token}",
    description="Tokens that one question to a model used, by `gen_ai.token.type`: `input` or `output`.",
    kind=Kind.HISTOGRAM,
    labels=("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.token.type"),
    buckets=_GEN_AI_TOKEN_BUCKETS,
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
SCHEDULER_QUEUE_SIZE: Final = Metric(
    name="logtriage.scheduler.queue_size",
    unit="{fingerprint}",
    description="Fingerprints that wait to be asked about.",
    kind=Kind.GAUGE,
)
SCHEDULER_QUEUE_MEMORY: Final = Metric(
    name="logtriage.scheduler.queue_memory",
    unit="By",
    description="What the fingerprints that wait take, with their records.",
    kind=Kind.GAUGE,
)
SCHEDULER_IN_FLIGHT: Final = Metric(
    name="logtriage.scheduler.in_flight",
    unit="{fingerprint}",
    description="Fingerprints that the model is being asked about.",
    kind=Kind.GAUGE,
)
SCHEDULER_ASKED: Final = Metric(
    name="logtriage.scheduler.asked",
    unit="{fingerprint}",
    description="Fingerprints that the model was asked about: `new`, or `again` where a verdict is known.",
    kind=Kind.COUNTER,
    labels=("kind",),
)
SCHEDULER_UNANSWERED: Final = Metric(
    name="logtriage.scheduler.unanswered",
    unit="{fingerprint}",
    description=(
        "Questions that got no judgement, by reason: refused at once, given up while they waited, or failed. Records "
        "that only repeat a remembered reason are not counted here."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SCHEDULER_FAULTS: Final = Metric(
    name="logtriage.scheduler.faults",
    unit="{fault}",
    description="Exceptions of ours around a judgement, by where: `engine`, `settle`, `on_done`, `dispatch`, `owner`.",
    kind=Kind.COUNTER,
    labels=("where",),
)
HOLD_WAITING_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.waiting_log_records",
    unit="{record}",
    description="Records that wait for the model's verdict or for their deadline.",
    kind=Kind.GAUGE,
)
HOLD_QUEUE_SIZE: Final = Metric(
    name="logtriage.hold.queue_size",
    unit="{record}",
    description="Records that wait no longer and are to be sent; grows while downstream does not take them.",
    kind=Kind.GAUGE,
)
HOLD_HELD_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.held_log_records",
    unit="{record}",
    description="Records that were kept back after their sender had its OK, in the spool.",
    kind=Kind.COUNTER,
)
HOLD_RECOVERED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.recovered_log_records",
    unit="{record}",
    description="Records found in the spool that a process before this one had stored.",
    kind=Kind.COUNTER,
)
HOLD_RELEASED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.released_log_records",
    unit="{record}",
    description=(
        "Held records that wait no longer, by why: `answered` (the model's verdict is here), `partly_accepted` (they "
        "never waited: downstream took a part of their request), else the reason that is in `logtriage.reason`."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
HOLD_DELIVERED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.delivered_log_records",
    unit="{record}",
    description=(
        "Held records that left: `annotated`, `as_received` (downstream refused them annotated, or a fault of ours), "
        "`dead_letter` (refused for good), `unreadable` (the spool could not give them back), `rejected` (of those "
        "annotated or as received, what downstream's partial success names)."
    ),
    kind=Kind.COUNTER,
    labels=("outcome",),
)
HOLD_SUPPRESSED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.suppressed_log_records",
    unit="{record}",
    description="Records of requests that came again because their answer was lost, and that were held already.",
    kind=Kind.COUNTER,
)
HOLD_FAULTS: Final = Metric(
    name="logtriage.hold.faults",
    unit="{fault}",
    description="Exceptions of ours while held records were sent; they are tried again, in the end as received.",
    kind=Kind.COUNTER,
)
BUDGET_LEFT: Final = Metric(
    name="logtriage.budget.left",
    unit="",
    description="What may be used at once: `requests`, `tokens`, `usd`. Below zero: a debt of calls that took more.",
    kind=Kind.GAUGE,
    labels=("limit",),
)
BUDGET_DRY_IN: Final = Metric(
    name="logtriage.budget.dry_in",
    unit="s",
    description="When the budget is used up if spending goes on as it is; a year if it refills as fast.",
    kind=Kind.GAUGE,
    labels=("limit",),
)
SPOOL_RECORDS: Final = Metric(
    name="logtriage.spool.log_records",
    unit="{record}",
    description="Records that are held, against `hold.max_records`.",
    kind=Kind.GAUGE,
)
SPOOL_SIZE: Final = Metric(
    name="logtriage.spool.size",
    unit="By",
    description="What is held, against `hold.max_mib`.",
    kind=Kind.GAUGE,
)
SPOOL_FILE_SIZE: Final = Metric(
    name="logtriage.spool.file_size",
    unit="By",
    description="What the spool's database and its log take on the disk; 0 in memory.",
    kind=Kind.GAUGE,
)
SPOOL_HAS_ROOM: Final = Metric(
    name="logtriage.spool.has_room",
    unit="",
    description="0 while nothing more is held: over a mark, the disk nearly full, or broken; else 1.",
    kind=Kind.GAUGE,
)
SPOOL_BROKEN: Final = Metric(
    name="logtriage.spool.broken",
    unit="",
    description="1 while nothing can be held because of the disk or the file, else 0. Alert on it.",
    kind=Kind.GAUGE,
)
SPOOL_FAULTS: Final = Metric(
    name="logtriage.spool.faults",
    unit="{fault}",
    description=(
        "Faults of the spool's disk or file: `disk_full`, `read_only`, `io_error`, `locked`, `corrupt`, `exception`."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SPOOL_LOST_LOG_RECORDS: Final = Metric(
    name="logtriage.spool.lost_log_records",
    unit="{record}",
    description=(
        "Acknowledged records that were lost with the spool's file: `corrupt` (cannot be read), `missing` (the file or "
        "its log fell back or was deleted). Alert on it."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SPOOL_COMMIT_DURATION: Final = Metric(
    name="logtriage.spool.commit.duration",
    unit="s",
    description="Time that one commit of the spool took, synced; it may serve many requests.",
    kind=Kind.HISTOGRAM,
    buckets=_REQUEST_BUCKETS,
)
DEAD_LETTER_REQUESTS: Final = Metric(
    name="logtriage.dead_letter.requests",
    unit="{request}",
    description="Requests in the dead letter folder (`logtriage deadletter list`). Alert on it.",
    kind=Kind.GAUGE,
)
DEAD_LETTER_LOG_RECORDS: Final = Metric(
    name="logtriage.dead_letter.log_records",
    unit="{record}",
    description="Records that downstream refused for good after their sender had its OK: `kept` or `dropped`.",
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
    MODEL_CALLS,
    MODEL_TOKENS,
    MODEL_COST,
    MODEL_BREAKER_OPEN,
    GEN_AI_OPERATION_DURATION,
    GEN_AI_TOKEN_USAGE,
    VERDICTS_SIZE,
    VERDICTS_LOOKUPS,
    EVIDENCE_PIECES_MISSING,
    VERDICT_EVENTS,
    SCHEDULER_QUEUE_SIZE,
    SCHEDULER_QUEUE_MEMORY,
    SCHEDULER_IN_FLIGHT,
    SCHEDULER_ASKED,
    SCHEDULER_UNANSWERED,
    SCHEDULER_FAULTS,
    HOLD_WAITING_LOG_RECORDS,
    HOLD_QUEUE_SIZE,
    HOLD_HELD_LOG_RECORDS,
    HOLD_RECOVERED_LOG_RECORDS,
    HOLD_RELEASED_LOG_RECORDS,
    HOLD_DELIVERED_LOG_RECORDS,
    HOLD_SUPPRESSED_LOG_RECORDS,
    HOLD_FAULTS,
    BUDGET_LEFT,
    BUDGET_DRY_IN,
    SPOOL_RECORDS,
    SPOOL_SIZE,
    SPOOL_FILE_SIZE,
    SPOOL_HAS_ROOM,
    SPOOL_BROKEN,
    SPOOL_FAULTS,
    SPOOL_LOST_LOG_RECORDS,
    SPOOL_COMMIT_DURATION,
    DEAD_LETTER_REQUESTS,
    DEAD_LETTER_LOG_RECORDS,
    BUILD_INFO,
    PROCESS_CPU,
    PROCESS_MEMORY_RSS,
    PROCESS_UPTIME,
)
