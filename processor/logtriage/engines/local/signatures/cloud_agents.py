"""Agents that collect logs and metrics: Telegraf, Fluentd, Fluent Bit, Prometheus, Grafana, agents of clouds."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="telemetry.interval_missed",
        patterns=(
            rb"did not complete within its (?:flush )?interval",
            rb"collection took longer than expected; not complete after interval",
            rb"buffer flush took longer time than slow_flush_log_threshold",
            rb"\bpaused \(mem buf overlimit\)",
            rb"previous collection has not completed; scheduled collection skipped",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The agent did not finish one round of collecting or sending before the next one was due.",
        action="Nothing for one; else raise the interval or ask less at once.",
        examples=(
            'W! [agent] ["outputs.kafka"] did not complete within its flush interval',
            "[input] tail.3 paused (mem buf overlimit)",
        ),
        near_misses=(
            "the interval of the scale is 5",
            "the course was not completed within its term",
        ),
    ),
    Signature(
        name="telemetry.agent_remark",
        patterns=(
            rb"\bno rule groups found\b",
            rb"a lockfile from a previous execution was (?:detected|deleted)|deleting (?:stale )?lock ?file",
            rb"experimental feature in use",
            rb"per-tenant timeout not configured",
            rb"failed to look up (?:user|session) (?:based on|from) cookie",
            rb"got incomplete line (?:at first line|before first line)",
            rb"chunk bytes limit exceeds for an emitted event stream",
            rb"\bintegrations-next is enabled\b",
            rb'msg="collector failed" name=\w{1,40} [^\n]{0,160}(?:no data|no such file)',
            rb"error processing requests (?:from scheduler)?[^\n]{0,80}(?:context canceled|code = canceled)",
            rb"error contacting (?:scheduler|frontend)[^\n]{0,80}(?:eof|context canceled)",
            rb"replaying (?:the )?wal, this may take",
            rb"\bevents? were rate limited\b[^\n]{0,40}rate_limit_secs",
            (
                rb"internal log \[[^\]\n]{1,160}\] (?:is being suppressed|has been suppressed"
                rb"|is being rate limited)"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.92,
        reason="An agent or its store remarks what it found at its start or what a user asked for in vain.",
        action="Nothing to do.",
        examples=(
            'lvl=eror msg="no rule groups found" error="no rule groups found"',
            'level=warn component=tsdb msg="A lockfile from a previous execution was detected"',
        ),
        near_misses=(
            "the lock file is held by another process",
            "rate limited by the API",
        ),
    ),
    Signature(
        name="telemetry.line_without_pattern",
        patterns=(
            rb"\[warn\]: (?:#\d{1,3} )?(?:\[[^\]\n]{1,40}\] )?pattern not match(?:ed)?",
            rb"no patterns matched tag=",
            rb"\[warn\][^\n]{0,40}dump an error event: error_class=",
            rb"(?:error|failed) (?:on )?ingesting (?:samples|out-of-order)",
            rb"grok parse failure|_grokparsefailure",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason=("A line does not have the form the agent was told to expect; it is passed on or left out as it is."),
        action="Nothing for one; mend the pattern if most lines of a source are named.",
        examples=(
            '[warn]: #0 pattern not matched: "hello"',
            '[warn]: #0 no patterns matched tag="shop.cart"',
        ),
        near_misses=(
            "pattern of the curtain does not match",
            "no pattern matched the customer number",
        ),
    ),
    Signature(
        name="alertmanager.notify_retry",
        patterns=(rb"notify attempt failed, will retry later",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="One notification was not taken at once; it is sent again.",
        action="Nothing for one.",
        examples=("Notify attempt failed, will retry later: the pager answers 503",),
        near_misses=(
            "notify attempt succeeded",
            "notify attempt failed after all retries",
        ),
    ),
    Signature(
        name="alertmanager.notify_failed",
        patterns=(
            rb"notify for alerts failed",
            rb"notify retry canceled (?:due to unrecoverable error )?after \d",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="Alerts do not reach the people they are for.",
        action="Check the receiver that is named: its address, its key and whether it answers.",
        examples=("Notify for alerts failed: the pager answers 410",),
        near_misses=(
            "alerts sent to the pager",
            "notify the customer that the alert failed",
        ),
    ),
    Signature(
        name="fluentbit.chunk_lost",
        patterns=(
            rb"chunk '[\w.-]{1,60}' is not retried|chunk '[\w.-]{1,60}' cannot be retried",
            rb"failed to write data into buffer by buffer overflow",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The agent gives up a batch of logs: it is lost.",
        action="Check the output that is named, and how often and how long it may be tried again.",
        examples=("[error] [engine] chunk '7-3.flb' cannot be retried: task_id=1",),
        near_misses=(
            "chunk '7-1.flb' flushed",
            "the chunk of the upload is retried",
        ),
    ),
)
