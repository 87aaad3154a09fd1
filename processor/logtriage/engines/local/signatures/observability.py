"""Stores and shippers of logs, metrics and traces."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="thanos.compaction_halted",
        patterns=(
            rb"critical error detected; halting",
            rb"pre compaction overlap check",
            rb"overlaps found while gathering blocks",
            rb"segment doesn.t include enough bytes",
            rb"invalid checksum[^\n]{0,40}(?:wal|segment|chunk)",
            rb"unexpected (?:non-zero byte|full record|first record|checksum)[^\n]{0,60}(?:wal|page|record)",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="Blocks or the log of a metrics store contradict each other; compaction stopped.",
        action="Find the two writers with equal labels, or the damaged block; remove or mark it.",
        examples=('msg="critical error detected; halting" err="compaction: overlap"',),
        near_misses=(
            "compaction done",
            "halting the till",
        ),
    ),
    Signature(
        name="loki.entry_refused",
        patterns=(
            rb"entry (?:out of order|too far behind)",
            rb"timestamp too (?:old|new)",
            rb"out of order sample",
            rb"err-mimir-sample-(?:out-of-order|timestamp-too-old|duplicate)",
            rb"field type conflict",
            rb"points beyond retention policy",
            rb"max(?:imum)? (?:entry|line) size",
            rb"(?:pattern|line|message) (?:not|did not|does not) match(?:ed)?",
            rb"has timestamp too (?:old|far)",
            rb"will be dropped: 4\d\d",
            rb"dump an error event",
            rb"could not index event to elasticsearch\. status: 4",
            rb"cannot index event [^\n]{0,400}status=4",
            rb"_(?:json|grok|date)parsefailure",
        ),
        unless=(
            rb"\ball (?:samples|lines|entries)",
            rb"http_status=4\d\d",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="One sample or line is out of order, too old or of another type, and was left out.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("err-mimir-sample-out-of-order: the sample has been rejected",),
        near_misses=(
            "all samples of the tenant rejected",
            "order of the till",
        ),
    ),
    Signature(
        name="telemetry.limit_of_store",
        patterns=(
            rb"(?:maximum active|per-user) (?:stream|series)[^\n]{0,20} limit",
            rb"ingestion rate limit",
            rb"err-mimir-max-(?:series|ingestion)",
            rb"max-(?:series-per-database|values-per-tag) limit",
            rb"cache-max-memory-size exceeded",
            rb"trace[_ ]too[_ ]large",
            rb"sample_limit exceeded",
            rb"buffer space has too many data",
            rb"bufferoverflowerror",
            rb"metric buffer overflow",
            rb"could not enqueue records? into the ring buffer",
            rb"metrics have been dropped",
            rb"agent queue is full|exporter queue is full",
        ),
        unless=(rb"will retry|retrying",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The store of logs or metrics, or the buffer before it, is full.",
        action="Raise the limit or send less; see what the record says is dropped.",
        examples=("Metric buffer overflow; 77 metrics have been dropped",),
        near_misses=(
            "buffer flushed",
            "series of the till",
        ),
    ),
    Signature(
        name="telemetry.buffer_goes_on",
        patterns=(
            rb"failed to flush (?:the buffer|chunk)[^\n]{0,200}(?:next_retry|retry in|retry_time)",
            rb"retry_times=\d{1,3} next_retry",
            rb"failed to publish events",
            (
                rb"failed to (?:send|write)[^\n]{0,60}(?:metrics?|batch|logs?|spans?|traces?)[^\n]{0,80}(?:will"
                rb" retry|retrying|will be retried)"
            ),
            rb"first network error, wait for",
            rb"no upstream connections available",
            rb"connection restored",
        ),
        unless=(
            rb"remote_name=",
            rb"cannot be retried",
            rb"no (?:more )?retr",
            rb"exhausted",
            rb"\b(?:401|403)\b",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="The shipper could not deliver and keeps the data for the next try.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("[engine] failed to flush chunk '1-7.flb', retry in 9 seconds: task_id=0",),
        near_misses=(
            "chunk '1-7.flb' cannot be retried: task_id=0",
            "failed to flush the cart",
        ),
    ),
    Signature(
        name="telemetry.own_report_failed",
        patterns=(
            (
                rb"(?:sentry|bugsnag|rollbar|honeybadger|new ?relic|datadog|ddtrace|statsd|posthog|amplitude"
                rb"|mixpanel|appsignal|airbrake|application ?insights|opencensus|zipkin|instana|dynatrace"
                rb"|skywalking|elastic[- ]?apm)[^\n]{0,120}(?:fail|error|timed out|timeout|unable|could not"
                rb"|refused|50\d|dropp)"
            ),
            (
                rb"(?:failed|unable|could not|error)[^\n]{0,30} (?:send|sending|report|reporting|submit"
                rb"|submitting|upload|uploading|post|posting) [^\n]{0,30}(?:telemetry|usage stat|analytics"
                rb"|crash report|error report|anonymous|heartbeat event|usage data|usage report|diagnostic)"
            ),
            (
                rb"(?:telemetry|usage stat\w{0,8}|analytics|update check|version check|new"
                rb" version)[^\n]{0,60}(?:failed|timed out|refused|unable|could not)"
            ),
            (
                rb"failed to (?:check|fetch|get|look) (?:for )?(?:the )?(?:updates?|latest version|new"
                rb" versions?|latest release)"
            ),
            rb"(?:no )?(?:latest )?version info(?:rmation)? could not be fetched",
        ),
        unless=(
            rb"exporter|collector|otel|otlp",
            rb"segment (?:file|\d|is)",
            rb"redis[- ]?sentinel",
            rb"invalid (?:dsn|key|api)",
            rb"\b(?:401|403)\b",
            rb"api key",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="The program could not send a report on itself; its own work goes on.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("WARN telemetry: usage statistics upload failed: 502",),
        near_misses=(
            "ERROR orders: sending invoice failed: 502",
            "sentry of the gate is asleep",
        ),
    ),
    Signature(
        name="telemetry.remark",
        patterns=(
            rb"buffer flush took longer time than slow_flush",
            rb"got incomplete line",
            rb"collection took longer than expected",
            rb"did not complete within its interval",
            rb"paused \(mem buf overlimit",
            rb"no patterns matched tag",
            rb"failed to look up session from cookie",
            rb"generating a random key for xpack",
            rb"request completed[^\n]{0,120}status=4\d\d",
            rb"duplicate timestamp|duplicate sample for timestamp",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A remark of a shipper or store on something slow or old; it goes on.",
        action="Nothing to do.",
        examples=("Generating a random key for xpack.cart.encryptionKey",),
        near_misses=(
            "buffer flush failed for good",
            "session lost: cart gone",
        ),
    ),
    Signature(
        name="telemetry.store_without_quorum",
        patterns=(
            rb"too many unhealthy instances in the ring",
            rb"at least \d live replicas required",
            rb"empty ring",
            rb"unable to retrieve version information from elasticsearch",
            rb"elasticsearch appears to be unreachable or down",
            rb"license is not available",
            rb"failed to connect to backoff\(",
            rb"temporarily disabling \w{2,10} agent checks",
            rb"cannot be retried: task_id",
            rb"error sending alert",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The store behind the shipper, or too many of its members, are away.",
        action="Look at the store; the shipper drops data once its buffer is full.",
        examples=("rpc error: at least 2 live replicas required, could only find 1",),
        near_misses=(
            "ring opened with 3 members",
            "license of the till",
        ),
    ),
    Signature(
        name="telemetry.rule_or_source_wrong",
        patterns=(
            rb"data ?source (?:\S{1,60} )?(?:was )?not found",
            rb"no org id",
            rb"plugin (?:not registered|unavailable|not found)",
            rb"unreadable\. it is excluded",
            rb"no configuration found in the configured sources",
            rb"expected one of [^\n]{1,120} at line \d",
            rb"unknown (?:input|output|filter|processor) plugin",
            rb"undefined (?:input|output|plugin)",
            rb"couldn.t find any (?:input|filter|output|codec) plugin",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A rule, source or plugin of the monitoring is not there or does not hold.",
        action="Correct the rule or the name that the record gives.",
        examples=("LogStash::PluginLoadingError: Couldn.t find any input plugin named till",),
        near_misses=(
            "match of the till found",
            "series deleted",
        ),
    ),
)
