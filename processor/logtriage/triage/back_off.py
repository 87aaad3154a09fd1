"""After a failure: how long a fingerprint is not asked about again.

A failing model must not be asked once per record, and a record that it cannot judge must not be paid for again and
again. The reason is remembered meanwhile, and is what the records of the fingerprint carry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from logtriage.engines.judgement import NoJudgement
from logtriage.schema.provenance import Reason
from logtriage.verdicts.memory import LeastRecentlyUsed

MAX_RETRY_AFTER_SECONDS: Final = 3600.0
"""A seller's or a budget's wish to wait longer is cut to this: asking again costs nothing where it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """Doubles with each failure of a fingerprint in a row, from ``initial_seconds`` to ``max_seconds``."""

    initial_seconds: float
    max_seconds: float


_BACK_OFFS: Final = {
    # Not the record's fault: the breaker, the buckets and the queue hold the load off; be there when they let go.
    Reason.BREAKER_OPEN: BackOff(initial_seconds=1.0, max_seconds=1.0),
    Reason.NO_ROOM: BackOff(initial_seconds=2.0, max_seconds=10.0),
    Reason.BUDGET: BackOff(initial_seconds=5.0, max_seconds=60.0),
    Reason.RATE_LIMIT: BackOff(initial_seconds=2.0, max_seconds=30.0),
    Reason.NO_MODEL: BackOff(initial_seconds=2.0, max_seconds=10.0),
    # May be the record's fault, and costs money each time.
    Reason.DEADLINE: BackOff(initial_seconds=15.0, max_seconds=900.0),
    Reason.INVALID_OUTPUT: BackOff(initial_seconds=60.0, max_seconds=3600.0),
    Reason.INTERNAL_ERROR: BackOff(initial_seconds=30.0, max_seconds=3600.0),
    # The same text gets the same answer.
    Reason.CONTENT_FILTER: BackOff(initial_seconds=3600.0, max_seconds=86_400.0),
    Reason.TOO_LARGE: BackOff(initial_seconds=3600.0, max_seconds=86_400.0),
}
_OTHERS: Final = BackOff(initial_seconds=5.0, max_seconds=300.0)
_MAX_DOUBLINGS = 20


@dataclass(slots=True)
class _Failures:
    reason: Reason
    in_a_row: int
    until: float


class FailureMemory:
    """Why fingerprints have no verdict, until they may be asked about again. Bounded; belongs to the event loop."""

    def __init__(self, *, max_fingerprints: int, random: Callable[[], float]) -> None:
        self._failures: LeastRecentlyUsed[_Failures] = LeastRecentlyUsed(max_fingerprints)
        self._random = random

    def reason(self, fingerprint: bytes, now: float) -> Reason | None:
        """Give why the last question failed; None if it may be asked now."""
        failures = self._failures.get(fingerprint)
        return failures.reason if failures is not None and now < failures.until else None

    def remember(self, fingerprint: bytes, failure: NoJudgement, now: float) -> None:
        """Keep a failure: at least its ``retry_after_seconds``, and a random half to whole of the back-off."""
        before = self._failures.get(fingerprint)
        in_a_row = before.in_a_row + 1 if before is not None and before.reason is failure.reason else 1
        back_off = _BACK_OFFS.get(failure.reason, _OTHERS)
        longest = min(back_off.max_seconds, back_off.initial_seconds * 2 ** min(in_a_row - 1, _MAX_DOUBLINGS))
        seconds = longest * (0.5 + 0.5 * self._random())
        if failure.retry_after_seconds is not None:
            seconds = max(seconds, min(failure.retry_after_seconds, MAX_RETRY_AFTER_SECONDS))
        self._failures.put(fingerprint, _Failures(failure.reason, in_a_row, now + seconds))

    def forget(self, fingerprint: bytes) -> None:
        """A judgement came: the next failure is the first again."""
        self._failures.discard(fingerprint)
