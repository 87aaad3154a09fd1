"""One gate for all who send held records: while downstream fails, one of them tries at a time, and the others wait.

Waits have full jitter: drawn from between zero and a ceiling that grows with each failure in a row, so that many
instances that were refused together do not come back together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import random as uniform
from typing import Final

from logtriage.config.exporter import RetrySettings

MAX_RETRY_AFTER_SECONDS: Final = 300.0
"""A wish of downstream to wait longer is cut to this."""
_MAX_DOUBLINGS = 64


class BackOffGate:
    """Open until a try fails. Belongs to one event loop; ``clock`` is monotonic.

    Whoever has passed by `turn` tells how it went: `succeeded`, `failed` or `given_up`.
    """

    def __init__(
        self,
        retry: RetrySettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = uniform,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._retry = retry
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._failures = 0
        self._try_at = 0.0
        self._has_prober = False
        self._changed = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """False while downstream fails."""
        return self._failures == 0

    async def turn(self) -> bool:
        """Wait until one may try; tell whether it is the one try while the gate is closed."""
        while self._failures:
            if not self._has_prober:
                self._has_prober = True
                try:
                    await self._sleep(max(self._try_at - self._clock(), 0.0))
                except BaseException:
                    self.given_up(is_probe=True)
                    raise
                return True
            changed = self._changed
            await changed.wait()
        return False

    def succeeded(self) -> None:
        """Open the gate: all may send."""
        self._failures = 0
        self._tell()

    def failed(self, *, is_probe: bool, retry_after_seconds: float | None, is_misconfigured: bool = False) -> None:
        """Close the gate. Of several that fail together, one counts."""
        if self._failures and not is_probe:
            return
        self._failures += 1
        ceiling = self._retry.max_interval
        if not is_misconfigured:
            growth = self._retry.multiplier ** min(self._failures - 1, _MAX_DOUBLINGS)
            ceiling = min(ceiling, self._retry.initial_interval * growth)
        asked = min(max(retry_after_seconds or 0.0, 0.0), MAX_RETRY_AFTER_SECONDS)
        self._try_at = self._clock() + asked + ceiling * self._random()
        self._tell()

    def given_up(self, *, is_probe: bool) -> None:
        """Let another try: this one was cut off before it knew."""
        if is_probe:
            self._tell()

    def _tell(self) -> None:
        self._has_prober = False
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
