"""The report: what an engine says about one record."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from logtriage.schema.attributes import (
    MAX_ACTION_CHARACTERS,
    MAX_EVIDENCE_CHARACTERS,
    MAX_EVIDENCE_PIECES,
    MAX_REASONING_CHARACTERS,
)
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

EvidencePiece = Annotated[str, StringConstraints(min_length=1, max_length=MAX_EVIDENCE_CHARACTERS)]


class TriageReport(BaseModel):
    """One judgement of one record.

    ``evidence`` are verbatim quotes of the record. ``reasoning_trace`` are the steps, one string.
    Invariants, checked here so that no engine can break them: noise is DEBUG and never actionable; FATAL is actionable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Category
    severity: Severity
    confidence: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    evidence: Annotated[tuple[EvidencePiece, ...], Field(max_length=MAX_EVIDENCE_PIECES)] = ()
    reasoning_trace: Annotated[str, StringConstraints(max_length=MAX_REASONING_CHARACTERS)] = ""
    suggested_action: Annotated[str, StringConstraints(max_length=MAX_ACTION_CHARACTERS)] = ""
    is_actionable_for_oncall: bool

    @model_validator(mode="after")
    def _hold_the_invariants(self) -> Self:
        if self.category is Category.NOISE and (self.is_actionable_for_oncall or self.severity is not Severity.DEBUG):
            raise ValueError("`noise` has severity DEBUG and is never actionable")
        if self.severity is Severity.FATAL and not self.is_actionable_for_oncall:
            raise ValueError("severity FATAL is always actionable")
        return self
