"""Ask the stand-in questions through the real client, with a clock that only moves when the client sleeps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import Tracer

from logtriage.config.mimo import MimoSettings
from logtriage.engines.mimo.client import MimoClient
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.telemetry.meter import Meter

PROMPT = (Message("system", "Judge the record."), Message("user", '{"body":"connection reset by peer-7"}'))


class Clock:
    """Monotonic time in a test: `sleep` moves it, and remembers how far."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Asking:
    """A client with a loop of its own, while entered."""

    def __init__(
        self,
        settings: MimoSettings,
        *,
        random: Callable[[], float] = lambda: 0.0,
        tracer: Tracer | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.clock = Clock()
        self.reader = InMemoryMetricReader()
        self._provider = MeterProvider([self.reader], shutdown_on_exit=False)
        self._runner = asyncio.Runner()
        self._random = random
        self._tracer = tracer
        self._wall_clock = wall_clock

    def __enter__(self) -> Asking:
        async def make() -> MimoClient:
            return MimoClient(
                self.settings,
                meter=Meter(self._provider),
                tracer=self._tracer,
                clock=self.clock,
                wall_clock=self._wall_clock,
                random=self._random,
                sleep=self.clock.sleep,
            )

        self.client = self._runner.run(make())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self.client.close())
        self._runner.close()
        self._provider.shutdown()

    def ask(
        self, *, thinking: bool = True, seconds: float = 1e6, messages: Sequence[Message] = PROMPT, **more: Any
    ) -> Completion | CallFailure:
        """Ask one question with ``seconds`` until its deadline."""
        more = {"max_completion_tokens": 4096, **more}
        return self._runner.run(
            self.client.complete(messages, thinking=thinking, deadline=self.clock.now + seconds, **more)
        )

    def run(self, work: Any) -> Any:
        """Run something else on the client's loop."""
        return self._runner.run(work)

    def metric(self, name: str) -> dict[tuple[tuple[str, str], ...], float]:
        """Give the values of a metric by labels; of a histogram, its counts."""
        found: dict[tuple[tuple[str, str], ...], float] = {}
        data = self.reader.get_metrics_data()
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points if metric.name == name else ():
                        labels = tuple(
                            sorted((str(key), str(value)) for key, value in (point.attributes or {}).items())
                        )
                        found[labels] = getattr(point, "value", None) or getattr(point, "count", 0)
        return found
