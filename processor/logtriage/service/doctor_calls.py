"""Checks of the model that cost a little: two calls with a fixed record, thinking on and off. No log text is sent."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from opentelemetry.metrics import NoOpMeterProvider

from logtriage.config.mimo import MimoSettings, Thinking
from logtriage.config.settings import Settings
from logtriage.engines.mimo.answer import (
    ANSWER_SCHEMA,
    NO_OBJECT,
    NOT_JSON,
    AnswerFault,
    read_answer,
)
from logtriage.engines.mimo.client import MimoClient
from logtriage.engines.mimo.completion import CallFailure, Completion
from logtriage.engines.mimo.facts import cost_usd, estimated_tokens
from logtriage.engines.mimo.outcomes import STATUSES, outcome_of_status
from logtriage.engines.mimo.prompt import Prompt
from logtriage.engines.mimo.quotes import find_quotes
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context
from logtriage.service.finding import Finding, State
from logtriage.service.shown_prompt import ShownPrompts
from logtriage.telemetry.meter import Meter

SAMPLE = view_of_line(
    "ERROR connection to inventory:8443 reset by peer, retry attempt 1 succeeded after 120 ms",
    severity_text="ERROR",
    resource={"service.name": "logtriage-doctor"},
)
"""What is judged: made up, part of the program."""
_CALLS = 2
_FINAL_STATUSES = frozenset((401, 402, 403, 404))
_FINAL_OUTCOMES = frozenset(("redirect", "connect"))
_ADVICE = {
    **{outcome.name: outcome.alarm for outcome in STATUSES.values()},
    "redirect": outcome_of_status(302, b"").alarm,
    "connect": "check `mimo.base_url`, and `mimo.connect_timeout`",
    "timeout": "raise `mimo.timeout`, choose a faster model, or set `mimo.thinking: disabled`",
    "malformed": "check `mimo.base_url`: what answers there is no API, or a box in between answers for it",
    "empty": "all of the answer went into the reasoning: is `mimo.seller` right? It decides how thinking is switched",
    "length": "raise `mimo.max_completion_tokens`",
    "answer_too_large": "raise `mimo.max_answer_kib`",
    "http_429": "too many requests at this moment, from this or another user of the account: try again in a minute",
}
_PASSING = frozenset(("http_429", "content_filter", "http_421"))


@dataclass(frozen=True, slots=True)
class _Called:
    """One call. ``has_thought``: None if there was no answer."""

    finding: Finding
    failure: CallFailure | None = None
    has_thought: bool | None = None


async def check_calls(settings: Settings) -> AsyncIterator[Finding]:
    """Say what two calls may cost at most, make them, and say what they did cost."""
    mimo = settings.mimo
    if mimo.usd_per_day == 0:
        yield Finding(
            check="model calls",
            state=State.WARNING,
            found="`mimo.usd_per_day` is 0: no call is ever made",
            advice="give the model a budget, or set `engine: local`",
        )
        return
    prompt = ShownPrompts(settings).prompt_of(SAMPLE, Context())
    yield Finding(
        check="cost before",
        state=State.OK,
        found=f"two calls with a made-up record follow, at most {_most_usd(mimo, prompt):.4f} USD together",
    )
    wanted = mimo.thinking is Thinking.ENABLED
    first = await _call(mimo, prompt, is_thinking=wanted)
    yield first.finding
    second = None
    if first.failure is None or not _is_final(first.failure):
        second = await _call(mimo, prompt, is_thinking=not wanted)
        yield second.finding
    else:
        yield Finding(check=_name(not wanted), state=State.SKIPPED, found="it would fail as the first one did")
    on, off = (first, second) if wanted else (second, first)
    yield _switch(on.has_thought if on else None, off.has_thought if off else None)
    spent = first.finding.cost_usd + (second.finding.cost_usd if second else 0.0)
    yield Finding(check="cost after", state=State.OK, found=f"{spent:.4f} USD spent, as the settings' prices count it")


def _most_usd(mimo: MimoSettings, prompt: Prompt) -> float:
    price = mimo.token_price
    if price is None:
        return 0.0
    prompt_bytes = sum(len(message.content.encode()) for message in prompt.messages)
    return _CALLS * cost_usd(
        price,
        input_tokens=estimated_tokens(prompt_bytes),
        cached_tokens=0,
        output_tokens=mimo.max_completion_tokens,
    )


def _name(is_thinking: bool) -> str:
    return "call, thinking on" if is_thinking else "call, thinking off"


async def _call(mimo: MimoSettings, prompt: Prompt, *, is_thinking: bool) -> _Called:
    """Make one call, by a client of its own: what the first one met must not keep the second one back."""
    client = MimoClient(mimo, meter=Meter(NoOpMeterProvider()))
    began = time.monotonic()
    try:
        made = await client.complete(
            prompt.messages,
            thinking=is_thinking,
            max_completion_tokens=mimo.max_completion_tokens,
            deadline=began + mimo.timeout,
            schema=ANSWER_SCHEMA,
            max_attempts=1,
        )
    finally:
        await client.close()
    seconds = time.monotonic() - began
    if isinstance(made, CallFailure):
        return _Called(_of_failure(made, _name(is_thinking), seconds), made)
    return _Called(
        _of_answer(made, prompt, _name(is_thinking), seconds),
        has_thought=bool(made.reasoning) or made.reasoning_tokens > 0,
    )


def _of_failure(failure: CallFailure, check: str, seconds: float) -> Finding:
    return Finding(
        check=check,
        state=State.WARNING if failure.outcome in _PASSING else State.FAULT,
        found=f"no answer: {failure.detail} ({failure.outcome})",
        advice=_ADVICE.get(failure.outcome) or "try again; if it stays, look at the status page of the seller",
        seconds=seconds,
        cost_usd=failure.cost_usd,
    )


def _of_answer(made: Completion, prompt: Prompt, check: str, seconds: float) -> Finding:
    state, advice = State.OK, ""
    try:
        answer = read_answer(made.content)
        quotes = find_quotes(answer.evidence, prompt.fields, SAMPLE)
        found = f"{seconds:.1f} s, JSON, and it validates: {answer.category.value}"
        if quotes.unfound or not answer.evidence:
            state = State.WARNING
            found += "; its quotes do not stand in the record"
            advice = "verdicts of this model will be held for doubtful: try another `mimo.model`"
    except AnswerFault as fault:
        is_no_json = bool({NO_OBJECT, NOT_JSON} & set(fault.faults))
        state = State.FAULT if is_no_json else State.WARNING
        found = f"{seconds:.1f} s, and the answer does not validate: {fault}"
        advice = (
            "JSON mode does not work here: set `mimo.structured` to what the endpoint knows"
            if is_no_json
            else "each record will cost a second call, or get the local verdict: try another `mimo.model`"
        )
    return Finding(check=check, state=state, found=found, advice=advice, seconds=seconds, cost_usd=made.cost_usd)


def _switch(thought_on: bool | None, thought_off: bool | None) -> Finding:
    """Judge the thinking switch by the reasoning that came, or did not, in either position."""
    check, advice = "thinking switch", "is `mimo.seller` right? It decides how thinking is switched"
    match thought_on, thought_off:
        case True, False:
            return Finding(check=check, state=State.OK, found="works both ways")
        case None, None:
            return Finding(check=check, state=State.SKIPPED, found="there was no answer to tell by")
        case _, True:
            found = "asked not to think, the model thinks: answers are slower and cost more than they need"
        case False, _:
            found = "asked to think, the model shows no thinking: it judges worse, or its reasoning is hidden"
        case _:
            return Finding(check=check, state=State.SKIPPED, found="only one of the two calls was answered")
    return Finding(check=check, state=State.WARNING, found=found, advice=advice)


def _is_final(failure: CallFailure) -> bool:
    return failure.http_status in _FINAL_STATUSES or failure.outcome in _FINAL_OUTCOMES
