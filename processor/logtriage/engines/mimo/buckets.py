"""Refilling buckets: what a budget holds of one kind, refilled evenly, with a bound on what may go at once.

Time is passed in, in seconds of the monotonic clock: a wall clock that jumps refills nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_ROUNDING = 1e-9
"""Share of the capacity by which a level may fall short: waiting exactly `Bucket.seconds_until` must be enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most ``amount`` in any ``period_seconds``, of which at most ``burst`` at once.

    What may go at once is taken off the refill, so that no window of the period ever sees more than ``amount``: a
    seller who counts requests by the minute sees no excess, a day of five dollars costs five dollars. ``unit`` is the
    smallest thing taken (1 for requests); whole units fit a window's edge, which gives one of them back.
    """

    amount: float
    period_seconds: float
    burst: float
    unit: float = 0.0

    @property
    def refill_per_second(self) -> float:
        """How fast a bucket of this rate refills."""
        return max(0.0, self.amount - self.burst + min(self.unit, self.burst)) / self.period_seconds

    def part(self, share: float, *, min_burst: float = 0.0) -> Rate:
        """Give a share of this rate, for one service; at least ``min_burst`` may go at once."""
        burst = min(self.burst, max(self.burst * share, min_burst))
        refill = self.refill_per_second * share
        return Rate(amount=refill * self.period_seconds + burst, period_seconds=self.period_seconds, burst=burst)


class Bucket:
    """One bucket. Its level may fall below zero (a call that cost more than expected): the debt is refilled first.

    A debt is never larger than the amount of one period, whatever a seller says that a call has used.
    """

    __slots__ = ("_at_seconds", "_largest_debt", "_level", "capacity", "refill_per_second")

    def __init__(self, rate: Rate, *, level: float, now: float) -> None:
        self.capacity = rate.burst
        self.refill_per_second = rate.refill_per_second
        self._largest_debt = rate.amount
        self._level = min(level, self.capacity)
        self._at_seconds = now

    def level(self, now: float) -> float:
        """Give what is in it. Changes nothing: gauges may ask from another thread."""
        elapsed = now - self._at_seconds
        if elapsed <= 0:
            return self._level
        return min(self.capacity, self._level + elapsed * self.refill_per_second)

    def holds(self, wanted: float, now: float) -> bool:
        """Tell whether ``wanted`` is in it."""
        return self.level(now) + _ROUNDING * self.capacity >= wanted

    def take(self, amount: float, now: float) -> None:
        """Take ``amount`` out, below zero too; a negative amount is put back, up to the capacity."""
        self._level = max(-self._largest_debt, min(self.capacity, self.level(now) - amount))
        self._at_seconds = max(self._at_seconds, now)

    def seconds_until(self, wanted: float, now: float) -> float:
        """Give the time until ``wanted`` is in it if nobody takes anything; infinite if it never is."""
        if self.holds(wanted, now):
            return 0.0
        if wanted > self.capacity * (1 + _ROUNDING) or self.refill_per_second <= 0:
            return math.inf
        return (wanted - self.level(now)) / self.refill_per_second

    def is_full(self, now: float) -> bool:
        """Tell whether it is like one that was never used."""
        return self.holds(self.capacity, now)
