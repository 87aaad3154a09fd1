"""Questions to the model: what waits, what one pass over them finds out, and what an outcome has used."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.mimo.budget import Admission
from logtriage.schema.provenance import Reason
from logtriage.schema.record import Context, RecordView

OnDone = Callable[[bytes, Judgement | NoJudgement], None]
IsWaitedFor = Callable[[bytes], bool]

MAX_ASKERS = 8
_QUESTION_BYTES = 512
"""What a queued question takes beside its texts."""
_SPENT_UNKNOWN = (Reason.DEADLINE, Reason.INTERNAL_ERROR, Reason.DRAINING)
"""Calls that ended so may have cost money that nobody told us of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerLimits:
    """Bounds of the queue and of one judgement.

    ``patience_seconds``: a question that the budget would not admit within this time of being asked is given up, with
    the budget's reason. ``judge_timeout_seconds``: above all timeouts of the engine itself; a call that outlasts it is
    cut off.
    """

    max_queue_records: int
    max_queue_bytes: int
    patience_seconds: float
    judge_timeout_seconds: float


@dataclass(slots=True, kw_only=True, eq=False)
class Question:
    """One fingerprint to ask about, by one of its records. ``admission``: what the budget took for it.

    ``on_done``: of all who asked meanwhile, the last `MAX_ASKERS` of them. ``is_waited_for``: tells whether a record
    waits for the answer; None where none ever does.
    """

    fingerprint: bytes
    record: RecordView
    context: Context
    service: str
    is_new: bool
    on_done: list[OnDone]
    asked_at: float
    admission: Admission | None = None
    is_waited_for: IsWaitedFor | None = None

    def add_asker(self, on_done: OnDone) -> None:
        """Have one more told; beyond the bound the one that asked first is not."""
        if on_done not in self.on_done:
            self.on_done.append(on_done)
            del self.on_done[:-MAX_ASKERS]


@dataclass(slots=True, kw_only=True)
class Walk:
    """One pass over the queue: refusals that hold for all, what is given up, when another try makes sense."""

    now: float
    retry_at: float = math.inf
    refused_to_all: dict[bool, Admission] = field(default_factory=dict)
    given_up: list[tuple[Question, NoJudgement]] = field(default_factory=list)


def given_up(refused: Admission) -> NoJudgement:
    """Say why a question is not asked: what the budget is short of, and when to ask again."""
    return NoJudgement(
        reason=refused.reason or Reason.INTERNAL_ERROR,
        detail=f"{refused.limit} {'of the service' if refused.is_service_cap else 'of the budget'}",
        retry_after_seconds=refused.retry_after_seconds,
    )


def size_of(question: Question) -> int:
    """Give roughly the bytes that a waiting question keeps in memory."""
    record = question.record
    attributes = sum(len(name) + len(value) for name, value in record.attributes.items())
    lines = sum(len(line) for line in (*question.context.before, *question.context.after))
    return _QUESTION_BYTES + len(record.body) + attributes + lines


def used_by(admission: Admission, outcome: Judgement | NoJudgement) -> tuple[int, float, int]:
    """Give tokens, dollars and calls to settle. What was spent and nobody told us counts as what was expected."""
    if isinstance(outcome, Judgement):
        tokens = outcome.input_tokens + outcome.output_tokens
        if tokens == 0:
            return admission.tokens, admission.usd, max(1, outcome.calls)
        return tokens, outcome.cost_usd, max(1, outcome.calls)
    if outcome.calls > 0 and outcome.reason in _SPENT_UNKNOWN:
        return admission.tokens, max(admission.usd, outcome.cost_usd), outcome.calls
    return (admission.tokens if outcome.cost_usd > 0 else 0), outcome.cost_usd, outcome.calls
