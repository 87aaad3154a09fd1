"""The `mimo` engine: prompt, one call, the checks of what comes back, at most one repair, a judgement."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.mimo.answer import ANSWER_SCHEMA, NO_QUOTE_FOUND, Answer, AnswerFault, read_answer
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.engines.mimo.free_text import clean, clean_action
from logtriage.engines.mimo.injection import signs_in_record
from logtriage.engines.mimo.leaks import LeakCheck
from logtriage.engines.mimo.prompt import Prompt, TooLarge, build_prompt
from logtriage.engines.mimo.quotes import FoundQuotes, find_quotes
from logtriage.engines.mimo.settle import Verdict, settle
from logtriage.engines.mimo.shown import Redacts
from logtriage.engines.mimo.system_prompt import PROMPT_VERSION, SYSTEM_PROMPT
from logtriage.schema.attributes import (
    MAX_ACTION_CHARACTERS,
    MAX_EVIDENCE_CHARACTERS,
    MAX_EVIDENCE_PIECES,
    MAX_REASONING_CHARACTERS,
)
from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.record import Context, RecordView
from logtriage.schema.report import TriageReport

MAX_FULL_REASONING_BYTES: Final = 8192
UNFOUND_QUOTE_FACTOR: Final = 0.8
"""What an unfound quote leaves of the confidence: a model that invents one quote may have invented more."""
NO_QUOTE_CONFIDENCE: Final = 0.55
"""A report without any quote is at most this sure."""

MAX_ANSWERS: Final = 2
"""The first and one repair."""

PROMPT_LEAKED: Final = "the answer gave the system part of the prompt away"


def random_token() -> str:
    """Give 16 hex digits that nobody can guess."""
    return secrets.token_hex(8)


class CompletionClient(Protocol):
    """Asks a model once; retries, thinking switched off on a second try and the like are the client's own business."""

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        thinking: bool,
        max_completion_tokens: int,
        deadline: float,
        service: str = "",
        schema: Mapping[str, Any] | None = None,
        may_retry: Callable[[], bool] | None = None,
    ) -> Completion | CallFailure:
        """Ask. ``deadline`` is on the monotonic clock, in seconds; ``schema`` is for sellers that take one.

        ``may_retry`` is asked before a call is made again after a fault.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MimoOptions:
    """What the engine needs of the settings section ``mimo``."""

    model: str
    is_thinking: bool = True
    max_completion_tokens: int = 4096
    timeout_seconds: float = 90.0


@dataclass(slots=True)
class _Spent:
    """What the calls for one judgement took."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    def add(self, made: Completion | CallFailure) -> None:
        self.calls += made.calls
        self.input_tokens += made.input_tokens
        self.output_tokens += made.output_tokens
        self.cost_usd += made.cost_usd


class MimoEngine:
    """Judges by asking a model; what the model says proves nothing until code has checked it.

    ``new_redactor`` gives a redactor for one prompt: placeholders are stable within that prompt and say nothing beyond
    it. ``suspect`` names the signs of orders in a record. ``new_token`` makes the canary and, without ``mark_of``, the
    boundary of each prompt; neither may be guessed by who writes records.
    """

    name: Final = EngineName.MIMO

    def __init__(
        self,
        client: CompletionClient,
        *,
        options: MimoOptions,
        new_redactor: Callable[[], Redacts],
        suspect: Callable[[RecordView, Context], tuple[str, ...]] = signs_in_record,
        clock: Callable[[], float] = time.monotonic,
        new_token: Callable[[], str] = random_token,
        mark_of: Callable[[RecordView, Context], str] | None = None,
    ) -> None:
        self._client = client
        self._options = options
        self._new_redactor = new_redactor
        self._suspect = suspect
        self._clock = clock
        self._mark_of = mark_of or (lambda _record, _context: new_token())
        self._canary = f"LT{new_token()}"
        self._leak_check = LeakCheck(SYSTEM_PROMPT, self._canary)

    @property
    def version(self) -> str:
        """Model and prompt version: part of a verdict's envelope."""
        return f"{self._options.model}/{PROMPT_VERSION}"

    def prompt(self, record: RecordView, context: Context, *, is_masked: bool = False) -> Prompt:
        """Build the prompt that `judge` sends. Raises `TooLarge`."""
        return build_prompt(
            record,
            context,
            redactor=self._new_redactor(),
            canary=self._canary,
            boundary=self._mark_of(record, context),
            is_masked=is_masked,
        )

    async def judge(
        self,
        record: RecordView,
        context: Context,
        *,
        is_masked: bool = False,
        may_retry: Callable[[], bool] | None = None,
    ) -> Judgement | NoJudgement:
        """Judge one record: at most two answers are asked for. ``is_masked``: all values masked."""
        try:
            prompt = self.prompt(record, context, is_masked=is_masked)
        except TooLarge:
            return NoJudgement(reason=Reason.TOO_LARGE, detail="the record does not fit the prompt even when cut")
        deadline = self._clock() + self._options.timeout_seconds
        spent = _Spent()
        faults: tuple[str, ...] = ()
        retries = {} if may_retry is None else {"may_retry": may_retry}
        for _ in range(MAX_ANSWERS):
            made = await self._client.complete(
                prompt.repair(faults) if faults else prompt.messages,
                thinking=self._options.is_thinking,
                max_completion_tokens=self._options.max_completion_tokens,
                deadline=deadline,
                service=record.resource.source_service,
                schema=ANSWER_SCHEMA,
                **retries,
            )
            spent.add(made)
            if isinstance(made, CallFailure):
                return _none(made.reason, made.detail, spent, made.retry_after_seconds)
            try:
                answer = read_answer(made.content)
                found = find_quotes(answer.evidence, prompt.fields, record)
                if self._gives_the_prompt_away(answer, found):
                    return _none(Reason.INVALID_OUTPUT, PROMPT_LEAKED, spent)
                if answer.evidence and len(found.unfound) == len(answer.evidence):
                    raise AnswerFault(NO_QUOTE_FOUND)
            except AnswerFault as fault:
                faults = fault.faults
                continue
            return self._judgement(record, context, prompt, answer, found, made, spent)
        return _none(Reason.INVALID_OUTPUT, "; ".join(faults), spent)

    def _gives_the_prompt_away(self, answer: Answer, found: FoundQuotes) -> bool:
        """Quotes that stand in the record are the record's own words, whatever they say."""
        written = [*answer.steps, answer.suggested_action, *found.unfound]
        return any(self._leak_check.leaks(text) for text in (*written, "\n".join(written)))

    def _judgement(
        self,
        record: RecordView,
        context: Context,
        prompt: Prompt,
        answer: Answer,
        found: FoundQuotes,
        made: Completion,
        spent: _Spent,
    ) -> Judgement:
        verdict = settle(
            Verdict(
                category=answer.category,
                severity=answer.severity,
                confidence=_confidence(answer, found),
                is_actionable=answer.is_actionable_for_oncall,
            )
        )

        def told(text: str) -> str:
            return prompt.redactor.redact_answer(text).text

        rests_on_the_record = not prompt.is_cut and not found.elsewhere
        return Judgement(
            report=TriageReport(
                category=verdict.category,
                severity=verdict.severity,
                confidence=verdict.confidence,
                evidence=tuple(
                    piece.decode()[:MAX_EVIDENCE_CHARACTERS] for piece in found.pieces[:MAX_EVIDENCE_PIECES]
                ),
                reasoning_trace=clean(told(" ".join(answer.steps)), MAX_REASONING_CHARACTERS),
                suggested_action=clean_action(told(answer.suggested_action), MAX_ACTION_CHARACTERS),
                is_actionable_for_oncall=verdict.is_actionable,
            ),
            engine=self.name,
            engine_version=self.version,
            quotes=found.pieces,
            lowering_quotes=found.pieces if rests_on_the_record else (),
            model=made.model or self._options.model,
            prompt_version=PROMPT_VERSION,
            is_injection_suspected=bool(self._suspect(record, context)),
            full_reasoning=self._full_reasoning(told(made.reasoning[: 4 * MAX_FULL_REASONING_BYTES])),
            unfound_quotes=len(found.unfound),
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost_usd=spent.cost_usd,
            calls=spent.calls,
        )

    def _full_reasoning(self, reasoning: str) -> str:
        """Clean the model's own steps, redacted already. Models repeat their rules: such words are left out."""
        told = self._leak_check.without_leaks(clean(reasoning, 2 * MAX_FULL_REASONING_BYTES))
        return told.encode()[:MAX_FULL_REASONING_BYTES].decode("utf-8", "ignore")


def _confidence(answer: Answer, found: FoundQuotes) -> float:
    confidence = answer.probability * UNFOUND_QUOTE_FACTOR ** len(found.unfound)
    if not found.pieces:
        confidence = min(confidence, NO_QUOTE_CONFIDENCE)
    return round(confidence, 3)


def _none(reason: Reason, detail: str, spent: _Spent, retry_after_seconds: float | None = None) -> NoJudgement:
    return NoJudgement(
        reason=reason,
        detail=detail,
        calls=spent.calls,
        cost_usd=spent.cost_usd,
        retry_after_seconds=retry_after_seconds,
    )
