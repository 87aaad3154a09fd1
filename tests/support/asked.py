"""A scheduler that answers when a test says so."""

from __future__ import annotations

from collections.abc import Callable

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.schema.provenance import Reason
from logtriage.schema.record import RecordView
from logtriage.triage.scheduler import Scheduler


class Asked(Scheduler):
    """Remembers who asks. ``refuses``: records with these bytes in their body get no question, for the budget."""

    def __init__(self) -> None:
        self.refuses = b""
        self.waiting: dict[bytes, Callable[[bytes, Judgement | NoJudgement], None]] = {}

    @property
    def fingerprints(self) -> list[bytes]:
        """What is asked about."""
        return list(self.waiting)

    def ask(self, fingerprint: bytes, record: RecordView, **more: object) -> Reason:  # type: ignore[override]
        """Remember who asks."""
        if self.refuses and self.refuses in record.body:
            return Reason.BUDGET
        self.waiting[fingerprint] = more["on_done"]  # type: ignore[assignment]
        return Reason.PENDING

    def fail(self, reason: Reason) -> None:
        """Give all who wait no judgement."""
        self.answer(NoJudgement(reason=reason, detail="scripted"))

    def answer(self, outcome: Judgement | NoJudgement) -> None:
        """Give all who wait the same."""
        waiting, self.waiting = self.waiting, {}
        for fingerprint, on_done in waiting.items():
            on_done(fingerprint, outcome)
