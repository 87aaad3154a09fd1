"""The embedded engine: judges a record from its own text and attributes, without network and without a key."""

from __future__ import annotations

from functools import cache
from typing import Final

from logtriage.engines.judgement import Judgement
from logtriage.engines.local.calibration import load_calibration
from logtriage.engines.local.finding import Finding, Span
from logtriage.engines.local.matcher import SignatureMatcher
from logtriage.engines.local.quotes import LOWERING_BYTES, quote_of
from logtriage.engines.local.rules import decide
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.engines.local.text import text_of
from logtriage.schema.attributes import MAX_EVIDENCE_PIECES, MIN_EVIDENCE_BYTES
from logtriage.schema.provenance import EngineName
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.schema.report import TriageReport

LOCAL_VERSION: Final = "local-3"
"""Bumped with the table: a verdict of an older one is asked for again."""


@cache
def _matcher_of_the_table() -> SignatureMatcher:
    """Compile the table once a process: no engine changes it."""
    return SignatureMatcher(SIGNATURES)


class LocalEngine:
    """Gives one of the nine categories to any record; raises freely, lowers only by name."""

    name: Final = EngineName.LOCAL
    version: Final = LOCAL_VERSION

    def __init__(self) -> None:
        self.matcher: Final = _matcher_of_the_table()
        self._calibration = load_calibration()

    def judge(self, record: RecordView, context: Context = NO_CONTEXT) -> Judgement:
        """Judge one record. Equal records in equal contexts give equal reports."""
        text = text_of(record)
        finding = decide(self.matcher, text, record, context)
        quotes = _quotes(text.original, finding.spans)
        if not quotes and finding.attribute:
            quotes = _quotes(finding.attribute, ((0, len(finding.attribute)),))
        lowering = _quotes(text.original, finding.lowering_spans, least_bytes=LOWERING_BYTES)
        if not finding.is_actionable and not lowering:
            lowering = quotes
        return Judgement(
            report=_report(finding, quotes, self._calibration.confidence_of(finding)),
            engine=self.name,
            engine_version=self.version,
            quotes=quotes,
            lowering_quotes=lowering,
            signature=finding.name,
            is_named_noise=finding.is_named_noise,
            context_quotes=finding.context_quotes,
        )


def _quotes(text: bytes, spans: tuple[Span, ...], *, least_bytes: int = MIN_EVIDENCE_BYTES) -> tuple[bytes, ...]:
    quotes: list[bytes] = []
    for start, end in spans:
        quote = quote_of(text, start, end, least_bytes=least_bytes)
        if quote and quote not in quotes:
            quotes.append(quote)
    return tuple(quotes[:MAX_EVIDENCE_PIECES])


def _report(finding: Finding, quotes: tuple[bytes, ...], confidence: float) -> TriageReport:
    return TriageReport(
        category=finding.category,
        severity=finding.severity,
        confidence=confidence,
        evidence=tuple(quote.decode() for quote in quotes),
        reasoning_trace=" ".join(finding.steps),
        suggested_action=finding.action,
        is_actionable_for_oncall=finding.is_actionable,
    )
