"""The gate that held records leave by: while downstream fails one tries, with jitter, no sooner than asked to."""

from __future__ import annotations

import asyncio

import pytest

from logtriage.config.exporter import RetrySettings
from logtriage.pipeline.back_off_gate import MAX_RETRY_AFTER_SECONDS, BackOffGate


class Bench:
    """A gate in a time of its own: ``waits`` are the sleeps that were asked for."""

    def __init__(self, *, random: float = 1.0) -> None:
        self.now = 100.0
        self.waits: list[float] = []
        self.may_sleep = asyncio.Event()
        self.may_sleep.set()
        retry = RetrySettings.model_validate({"initial_interval": "1s", "multiplier": 2, "max_interval": "5s"})
        self.gate = BackOffGate(retry, clock=lambda: self.now, random=lambda: random, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await self.may_sleep.wait()
        self.now += seconds

    async def fail(self, **more: object) -> float:
        """Let a try fail; give how long the next one waits."""
        is_probe = await self.gate.turn()
        self.gate.failed(is_probe=is_probe, **{"retry_after_seconds": None, **more})  # type: ignore[arg-type]
        await self.gate.turn()
        self.gate.given_up(is_probe=True)
        return self.waits[-1]


def test_an_open_gate_lets_all_pass_at_once() -> None:
    async def scenario() -> None:
        bench = Bench()
        assert [await bench.gate.turn() for _ in range(3)] == [False, False, False]
        assert bench.waits == []

    asyncio.run(scenario())


def test_waits_grow_with_each_failure_in_a_row_up_to_the_longest() -> None:
    async def scenario() -> None:
        bench = Bench()
        for _ in range(5):
            is_probe = await bench.gate.turn()
            bench.gate.failed(is_probe=is_probe, retry_after_seconds=None)
        await bench.gate.turn()
        assert bench.waits == [1.0, 2.0, 4.0, 5.0, 5.0]
        bench.gate.succeeded()
        assert bench.gate.is_open

    asyncio.run(scenario())


@pytest.mark.parametrize("drawn", [0.0, 0.25, 1.0])
def test_a_wait_is_drawn_from_between_zero_and_its_ceiling(drawn: float) -> None:
    async def scenario() -> None:
        assert await Bench(random=drawn).fail() == drawn * 1.0

    asyncio.run(scenario())


@pytest.mark.parametrize(("asked", "waited"), [(10.0, 10.0), (0.0, 0.0), (-5.0, 0.0), (1e9, MAX_RETRY_AFTER_SECONDS)])
def test_what_downstream_asks_for_is_waited_for_before_the_jitter(asked: float, waited: float) -> None:
    async def scenario() -> None:
        assert await Bench().fail(retry_after_seconds=asked) == waited + 1.0

    asyncio.run(scenario())


def test_a_wrong_token_is_tried_again_at_the_longest_interval() -> None:
    async def scenario() -> None:
        assert await Bench().fail(is_misconfigured=True) == 5.0

    asyncio.run(scenario())


def test_while_it_is_closed_one_tries_and_the_others_wait_for_how_it_goes() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.gate.failed(is_probe=await bench.gate.turn(), retry_after_seconds=None)
        turns = [asyncio.create_task(bench.gate.turn()) for _ in range(4)]
        await asyncio.sleep(0.01)
        assert [turn.done() for turn in turns] == [True, False, False, False]
        bench.gate.failed(is_probe=True, retry_after_seconds=None)
        await asyncio.sleep(0.01)
        assert [turn.done() for turn in turns] == [True, True, False, False]
        bench.gate.succeeded()
        assert await asyncio.gather(*turns) == [True, True, False, False]

    asyncio.run(scenario())


def test_of_several_that_fail_together_one_counts() -> None:
    async def scenario() -> None:
        bench = Bench()
        for is_probe in [await bench.gate.turn() for _ in range(4)]:
            bench.gate.failed(is_probe=is_probe, retry_after_seconds=None)
        await bench.gate.turn()
        assert bench.waits == [1.0]

    asyncio.run(scenario())


def test_one_that_is_cut_off_while_it_waits_lets_another_try() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.gate.failed(is_probe=await bench.gate.turn(), retry_after_seconds=None)
        bench.may_sleep.clear()
        first, second = (asyncio.create_task(bench.gate.turn()) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        bench.may_sleep.set()
        assert await second is True

    asyncio.run(scenario())
