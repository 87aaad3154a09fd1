"""How good the surest reports are: accuracy by coverage, and the area under the risk-coverage curve.

Reports of equal confidence stand together: one of them can be neither in nor out by its place in the file. Where a
coverage ends inside of such a tie, the tie counts with its mean accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

COVERAGES = (0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
_DIGITS = 4

Hits = Sequence[tuple[float, bool]]


def expected_hits(hits: Hits) -> list[float]:
    """Give, for the k surest reports with k from 1, how many of them are right; inside a tie by its mean."""
    totals: list[float] = []
    right = 0.0
    ordered = sorted(hits, key=lambda hit: -hit[0])
    for _, tied in groupby(ordered, key=lambda hit: hit[0]):
        members = [is_right for _, is_right in tied]
        mean = sum(members) / len(members)
        totals += [right + mean * (count + 1) for count in range(len(members))]
        right += sum(members)
    return totals


def accuracy_at(hits: Hits, coverages: Sequence[float] = COVERAGES) -> list[dict[str, float | int]]:
    """Give for each coverage how many of the surest reports it takes and their accuracy. Empty without reports."""
    totals = expected_hits(hits)
    if not totals:
        return []
    taken = [(coverage, max(1, round(coverage * len(totals)))) for coverage in coverages]
    return [
        {"coverage": coverage, "n": count, "accuracy": round(totals[count - 1] / count, _DIGITS)}
        for coverage, count in taken
    ]


def area_under_risk_coverage(hits: Hits) -> float | None:
    """Give AURC: the mean error of the k surest reports over all k. Lower is better; 0 is no error at all."""
    totals = expected_hits(hits)
    if not totals:
        return None
    risks = [1 - right / count for count, right in enumerate(totals, start=1)]
    return round(sum(risks) / len(risks), _DIGITS)
