"""The stated figures, and how far over them a run fails: DESIGN 8."""

from __future__ import annotations

from dataclasses import dataclass

FAILS_ABOVE = 3.0
"""Times are printed, not asserted: only above this multiple of the stated figure does a run fail."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One stated figure and what was measured."""

    name: str
    unit: str
    stated: float
    measured: float
    goal: float | None = None

    @property
    def holds(self) -> bool:
        """The stated figure is met."""
        return self.measured <= self.stated

    @property
    def fails(self) -> bool:
        """So far over the stated figure that the run fails."""
        return self.measured > FAILS_ABOVE * self.stated


ADDED_UNITS = {5: (1.0, 0.5), 100: (12.0, 6.0)}
"""Per cent of errors: budget and goal of the CPU that the service adds to the bare relay, in units."""
START_SECONDS = 2.0
RSS_MIB = 200.0
NEVER_SEEN_MS = 1.0
