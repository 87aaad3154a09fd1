"""An annotator of its real parts, run on one request."""

from __future__ import annotations

import asyncio
import logging

from logtriage.config.judging import Detail, SeverityMode
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.loop_watch import LoopWatch
from logtriage.pipeline.select import Selector
from logtriage.pipeline.tally import Tally
from logtriage.pipeline.wire import parse_request
from logtriage.schema.severity import Severity
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.triage.desk import Desk
from logtriage.triage.judge import Judge
from logtriage.triage.scheduler import Scheduler
from support.scripted_engine import Script, ScriptedEngine, judgement


def desk_of(
    script: Script | None = None,
    *,
    engine: object = None,
    ttl_seconds: float = 86_400,
    scheduler: Scheduler | None = None,
) -> Desk:
    """Build a desk with a scripted engine; with a scheduler it asks a model, too."""
    return Desk(
        Judge(engine or ScriptedEngine(script or (lambda _: judgement())), ttl_seconds=ttl_seconds),  # type: ignore[arg-type]
        max_verdicts=1000,
        ttl_seconds=ttl_seconds,
        scheduler=scheduler,
    )


def annotator(
    script: Script | None = None,
    *,
    engine: object = None,
    detail: Detail = Detail.AUTO,
    severity_mode: SeverityMode = SeverityMode.APPLY,
    trust_incoming: bool = False,
    min_severity: Severity = Severity.ERROR,
    ttl_seconds: float = 86_400,
    full_detail_interval_seconds: float = 600,
    desk: Desk | None = None,
) -> Annotator:
    """Build an annotator with a scripted engine (by default: `code_bug`, ERROR, actionable)."""
    return Annotator(
        selector=Selector(min_severity=min_severity, read_body=True),
        desk=desk or desk_of(script, engine=engine, ttl_seconds=ttl_seconds),
        severity_mode=severity_mode,
        detail=detail,
        full_detail_interval_seconds=full_detail_interval_seconds,
        trust_incoming=trust_incoming,
        loop_watch=LoopWatch("none", RateLimitedLog(logging.getLogger("logtriage.tests"))),
        rate_limited_log=RateLimitedLog(logging.getLogger("logtriage.tests")),
    )


def annotate(annotator: Annotator, data: bytes, tenant: bytes = b"") -> bytes:
    """Give the request as it would be forwarded."""
    return annotate_and_tally(annotator, data, tenant)[0]


def annotate_and_tally(annotator: Annotator, data: bytes, tenant: bytes = b"") -> tuple[bytes, Tally]:
    """Give the request as it would be forwarded, and what it was counted as."""
    split = parse_request(data)
    has_changed, tally = asyncio.run(annotator.annotate(split, data, tenant=tenant))
    return (split.SerializeToString() if has_changed else data), tally
