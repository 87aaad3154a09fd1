"""Let the way a try ended, as the record itself tells it, change a finding: network trouble, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF
from logtriage.engines.local.finding import Finding, Source, Span, most_urgent
from logtriage.engines.local.outcomes import Ending, Outcome
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

_OF_WAITING: Final = frozenset({Category.CONFIG_ERROR, Category.CODE_BUG})
"""What general words may have called a thing that is only not there yet: a further try says more than such a guess."""
OUTCOME_ONLY_CONFIDENCE: Final = 0.6
GAVE_UP_CONFIDENCE: Final = 0.45


def apply_outcome(finding: Finding, outcome: Outcome | None) -> Finding:
    """Let the way a try ended change a network failure; alone it speaks only where nothing else does.

    Giving up also ends what would be noise: nobody gives up on a thing that does not matter.
    """
    if outcome is None:
        return finding
    gave_up_on_noise = finding.is_named_noise and outcome.ending is Ending.GAVE_UP
    is_waiting = (
        outcome.ending is not Ending.GAVE_UP and finding.source is Source.WORD and finding.category in _OF_WAITING
    )
    if not (finding.is_network or finding.source is Source.UNKNOWN or is_waiting or gave_up_on_noise):
        return finding
    span = (outcome.start, outcome.end)
    match outcome.ending:
        case Ending.RECOVERED:
            step = "The record itself says that a later try succeeded: a blip that is over."
            return _lowered(finding, outcome.ending, span, step)
        case Ending.WILL_RETRY:
            step = "Tries are left: the software goes on by itself."
            return _lowered(finding, outcome.ending, span, step)
        case Ending.GAVE_UP:
            return replace(
                finding,
                name=finding.name or "outcome.gave_up",
                source=Source.OUTCOME,
                category=Category.UPSTREAM_OUTAGE,
                confidence=max(finding.confidence, GAVE_UP_CONFIDENCE),
                severity=most_urgent(finding.severity, Severity.ERROR),
                is_actionable=True,
                action=ACTION_OF[Category.UPSTREAM_OUTAGE],
                steps=(
                    *finding.steps[:-1],
                    "The record itself says that no try is left: not a blip.",
                    "Somebody has to act.",
                ),
                spans=(*finding.spans, span),
                lowering_spans=(),
                is_named_noise=False,
            )


def _lowered(finding: Finding, ending: Ending, span: Span, step: str) -> Finding:
    return replace(
        finding,
        name=finding.name or f"outcome.{ending}",
        source=Source.OUTCOME,
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=max(finding.confidence, OUTCOME_ONLY_CONFIDENCE),
        action="Nothing to do now; look into it if such blips become frequent.",
        steps=(*(finding.steps[:-1] if finding.is_network else ()), step, "Nobody needs to act on a single one."),
        spans=(*finding.spans, span),
        lowering_spans=(span,),
    )
