"""Show on standard error how far a long run is: a line that moves on a terminal, elsewhere one line in a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

_TERMINAL_SECONDS = 0.2
_FILE_SECONDS = 30.0
_CLEAR = "\r\x1b[K"


class Progress:
    """Counts up to ``total``. A run shorter than a moment shows nothing."""

    def __init__(self, file: TextIO, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._total = total
        self._clock = clock
        self._is_terminal = file.isatty()
        self._pause = _TERMINAL_SECONDS if self._is_terminal else _FILE_SECONDS
        self._next_at = clock() + self._pause
        self._is_shown = False

    def tell(self, done: int, note: str = "") -> None:
        """Tell that so many are done; shown if the last time is long enough ago."""
        now = self._clock()
        if now < self._next_at:
            return
        self._next_at = now + self._pause
        text = f"{done} of {self._total} records judged" + (f", {note}" if note else "")
        if self._is_terminal:
            self._file.write(f"{_CLEAR}{text}")
            self._is_shown = True
        else:
            self._file.write(text + "\n")
        self._file.flush()

    def end(self) -> None:
        """Take the moving line away."""
        if self._is_shown:
            self._file.write(_CLEAR)
            self._file.flush()
