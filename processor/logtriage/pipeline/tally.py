"""What one request is counted as, added to the metrics once it is answered: a request sent again counts once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from logtriage.schema.provenance import Status
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.services import SourceServices


class TriagedKey(NamedTuple):
    """The labels of `logtriage_triaged_records_total`."""

    source_service: str
    category: str
    severity: str
    is_actionable_for_oncall: str


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What stands on a record, and what it is counted as. Equal to itself alone: it is counted by what it is."""

    fragment: bytes
    triaged: TriagedKey
    status: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What one request was counted as; added to the metrics when it is answered."""

    selected: int = 0
    held: int = 0
    """Selected records that wait: looked up, and counted otherwise when they leave."""
    judged: list[float] = field(default_factory=list)
    """Seconds of each judgement."""
    pieces_missing: int = 0
    triaged: Counter[TriagedKey] = field(default_factory=Counter)
    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By status and reason."""
    written: Counter[Written] = field(default_factory=Counter)
    """Records that carry the same; not yet in ``triaged`` and ``records``."""

    @property
    def has_skipped(self) -> bool:
        """True if a record was left without a verdict, for whatever reason."""
        return any(status == Status.SKIPPED for status, _ in self.records)

    def add(self, other: Tally) -> None:
        """Add what another part of the same request was counted as; both are summed up."""
        self.selected += other.selected
        self.judged += other.judged
        self.pieces_missing += other.pieces_missing
        self.triaged.update(other.triaged)
        self.records.update(other.records)

    def sum_up(self) -> None:
        """Add what was written to ``triaged`` and ``records``."""
        for written, amount in self.written.items():
            self.triaged[written.triaged] += amount
            self.records[written.status, written.reason] += amount
        self.written.clear()


def count_into(meter: Meter, tally: Tally, source_services: SourceServices) -> None:
    """Add what a delivered request was counted as to the metrics."""
    if tally.selected:
        meter.add(metrics.SELECTED_LOG_RECORDS, tally.selected)
    for key, amount in tally.triaged.items():
        labels = key._asdict()
        labels["source_service"] = source_services.label_of(key.source_service)
        meter.add(metrics.TRIAGED_RECORDS, amount, **labels)
    for (status, reason), amount in tally.records.items():
        meter.add(metrics.RECORDS, amount, status=status, reason=reason)
    lookups = tally.selected + tally.held - len(tally.judged)
    if lookups:
        meter.add(metrics.VERDICTS_LOOKUPS, lookups, result="hit")
    if tally.judged:
        meter.add(metrics.VERDICTS_LOOKUPS, len(tally.judged), result="miss")
        meter.add(metrics.FINGERPRINTS_JUDGED, len(tally.judged), engine="local")
        for seconds in tally.judged:
            meter.record(metrics.JUDGE_DURATION, seconds, engine="local")
    if tally.pieces_missing:
        meter.add(metrics.EVIDENCE_PIECES_MISSING, tally.pieces_missing)
