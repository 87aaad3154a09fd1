"""Settle reports that contradict themselves, by one table, always towards the more urgent side.

The rows are tried in their order, each on what the ones before it left.

| row                   | when                                                    | becomes                          |
|-----------------------|---------------------------------------------------------|----------------------------------|
| `noise_but_urgent`    | noise, and actionable or WARN and above                 | `code_bug`, unsure, actionable   |
| `noise_is_debug`      | noise at INFO                                           | DEBUG: that is what noise means  |
| `fatal_is_actionable` | FATAL, not actionable                                   | actionable                       |
| `quiet_outage`        | upstream_outage, resource_exhaustion at DEBUG or INFO   | ERROR, actionable                |
| `quiet_but_urgent`    | actionable at DEBUG or INFO                             | ERROR                            |
| `debug_is_noise_only` | DEBUG, not noise                                        | INFO                             |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

UNSETTLED_CONFIDENCE: Final = 0.3
"""What is left of the confidence when the category itself had to be given up."""

_FAILURES_THAT_LAST: Final = (Category.UPSTREAM_OUTAGE, Category.RESOURCE_EXHAUSTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The parts of a report that may contradict each other."""

    category: Category
    severity: Severity
    confidence: float
    is_actionable: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One contradiction and what it becomes."""

    name: str
    applies: Callable[[Verdict], bool]
    becomes: Callable[[Verdict], Verdict]


def _is_noise(verdict: Verdict) -> bool:
    return verdict.category is Category.NOISE


def _is_quiet(verdict: Verdict) -> bool:
    return verdict.severity.is_less_urgent_than(Severity.WARN)


def _to_bug(verdict: Verdict) -> Verdict:
    severity = Severity.ERROR if verdict.severity.is_less_urgent_than(Severity.ERROR) else verdict.severity
    return Verdict(
        category=Category.CODE_BUG,
        severity=severity,
        confidence=min(verdict.confidence, UNSETTLED_CONFIDENCE),
        is_actionable=True,
    )


ROWS: Final = (
    Row("noise_but_urgent", lambda v: _is_noise(v) and (v.is_actionable or not _is_quiet(v)), _to_bug),
    Row("noise_is_debug", _is_noise, lambda v: replace(v, severity=Severity.DEBUG)),
    Row("fatal_is_actionable", lambda v: v.severity is Severity.FATAL, lambda v: replace(v, is_actionable=True)),
    Row(
        "quiet_outage",
        lambda v: v.category in _FAILURES_THAT_LAST and _is_quiet(v),
        lambda v: replace(v, severity=Severity.ERROR, is_actionable=True),
    ),
    Row("quiet_but_urgent", lambda v: v.is_actionable and _is_quiet(v), lambda v: replace(v, severity=Severity.ERROR)),
    Row(
        "debug_is_noise_only",
        lambda v: v.severity is Severity.DEBUG and not _is_noise(v),
        lambda v: replace(v, severity=Severity.INFO),
    ),
)


def settle(verdict: Verdict) -> Verdict:
    """Apply the table; what does not contradict itself comes back equal."""
    for row in ROWS:
        if row.applies(verdict):
            verdict = row.becomes(verdict)
    return verdict
