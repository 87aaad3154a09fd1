"""Show what is left of a budget, and when it runs dry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from logtriage.engines.mimo.budget import Budget
from logtriage.engines.mimo.budget_levels import BUCKETS, Limit
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.metrics import BUDGET_DRY_IN, BUDGET_LEFT


def observe_budget(meter: Meter, budget: Budget, clock: Callable[[], float]) -> None:
    """Have the meter read the budget's buckets whenever somebody asks. ``clock`` is the budget's monotonic clock."""

    def left(limit: Limit) -> float:
        return budget.left(limit, clock())

    def dry_in(limit: Limit) -> float:
        return budget.seconds_until_dry(limit, clock())

    for limit in BUCKETS:
        meter.observe(BUDGET_LEFT, partial(left, limit), limit=limit)
        meter.observe(BUDGET_DRY_IN, partial(dry_in, limit), limit=limit)
