"""Judge single records outside the service: for commands. The same engines, the same policy, no waiting line.

Of this module only what a model needs is slow to import, and it is imported when a model is asked.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from logtriage.config.settings import Settings
from logtriage.engines.judgement import ModelEngine, NoJudgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.triage.judge import Judge
from logtriage.verdicts.fingerprint import fingerprint_of
from logtriage.verdicts.verdict import Verdict

if TYPE_CHECKING:
    from logtriage.engines.mimo.client import MimoClient


@dataclass(frozen=True, slots=True)
class Single:
    """One verdict, and where it comes from. ``detail``: why the model gave none; it holds no text of the record."""

    verdict: Verdict
    status: Status
    reason: Reason | None
    detail: str = ""


class SingleJudge:
    """Judges records one by one; enter it to open what it needs. Verdicts are not kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = LocalEngine()
        self._judge = Judge(self._local, ttl_seconds=settings.verdicts.ttl)
        self._client: MimoClient | None = None
        self._model: ModelEngine | None = None
        self._at_once = asyncio.Semaphore(settings.mimo.max_concurrency)
        self._judged = 0
        self._by_fallback = 0
        self._calls = 0
        self._cost_usd = 0.0

    @property
    def asks_a_model(self) -> bool:
        """True if a record is worth waiting for."""
        return self._settings.engine_name is EngineName.MIMO

    @property
    def max_concurrency(self) -> int:
        """How many records are worth asking about at once."""
        return self._settings.mimo.max_concurrency if self.asks_a_model else 1

    @property
    def summary(self) -> str:
        """Say what was done, and what it took."""
        told = f"{_counted(self._judged, 'record')} judged by {self._settings.engine_name.value}"
        if self._by_fallback:
            told += f" ({self._by_fallback} of them by local instead)"
        if self.asks_a_model:
            told += f", {_counted(self._calls, 'call')} to {self._settings.mimo.host}, {self._cost_usd:.4f} USD"
        return told

    async def __aenter__(self) -> Self:
        if self.asks_a_model:
            from opentelemetry.metrics import NoOpMeterProvider

            from logtriage.engines.mimo.client import MimoClient
            from logtriage.service.model import engine_of
            from logtriage.telemetry.meter import Meter
            from logtriage.triage.second_judgement import SecondJudgement

            self._client = MimoClient(self._settings.mimo, meter=Meter(NoOpMeterProvider()))
            self._model = SecondJudgement(engine_of(self._settings, self._client), self._local)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()

    def judge_by_local(self, record: RecordView, context: Context = NO_CONTEXT) -> Single:
        """Judge one record by the embedded engine, at once."""
        self._judged += 1
        verdict = self._verdict_of_local(record, context)
        return Single(verdict, Status.FRESH, verdict.reason)

    async def judge(self, record: RecordView, context: Context) -> Single:
        """Judge one record; without an answer of the model, the embedded engine's verdict with status `fallback`."""
        if self._model is None:
            return self.judge_by_local(record, context)
        async with self._at_once:
            result = await self._model.judge(record, context)
        self._judged += 1
        self._calls += result.calls
        self._cost_usd += result.cost_usd
        if isinstance(result, NoJudgement):
            self._by_fallback += 1
            verdict = self._verdict_of_local(record, context)
            return Single(verdict, Status.FALLBACK, verdict.reason or result.reason, result.detail)
        verdict = self._judge.verdict_of_model(
            result,
            record,
            fingerprint_of(record).digest,
            now=time.monotonic(),
            first_seen=_first_seen(record),
            context=context,
        )
        return Single(verdict, Status.FRESH, verdict.reason)

    def _verdict_of_local(self, record: RecordView, context: Context) -> Verdict:
        return self._judge.judge(
            record,
            fingerprint_of(record).digest,
            now=time.monotonic(),
            first_seen=_first_seen(record),
            context=context,
        )


def _first_seen(record: RecordView) -> int:
    return record.time_unix_nano or time.time_ns()


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
