"""A gate for what goes to one place: while downstream fails there, one tries at a time, and no sooner than it should.

Waits have full jitter: drawn from between zero and a ceiling that grows with each failure in a row, so that many
instances that were refused together do not come back together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import random as uniform
from typing import Final

from logtriage.config.exporter import RetrySettings

MAX_RETRY_AFTER_SECONDS: Final = 300.0
"""A wish of downstream to wait longer is cut to this."""
_MAX_DOUBLINGS = 64


class BackOffGate:
    """Open until a try fails. Belongs to one event loop; ``clock`` is monotonic.

    Whoever begins a try tells how it went: `succeeded`, `failed` or `given_up`.
    """

    def __init__(
        self,
        retry: RetrySettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = uniform,
    ) -> None:
        self._retry = retry
        self._clock = clock
        self._random = random
        self._failures = 0
        self._try_at = 0.0
        self._has_prober = False

    @property
    def is_open(self) -> bool:
        """False while downstream fails."""
        return self._failures == 0

    @property
    def seconds_until_try(self) -> float | None:
        """How long to wait before a try; None while the one that tries does not know yet."""
        if not self._failures:
            return 0.0
        return None if self._has_prober else max(self._try_at - self._clock(), 0.0)

    def begin(self) -> bool:
        """Begin a try; tell whether it is the one try while the gate is closed."""
        is_probe = bool(self._failures) and not self._has_prober
        self._has_prober |= is_probe
        return is_probe

    def succeeded(self) -> None:
        """Open the gate: all may send."""
        self._failures = 0
        self._has_prober = False

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
        self._has_prober = False

    def given_up(self, *, is_probe: bool) -> None:
        """Let another try: this one was cut off before it knew."""
        if is_probe:
            self._has_prober = False
