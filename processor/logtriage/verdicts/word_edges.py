"""Which words of a text can be masked apart from their neighbours: no mask reaches over their edges.

A mask reaches over a space only from a digit, a word or a mark that its pattern names (``order 17``, ``12 ms``,
``[ALERT] (7)``) to another such. A word that begins with letters and ends with letters or a closing mark, neither of
them named, is *closed*: what stands beside it is no matter. Held by ``tests/property/test_masker.py``.
"""

from __future__ import annotations

import re

from logtriage.verdicts.mask_table import MASKS

_LETTERS_OF_A_PATTERN = re.compile(rb"([A-Za-z]+)(\??)")
_NO_LETTERS = re.compile(rb"\[[^\]]*\]|\\.")
"""Classes of characters and escapes."""
_HEAD = re.compile(rb"\s{0,64}(?![0-9A-Z]{5}(?![A-Za-z0-9_]))([A-Za-z]+)")
"""Not what could be the five characters of an SQLSTATE."""
_TAIL = re.compile(rb"(?:(?<![A-Za-z])([A-Za-z]{1,64})[,:]?|[;.!?)}|'>])\Z")
_REDIS_TAIL = re.compile(rb":[MSCX]\Z")
"""`redis_pid` looks at the blank behind it."""

_POD_TAIL = re.compile(rb"-[a-z0-9]{1,5}_[a-z0-9-]{1,63}\Z")
"""`pod` and `ordinal` look at what is behind a namespace."""

_NAMED_ENDS = (b"code", b"status", b"errno", b"ms", b"millis", b"seconds", b"bytes", b"error", b"exception", b"err")
"""`code_key` and `measure_key` take any word with such an end."""


def _named() -> frozenset[bytes]:
    """Give every run of letters that stands in a pattern of the table, lower case, with and without an optional end."""
    words = set()
    for mask in MASKS:
        for word, optional in _LETTERS_OF_A_PATTERN.findall(_NO_LETTERS.sub(b" ", mask.pattern)):
            words.add(word.lower())
            if optional:
                words.add(word[:-1].lower())
    return frozenset(words)


_NAMED = _named()


def is_closed(word: bytes) -> bool:
    """Tell whether a word, or a line, is masked the same whatever stands behind the white space beside it."""
    head = _HEAD.match(word)
    tail = _TAIL.search(word) if head else None
    if head is None or tail is None or _is_named(head[1]):
        return False
    return not (tail[1] and _is_named(tail[1])) and not _REDIS_TAIL.search(word) and not _POD_TAIL.search(word)


def _is_named(letters: bytes) -> bool:
    lowered = letters.lower()
    if lowered in _NAMED or lowered.endswith(_NAMED_ENDS):
        return True
    return any(lowered.removesuffix(end) in _NAMED for end in (b"id", b"number"))
