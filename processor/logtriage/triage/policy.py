"""The policy: one table between engine and record, for every engine.

An engine may make a record more urgent freely. Making it less urgent needs proof that code checks. The rules are tried
in their order; the first that refuses gives the reason, and the record keeps its own severity and stays actionable.

| rule               | refuses a lowering when                                          | reason      |
|--------------------|------------------------------------------------------------------|-------------|
| `fatal`            | the record says FATAL                                            | `protected` |
| `condition`        | the record speaks of a protected condition (`triage/protected`)  | `protected` |
| `cut`              | nobody has looked at the whole record: a text is over the cap of `judged_text` | `guarded` |
| `no_proof`         | a quote that the lowering rests on is not in the record, or none | `guarded`   |
| `injection`        | the record tries to give orders to a model                       | `guarded`   |
| `low_confidence`   | confidence is under `MIN_LOWERING_CONFIDENCE`                    | `guarded`   |
| `disagreement`     | the second opinion knows the record and finds it more urgent     | `guarded`   |
| `lonely_noise`     | noise that neither a named noise signature nor a second, masked judgement found | `guarded` |

Lines around the record may be the proof, too: then the verdict serves that record alone (`Verdict.rests_on_context`).
The second opinion on a model is the embedded engine; where no signature of it matched, it abstains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logtriage.engines.judgement import Judgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import Reason
from logtriage.schema.record import RecordView
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity
from logtriage.triage.protected import ProtectedCondition, is_cut, protected_condition

UNPROVEN_ACTION = "Look at the record: it was taken for harmless, but nothing proves that."

MIN_LOWERING_CONFIDENCE = 0.6
"""Under this an engine's word is not enough to make a record less urgent."""

REFUSED_NOISE_CONFIDENCE = 0.3
"""What is left of the confidence when a noise verdict is refused and a category has to be named all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules look at. ``lowering_is_proven``: each quote that the lowering rests on left a piece."""

    record: RecordView
    judgement: Judgement
    lowering_is_proven: bool
    condition: ProtectedCondition | None
    second_opinion: Judgement | None = None

    @property
    def second_opinion_disagrees(self) -> bool:
        """True if the other engine knows the record and finds it more urgent."""
        other = self.second_opinion
        if other is None or not other.signature or other.report.confidence < MIN_LOWERING_CONFIDENCE:
            return False
        ours, theirs = self.judgement.report, other.report
        if not theirs.is_actionable_for_oncall:
            return False
        return not ours.is_actionable_for_oncall or ours.severity.is_less_urgent_than(theirs.severity)

    @property
    def noise_is_agreed(self) -> bool:
        """True if two judgements, or a named noise signature, call it noise."""
        other = self.second_opinion
        return (
            self.judgement.is_named_noise
            or self.judgement.is_agreed_noise
            or (other is not None and other.is_named_noise)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str
    refuses: Callable[[Case], bool]
    reason: Reason


RULES: tuple[Rule, ...] = (
    Rule("fatal", lambda case: case.record.says_fatal, Reason.PROTECTED),
    Rule("condition", lambda case: case.condition is not None, Reason.PROTECTED),
    Rule("cut", lambda case: is_cut(case.record), Reason.GUARDED),
    Rule("no_proof", lambda case: not case.lowering_is_proven, Reason.GUARDED),
    Rule("injection", lambda case: case.judgement.is_injection_suspected, Reason.GUARDED),
    Rule(
        "low_confidence",
        lambda case: case.judgement.report.confidence < MIN_LOWERING_CONFIDENCE,
        Reason.GUARDED,
    ),
    Rule("disagreement", lambda case: case.second_opinion_disagrees, Reason.GUARDED),
    Rule(
        "lonely_noise",
        lambda case: case.judgement.report.category is Category.NOISE and not case.noise_is_agreed,
        Reason.GUARDED,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The report that may go on the record; ``lowers`` and ``reason`` as in `Verdict`."""

    report: TriageReport
    lowers: bool
    reason: Reason | None


def lowers(report: TriageReport, level: Severity | None) -> bool:
    """Tell whether a report makes a record of this level less urgent than the record says itself."""
    if level is None:
        return report.category is Category.NOISE or not report.is_actionable_for_oncall
    says_error = not level.is_less_urgent_than(Severity.ERROR)
    return report.severity.is_less_urgent_than(level) or (says_error and not report.is_actionable_for_oncall)


def rule(
    record: RecordView,
    judgement: Judgement,
    *,
    lowering_is_proven: bool,
    second_opinion: Judgement | None = None,
) -> Ruling:
    """Apply the table to one judgement; ``second_opinion`` is that of another engine, for judgements of a model."""
    report = judgement.report
    if not lowers(report, record.level):
        return Ruling(report=report, lowers=False, reason=None)
    case = Case(
        record=record,
        judgement=judgement,
        lowering_is_proven=lowering_is_proven,
        condition=protected_condition(record),
        second_opinion=second_opinion,
    )
    for row in RULES:
        if row.refuses(case):
            return Ruling(report=unlowered(report, record.level, case.condition), lowers=False, reason=row.reason)
    return Ruling(report=report, lowers=True, reason=None)


def unlowered(
    report: TriageReport, level: Severity | None, condition: ProtectedCondition | None = None
) -> TriageReport:
    """Give the report that a refused lowering leaves: the record's own severity, actionable if that is ERROR or more.

    Noise becomes the category of the protected condition, else `code_bug` with little confidence: a category has to
    be named, and one that somebody looks at is the safe one.
    """
    own = level or Severity.ERROR
    severity = own if report.severity.is_less_urgent_than(own) else report.severity
    category, confidence, action = report.category, report.confidence, report.suggested_action
    if category is Category.NOISE:
        category = condition.category if condition else Category.CODE_BUG
        confidence = min(confidence, REFUSED_NOISE_CONFIDENCE)
        action = UNPROVEN_ACTION
    elif not report.is_actionable_for_oncall:
        action = UNPROVEN_ACTION
    return TriageReport(
        category=category,
        severity=severity,
        confidence=confidence,
        evidence=report.evidence,
        reasoning_trace=report.reasoning_trace,
        suggested_action=action,
        is_actionable_for_oncall=report.is_actionable_for_oncall or not severity.is_less_urgent_than(Severity.ERROR),
    )
