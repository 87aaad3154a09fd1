"""Is a report as often right as its confidence says? Ten bins of equal width, their error, and the Brier score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

BINS = 10
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The reports with a confidence of ``low`` up to, not including, ``high``; the last one includes 1.

    ``confidence`` is their mean confidence, ``accuracy`` how many of them are right (strict); None where there is none.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None

    @property
    def gap(self) -> float:
        """How far confidence and accuracy are apart; 0 if the bin is empty."""
        return 0.0 if self.confidence is None or self.accuracy is None else abs(self.confidence - self.accuracy)

    def as_json(self) -> dict[str, float | int | None]:
        """Give it for a script."""
        return {
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "confidence": None if self.confidence is None else round(self.confidence, _DIGITS),
            "accuracy": None if self.accuracy is None else round(self.accuracy, _DIGITS),
        }


def bins_of(hits: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort ``(confidence, is right)`` into ten bins."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, is_right in hits:
        members[min(int(confidence * BINS), BINS - 1)].append((confidence, is_right))
    return tuple(
        Bin(
            low=at / BINS,
            high=(at + 1) / BINS,
            n=len(each),
            confidence=fmean(confidence for confidence, _ in each) if each else None,
            accuracy=fmean(is_right for _, is_right in each) if each else None,
        )
        for at, each in enumerate(members)
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """Give the mean gap between confidence and accuracy, weighted by the bins' numbers."""
    total = sum(each.n for each in bins)
    return round(sum(each.n * each.gap for each in bins) / total, _DIGITS) if total else None


def brier_score(hits: Sequence[tuple[float, bool]]) -> float | None:
    """Give the mean squared distance between confidence and truth: 0 is perfect, 0.25 what a constant 0.5 gets."""
    if not hits:
        return None
    return round(fmean((confidence - is_right) ** 2 for confidence, is_right in hits), _DIGITS)
