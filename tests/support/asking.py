"""A scheduler in virtual time, with a scripted model, a full budget and a meter."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.mimo.budget import Budget
from logtriage.engines.mimo.budget_file import BudgetFile
from logtriage.engines.mimo.budget_levels import BUCKETS, BudgetLimits, Levels
from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.record import Context, RecordView, ResourceView
from logtriage.telemetry.meter import Meter
from logtriage.triage.question import SchedulerLimits
from logtriage.triage.scheduler import Scheduler
from support.scripted_engine import judgement
from support.virtual_time import run_in_virtual_time

JUDGED = dataclasses.replace(judgement(), calls=1, input_tokens=1500, output_tokens=500, cost_usd=0.0005)
NO_MODEL = NoJudgement(reason=Reason.NO_MODEL, detail="refused", calls=1)

Answer = Judgement | NoJudgement
Script = Callable[[RecordView], Awaitable[Answer]]


async def judge_in_two_seconds(record: RecordView) -> Answer:
    await asyncio.sleep(2.0)
    return JUDGED


async def hang(record: RecordView) -> Answer:
    await asyncio.Event().wait()
    raise AssertionError


class ScriptedModel:
    """A model engine that does what a test tells it to, and notes what it was asked."""

    name = EngineName.MIMO
    version = "scripted"

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[bytes] = []
        self.under_way = 0
        self.most_under_way = 0

    async def judge(self, record: RecordView, context: Context, *, is_masked: bool = False) -> Answer:
        self.asked.append(record.body)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await self.script(record)
        finally:
            self.under_way -= 1


class Asking:
    """A scheduler in virtual time with all that belongs to it. ``got``: what came to ``on_done``."""

    def __init__(
        self,
        script: Script = judge_in_two_seconds,
        *,
        max_queue_records: int = 1000,
        max_queue_bytes: int = 10**7,
        folder: Path | None = None,
        **limits: Any,
    ) -> None:
        loop = asyncio.get_running_loop()
        values: dict[str, Any] = {
            "requests_per_minute": 100_000,
            "tokens_per_minute": 1e9,
            "usd_per_day": 1000.0,
            "max_concurrency": 8,
            "reserve_share": 0.2,
            "cap_per_service_share": 0.25,
        }
        of = BudgetLimits(**{**values, **limits})
        full = Levels(common={limit: of.rate(limit).burst for limit in BUCKETS})
        self.clock = loop.time
        self.model = ScriptedModel(script)
        self.budget = Budget(of, first_expected_tokens=2000, first_expected_usd=0.0005, now=loop.time(), levels=full)
        self.is_open = False
        self.reader = InMemoryMetricReader()
        self.scheduler = Scheduler(
            self.model,
            self.budget,
            SchedulerLimits(
                max_queue_records=max_queue_records,
                max_queue_bytes=max_queue_bytes,
                patience_seconds=30.0,
                judge_timeout_seconds=100.0,
            ),
            is_open=lambda _: self.is_open,
            meter=Meter(MeterProvider([self.reader], shutdown_on_exit=False)),
            budget_file=BudgetFile(folder, of) if folder else None,
            clock=loop.time,
            random=lambda: 1.0,
        )
        self.got: dict[bytes, list[Answer]] = {}

    async def __aenter__(self) -> Asking:
        await self.scheduler.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.scheduler.stop()

    def ask(self, name: str, service: str = "a", *, is_new: bool = True, size: int = 0) -> Reason:
        record = RecordView(resource=ResourceView(), body=name.encode().ljust(size))
        return self.scheduler.ask(name.encode(), record, service=service, is_new=is_new, on_done=self.take)

    def take(self, fingerprint: bytes, answer: Answer) -> None:
        self.got.setdefault(fingerprint, []).append(answer)

    def reasons(self) -> Counter[Reason]:
        return Counter(
            answer.reason for answers in self.got.values() for answer in answers if isinstance(answer, NoJudgement)
        )

    def counted(self, name: str) -> dict[str, float]:
        data = json.loads(self.reader.get_metrics_data().to_json())  # type: ignore[union-attr]
        return {
            ",".join(str(value) for value in point["attributes"].values()): point["value"]
            for resource in data["resource_metrics"]
            for scope in resource["scope_metrics"]
            for metric in scope["metrics"]
            if metric["name"] == name
            for point in metric["data"]["data_points"]
        }


Main = Callable[[], Coroutine[Any, Any, None]]


def in_virtual_time(main: Main) -> Callable[[], None]:
    """Make a test of a coroutine function; it fails if the coroutine leaves a task behind."""

    async def checked() -> None:
        await main()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    def run() -> None:
        run_in_virtual_time(checked())

    run.__name__ = main.__name__
    return run
