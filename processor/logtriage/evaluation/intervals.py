"""How certain a measured rate is: the 95 % interval of Wilson (1927), which holds for few records and near 0 and 1."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964
"""Two-sided 95 % of the normal distribution."""
_DIGITS = 4


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """Give the interval of ``part`` of ``whole``; None of nothing."""
    if not whole:
        return None
    rate = part / whole
    scale = 1 + _Z**2 / whole
    middle = (rate + _Z**2 / (2 * whole)) / scale
    half = _Z / scale * sqrt(rate * (1 - rate) / whole + _Z**2 / (4 * whole**2))
    low = 0.0 if part == 0 else middle - half
    high = 1.0 if part == whole else middle + half
    return round(low, _DIGITS), round(high, _DIGITS)


def worst_half_width(whole: int) -> float | None:
    """Give how far a rate of one half may be off with so many records: 0.18 with 30, 0.07 with 200."""
    return round(_Z * 0.5 / sqrt(whole), 2) if whole else None
