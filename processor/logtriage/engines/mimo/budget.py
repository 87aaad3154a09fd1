"""What the model may be asked: requests, tokens and money as refilling buckets, and calls at once.

`Budget.admit` takes what a call is expected to use, `Budget.settle` corrects it by what it used (thinking tokens are
part of the usage). Three rules hold for each bucket:

- A share of it, the reserve, is for fingerprints never seen before: what is asked again does not touch it.
- A service has buckets of its own, a share of the common ones, so that one noisy service cannot starve the rest. Beyond
  its share it may only use what lies above half of the common bucket: who comes later finds at least that half.
- A call that takes more than expected leaves a debt, which is refilled before the next call.

Seconds of the monotonic clock are passed in. Belongs to one event loop; what gauges read may be read from any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from logtriage.engines.mimo.buckets import Bucket
from logtriage.engines.mimo.budget_levels import BUCKETS, BudgetLimits, Levels, Limit, first_level
from logtriage.engines.mimo.forecast import Expectation, SpendRate, seconds_until_dry
from logtriage.schema.provenance import Reason

MAX_SERVICES = 1000
_SWEEP_SECONDS = 1.0
_MAX_SERVICE_NAME = 200
_OTHERS = "(others)"
YEAR_SECONDS = 365 * 86_400.0
_KEPT_FOR_OTHERS = 0.5
"""Share of a common bucket that a service over its own share leaves to the others."""

_REASONS = {
    Limit.USD: Reason.BUDGET,
    Limit.TOKENS: Reason.BUDGET,
    Limit.REQUESTS: Reason.RATE_LIMIT,
    Limit.CONCURRENCY: Reason.RATE_LIMIT,
}
_FADE_SECONDS = {Limit.USD: 600.0, Limit.TOKENS: 60.0, Limit.REQUESTS: 60.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Admission:
    """The answer to one question: may this call be made?

    ``reason`` is None if it may; then it must be settled once. Else ``limit`` says what is short, ``is_service_cap``
    whether only for this service, and ``retry_after_seconds`` when to ask again: None if time alone does not help (a
    call under way has to end, or the call is larger than the budget). ``borrowed``: beyond the service's own share.
    """

    service: str
    tokens: int = 0
    usd: float = 0.0
    borrowed: frozenset[Limit] = frozenset()
    reason: Reason | None = None
    limit: Limit | None = None
    is_service_cap: bool = False
    retry_after_seconds: float | None = None

    @property
    def is_ok(self) -> bool:
        """The call may be made."""
        return self.reason is None


class Budget:
    """The budget of one model. ``levels``: those of the last run, `restored`; None: start with the reserve only."""

    def __init__(
        self,
        limits: BudgetLimits,
        *,
        first_expected_tokens: float,
        first_expected_usd: float,
        now: float,
        levels: Levels | None = None,
    ) -> None:
        self._limits = limits
        self._whole = {limit: limits.rate(limit).amount for limit in BUCKETS}
        self._rates_of_service = {limit: limits.rate_of_service(limit) for limit in BUCKETS}
        self._common = {
            limit: Bucket(rate, level=first_level(limit, rate, limits.reserve_share, levels), now=now)
            for limit in BUCKETS
            for rate in (limits.rate(limit),)
        }
        self._services: dict[str, dict[Limit, Bucket]] = {}
        self._swept_at = -math.inf
        for service, usd in (levels.usd_of_services if levels else {}).items():
            self._services[service] = self._buckets_of_new_service(now, usd=usd)
        self._spent = {limit: SpendRate(fade_seconds=_FADE_SECONDS[limit], now=now) for limit in BUCKETS}
        self._tokens_of_a_call = Expectation(first_expected_tokens)
        self._usd_of_a_call = Expectation(first_expected_usd)
        self._under_way: dict[str, int] = {}
        self._open: set[Admission] = set()
        self.changes = 0
        """Grows with each admission and settlement: whether the levels are worth writing again."""

    @property
    def expected_tokens(self) -> int:
        """What one call will probably take, learnt from settled ones."""
        return math.ceil(self._tokens_of_a_call.value)

    @property
    def expected_usd(self) -> float:
        """What one call will probably cost, learnt from settled ones."""
        return self._usd_of_a_call.value

    @property
    def in_flight(self) -> int:
        """Calls admitted and not settled."""
        return len(self._open)

    @property
    def has_free_call(self) -> bool:
        """One more call at once is allowed, for a fingerprint never seen."""
        return len(self._open) < self._limits.max_concurrency

    def admit(self, service: str, *, is_new: bool, expected_tokens: int, expected_usd: float, now: float) -> Admission:
        """Take what a call is expected to use, or say what is short. An admitted call must be settled."""
        service = self._key(service, now)
        answer = self._check(service, is_new, expected_tokens, expected_usd, now)
        if answer.is_ok:
            self._take(answer, 1, expected_tokens, expected_usd, now)
            self._under_way[service] = self._under_way.get(service, 0) + 1
            self._open.add(answer)
        return answer

    def refusal(
        self, service: str, *, is_new: bool, expected_tokens: int, expected_usd: float, now: float
    ) -> Admission | None:
        """Say what `admit` would refuse, and take nothing; None if it would not."""
        answer = self._check(self._key(service, now), is_new, expected_tokens, expected_usd, now)
        return None if answer.is_ok else answer

    def settle(self, admission: Admission, *, tokens: int, usd: float, now: float, calls: int = 1) -> None:
        """Correct what `admit` took by what was used; ``calls`` counts repairs and retries, 0 means that none was made.

        A usage that cannot be (below zero, not finite) counts as what was expected.

        Raises:
            ValueError: the admission was refused, or is settled already.
        """
        if admission not in self._open:
            raise ValueError("the admission is not open: it was refused, or settled before")
        self._open.remove(admission)
        tokens = tokens if tokens >= 0 else admission.tokens
        usd = usd if usd >= 0 and math.isfinite(usd) else admission.usd
        self._under_way[admission.service] -= 1
        if not self._under_way[admission.service]:
            del self._under_way[admission.service]
        self._take(admission, calls - 1, tokens - admission.tokens, usd - admission.usd, now)
        if calls > 0 and tokens > 0:
            self._tokens_of_a_call.learn(tokens)
            self._usd_of_a_call.learn(usd)

    def left(self, limit: Limit, now: float) -> float:
        """Give what is left of a limit, in its own unit; below zero is a debt."""
        if limit is Limit.CONCURRENCY:
            return float(self._limits.max_concurrency - len(self._open))
        return self._common[limit].level(now)

    def seconds_until_dry(self, limit: Limit, now: float) -> float:
        """Give when a bucket is empty if spending goes on as it is: a year at most, metrics take no infinity."""
        bucket = self._common[limit]
        seconds = seconds_until_dry(
            level=bucket.level(now),
            refill_per_second=bucket.refill_per_second,
            spent_per_second=self._spent[limit].per_second(now),
        )
        return min(seconds, YEAR_SECONDS)

    def levels(self, now: float) -> Levels:
        """Give what is left, to be kept over a restart."""
        usd = {
            service: buckets[Limit.USD].level(now)
            for service, buckets in self._services.items()
            if not buckets[Limit.USD].is_full(now)
        }
        return Levels(common={limit: bucket.level(now) for limit, bucket in self._common.items()}, usd_of_services=usd)

    def _take(self, admission: Admission, calls: int, tokens: int, usd: float, now: float) -> None:
        own = self._own(admission.service, now)
        for limit, amount in ((Limit.REQUESTS, float(calls)), (Limit.TOKENS, float(tokens)), (Limit.USD, usd)):
            if amount:
                self._common[limit].take(amount, now)
                self._spent[limit].add(amount, now)
                if limit not in admission.borrowed:
                    own[limit].take(amount, now)
        self.changes += 1

    def _check(self, service: str, is_new: bool, tokens: int, usd: float, now: float) -> Admission:
        """Find what is short: the first limit in the order of the reasons, the longest wait of all of them."""
        own = self._own(service, now)
        short: tuple[Limit, bool] | None = None
        wait = 0.0
        borrowed: list[Limit] = []
        for limit, amount in ((Limit.USD, usd), (Limit.TOKENS, float(tokens)), (Limit.REQUESTS, 1.0)):
            if amount <= 0:
                continue
            common_wait = self._wait(self._common[limit], limit, amount, is_new, now)
            own_wait = self._wait(own[limit], limit, amount, is_new, now)
            if own_wait > 0:
                borrowing_wait = self._wait_to_borrow(limit, amount, now)
                if borrowing_wait <= 0:
                    borrowed.append(limit)
                own_wait = min(own_wait, borrowing_wait)
            if max(common_wait, own_wait) > 0:
                short = short or (limit, common_wait <= 0)
                wait = max(wait, common_wait, own_wait)
        if short is None:
            short = self._short_of_calls(service, is_new)
            if short is None:
                return Admission(service=service, tokens=tokens, usd=usd, borrowed=frozenset(borrowed))
            wait = math.inf
        limit, is_service_cap = short
        return Admission(
            service=service,
            reason=_REASONS[limit],
            limit=limit,
            is_service_cap=is_service_cap,
            retry_after_seconds=wait if math.isfinite(wait) else None,
        )

    def _wait(self, bucket: Bucket, limit: Limit, amount: float, is_new: bool, now: float) -> float:
        """Give the wait for one bucket. What is larger than a full bucket may go as a debt, if it was never seen."""
        if bucket.capacity <= 0 or amount > self._whole[limit]:
            return math.inf
        if is_new:
            return bucket.seconds_until(min(amount, bucket.capacity), now)
        return bucket.seconds_until(amount + self._limits.reserve_share * bucket.capacity, now)

    def _wait_to_borrow(self, limit: Limit, amount: float, now: float) -> float:
        bucket = self._common[limit]
        kept = bucket.capacity * max(_KEPT_FOR_OTHERS, self._limits.reserve_share)
        return bucket.seconds_until(min(amount + kept, bucket.capacity), now)

    def _short_of_calls(self, service: str, is_new: bool) -> tuple[Limit, bool] | None:
        """Beyond its share of the calls at once, or for what was seen before, a service leaves the reserved ones."""
        free = self._limits.max_concurrency - len(self._open)
        is_over_share = self._under_way.get(service, 0) >= self._limits.calls_per_service
        if free > (self._limits.reserved_calls if is_over_share or not is_new else 0):
            return None
        return Limit.CONCURRENCY, free > 0 and is_over_share

    def _own(self, service: str, now: float) -> dict[Limit, Bucket]:
        own = self._services.get(service)
        if own is None:
            own = self._services[service] = self._buckets_of_new_service(now)
        return own

    def _key(self, service: str, now: float) -> str:
        """Give the name under which a service is counted; past the bound those unknown are counted together."""
        service = service[:_MAX_SERVICE_NAME]
        if service in self._services or len(self._services) < MAX_SERVICES:
            return service
        if now - self._swept_at >= _SWEEP_SECONDS:
            self._swept_at = now
            idle = [
                name
                for name, buckets in self._services.items()
                if name not in self._under_way and all(bucket.is_full(now) for bucket in buckets.values())
            ]
            for name in idle:
                del self._services[name]
        return service if len(self._services) < MAX_SERVICES else _OTHERS

    def _buckets_of_new_service(self, now: float, *, usd: float = math.inf) -> dict[Limit, Bucket]:
        """Make a service's buckets, as full as the common ones: a newcomer has its share of the rest, and a request."""
        buckets = {}
        for limit, rate in self._rates_of_service.items():
            common = self._common[limit]
            fullness = max(0.0, common.level(now)) / common.capacity if common.capacity > 0 else 0.0
            level = max(rate.burst * fullness, 1.0 if limit is Limit.REQUESTS else 0.0)
            if limit is Limit.USD and usd < math.inf:
                level = usd
            buckets[limit] = Bucket(rate, level=level, now=now)
        return buckets
