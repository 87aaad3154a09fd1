"""One labelled record and what an engine made of it: what all figures are counted from."""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.evaluation.expectation import Expectation
from logtriage.schema.provenance import Status
from logtriage.schema.record import RecordView
from logtriage.schema.report import TriageReport

MIN_QUOTE_BYTES = 8
"""A shorter quote is found anywhere and shows nothing (DESIGN section 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A record, its label, and the report that a user would get.

    ``where``: the number of its line. ``quotes_found``: how many of the report's quotes stand in the record, byte for
    byte. ``status``: `fallback` where the model was asked and the embedded engine answered; ``detail`` says why.
    ``decided_by``: the signature or the model; ``refused``: why the policy did not let the report lower the record.
    """

    id: str | int
    where: int = 0
    expect: Expectation
    report: TriageReport
    quotes_found: int
    status: Status = Status.FRESH
    detail: str = ""
    decided_by: str = ""
    refused: str = ""

    @property
    def is_right(self) -> bool:
        """True if the category is the expected one (strict)."""
        return self.report.category is self.expect.category

    @property
    def is_acceptable(self) -> bool:
        """True if the category is the expected one, or named as acceptable too (lenient)."""
        return self.expect.accepts(self.report.category)

    @property
    def is_missed(self) -> bool:
        """True if somebody should have been called and was not."""
        return self.expect.is_actionable is True and not self.report.is_actionable_for_oncall

    @property
    def is_false_page(self) -> bool:
        """True if somebody was called for nothing."""
        return self.expect.is_actionable is False and self.report.is_actionable_for_oncall

    @property
    def has_evidence(self) -> bool:
        """True if at least one quote is long enough to show something."""
        return any(len(quote.encode()) >= MIN_QUOTE_BYTES for quote in self.report.evidence)


def quotes_found(report: TriageReport, record: RecordView) -> int:
    """Count the quotes that stand in the body or in one attribute value of the record as received."""
    texts = (record.body, *record.attributes.values())
    return sum(any(quote.encode() in text for text in texts) for quote in report.evidence)
