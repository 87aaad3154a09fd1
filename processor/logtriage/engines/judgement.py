"""What an engine gives: a report before the policy, and what the policy and the evidence check need beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.schema.report import TriageReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A report as the engine gives it.

    ``quotes``: byte strings that stand in ``record.body``, ``record.exception_message`` or another attribute value,
    in the order of their weight; the report's evidence is cut from them.
    ``lowering_quotes``: the quotes without which the report would be more urgent (an outcome word, a harmless
    condition); empty if nothing in the record itself speaks for less urgency.
    ``signature``: the name of what decided, for audit; empty if nothing matched.
    ``is_named_noise``: noise that a named noise signature found, not a guess.
    ``context_quotes``: lines around the record that the report rests on: it holds for this record alone.

    Of a model only: ``is_injection_suspected``: the record tries to give orders. ``is_agreed_noise``: a second
    judgement, of the masked record, called it noise too. ``full_reasoning``: the model's own
    steps, redacted and cleaned, at most 8 KiB, for the verdict event and nothing else. ``unfound_quotes``: quotes that
    do not stand in the record; they were left out. ``calls``, tokens and cost: what it took, repairs included.
    """

    report: TriageReport
    engine: EngineName
    engine_version: str
    quotes: tuple[bytes, ...] = ()
    lowering_quotes: tuple[bytes, ...] = ()
    signature: str = ""
    is_named_noise: bool = False
    context_quotes: tuple[str, ...] = ()
    model: str = ""
    prompt_version: str = ""
    is_injection_suspected: bool = False
    is_agreed_noise: bool = False
    full_reasoning: str = ""
    unfound_quotes: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoJudgement:
    """Why a model gave no judgement. ``detail`` is for our own log and never holds text of a record."""

    reason: Reason
    detail: str
    calls: int = 0
    cost_usd: float = 0.0
    retry_after_seconds: float | None = None


class Engine(Protocol):
    """Judges records. Callers may not assume that two calls for equal records give equal reports."""

    @property
    def name(self) -> EngineName:
        """Who judges."""
        ...

    @property
    def version(self) -> str:
        """Changes when the same record may be judged otherwise; part of a verdict's envelope."""
        ...

    def judge(self, record: RecordView, context: Context = NO_CONTEXT) -> Judgement:
        """Judge one record. Raises only on a bug: an unknown record gets low confidence and is actionable."""
        ...


class ModelEngine(Protocol):
    """Judges by asking a model. Slow, fallible, and its words prove nothing by themselves."""

    @property
    def name(self) -> EngineName:
        """Who judges."""
        ...

    @property
    def version(self) -> str:
        """Model and prompt version: part of a verdict's envelope."""
        ...

    async def judge(
        self,
        record: RecordView,
        context: Context,
        *,
        is_masked: bool = False,
        may_retry: Callable[[], bool] | None = None,
    ) -> Judgement | NoJudgement:
        """Judge one record; never raises for what a model or its seller does.

        ``is_masked``: all values masked. ``may_retry``: asked before a call is made again after a fault; None: it may.
        """
        ...
