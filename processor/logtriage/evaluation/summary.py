"""All that is told of one run beside the figures: certainty, calibration, coverage, and which records were wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from logtriage.evaluation.calibration import brier_score
from logtriage.evaluation.figures import figures_of
from logtriage.evaluation.intervals import wilson, worst_half_width
from logtriage.evaluation.judged import Judged
from logtriage.evaluation.selective import accuracy_at, area_under_risk_coverage
from logtriage.schema.category import Category
from logtriage.schema.provenance import Status

_SHORT = (
    "n",
    "accuracy_strict",
    "accuracy_lenient",
    "macro_f1",
    "severity_accuracy",
    "actionable_recall",
    "false_page_rate",
    "noise_precision",
    "ece",
)
"""What is told of a part of the records."""


def summary_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """Give the figures of the data set format and everything beside them, for a script."""
    hits = [(each.report.confidence, each.is_right) for each in judged]
    return {
        **figures_of(judged),
        "brier": brier_score(hits),
        "selective_accuracy": accuracy_at(hits),
        "aurc": area_under_risk_coverage(hits),
        "intervals_95": intervals_of(judged),
        "half_width_per_category": half_widths_of(judged),
        "wrong": [wrong_as_json(each) for each in judged if is_wrong(each)],
        "wrong_strict": _ids(judged, lambda each: not each.is_right),
        "wrong_lenient": _ids(judged, lambda each: not each.is_acceptable),
        "missed_actionable": _ids(judged, lambda each: each.is_missed),
        "false_pages": _ids(judged, lambda each: each.is_false_page),
        "actionable_called_noise": _ids(judged, is_actionable_called_noise),
    }


def by_who_answered(judged: Sequence[Judged]) -> dict[str, Any]:
    """Tell the records that the model judged from those that it did not answer, with the figures of each."""
    answered = [each for each in judged if each.status is not Status.FALLBACK]
    fallback = [each for each in judged if each.status is Status.FALLBACK]
    return {
        "answered": _short(answered),
        "fallback": {
            **_short(fallback),
            "details": dict(Counter(each.detail for each in fallback).most_common()),
            "ids": [each.id for each in fallback],
        },
    }


def intervals_of(judged: Sequence[Judged]) -> dict[str, tuple[float, float] | None]:
    """Give the 95 % interval of each rate that is a share of records."""
    should_page = [each for each in judged if each.expect.is_actionable is True]
    should_not_page = [each for each in judged if each.expect.is_actionable is False]
    with_severity = [each for each in judged if each.expect.severity is not None]
    called_noise = [each for each in judged if each.report.category is Category.NOISE]
    return {
        "accuracy_strict": _interval(judged, lambda each: each.is_right),
        "accuracy_lenient": _interval(judged, lambda each: each.is_acceptable),
        "severity_accuracy": _interval(with_severity, lambda each: each.report.severity is each.expect.severity),
        "actionable_recall": _interval(should_page, lambda each: not each.is_missed),
        "false_page_rate": _interval(should_not_page, lambda each: each.is_false_page),
        "noise_precision": _interval(called_noise, lambda each: each.expect.category is Category.NOISE),
    }


def half_widths_of(judged: Iterable[Judged]) -> dict[str, float | None]:
    """Give for each category how far its recall may be off with as many records as there are."""
    counts = Counter(each.expect.category for each in judged)
    return {str(category): worst_half_width(counts[category]) for category in Category}


def is_wrong(judged: Judged) -> bool:
    """True if a person should look at it: the category is another, or somebody was called or not called wrongly."""
    return not judged.is_right or judged.is_missed or judged.is_false_page


def wrong_as_json(judged: Judged) -> dict[str, Any]:
    """Tell one record that was judged otherwise than its label says."""
    report = judged.report
    return {
        "id": judged.id,
        "line": judged.where,
        "expected": str(judged.expect.category),
        "called": str(report.category),
        "is_acceptable": judged.is_acceptable,
        "confidence": report.confidence,
        "is_missed": judged.is_missed,
        "is_false_page": judged.is_false_page,
        "decided_by": judged.decided_by or None,
        "refused": judged.refused or None,
    }


def is_actionable_called_noise(judged: Judged) -> bool:
    """True for the worst that can be: somebody had to act, and the record was called harmless."""
    return judged.expect.is_actionable is True and judged.report.category is Category.NOISE


def _interval(judged: Sequence[Judged], is_so: Callable[[Judged], bool]) -> tuple[float, float] | None:
    return wilson(sum(map(is_so, judged)), len(judged))


def _ids(judged: Iterable[Judged], is_so: Callable[[Judged], bool]) -> list[str | int]:
    return [each.id for each in judged if is_so(each)]


def _short(judged: Sequence[Judged]) -> dict[str, Any]:
    figures = figures_of(judged)
    return {name: figures[name] for name in _SHORT}
