"""Ask a model one question: within its deadline, its attempts and its retry budget, behind a breaker.

Never raises for what an endpoint does: whatever comes back, or does not, is a `Completion` or a `CallFailure`.
"""

from __future__ import annotations

import asyncio
import logging
import random as randomness
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from opentelemetry.trace import NoOpTracer, Span, Tracer

from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import SELLERS, Price
from logtriage.engines.mimo.alarms import Alarms
from logtriage.engines.mimo.breaker import Breaker, State, Ticket
from logtriage.engines.mimo.call_metrics import CallMetrics
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.engines.mimo.facts import request_body
from logtriage.engines.mimo.outcomes import (
    ANSWER_TOO_LARGE,
    BREAKER_OPEN,
    CUT,
    EMPTY,
    FINISH_REASONS,
    MALFORMED,
    NO_TIME,
    TIMEOUT,
    TIMEOUT_OF_CALLER,
    UNKNOWN_FINISH,
    Again,
    Effect,
    Outcome,
    outcome_of_status,
)
from logtriage.engines.mimo.question import Failed, Question, asked_again
from logtriage.engines.mimo.reading import Answer, ErrorInBody, MalformedAnswerError, read_answer
from logtriage.engines.mimo.recording import Recording
from logtriage.engines.mimo.retries import RetryBudget, delay_seconds, parse_retry_after
from logtriage.engines.mimo.spending import Spending
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.services import SourceServices

_LEAST_SECONDS: Final = 0.05
"""With less time than this left no call is made."""
_TELLING_SECONDS: Final = 5.0
"""A call that had this long, or half of `mimo.timeout`, and got no answer speaks against the endpoint."""
_MAX_SOURCE_SERVICES: Final = 500

_logger = logging.getLogger(__name__)


class MimoClient:
    """The client of one endpoint and model. Belongs to one event loop; `close` it there.

    ``clock`` is monotonic, ``wall_clock`` gives Unix time (for ``Retry-After`` dates), ``sleep`` waits. ``recording``:
    what was answered before, or where answers are kept.
    """

    def __init__(
        self,
        settings: MimoSettings,
        *,
        meter: Meter,
        tracer: Tracer | None = None,
        source_services: SourceServices | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = randomness.random,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        recording: Recording | None = None,
    ) -> None:
        from logtriage.engines.mimo.endpoint import Endpoint

        self._settings = settings
        self._facts = SELLERS[settings.seller]
        self._price = settings.token_price or Price(cached_input_usd=0.0, input_usd=0.0, output_usd=0.0)
        self._endpoint = Endpoint(settings, recording=recording)
        self._breaker = Breaker(clock=clock, random=random, may_open=recording is None or recording.may_ask)
        self._retry_budget = RetryBudget()
        self._metrics = CallMetrics(
            settings,
            meter=meter,
            tracer=tracer or NoOpTracer(),
            source_services=source_services or SourceServices(_MAX_SOURCE_SERVICES),
        )
        self._alarms = Alarms(_logger, endpoint=settings.url, model=settings.model, clock=clock)
        self._clock = clock
        self._wall_clock = wall_clock
        self._random = random
        self._sleep = sleep
        meter.observe(
            metrics.MODEL_BREAKER_OPEN, lambda: float(self._breaker.state is not State.CLOSED), model=settings.model
        )

    @property
    def breaker_state(self) -> State:
        """Whether calls are made at this moment."""
        return self._breaker.state

    @property
    def seconds_until_probe(self) -> float:
        """How long no call will be made; 0 while the breaker is closed, or due for its probe."""
        return self._breaker.seconds_until_probe

    async def close(self) -> None:
        """Close all connections."""
        await self._endpoint.close()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        thinking: bool,
        max_completion_tokens: int,
        deadline: float,
        service: str = "",
        schema: Mapping[str, Any] | None = None,
        max_attempts: int | None = None,
        may_retry: Callable[[], bool] | None = None,
    ) -> Completion | CallFailure:
        """Ask one question.

        Args:
            messages: the prompt.
            thinking: whether the model thinks first; a second try may switch it off.
            max_completion_tokens: for thinking and answer together.
            deadline: on the client's clock; `mimo.timeout` from now at the latest.
            service: whose record it is, for the cost by service.
            schema: of the answer, used only with ``structured: json_schema``.
            max_attempts: fewer HTTP calls than `mimo.max_attempts`.
            may_retry: asked before another HTTP call after a fault: no where no record waits for the answer.
        """
        began = self._clock()
        allowed = self._settings.max_attempts
        question = Question(
            messages=messages,
            schema=schema,
            is_thinking=thinking,
            max_completion_tokens=max_completion_tokens,
            ends=min(deadline, began + self._settings.timeout),
            attempts=max(1, min(allowed, max_attempts or allowed)),
            may_retry=may_retry,
        )
        spending = Spending(self._price)
        with self._metrics.span(max_completion_tokens=max_completion_tokens) as span:
            try:
                result = await self._ask(question, spending)
            except asyncio.CancelledError:
                self._finish(span, self._cancelled(spending), service, began)
                raise
            self._finish(span, result, service, began)
            return result

    def _finish(self, span: Span, result: Completion | CallFailure, service: str, began: float) -> None:
        self._metrics.finish(span, result, service=service, seconds=self._clock() - began)

    async def _ask(self, question: Question, spending: Spending) -> Completion | CallFailure:
        failed: Failed | None = None
        retries = 0
        for attempts_left in reversed(range(question.attempts)):
            if question.ends - self._clock() < _LEAST_SECONDS:
                failed = failed or Failed(outcome=NO_TIME, detail="the deadline had passed before a call was made")
                break
            ticket = self._breaker.admit()
            if ticket is None:
                failed = failed or Failed(
                    outcome=BREAKER_OPEN,
                    detail="the breaker of this endpoint is open",
                    retry_after_seconds=self._breaker.seconds_until_probe,
                )
                break
            if spending.calls == 0:
                self._retry_budget.count_call()
            tried = await self._try(question, ticket, spending)
            if isinstance(tried, Completion):
                return tried
            failed = tried
            following = asked_again(question, failed.outcome)
            if following is None or not attempts_left or not question.is_worth_a_retry:
                break
            if failed.outcome.again is Again.AFTER_A_DELAY:
                retries += 1
                if not await self._may_retry_after_a_delay(retries, failed, question):
                    break
            question = following
        assert failed is not None
        return self._failure(failed, spending)

    async def _may_retry_after_a_delay(self, retries: int, failed: Failed, question: Question) -> bool:
        delay = delay_seconds(retries, retry_after_seconds=failed.retry_after_seconds, random=self._random)
        if self._clock() + delay + _LEAST_SECONDS > question.ends or self._breaker.state is State.OPEN:
            return False
        if not self._retry_budget.take():
            return False
        await self._sleep(delay)
        return question.is_worth_a_retry

    async def _try(self, question: Question, ticket: Ticket, spending: Spending) -> Completion | Failed:
        """Make one HTTP call and settle its ticket, whatever happens."""
        seconds = question.ends - self._clock()
        spending.begin(prompt_bytes=question.prompt_bytes, max_completion_tokens=question.max_completion_tokens)
        try:
            tried = await self._call(question, seconds, spending)
        except BaseException:
            self._breaker.released(ticket)
            self._metrics.count_http_call("given_up")
            raise
        if isinstance(tried, Completion):
            self._metrics.count_http_call("ok")
            self._breaker.succeeded(ticket)
            self._alarms.clear()
            return tried
        self._metrics.count_http_call(tried.outcome.name)
        self._settle(ticket, tried)
        return tried

    def _settle(self, ticket: Ticket, tried: Failed) -> None:
        outcome = tried.outcome
        if outcome is TIMEOUT_OF_CALLER:
            self._breaker.released(ticket)
        elif outcome.effect is Effect.WELL:
            self._breaker.succeeded(ticket)
            self._alarms.clear()
        else:
            has_opened = self._breaker.failed(
                ticket,
                opens=outcome.effect is Effect.OPENS,
                retry_after_seconds=tried.retry_after_seconds or 0.0,
            )
            self._alarms.raise_for(outcome, status=tried.status, has_opened=has_opened)

    async def _call(self, question: Question, seconds: float, spending: Spending) -> Completion | Failed:
        body = request_body(
            self._settings,
            question.messages,
            is_thinking=question.is_thinking,
            max_completion_tokens=question.max_completion_tokens,
            schema=question.schema,
        )
        answered = await self._endpoint.post(body, timeout_seconds=seconds)
        if isinstance(answered, Outcome):
            if answered not in (TIMEOUT, CUT, ANSWER_TOO_LARGE, MALFORMED):
                spending.end_unused()
            is_telling = seconds >= min(_TELLING_SECONDS, self._settings.timeout / 2)
            outcome = TIMEOUT_OF_CALLER if answered is TIMEOUT and not is_telling else answered
            return Failed(outcome=outcome, detail=_DETAILS.get(answered.name, answered.name))
        if answered.status != 200:
            spending.end_unused()
            return Failed(
                outcome=outcome_of_status(answered.status, answered.body),
                detail=f"the endpoint answered with HTTP status {answered.status}",
                status=answered.status,
                retry_after_seconds=parse_retry_after(answered.retry_after, now_unix=self._wall_clock()),
            )
        try:
            answer = read_answer(answered.body, self._facts)
        except MalformedAnswerError as error:
            return Failed(outcome=MALFORMED, detail=str(error), status=200)
        if isinstance(answer, ErrorInBody):
            spending.end_unused()
            known = outcome_of_status(answer.status, b"") if answer.status else FINISH_REASONS["error"]
            return Failed(outcome=known, detail="the endpoint answered 200 with an error in it", status=200)
        spending.end(answer)
        return self._judged(answer, question, spending)

    def _judged(self, answer: Answer, question: Question, spending: Spending) -> Completion | Failed:
        if answer.finish_reason != "stop":
            outcome = FINISH_REASONS.get(answer.finish_reason, UNKNOWN_FINISH)
            return Failed(outcome=outcome, detail=f"the answer did not finish: {outcome.name}", status=200)
        if not answer.content:
            return Failed(outcome=EMPTY, detail="the answer has no content", status=200)
        return Completion(
            content=answer.content,
            reasoning=answer.reasoning,
            finish_reason=answer.finish_reason,
            input_tokens=spending.input_tokens,
            cached_tokens=spending.cached_tokens,
            output_tokens=spending.output_tokens,
            reasoning_tokens=spending.reasoning_tokens,
            cost_usd=spending.cost_usd,
            model=answer.model,
            response_id=answer.response_id,
            calls=spending.calls,
            is_thinking=question.is_thinking,
            is_usage_estimated=spending.is_estimated,
        )

    def _failure(self, failed: Failed, spending: Spending) -> CallFailure:
        return CallFailure(
            reason=failed.outcome.reason,
            is_retryable=failed.outcome.is_retryable,
            detail=failed.detail,
            outcome=failed.outcome.name,
            retry_after_seconds=failed.retry_after_seconds,
            http_status=failed.status,
            input_tokens=spending.input_tokens,
            output_tokens=spending.output_tokens,
            cost_usd=spending.cost_usd,
            calls=spending.calls,
        )

    def _cancelled(self, spending: Spending) -> CallFailure:
        given_up = Outcome(name="given_up", reason=TIMEOUT.reason, again=Again.NO, effect=Effect.WELL)
        return self._failure(Failed(outcome=given_up, detail="the caller gave up"), spending)


_DETAILS: Final[Mapping[str, str]] = {
    "not_recorded": "the request is not in the recording",
    "connect": "the endpoint cannot be reached",
    "cut": "the connection ended before the answer did",
    "timeout": "there was no whole answer in time",
    "answer_too_large": "the answer was longer than `mimo.max_answer_kib`",
    "malformed": "the answer is compressed in a way that was not asked for",
}
