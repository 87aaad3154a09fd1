"""What is kept for one fingerprint: its verdict, why a model has not judged it, and what annotation remembers."""

from __future__ import annotations

import dataclasses
from typing import Any

from logtriage.schema.provenance import Reason
from logtriage.schema.severity import Severity
from logtriage.triage.envelope import Envelope
from logtriage.triage.policy import unlowered
from logtriage.verdicts.verdict import Verdict


class Entry:
    """One fingerprint in memory. Belongs to the event loop.

    ``reason`` says why the model has not judged it, None if it has or none is wanted. ``ask_again_at`` is on the
    monotonic clock. ``variants`` and ``full_again_at`` are annotation's own: serialised attributes, and when a record
    carries everything again.
    """

    __slots__ = ("_unlowered", "ask_again_at", "envelope", "full_again_at", "reason", "variants", "verdict")

    def __init__(self, verdict: Verdict, envelope: Envelope | None = None) -> None:
        self.verdict = _keepable(verdict)
        self.envelope = envelope
        self.reason: Reason | None = None
        self.ask_again_at = 0.0
        self.variants: dict[tuple[object, ...], Any] = {}
        self.full_again_at = 0.0
        self._unlowered: dict[Reason, Verdict] = {}

    def replace(self, verdict: Verdict) -> None:
        """Put a new verdict in the place of the old one; what was serialised for that is forgotten."""
        self.verdict = _keepable(verdict)
        self.variants = {}
        self.full_again_at = 0.0
        self._unlowered = {}

    def without_lowering(self, level: Severity, reason: Reason) -> Verdict:
        """Give the verdict as it stands where it may not make a record less urgent."""
        if not self.verdict.lowers:
            return self.verdict
        known = self._unlowered.get(reason)
        if known is None:
            report = unlowered(self.verdict.report, level)
            known = dataclasses.replace(self.verdict, report=report, lowers=False, reason=reason)
            self._unlowered[reason] = known
        return known


def _keepable(verdict: Verdict) -> Verdict:
    """Give the verdict, unless it holds for one record alone: then keeping it for the fingerprint is a bug."""
    if verdict.rests_on_context:
        raise ValueError("a verdict that rests on the context of one record serves no other")
    return verdict
