"""Remember what was made of texts that come again.

A text is kept from its second time on, so that ids, which come once, push nothing out.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Made = TypeVar("Made")


class Repeats(Generic[Made]):
    """A bounded memory by bytes. ``known`` is read without a call: it is asked several times a record.

    Each of the two maps is emptied when it is full: cheaper than an order of use, and what repeats is back at once.
    """

    __slots__ = ("_max_entries", "_max_text_bytes", "_once", "known")

    def __init__(self, *, max_entries: int, max_text_bytes: int) -> None:
        self._max_entries = max_entries
        self._max_text_bytes = max_text_bytes
        self._once: set[bytes] = set()
        self.known: dict[bytes, Made] = {}

    def is_second(self, text: bytes) -> bool:
        """Tell whether a text that is not known was seen before; remember that it was."""
        once = self._once
        if text in once:
            return True
        if len(text) <= self._max_text_bytes:
            if len(once) >= self._max_entries:
                once.clear()
            once.add(text)
        return False

    def keep(self, text: bytes, made: Made) -> None:
        """Keep what was made of a text."""
        if len(self.known) >= self._max_entries:
            self.known.clear()
        self._once.discard(text)
        self.known[text] = made
