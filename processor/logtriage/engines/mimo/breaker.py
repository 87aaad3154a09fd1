"""Stop calling an endpoint that fails, and find out with single calls when it is well again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CONSECUTIVE_FAILURES: Final = 5
WINDOW_CALLS: Final = 20
WINDOW_SHARE: Final = 0.5
OPEN_SECONDS: Final = 10.0
"""One probe in this time, even while an earlier one hangs: an endpoint that is well again is used within 15 s."""
_JITTER: Final = 0.2
"""Replicas that failed together must not probe together."""


class State(StrEnum):
    """Closed: calls are made. Open: none is. Half open: the next one is a probe, and decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to one call. What a call of an earlier period finds out is no news any more."""

    period: int
    is_probe: bool


class Breaker:
    """The breaker of one endpoint and model. Not thread-safe: it belongs to one loop.

    Opens after 5 failures in a row, or when half of the last 20 calls failed, or at once where a failure says so.
    Each ticket must come back through `succeeded`, `failed` or `released`. ``may_open`` is False where answers come
    from a recording: there is nobody to spare.
    """

    def __init__(self, *, clock: Callable[[], float], random: Callable[[], float], may_open: bool = True) -> None:
        self._may_open = may_open
        self._clock = clock
        self._random = random
        self._period = 0
        self._is_open = False
        self._probes_at = 0.0
        self._in_a_row = 0
        self._window: deque[bool] = deque(maxlen=WINDOW_CALLS)

    @property
    def state(self) -> State:
        """The state at this moment."""
        if not self._is_open:
            return State.CLOSED
        return State.HALF_OPEN if self._clock() >= self._probes_at else State.OPEN

    @property
    def seconds_until_probe(self) -> float:
        """How long no call will be made; 0 if one may be."""
        return max(0.0, self._probes_at - self._clock()) if self._is_open else 0.0

    def admit(self) -> Ticket | None:
        """Give the right to one call; None while open. A probe begins the pause before the next one."""
        match self.state:
            case State.CLOSED:
                return Ticket(self._period, False)
            case State.HALF_OPEN:
                self._pause()
                return Ticket(self._period, True)
            case State.OPEN:
                return None

    def succeeded(self, ticket: Ticket) -> None:
        """The endpoint answered the call."""
        if ticket.period != self._period:
            return
        if ticket.is_probe:
            self._begin_period(is_open=False)
        self._in_a_row = 0
        self._window.append(True)

    def failed(self, ticket: Ticket, *, opens: bool = False, retry_after_seconds: float = 0.0) -> bool:
        """The call failed; give true if the breaker opened by it. ``retry_after_seconds`` lengthens the pause."""
        if ticket.period != self._period or not self._may_open:
            return False
        if ticket.is_probe:
            self._pause(retry_after_seconds)
            return False
        self._in_a_row += 1
        self._window.append(False)
        failures = self._window.count(False)
        half_failed = len(self._window) == WINDOW_CALLS and failures >= WINDOW_CALLS * WINDOW_SHARE
        if not (opens or self._in_a_row >= CONSECUTIVE_FAILURES or half_failed):
            return False
        self._begin_period(is_open=True)
        self._pause(retry_after_seconds)
        return True

    def released(self, ticket: Ticket) -> None:
        """The call was given up and says nothing about the endpoint."""
        if ticket.is_probe and ticket.period == self._period:
            self._probes_at = self._clock()

    def _pause(self, least_seconds: float = 0.0) -> None:
        pause = OPEN_SECONDS * (1.0 - _JITTER * self._random())
        self._probes_at = self._clock() + max(pause, least_seconds)

    def _begin_period(self, *, is_open: bool) -> None:
        self._period += 1
        self._is_open = is_open
        self._in_a_row = 0
        self._window.clear()
