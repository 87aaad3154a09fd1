"""Tell of a state that lasts: once as it begins or changes, and no more than once a minute while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

AGAIN_SECONDS: Final = 60.0


class Lasting:
    """What was last told of one thing. Belongs to one thread; ``clock`` is monotonic."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._state: str | None = None
        self._told_at = 0.0

    def is_to_be_told(self, state: str) -> bool:
        """Note the state that is; tell whether a person should hear of it now."""
        now = self._clock()
        if state == self._state and now - self._told_at < AGAIN_SECONDS:
            return False
        self._state, self._told_at = state, now
        return True

    def end(self) -> bool:
        """Note that all is well; tell whether it was not."""
        was_told, self._state = self._state is not None, None
        return was_told
