"""The desk: for each record the verdict that holds for it now, and where it comes from.

Without a model the embedded engine judges what is new, and again when a verdict has expired. With a model, what is new
waits for its verdict where it may wait and could leave less urgent by it; else it leaves with the embedded engine's
(`fallback`) while the model is asked. The model's verdict serves the records after it, inside its envelope. Outside the
envelope the old verdict serves while a new one is asked for, except that on a surge "not actionable" stops at once,
whoever said it.
"""

from __future__ import annotations

import time
from typing import NamedTuple, Protocol

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.record import Context, RecordView
from logtriage.schema.severity import Severity
from logtriage.schema.transit import Metadata
from logtriage.triage.arrival import Arrival, could_leave_less_urgent
from logtriage.triage.entry import Entry
from logtriage.triage.envelope import Envelope
from logtriage.triage.judge import Judge
from logtriage.triage.scheduler import Scheduler
from logtriage.verdicts.memory import LeastRecentlyUsed
from logtriage.verdicts.verdict import Verdict

ASK_AGAIN_SECONDS = 1.0
"""A refusal of the scheduler holds this long for a fingerprint: it is not asked for every record."""


class Told(Protocol):
    """Hears of each new or changed verdict."""

    def __call__(self, verdict: Verdict, record: RecordView, metadata: Metadata, judgement: Judgement | None) -> None:
        """``metadata``: of the request that caused it; ``judgement``: of a model, else None."""
        ...


class Waiting(Protocol):
    """Where records wait for the model."""

    def answered(self, fingerprint: bytes, reason: Reason | None) -> None:
        """Hear that the model's verdict is here, or why it will not come; never while `use` runs."""
        ...

    def is_waited_for(self, fingerprint: bytes) -> bool:
        """Tell whether a record of the fingerprint waits."""
        ...


class Use(NamedTuple):
    """The verdict that holds for one record, where it comes from, and why not from the model or not lowered.

    ``waits``: the model was asked and its verdict could make the record less urgent. ``is_asked_about``: it was asked
    by this very record.
    """

    entry: Entry
    verdict: Verdict
    status: Status
    reason: Reason | None
    waits: bool = False
    is_asked_about: bool = False


class Desk:
    """Owns the verdicts in memory. Belongs to one event loop. Without ``scheduler`` no model is asked."""

    def __init__(
        self,
        judge: Judge,
        *,
        max_verdicts: int,
        ttl_seconds: float,
        scheduler: Scheduler | None = None,
        told: Told | None = None,
    ) -> None:
        self._ttl_seconds = ttl_seconds
        self._judge = judge
        self._scheduler = scheduler
        self._told = told
        self._waiting: Waiting | None = None
        self._entries: LeastRecentlyUsed[Entry] = LeastRecentlyUsed(max_verdicts)

    def wait_in(self, waiting: Waiting) -> None:
        """Name who is to hear of the model's answers."""
        self._waiting = waiting

    @property
    def verdicts_in_memory(self) -> int:
        """How many fingerprints have a verdict here."""
        return len(self._entries)

    def known(self, fingerprint: bytes, now: float) -> Use | None:
        """Give the verdict that needs nothing but the fingerprint, if there is one: the short way without a model."""
        if self._scheduler is not None:
            return None
        entry = self._entries.get(fingerprint)
        if entry is None or now >= entry.verdict.expires_at:
            return None
        return Use(entry, entry.verdict, Status.CACHED, entry.verdict.reason)

    def has(self, fingerprint: bytes) -> bool:
        """Tell whether there is a verdict for a fingerprint, expired or not."""
        return self._entries.get(fingerprint) is not None

    def is_awaited(self, fingerprint: bytes) -> bool:
        """Tell whether the model may still answer for a fingerprint that it was asked about."""
        entry = self._entries.get(fingerprint)
        return entry is None or (entry.verdict.engine is EngineName.LOCAL and entry.reason is Reason.PENDING)

    def why_unanswered(self, fingerprint: bytes) -> Reason | None:
        """Give why the model has no verdict for a fingerprint; None if it has."""
        entry = self._entries.get(fingerprint)
        return Reason.PENDING if entry is None else entry.reason

    def use(
        self,
        fingerprint: bytes,
        arrival: Arrival,
        now: float,
        judged: list[float],
        *,
        why_not_wait: Reason | None = Reason.PENDING,
    ) -> Use:
        """Give the verdict for a record that arrives. ``now`` is monotonic; ``judged`` gets the seconds of a judgement.

        ``why_not_wait``: the reason that a record carries which could wait but may not; None if it may.
        """
        entry = self._entries.get(fingerprint)
        if self._scheduler is None:
            if entry is None or now >= entry.verdict.expires_at:
                entry = self._judged_here(fingerprint, arrival, entry, now, judged)
                return Use(entry, entry.verdict, Status.FRESH, entry.verdict.reason)
            return Use(entry, entry.verdict, Status.CACHED, entry.verdict.reason)
        if entry is None:
            entry = self._judged_here(fingerprint, arrival, None, now, judged)
        is_surge = self._envelope_of(entry, arrival, now).observe(arrival.event_minute, arrival.weight)
        if entry.verdict.engine is EngineName.LOCAL:
            asks = now >= entry.ask_again_at
            if asks:
                entry.reason = self._ask(self._scheduler, fingerprint, arrival, entry, now, is_new=True)
            verdict = _within_its_volume(entry, arrival.level, is_surge=is_surge)
            unanswered = entry.reason
            if unanswered is Reason.PENDING and could_leave_less_urgent(verdict, arrival):
                if why_not_wait is None:
                    reason = _why_not_the_model(verdict, unanswered)
                    return Use(entry, verdict, Status.FALLBACK, reason, waits=True, is_asked_about=asks)
                unanswered = why_not_wait
            return Use(entry, verdict, Status.FALLBACK, _why_not_the_model(verdict, unanswered))
        envelope = self._envelope_of(entry, arrival, now)
        if now >= entry.ask_again_at and envelope.breach(now=now, service_version=arrival.service_version) is not None:
            self._ask(self._scheduler, fingerprint, arrival, entry, now, is_new=False)
        verdict = _within_its_volume(entry, arrival.level, is_surge=is_surge)
        return Use(entry, verdict, Status.CACHED, verdict.reason)

    def leave(
        self,
        fingerprint: bytes,
        arrival: Arrival,
        now: float,
        judged: list[float],
        *,
        reason: Reason | None,
        is_asked_about: bool,
    ) -> Use:
        """Give the verdict for a record that has waited: nobody is asked, and its volume was counted as it arrived.

        ``reason``: why it waits no longer, None if the model answered; ``is_asked_about``: the model judged this very
        record.
        """
        entry = known = self._entries.get(fingerprint)
        if entry is None:
            entry = self._judged_here(fingerprint, arrival, None, now, judged)
        is_surge = entry.envelope is not None and entry.envelope.is_surge
        verdict = _within_its_volume(entry, arrival.level, is_surge=is_surge)
        if self._scheduler is None:
            return Use(entry, verdict, Status.CACHED if known else Status.FRESH, verdict.reason)
        if entry.verdict.engine is EngineName.LOCAL:
            unanswered = reason or entry.reason or Reason.DEADLINE
            return Use(entry, verdict, Status.FALLBACK, _why_not_the_model(verdict, unanswered))
        return Use(entry, verdict, Status.FRESH if is_asked_about else Status.CACHED, verdict.reason)

    def _envelope_of(self, entry: Entry, arrival: Arrival, now: float) -> Envelope:
        if entry.envelope is None:
            entry.envelope = Envelope(ttl_seconds=self._ttl_seconds, now=now, service_version=arrival.service_version)
        return entry.envelope

    def _judged_here(
        self, fingerprint: bytes, arrival: Arrival, old: Entry | None, now: float, judged: list[float]
    ) -> Entry:
        """Judge by the embedded engine; a verdict that expired keeps when its fingerprint was first seen."""
        began = time.perf_counter()
        view = arrival.view()
        verdict = self._judge.judge(
            view,
            fingerprint,
            now=now,
            first_seen=old.verdict.first_seen_unix_nano if old else view.time_unix_nano or time.time_ns(),
        )
        judged.append(time.perf_counter() - began)
        if (
            self._told is not None
            and self._scheduler is None
            and (old is None or old.verdict.verdict_id != verdict.verdict_id)
        ):
            self._told(verdict, view, arrival.metadata, None)
        if old is not None:
            old.replace(verdict)
            return old
        entry = Entry(verdict)
        self._entries.put(fingerprint, entry)
        return entry

    def _ask(
        self, scheduler: Scheduler, fingerprint: bytes, arrival: Arrival, entry: Entry, now: float, *, is_new: bool
    ) -> Reason:
        """Have the model asked; give why its verdict is not here yet."""
        view = arrival.view()

        def done(_: bytes, result: Judgement | NoJudgement) -> None:
            try:
                self._take(fingerprint, entry, view, arrival, result)
            except BaseException:
                entry.reason = Reason.INTERNAL_ERROR
                entry.ask_again_at = time.monotonic() + ASK_AGAIN_SECONDS
                raise
            finally:
                if self._waiting is not None:
                    self._waiting.answered(fingerprint, entry.reason)

        reason = scheduler.ask(
            fingerprint,
            view,
            context=Context(),
            service=view.resource.source_service,
            is_new=is_new,
            on_done=done,
            is_waited_for=self._waiting.is_waited_for if self._waiting is not None else None,
        )
        entry.ask_again_at = float("inf") if reason is Reason.PENDING else now + ASK_AGAIN_SECONDS
        return reason

    def _take(
        self, fingerprint: bytes, entry: Entry, view: RecordView, arrival: Arrival, result: Judgement | NoJudgement
    ) -> None:
        """Take what the model said: a verdict for the records to come, or the reason why there is none."""
        now = time.monotonic()
        if isinstance(result, NoJudgement):
            entry.reason = result.reason
            entry.ask_again_at = now + max(result.retry_after_seconds or 0.0, ASK_AGAIN_SECONDS)
            return
        verdict = self._judge.verdict_of_model(
            result, view, fingerprint, now=now, first_seen=entry.verdict.first_seen_unix_nano
        )
        is_changed = verdict.verdict_id != entry.verdict.verdict_id
        entry.replace(verdict)
        entry.reason = None
        entry.ask_again_at = 0.0
        if self._entries.get(fingerprint) is None:
            self._entries.put(fingerprint, entry)  # others pushed it out while the model was thinking
        self._envelope_of(entry, arrival, now).renew(now=now, service_version=arrival.service_version)
        if self._told is not None and is_changed:
            self._told(verdict, view, arrival.metadata, result)


def _within_its_volume(entry: Entry, level: Severity, *, is_surge: bool) -> Verdict:
    """Give the verdict; on a surge the one that is left of a "not actionable"."""
    if is_surge and not entry.verdict.report.is_actionable_for_oncall:
        return entry.without_lowering(level, Reason.SURGE)
    return entry.verdict


def _why_not_the_model(verdict: Verdict, unanswered: Reason | None) -> Reason | None:
    """Give the first of the reasons that apply, in the order of `Reason`."""
    if unanswered is Reason.INTERNAL_ERROR:
        return unanswered
    if verdict.reason is None and verdict.is_protected:
        return Reason.PROTECTED
    return verdict.reason or unanswered
