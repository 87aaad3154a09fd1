"""What an engine gives: a report before the policy, and what the policy and the evidence check need beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from logtriage.schema.provenance import EngineName
from logtriage.schema.record import RecordView
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
    """

    report: TriageReport
    engine: EngineName
    engine_version: str
    quotes: tuple[bytes, ...] = ()
    lowering_quotes: tuple[bytes, ...] = ()
    signature: str = ""
    is_named_noise: bool = False


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

    def judge(self, record: RecordView) -> Judgement:
        """Judge one record. Raises only on a bug: an unknown record gets low confidence and is actionable."""
        ...
