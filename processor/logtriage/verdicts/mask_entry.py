"""What an entry of the mask table is, and the edges its patterns share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Replacement = bytes | Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """One named entry.

    ``first``: the character class of the pattern's first byte; an entry that begins with a letter or digit matches at
    the left edge of a word only. ``pattern`` has no capturing group. ``replacement`` None keeps the span as it is; a
    function maps the span to its class. ``ahead``: what an entry that begins with a letter cannot do without, a pattern
    that is asked once for all entries in a row that share it.
    """

    name: str
    first: bytes
    pattern: bytes
    reason: str
    replacement: Replacement | None
    ahead: bytes = b""


WORD_END = rb"(?![A-Za-z0-9_])"
"""Right edge of a word."""
NUMBER_END = rb"(?![A-Za-z0-9_]|\.[0-9]|[:-][0-9a-fA-F]{1,4}[.:-])"
"""Right edge of a number that is not the first part of an address, a time or a UUID."""
NAME_NUMBER_END = NUMBER_END + rb"(?!\s?[/%][0-9\s]|\s(?:of|out\sof)\s[0-9])"
"""Right edge of a number that is not the first of two, either."""


def behind(words: bytes, marks: bytes) -> bytes:
    """Look back for one of these words with one of these marks; both are alternatives of fixed length."""
    return b"(?:%s)" % b"|".join(
        rb"(?<=\b(?i:%s)%s)" % (word, mark) for mark in marks.split(b"|") for word in words.split(b"|")
    )


def not_behind(words: bytes, marks: bytes) -> bytes:
    """Look back for none of them."""
    return b"(?!%s)" % behind(words, marks)


MARK_AHEAD = rb"(?>[A-Za-z]{1,128})(?![,:;.)!?]?(?:\s|\Z))"
"""A word that goes on behind its first letters, with more than the mark that ends it."""
PROSE_AHEAD = rb"(?>[A-Za-z]{1,64})\s(?>[a-z]{1,64})[\s,.;:)]{1,2}[A-Za-z]{2}"
"""Two words of letters and the beginning of a third: no entry matches there (`tests/unit/test_mask_table.py`)."""
NUMBER_AHEAD = rb"(?>[A-Za-z_.-]{1,64})(?:\s[A-Za-z_]{1,12})?[\s:=#(/\[-]{0,4}v?-?[0-9]"
"""A word, perhaps a second one, and a number."""
