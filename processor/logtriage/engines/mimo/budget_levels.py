"""The limits of a budget as rates, and the levels of its buckets as they are kept over a restart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from logtriage.engines.mimo.buckets import Rate

MINUTE_SECONDS = 60.0
DAY_SECONDS = 86_400.0

_REQUESTS_BURST_SHARE = 0.05
_TOKENS_BURST_SHARE = 0.25
_USD_BURST_SHARE = 0.1
"""Shares of a minute's or a day's amount that may go at once; the rest refills evenly (`buckets.Rate`)."""


class Limit(StrEnum):
    """What can run out."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    USD = "usd"
    CONCURRENCY = "concurrency"


BUCKETS = (Limit.USD, Limit.TOKENS, Limit.REQUESTS)
"""The limits that are buckets, by precedence of their reasons: money and tokens: `budget`, requests: `rate_limit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLimits:
    """The settings of a budget. Shares are 0 to 1; a service's share of 1 means no cap."""

    requests_per_minute: float
    tokens_per_minute: float
    usd_per_day: float
    max_concurrency: int
    reserve_share: float
    cap_per_service_share: float

    def rate(self, limit: Limit) -> Rate:
        """Give the rate of a bucket. At least one request fits above the reserve."""
        if limit is Limit.REQUESTS:
            amount = self.requests_per_minute
            burst = min(max(amount * _REQUESTS_BURST_SHARE, self._one_above_reserve), amount)
            return Rate(amount=amount, period_seconds=MINUTE_SECONDS, burst=burst, unit=1.0)
        if limit is Limit.TOKENS:
            amount = self.tokens_per_minute
            return Rate(amount=amount, period_seconds=MINUTE_SECONDS, burst=amount * _TOKENS_BURST_SHARE)
        amount = self.usd_per_day
        return Rate(amount=amount, period_seconds=DAY_SECONDS, burst=amount * _USD_BURST_SHARE)

    def rate_of_service(self, limit: Limit) -> Rate:
        """Give the rate of one service's own bucket."""
        min_burst = self._one_above_reserve if limit is Limit.REQUESTS else 0.0
        return self.rate(limit).part(self.cap_per_service_share, min_burst=min_burst)

    @property
    def _one_above_reserve(self) -> float:
        return 1.0 / (1.0 - self.reserve_share) if self.reserve_share < 1 else 1.0

    @property
    def reserved_calls(self) -> int:
        """How many of the calls at once are kept for what was never seen; with one call at once none can be."""
        return min(self.max_concurrency - 1, math.ceil(self.max_concurrency * self.reserve_share))

    @property
    def calls_per_service(self) -> int:
        """How many calls at once one service may have."""
        return max(1, math.ceil(self.max_concurrency * self.cap_per_service_share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What is left, to be kept over a restart. Of a service the money only: the rest refills within a minute."""

    common: Mapping[Limit, float]
    usd_of_services: Mapping[str, float] = field(default_factory=dict)


def restored(levels: Levels, limits: BudgetLimits, *, elapsed_seconds: float) -> Levels:
    """Refill levels of an earlier run by the time since; a debt is never larger than one period's amount."""

    def refilled(rate: Rate, level: float) -> float:
        return min(rate.burst, max(-rate.amount, level) + max(0.0, elapsed_seconds) * rate.refill_per_second)

    usd_of_service = limits.rate_of_service(Limit.USD)
    return Levels(
        common={limit: refilled(limits.rate(limit), level) for limit, level in levels.common.items()},
        usd_of_services={name: refilled(usd_of_service, usd) for name, usd in levels.usd_of_services.items()},
    )


def only_reserve(levels: Levels, limits: BudgetLimits) -> Levels:
    """Cut levels down to the reserve, where nobody can say how long ago they were true."""
    share = limits.reserve_share
    return Levels(
        common={limit: min(level, limits.rate(limit).burst * share) for limit, level in levels.common.items()},
        usd_of_services={
            name: min(usd, limits.rate_of_service(Limit.USD).burst * share)
            for name, usd in levels.usd_of_services.items()
        },
    )


def first_level(limit: Limit, rate: Rate, reserve_share: float, levels: Levels | None) -> float:
    """Give the level a bucket starts with: the kept one, else the reserve only."""
    reserve = rate.burst * reserve_share
    return reserve if levels is None else levels.common.get(limit, reserve)
