"""Ask the model about fingerprints: once each, in fair order, within the budget; nobody waits for it.

`Scheduler.ask` queues a question and says why nothing is known yet; the judgement, or why there is none, comes to
``on_done`` on the event loop. All calls live in one task group, which ends with `Scheduler.stop`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable
from functools import partial
from random import random as uniform

from logtriage.engines.judgement import Judgement, ModelEngine, NoJudgement
from logtriage.engines.mimo.budget import Admission, Budget
from logtriage.engines.mimo.budget_file import BudgetFile
from logtriage.engines.mimo.budget_levels import Limit
from logtriage.engines.mimo.fairness import Decision, FairQueue
from logtriage.errors import place_of
from logtriage.schema.provenance import Reason
from logtriage.schema.record import Context, RecordView
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.metrics import (
    SCHEDULER_ASKED,
    SCHEDULER_FAULTS,
    SCHEDULER_IN_FLIGHT,
    SCHEDULER_QUEUE_MEMORY,
    SCHEDULER_QUEUE_SIZE,
    SCHEDULER_UNANSWERED,
)
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.triage.back_off import FailureMemory
from logtriage.triage.budget_gauges import observe_budget
from logtriage.triage.question import IsWaitedFor, OnDone, Question, SchedulerLimits, Walk, given_up, size_of, used_by

_MAX_FAILURES_REMEMBERED = 10_000
_AFTER_FAULT_SECONDS = 1.0
_MIN_DELAY_SECONDS = 0.001

logger = logging.getLogger(__name__)


class Scheduler:
    """The questions to one model. Belongs to one event loop; ``clock`` is monotonic."""

    def __init__(
        self,
        engine: ModelEngine,
        budget: Budget,
        limits: SchedulerLimits,
        *,
        is_open: Callable[[float], bool],
        meter: Meter,
        budget_file: BudgetFile | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = uniform,
    ) -> None:
        self._engine = engine
        self._budget = budget
        self._limits = limits
        self._is_open = is_open
        self._meter = meter
        self._budget_file = budget_file
        self._clock = clock
        self._queue: FairQueue[Question] = FairQueue(
            max_items=limits.max_queue_records, max_bytes=limits.max_queue_bytes, quantum=1.0
        )
        self._pending: dict[bytes, Question] = {}
        self._failures = FailureMemory(max_fingerprints=_MAX_FAILURES_REMEMBERED, random=random)
        self._log = RateLimitedLog(logger, clock=clock)
        self._wake = asyncio.Event()
        self._owner: asyncio.Task[None] | None = None
        self._is_stopping = False
        meter.observe(SCHEDULER_QUEUE_SIZE, lambda: self.queue_records)
        meter.observe(SCHEDULER_QUEUE_MEMORY, lambda: self.queue_bytes)
        meter.observe(SCHEDULER_IN_FLIGHT, lambda: self.in_flight)
        observe_budget(meter, budget, clock)

    @property
    def queue_records(self) -> int:
        """Questions that wait to be asked."""
        return len(self._queue)

    @property
    def queue_bytes(self) -> int:
        """What the questions that wait take."""
        return self._queue.size_bytes

    @property
    def in_flight(self) -> int:
        """Questions that the model has."""
        return len(self._pending) - len(self._queue)

    async def start(self) -> None:
        """Begin to ask. Must be called on the loop that `ask` will be called on."""
        self._owner = asyncio.create_task(self._run(), name="scheduler")

    async def stop(self) -> None:
        """Cut off calls under way, answer all questions with `draining`, write the budget. No call is left behind."""
        self._is_stopping = True
        for question in self._queue.drain():
            self._answer(question, NoJudgement(reason=Reason.DRAINING, detail="stopping"))
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.cancel()
            await asyncio.wait([owner])
            if not owner.cancelled() and (error := owner.exception()) is not None:
                self._fault("owner", error)
        for question in tuple(self._pending.values()):
            # Its task was cancelled before its first step: no call was made.
            never_called = NoJudgement(reason=Reason.DRAINING, detail="stopping")
            self._settle_budget(question, never_called)
            self._answer(question, never_called)
        if self._budget_file is not None:
            await asyncio.to_thread(self._budget_file.write, self._budget.levels(self._clock()))

    def ask(
        self,
        fingerprint: bytes,
        record: RecordView,
        *,
        service: str,
        is_new: bool,
        on_done: OnDone,
        context: Context | None = None,
        is_waited_for: IsWaitedFor | None = None,
    ) -> Reason:
        """Ask about a fingerprint, unless that is under way or makes no sense now; say why nothing is known yet.

        `pending` means that ``on_done`` will be called once (of more than eight who ask meanwhile, the last eight);
        after any other reason it will not. ``is_new``: no verdict was ever given; those go before the others. While
        ``is_waited_for`` says no, a call that failed is not made again.
        """
        if self._is_stopping or self._owner is None or self._owner.done():
            return Reason.DRAINING
        pending = self._pending.get(fingerprint)
        if pending is not None:
            pending.add_asker(on_done)
            return Reason.PENDING
        now = self._clock()
        if self._is_open(now):
            return Reason.BREAKER_OPEN
        remembered = self._failures.reason(fingerprint, now)
        if remembered is not None:
            return remembered
        question = Question(
            fingerprint=fingerprint,
            record=record,
            context=context or Context(),
            service=service,
            is_new=is_new,
            on_done=[on_done],
            asked_at=now,
            is_waited_for=is_waited_for,
        )
        refused = self._budget.refusal(
            service,
            is_new=is_new,
            expected_tokens=self._budget.expected_tokens,
            expected_usd=self._budget.expected_usd,
            now=now,
        )
        if refused is not None and self._is_hopeless(refused, question, now):
            return self._refuse(question, given_up(refused))
        lost = self._queue.put(service, question, is_new=is_new, size_bytes=size_of(question), cost=1.0)
        self._pending[fingerprint] = question
        self._wake.set()
        full = NoJudgement(reason=Reason.NO_ROOM, detail="the queue is full")
        if refused is not None and refused.limit is not Limit.CONCURRENCY:
            full = given_up(refused)
        for other in lost:
            self._note_failure(other, full)
            if other is not question:
                asyncio.get_running_loop().call_soon(self._deliver, other, full)
        return full.reason if question in lost else Reason.PENDING

    async def _run(self) -> None:
        """Own every call, until cancelled."""
        async with asyncio.TaskGroup() as group:
            if self._budget_file is not None:
                group.create_task(self._budget_file.keep(self._budget, self._clock), name="budget file")
            while True:
                self._wake.clear()
                try:
                    delay = self._dispatch(group)
                except Exception as error:
                    self._fault("dispatch", error)
                    delay = _AFTER_FAULT_SECONDS
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._wake.wait()

    def _dispatch(self, group: asyncio.TaskGroup) -> float | None:
        """Begin all calls that may begin now; give the seconds until another may, None if only an event helps."""
        now = self._clock()
        if not len(self._queue):
            return None
        if self._is_open(now):
            for question in self._queue.drain():
                self._answer(question, NoJudgement(reason=Reason.BREAKER_OPEN, detail="the breaker is open"))
            return None
        walk = Walk(now=now)
        while self._budget.has_free_call:
            taken = self._queue.offer(partial(self._decide, walk))
            self._give_up(walk)
            if taken is None:
                break
            group.create_task(self._call(taken), name="judge")
        return None if math.isinf(walk.retry_at) else max(walk.retry_at - now, _MIN_DELAY_SECONDS)

    def _decide(self, walk: Walk, question: Question) -> Decision:
        """Take the question if the budget admits it. A refusal that holds for all of its class is asked for once."""
        admission = walk.refused_to_all.get(question.is_new)
        if admission is None:
            admission = self._budget.admit(
                question.service,
                is_new=question.is_new,
                expected_tokens=self._budget.expected_tokens,
                expected_usd=self._budget.expected_usd,
                now=walk.now,
            )
            if admission.is_ok:
                question.admission = admission
                return Decision.TAKE
            if not admission.is_service_cap:
                walk.refused_to_all[question.is_new] = admission
        if self._is_hopeless(admission, question, walk.now):
            walk.given_up.append((question, given_up(admission)))
            return Decision.DISMISS
        if admission.retry_after_seconds is not None:
            walk.retry_at = min(walk.retry_at, walk.now + admission.retry_after_seconds)
        return Decision.WAIT

    def _give_up(self, walk: Walk) -> None:
        for question, failure in walk.given_up:
            self._answer(question, failure)
        walk.given_up.clear()

    def _is_hopeless(self, refused: Admission, question: Question, now: float) -> bool:
        """Tell whether the budget will not admit the question while it is worth waiting for."""
        if refused.limit is Limit.CONCURRENCY:
            return False
        wait = refused.retry_after_seconds
        return wait is None or now + wait > question.asked_at + self._limits.patience_seconds

    async def _call(self, question: Question) -> None:
        """Get one judgement. Whatever the engine does, the question is answered and the budget settled."""
        self._meter.add(SCHEDULER_ASKED, kind="new" if question.is_new else "again")
        try:
            outcome = await self._judged(question)
        except asyncio.CancelledError:
            self._settle_budget(question, NoJudgement(reason=Reason.DRAINING, detail="stopping", calls=1))
            self._answer(question, NoJudgement(reason=Reason.DRAINING, detail="stopping", calls=1))
            raise
        try:
            self._settle_budget(question, outcome)
        except Exception as error:
            self._fault("settle", error)
        self._answer(question, outcome)
        self._wake.set()

    async def _judged(self, question: Question) -> Judgement | NoJudgement:
        """Ask the engine; raises nothing but the cancellation of the call itself."""
        try:
            async with asyncio.timeout(self._limits.judge_timeout_seconds):
                outcome = await self._asked(question)
            if not isinstance(outcome, Judgement | NoJudgement):
                raise TypeError("the engine gave neither a judgement nor a reason")
        except TimeoutError:
            return NoJudgement(reason=Reason.DEADLINE, detail="the engine outlasted its time", calls=1)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return self._fault("engine", error)
        except Exception as error:
            return self._fault("engine", error)
        return outcome

    async def _asked(self, question: Question) -> Judgement | NoJudgement:
        is_waited_for = question.is_waited_for
        if is_waited_for is None:
            return await self._engine.judge(question.record, question.context)
        return await self._engine.judge(
            question.record, question.context, may_retry=partial(is_waited_for, question.fingerprint)
        )

    def _fault(self, where: str, error: BaseException) -> NoJudgement:
        place = place_of(error)
        self._log.error(where, "a fault around a judgement", where=where, error=place)
        self._meter.add(SCHEDULER_FAULTS, where=where)
        return NoJudgement(reason=Reason.INTERNAL_ERROR, detail=place, calls=1)

    def _settle_budget(self, question: Question, outcome: Judgement | NoJudgement) -> None:
        if question.admission is not None:
            tokens, usd, calls = used_by(question.admission, outcome)
            self._budget.settle(question.admission, tokens=tokens, usd=usd, calls=calls, now=self._clock())

    def _refuse(self, question: Question, failure: NoJudgement) -> Reason:
        """Keep why a question was not even queued."""
        self._note_failure(question, failure)
        return failure.reason

    def _answer(self, question: Question, outcome: Judgement | NoJudgement) -> None:
        if isinstance(outcome, Judgement):
            self._pending.pop(question.fingerprint, None)
            self._failures.forget(question.fingerprint)
        else:
            self._note_failure(question, outcome)
        self._deliver(question, outcome)

    def _note_failure(self, question: Question, failure: NoJudgement) -> None:
        self._pending.pop(question.fingerprint, None)
        self._failures.remember(question.fingerprint, failure, self._clock())
        self._meter.add(SCHEDULER_UNANSWERED, reason=failure.reason)

    def _deliver(self, question: Question, outcome: Judgement | NoJudgement) -> None:
        for on_done in question.on_done:
            try:
                on_done(question.fingerprint, outcome)
            except Exception as error:
                self._fault("on_done", error)
