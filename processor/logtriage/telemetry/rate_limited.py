"""Log what may happen thousands of times a second: never silent, never a flood."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from logtriage.telemetry.logs import fields

FIRST: Final = 10
EVERY: Final = 100
_WINDOW_SECONDS: Final = 10.0
_MAX_KEYS: Final = 1000
_REST: Final = "(others)"


class RateLimitedLog:
    """Write the first ten of a kind, then each hundredth, with the number left out before it.

    After ten seconds without any of that kind, counting starts anew (the Collector's sampling). Keys past a thousand
    share one count, so that keys from outside cannot fill memory.
    """

    def __init__(self, logger: logging.Logger, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._clock = clock
        self._kinds: dict[str, _Kind] = {}

    def log(self, level: int, key: str, message: str, **values: object) -> None:
        """Write ``message`` if it is the turn of ``key``; ``values`` become fields, and never hold a record's body."""
        if key not in self._kinds and len(self._kinds) >= _MAX_KEYS:
            key = _REST
        kind = self._kinds.setdefault(key, _Kind())
        suppressed = kind.suppressed_before(self._clock())
        if suppressed is None:
            return
        if suppressed:
            values = {**values, "suppressed": suppressed}
        self._logger.log(level, message, extra=fields(**values))

    def warning(self, key: str, message: str, **values: object) -> None:
        """Write a warning, as `log` does."""
        self.log(logging.WARNING, key, message, **values)

    def error(self, key: str, message: str, **values: object) -> None:
        """Write an error, as `log` does."""
        self.log(logging.ERROR, key, message, **values)


class _Kind:
    """How often one key came."""

    __slots__ = ("_count", "_last_seconds", "_suppressed")

    def __init__(self) -> None:
        self._count = 0
        self._last_seconds = float("-inf")
        self._suppressed = 0

    def suppressed_before(self, now_seconds: float) -> int | None:
        """Count one more; give how many were left out before it if it is to be written, else None."""
        if now_seconds - self._last_seconds > _WINDOW_SECONDS:
            self._count = 0
        self._last_seconds = now_seconds
        self._count += 1
        if self._count <= FIRST or self._count % EVERY == 0:
            suppressed, self._suppressed = self._suppressed, 0
            return suppressed
        self._suppressed += 1
        return None
