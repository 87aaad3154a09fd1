"""Judge single records outside the service: for commands. The same engines, the same policy, no waiting line.

Of this module only what a model needs is slow to import, and it is imported when a model is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from logtriage.config.settings import Settings
from logtriage.engines.judgement import Judgement, ModelEngine, NoJudgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.service.counted import counted
from logtriage.triage.judge import Judge
from logtriage.verdicts.fingerprint import fingerprint_of
from logtriage.verdicts.verdict import Verdict

if TYPE_CHECKING:
    from logtriage.engines.mimo.client import MimoClient
    from logtriage.engines.mimo.recording import Recording
    from logtriage.service.allowance import Allowance


@dataclass(slots=True)
class Spent:
    """What the model was asked, and what that took. Answers of a recording count as when they were given."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0

    def add(self, result: Judgement | NoJudgement) -> None:
        """Add what one record took."""
        self.calls += result.calls
        self.usd += result.cost_usd
        if isinstance(result, Judgement):
            self.input_tokens += result.input_tokens
            self.output_tokens += result.output_tokens


@dataclass(frozen=True, slots=True)
class Single:
    """One verdict, and where it comes from. ``detail``: why the model gave none; it holds no text of the record."""

    verdict: Verdict
    status: Status
    reason: Reason | None
    detail: str = ""


class SingleJudge:
    """Judges records one by one; enter it to open what it needs. Verdicts are not kept.

    ``recording``: answers of the model come from it, or are kept there; who made it closes it.
    """

    def __init__(self, settings: Settings, *, recording: Recording | None = None) -> None:
        self._settings = settings
        self._local = LocalEngine()
        self._judge = Judge(self._local, ttl_seconds=settings.verdicts.ttl)
        self._client: MimoClient | None = None
        self._model: ModelEngine | None = None
        self._at_once = asyncio.Semaphore(settings.mimo.max_concurrency)
        self._judged = 0
        self._by_fallback = 0
        self._recording = recording
        self._counted_calls = 0
        self._allowance: Allowance | None = None
        self._same_record: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.spent = Spent()

    @property
    def asks_a_model(self) -> bool:
        """True if a record is worth waiting for."""
        return self._settings.engine_name is EngineName.MIMO

    @property
    def max_concurrency(self) -> int:
        """How many records are worth asking about at once."""
        return self._settings.mimo.max_concurrency if self.asks_a_model else 1

    @property
    def engine_name(self) -> str:
        """Who judges."""
        return self._settings.engine_name.value

    @property
    def engine_version(self) -> str:
        """Version of the signatures, or model and version of the prompt."""
        if not self.asks_a_model:
            return self._local.version
        from logtriage.engines.mimo.system_prompt import PROMPT_VERSION

        return f"{self._settings.mimo.model}/{PROMPT_VERSION}"

    @property
    def cost_note(self) -> str:
        """Say in a few words what the model took so far; empty if none is asked."""
        if not self.asks_a_model:
            return ""
        return f"{self._by_fallback} not answered, {self.spent.usd:.4f} USD"

    @property
    def summary(self) -> str:
        """Say what was done, and what it took."""
        told = f"{counted(self._judged, 'record')} judged by {self._settings.engine_name.value}"
        if self._by_fallback:
            told += f" ({self._by_fallback} of them by local instead)"
        if self.asks_a_model:
            calls = self.spent.calls if self._recording is None else len(self._recording.asked)
            told += f", {counted(calls, 'call')} to {self._settings.mimo.host}, {self.asked_usd:.4f} USD"
        return told

    @property
    def asked_usd(self) -> float:
        """What was paid in this run: answers out of a recording were paid before."""
        if self._recording is None:
            return self.spent.usd
        from logtriage.engines.mimo.recording_cost import cost_of

        return cost_of(self._recording.asked, self._settings.mimo)

    async def __aenter__(self) -> Self:
        if self.asks_a_model:
            from opentelemetry.metrics import NoOpMeterProvider

            from logtriage.engines.mimo.client import MimoClient
            from logtriage.service.allowance import Allowance
            from logtriage.service.model import engine_of
            from logtriage.telemetry.meter import Meter
            from logtriage.triage.second_judgement import SecondJudgement

            mimo, recording = self._settings.mimo, self._recording
            may_ask = recording is None or recording.may_ask
            self._client = MimoClient(
                mimo,
                meter=Meter(NoOpMeterProvider()),
                sleep=asyncio.sleep if may_ask else _at_once,
                recording=recording,
            )
            self._model = SecondJudgement(engine_of(self._settings, self._client, recording), self._local)
            self._allowance = Allowance(mimo) if may_ask else None
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
            result = await self._asked(self._model, record, context)
        self._judged += 1
        self.spent.add(result)
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

    async def _asked(self, model: ModelEngine, record: RecordView, context: Context) -> Judgement | NoJudgement:
        """Ask within the allowance. Equal records make equal requests: with a recording they are asked in turn."""
        if self._recording is None:
            return await self._within_allowance(model, record, context)
        async with self._same_record[self._recording.mark_of(record, context)]:
            return await self._within_allowance(model, record, context)

    async def _within_allowance(
        self, model: ModelEngine, record: RecordView, context: Context
    ) -> Judgement | NoJudgement:
        if self._allowance is None:
            return await model.judge(record, context)
        turn = await self._allowance.turn()
        if isinstance(turn, NoJudgement):
            return turn
        result = await model.judge(record, context)
        self._allowance.settle(turn, result, calls=self._newly_asked(result))
        return result

    def _newly_asked(self, result: Judgement | NoJudgement) -> int:
        """Count the calls that left this machine since this was asked for the last time."""
        if self._recording is None:
            return result.calls
        asked = len(self._recording.asked)
        new, self._counted_calls = asked - self._counted_calls, asked
        return new

    def _verdict_of_local(self, record: RecordView, context: Context) -> Verdict:
        return self._judge.judge(
            record,
            fingerprint_of(record).digest,
            now=time.monotonic(),
            first_seen=_first_seen(record),
            context=context,
        )


async def _at_once(_seconds: float) -> None:
    """Wait for nobody: the answer is recorded already."""


def _first_seen(record: RecordView) -> int:
    return record.time_unix_nano or time.time_ns()
