"""Tell whether a difference between two runs on the same records may be chance."""

from __future__ import annotations

from math import comb


def sign_test(fixed: int, broken: int) -> float:
    """Give the two-sided p of McNemar's test, computed exactly: how often chance alone is as lopsided as this.

    Only the records count that one run has right and the other wrong. 1 if there is none.
    """
    changed = fixed + broken
    tail = sum(comb(changed, count) for count in range(min(fixed, broken) + 1))
    return min(1.0, float(2 * tail / 2**changed))
