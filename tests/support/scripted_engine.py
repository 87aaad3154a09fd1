"""An engine that says what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable

from logtriage.engines.judgement import Judgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import EngineName
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

Script = Callable[[RecordView], Judgement]


class ScriptedEngine:
    """Judges by a function; counts its calls."""

    name = EngineName.LOCAL
    version = "scripted"

    def __init__(self, script: Script) -> None:
        self._script = script
        self.calls: list[RecordView] = []

    def judge(self, record: RecordView, context: Context = NO_CONTEXT) -> Judgement:
        """Judge by the script."""
        self.calls.append(record)
        return self._script(record)


def judgement(
    category: Category = Category.CODE_BUG,
    severity: Severity = Severity.ERROR,
    *,
    is_actionable: bool = True,
    confidence: float = 0.9,
    quotes: tuple[bytes, ...] = (),
    lowering_quotes: tuple[bytes, ...] = (),
    is_named_noise: bool = False,
    reasoning: str = "because",
    action: str = "do this",
) -> Judgement:
    """Build a judgement."""
    return Judgement(
        report=TriageReport(
            category=category,
            severity=severity,
            confidence=confidence,
            reasoning_trace=reasoning,
            suggested_action=action,
            is_actionable_for_oncall=is_actionable,
        ),
        engine=EngineName.LOCAL,
        engine_version="scripted",
        quotes=quotes,
        lowering_quotes=lowering_quotes,
        is_named_noise=is_named_noise,
    )
