"""Judge single records outside the service: for commands. The same engines, the same policy, no waiting line."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from logtriage.config.mimo import Thinking
from logtriage.config.settings import Settings
from logtriage.engines.judgement import ModelEngine, NoJudgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.record import Context, RecordView
from logtriage.service.build import telemetry_of
from logtriage.triage.judge import Judge
from logtriage.triage.second_judgement import SecondJudgement
from logtriage.verdicts.fingerprint import fingerprint_of
from logtriage.verdicts.verdict import Verdict

if TYPE_CHECKING:
    from logtriage.engines.mimo.client import MimoClient


@dataclass(frozen=True, slots=True)
class Single:
    """One verdict, and where it comes from."""

    verdict: Verdict
    status: Status
    reason: Reason | None


class SingleJudge:
    """Judges records one by one; enter it to open what it needs. Verdicts are not kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = LocalEngine()
        self._judge = Judge(self._local, ttl_seconds=settings.verdicts.ttl)
        self._telemetry = telemetry_of(settings)
        self._client: MimoClient | None = None
        self._model: ModelEngine | None = None
        self._at_once = asyncio.Semaphore(settings.mimo.max_concurrency)
        self._judged = 0
        self._calls = 0
        self._cost_usd = 0.0

    @property
    def max_concurrency(self) -> int:
        """How many records are worth asking about at once."""
        return self._settings.mimo.max_concurrency if self._settings.engine_name is EngineName.MIMO else 1

    @property
    def summary(self) -> str:
        """Say what was done, and what it took."""
        told = f"{self._judged} records judged by {self._settings.engine_name.value}"
        if self._model is not None:
            told += f", {self._calls} calls to {self._settings.mimo.host}, {self._cost_usd:.4f} USD"
        return told

    async def __aenter__(self) -> Self:
        if self._settings.engine_name is EngineName.MIMO:
            from logtriage.engines.mimo.client import MimoClient
            from logtriage.service.model import engine_of

            self._client = MimoClient(self._settings.mimo, meter=self._telemetry.meter)
            self._model = SecondJudgement(engine_of(self._settings, self._client), self._local)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()
        self._telemetry.close()

    async def judge(self, record: RecordView, context: Context) -> Single:
        """Judge one record; without an answer of the model, the embedded engine's verdict with status `fallback`."""
        fingerprint = fingerprint_of(record).digest
        now, first_seen = time.monotonic(), record.time_unix_nano or time.time_ns()
        self._judged += 1
        if self._model is not None:
            async with self._at_once:
                result = await self._model.judge(record, context)
            self._calls += result.calls
            self._cost_usd += result.cost_usd
            if not isinstance(result, NoJudgement):
                verdict = self._judge.verdict_of_model(result, record, fingerprint, now=now, first_seen=first_seen)
                return Single(verdict, Status.FRESH, verdict.reason)
            verdict = self._judge.judge(record, fingerprint, now=now, first_seen=first_seen)
            return Single(verdict, Status.FALLBACK, verdict.reason or result.reason)
        verdict = self._judge.judge(record, fingerprint, now=now, first_seen=first_seen)
        return Single(verdict, Status.FRESH, verdict.reason)


def request_body_of(settings: Settings, record: RecordView, context: Context) -> bytes:
    """Give the body of the first call that `mimo` would make for a record, as the client sends it.

    The boundary around the record is random in each call; the canary in each process.
    """
    from logtriage.engines.mimo.answer import ANSWER_SCHEMA
    from logtriage.engines.mimo.client import MimoClient
    from logtriage.engines.mimo.facts import request_body
    from logtriage.service.model import engine_of

    telemetry = telemetry_of(settings)
    try:
        engine = engine_of(settings, MimoClient(settings.mimo, meter=telemetry.meter))
        body = request_body(
            settings.mimo,
            engine.prompt(record, context).messages,
            is_thinking=settings.mimo.thinking is Thinking.ENABLED,
            max_completion_tokens=settings.mimo.max_completion_tokens,
            schema=ANSWER_SCHEMA,
        )
    finally:
        telemetry.close()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
