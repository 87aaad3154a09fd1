"""Keep a command within what the settings allow a model to be asked: calls and tokens a minute, money a day.

The service has a budget with reserves and shares (`engines/mimo/budget`); a command asks for one user, so it waits its
turn and then stops: half of a minute's calls may go at once, half of a day's money too, the rest as it refills.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from logtriage.config.mimo import MimoSettings
from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.mimo.buckets import Bucket, Rate
from logtriage.engines.mimo.forecast import Expectation
from logtriage.schema.provenance import Reason

PATIENCE_SECONDS = 120.0
"""Longer no record waits for its turn: its budget is spent."""
_AT_ONCE = 0.5
_FIRST_EXPECTED_TOKENS = 4000.0
_MINUTE_SECONDS = 60.0
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to judge one record; `Allowance.settle` it with what it took."""

    tokens: float
    usd: float


class Allowance:
    """What one command may use. Belongs to one event loop; ``clock`` is monotonic."""

    def __init__(
        self,
        settings: MimoSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        price = settings.token_price
        self._tokens = Expectation(_FIRST_EXPECTED_TOKENS)
        self._usd = Expectation(_FIRST_EXPECTED_TOKENS * (price.output_usd if price else 0.0) / 1e6)
        self._buckets = {
            "mimo.requests_per_minute": self._bucket(settings.requests_per_minute, _MINUTE_SECONDS, unit=1.0),
            "mimo.tokens_per_minute": self._bucket(settings.tokens_per_minute, _MINUTE_SECONDS),
            "mimo.usd_per_day": self._bucket(settings.usd_per_day, _DAY_SECONDS),
        }
        self._is_free = settings.token_price is not None and settings.token_price.output_usd == 0.0
        self._door = asyncio.Lock()

    def _bucket(self, amount: float, period_seconds: float, *, unit: float = 0.0) -> Bucket:
        rate = Rate(amount=amount, period_seconds=period_seconds, burst=max(amount * _AT_ONCE, unit), unit=unit)
        return Bucket(rate, level=rate.burst, now=self._clock())

    async def turn(self) -> Turn | NoJudgement:
        """Wait for a turn, in the order of asking; say which setting is spent if that would take too long."""
        async with self._door:
            while True:
                wanted = {
                    "mimo.requests_per_minute": 1.0,
                    "mimo.tokens_per_minute": self._tokens.value,
                    "mimo.usd_per_day": 0.0 if self._is_free else max(self._usd.value, 1e-9),
                }
                now = self._clock()
                waits = {name: self._buckets[name].seconds_until(amount, now) for name, amount in wanted.items()}
                name = max(waits, key=lambda each: waits[each])
                if waits[name] > PATIENCE_SECONDS:
                    reason = Reason.RATE_LIMIT if name == "mimo.requests_per_minute" else Reason.BUDGET
                    return NoJudgement(reason=reason, detail=f"`{name}` is spent")
                if waits[name] <= 0:
                    for each, amount in wanted.items():
                        self._buckets[each].take(amount, now)
                    return Turn(wanted["mimo.tokens_per_minute"], wanted["mimo.usd_per_day"])
                await self._sleep(waits[name])

    def settle(self, turn: Turn, result: Judgement | NoJudgement, *, calls: int) -> None:
        """Correct what was expected by what was used. What is not known (tokens without a judgement) stays.

        ``calls``: how many left this machine; with none (a recording answered) nothing was used.
        """
        now = self._clock()
        self._buckets["mimo.requests_per_minute"].take(calls - 1.0, now)
        if not calls:
            self._buckets["mimo.usd_per_day"].take(-turn.usd, now)
            self._buckets["mimo.tokens_per_minute"].take(-turn.tokens, now)
            return
        self._buckets["mimo.usd_per_day"].take(result.cost_usd - turn.usd, now)
        if isinstance(result, Judgement):
            tokens = float(result.input_tokens + result.output_tokens)
            self._buckets["mimo.tokens_per_minute"].take(tokens - turn.tokens, now)
            self._tokens.learn(tokens)
            self._usd.learn(result.cost_usd)
