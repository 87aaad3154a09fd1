"""The figures that docs/performance.md states, the budgets behind them, and how far over the stated a run fails.

Stated is what was measured; a budget and its goal are what DESIGN 8 wants. A run compares itself with the first and
prints the second beside it: a budget that is missed is told, and does not hide a change for the worse.
"""

from __future__ import annotations

from dataclasses import dataclass

FAILS_ABOVE = 3.0
"""Times are printed, not asserted: only above this multiple of the stated figure does a run fail."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a figure may be, and what it should be, where that is less."""

    most: float
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure: what was measured now, what is stated, and its budget if it has one."""

    name: str
    unit: str
    stated: float
    measured: float
    budget: Budget | None = None

    @property
    def fails(self) -> bool:
        """So far over the stated figure that the run fails."""
        return self.measured > FAILS_ABOVE * self.stated

    @property
    def misses_budget(self) -> bool:
        """Over its budget, which fails no run."""
        return self.budget is not None and self.measured > self.budget.most

    def beside_budget(self) -> str:
        """Tell for people whether budget and goal are met, and by how much a missed one is missed."""
        if self.budget is None:
            return ""
        told = _beside("budget", self.budget.most, self.measured)
        if self.budget.goal is not None:
            told += "; " + _beside("goal", self.budget.goal, self.measured)
        return told


def _beside(name: str, most: float, measured: float) -> str:
    if measured <= most:
        return f"{name} {most:g} met"
    return f"{name} {most:g} missed by {measured / most:.1f} times"


ADDED_BUDGETS = {5: Budget(1.0, 0.5), 100: Budget(12.0, 6.0)}
"""By per cent of errors: the CPU that the service may add to the bare relay, in units."""

ADDED_UNITS: dict[tuple[int, int], float] = {
    (0, 200): 2.84,
    (0, 1_000): 1.26,
    (0, 8_192): 0.77,
    (5, 200): 7.99,
    (5, 1_000): 5.47,
    (5, 8_192): 4.45,
    (100, 200): 72.94,
    (100, 1_000): 68.40,
    (100, 8_192): 66.74,
}
"""By per cent of errors and records of a batch: what the service adds, as docs/performance.md states it."""
NEVER_SEEN_MEAN_MS = 0.48
NEVER_SEEN_P99_MS = 1.32
START_CPU_SECONDS = 0.51
"""The wall is printed, and fails no run: on a busy machine it says nothing of the service."""
RSS_MIB = 165.0

NEVER_SEEN_BUDGET = Budget(1.0)
"""Milliseconds."""
