"""The figures of DESIGN 7, "Data set format", counted from judged records. None wherever the denominator is 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from logtriage.evaluation.calibration import bins_of, expected_calibration_error
from logtriage.evaluation.judged import Judged
from logtriage.schema.category import Category

DIGITS = 4


def ratio(part: float, whole: float) -> float | None:
    """Divide; None where there is nothing to divide by."""
    return round(part / whole, DIGITS) if whole else None


def share(judged: Sequence[Judged], is_so: Callable[[Judged], bool]) -> float | None:
    """Give the share of the records for which it is so."""
    return ratio(sum(map(is_so, judged)), len(judged))


def figures_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """Give all figures by their names in the data set format."""
    should_page = [each for each in judged if each.expect.is_actionable is True]
    should_not_page = [each for each in judged if each.expect.is_actionable is False]
    with_severity = [each for each in judged if each.expect.severity is not None]
    called_noise = [each for each in judged if each.report.category is Category.NOISE]
    bins = bins_of([(each.report.confidence, each.is_right) for each in judged])
    return {
        "n": len(judged),
        "accuracy_strict": share(judged, lambda each: each.is_right),
        "accuracy_lenient": share(judged, lambda each: each.is_acceptable),
        "macro_f1": macro_f1(judged),
        "per_category": per_category(judged),
        "confusion": confusion(judged),
        "severity_accuracy": share(with_severity, lambda each: each.report.severity is each.expect.severity),
        "actionable_recall": share(should_page, lambda each: each.report.is_actionable_for_oncall),
        "false_page_rate": share(should_not_page, lambda each: each.report.is_actionable_for_oncall),
        "noise_precision": share(called_noise, lambda each: each.expect.category is Category.NOISE),
        "ece": expected_calibration_error(bins),
        "ece_bins": [each.as_json() for each in bins],
        "evidence_verbatim_rate": ratio(
            sum(each.quotes_found for each in judged), sum(len(each.report.evidence) for each in judged)
        ),
        "evidence_missing_rate": share(judged, lambda each: not each.has_evidence),
    }


def confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Count how often each category (outer key: expected) was called each category (inner key), all nine by nine."""
    counts = Counter((each.expect.category, each.report.category) for each in judged)
    return {str(expected): {str(called): counts[expected, called] for called in Category} for expected in Category}


def per_category(judged: Sequence[Judged]) -> dict[str, dict[str, float | int | None]]:
    """Give precision, recall and the number of expected records of each of the nine categories."""
    expected, called, both = _counts(judged)
    return {
        str(category): {
            "precision": ratio(both[category], called[category]),
            "recall": ratio(both[category], expected[category]),
            "n": expected[category],
        }
        for category in Category
    }


def macro_f1(judged: Sequence[Judged]) -> float | None:
    """Give the mean F1 over the categories that were expected or called at least once.

    A category that is called and never expected has F1 0: over the expected ones alone, calling it would cost nothing.
    """
    expected, called, both = _counts(judged)
    scores = [
        2 * both[category] / (expected[category] + called[category])
        for category in Category
        if expected[category] or called[category]
    ]
    return ratio(sum(scores), len(scores))


def _counts(judged: Sequence[Judged]) -> tuple[Counter[Category], Counter[Category], Counter[Category]]:
    expected = Counter(each.expect.category for each in judged)
    called = Counter(each.report.category for each in judged)
    both = Counter(each.report.category for each in judged if each.is_right)
    return expected, called, both
