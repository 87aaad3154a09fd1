"""Decide how long to wait before another try, and whether one may be made at all. The only layer that retries."""

from __future__ import annotations

import math
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_DELAY_SECONDS: Final = 1.0
MAX_DELAY_SECONDS: Final = 20.0
MAX_RETRY_AFTER_SECONDS: Final = 60.0
BUDGET_SHARE: Final = 0.1
"""Retries for each call, in the long run: an endpoint in trouble gets at most 10 % more calls."""
BUDGET_BURST: Final = 10.0
_MAX_HEADER_CHARACTERS: Final = 64


def delay_seconds(retry: int, *, retry_after_seconds: float | None, random: Callable[[], float]) -> float:
    """Give the delay before retry number ``retry`` (from 1): full jitter below 1, 2, 4 ... 20 s.

    What the endpoint asked for is waited for first, with the jitter on top, so that those told the same do not return
    together.
    """
    ceiling = min(MAX_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** min(retry - 1, 16))
    return (retry_after_seconds or 0.0) + ceiling * random()


def parse_retry_after(value: str | None, *, now_unix: float) -> float | None:
    """Read ``Retry-After``: seconds or an HTTP date, at most 60 s; None if there is none or it makes no sense.

    A negative number, a date in the past, infinity and anything else that is no delay is ignored.
    """
    text = (value or "").strip()
    if not text or len(text) > _MAX_HEADER_CHARACTERS or not text.isascii():
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text, now_unix)
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return min(seconds, MAX_RETRY_AFTER_SECONDS)


def _seconds_until(date: str, now_unix: float) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - now_unix
    except (ValueError, TypeError, IndexError, OverflowError):
        return math.nan


class RetryBudget:
    """Bounds retries to a tenth of the calls, and ten at once: retries must not be what keeps an endpoint down."""

    def __init__(self) -> None:
        self._retries = BUDGET_BURST

    def count_call(self) -> None:
        """A first try is made."""
        self._retries = min(BUDGET_BURST, self._retries + BUDGET_SHARE)

    def take(self) -> bool:
        """Take one retry; false if none is left."""
        if self._retries < 1.0:
            return False
        self._retries -= 1.0
        return True
