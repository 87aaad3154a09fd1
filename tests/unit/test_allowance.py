from __future__ import annotations

import asyncio
import math

import pytest

from logtriage.config.mimo import MimoSettings
from logtriage.engines.judgement import NoJudgement
from logtriage.schema.provenance import Reason
from logtriage.service.allowance import Allowance, Turn


class Time:
    """A clock that only moves while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def used(calls: int, usd: float = 0.0) -> NoJudgement:
    return NoJudgement(reason=Reason.INVALID_OUTPUT, detail="", calls=calls, cost_usd=usd)


def allowance(time: Time, **settings: object) -> Allowance:
    return Allowance(MimoSettings.model_validate(settings), clock=time, sleep=time.sleep)


async def times_of(subject: Allowance, time: Time, turns: int, *, calls: int, usd: float = 0.0) -> list[float]:
    found = []
    for _ in range(turns):
        turn = await subject.turn()
        if isinstance(turn, NoJudgement):
            found.append(math.inf)
            continue
        found.append(time.now)
        subject.settle(turn, used(calls, usd), calls=calls)
    return found


def test_no_minute_sees_more_calls_than_the_setting() -> None:
    time = Time()

    times = asyncio.run(times_of(allowance(time, requests_per_minute=10), time, 40, calls=1))

    for began in times:
        assert sum(began <= at < began + 59.9 for at in times) <= 11


def test_calls_beyond_the_first_of_a_record_are_waited_for_too() -> None:
    time = Time()

    single = asyncio.run(times_of(allowance(time, requests_per_minute=10), time, 10, calls=1))[-1]
    triple = asyncio.run(times_of(allowance(Time(), requests_per_minute=10), Time(), 1, calls=3))
    tripled_time = Time()
    tripled = asyncio.run(times_of(allowance(tripled_time, requests_per_minute=10), tripled_time, 10, calls=3))[-1]

    assert triple == [0.0]
    assert tripled > 2 * single


def test_what_a_recording_answers_uses_nothing() -> None:
    time = Time()

    times = asyncio.run(times_of(allowance(time, requests_per_minute=1, usd_per_day=0.01), time, 100, calls=0, usd=9))

    assert set(times) == {0.0}


@pytest.mark.parametrize("usd_per_day", [0, 1.0])
def test_spent_money_is_not_waited_for(usd_per_day: float) -> None:
    time = Time()
    subject = allowance(time, usd_per_day=usd_per_day)

    async def ask() -> Turn | NoJudgement:
        turn = await subject.turn()
        while not isinstance(turn, NoJudgement):
            subject.settle(turn, used(1, usd=0.3), calls=1)
            turn = await subject.turn()
        return turn

    refused = asyncio.run(ask())

    assert isinstance(refused, NoJudgement)
    assert (refused.reason, refused.detail) == (Reason.BUDGET, "`mimo.usd_per_day` is spent")
    assert time.now < 121


def test_a_server_of_ones_own_costs_nothing() -> None:
    time = Time()
    subject = allowance(time, seller="vllm", model="mimo", usd_per_day=0)

    assert isinstance(asyncio.run(subject.turn()), Turn)
