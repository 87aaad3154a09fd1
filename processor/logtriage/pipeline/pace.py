"""How the caller's time is shared out, so that a request full of what was never seen still leaves in time.

The first third is for judging, up to two thirds for fingerprints, the rest for the forward. What comes after leaves
without a verdict (`skipped`, `deadline`) and is judged when it comes again.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple


class Pace(NamedTuple):
    """Monotonic seconds after which nothing new is judged, and nothing is fingerprinted."""

    judge_until: float
    fingerprint_until: float


UNHURRIED = Pace(math.inf, math.inf)


def pace_until(deadline: float) -> Pace:
    """Share out the time from now to a deadline on the monotonic clock."""
    now = time.monotonic()
    left = max(0.0, deadline - now)
    return Pace(now + left / 3, now + left * 2 / 3)
