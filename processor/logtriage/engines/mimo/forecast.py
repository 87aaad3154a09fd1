"""How fast a budget is spent, when it runs dry at that rate, and what the next call will probably take."""

from __future__ import annotations

import math


class SpendRate:
    """What was spent a second of late: a mean in which older spending fades with ``fade_seconds``."""

    __slots__ = ("_at_seconds", "_began_at", "_fade_seconds", "_faded_sum")

    def __init__(self, *, fade_seconds: float, now: float) -> None:
        self._fade_seconds = fade_seconds
        self._faded_sum = 0.0
        self._at_seconds = now
        self._began_at = now

    def add(self, amount: float, now: float) -> None:
        """Count spending; a negative amount corrects an earlier one that was too high."""
        self._faded_sum = max(0.0, self._sum_at(now) + amount)
        self._at_seconds = max(self._at_seconds, now)

    def per_second(self, now: float) -> float:
        """Give the present rate. Young rates are divided by the time seen so far, at least one second."""
        age = max(1.0, now - self._began_at)
        return self._sum_at(now) / (self._fade_seconds * -math.expm1(-age / self._fade_seconds))

    def _sum_at(self, now: float) -> float:
        return self._faded_sum * math.exp(-max(0.0, now - self._at_seconds) / self._fade_seconds)


def seconds_until_dry(*, level: float, refill_per_second: float, spent_per_second: float) -> float:
    """Give when a bucket is empty if spending goes on as it is: 0 if it is now, infinite if it never will be."""
    if level <= 0:
        return 0.0
    loss = spent_per_second - refill_per_second
    return level / loss if loss > 0 else math.inf


class Expectation:
    """What one call will take, from what calls took. Quick to believe in more, slow to believe in less.

    Never further from the first guess than a factor of 8: one absurd usage must not stop all calls.
    """

    __slots__ = ("_highest", "_lowest", "value")

    _UP = 0.5
    _DOWN = 0.05
    _FACTOR = 8.0

    def __init__(self, first: float) -> None:
        self.value = first
        self._lowest = first / self._FACTOR
        self._highest = first * self._FACTOR

    def learn(self, actual: float) -> None:
        """Take one settled call into account."""
        actual = min(self._highest, max(self._lowest, actual))
        self.value += (actual - self.value) * (self._UP if actual > self.value else self._DOWN)
