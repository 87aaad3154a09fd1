"""Typed, numbered placeholders, equal for equal secrets within a session, and no way back to the secret."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import blake2b

LOOKALIKE = re.compile(r"<([A-Z][A-Z0-9_]{0,47})_[0-9]{1,9}>")
"""What a placeholder looks like: a text may hold one that we never gave."""


class Placeholders:
    """The table of one session: a keyed digest of each secret, and the placeholder that stands for it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given: dict[bytes, str] = {}
        self._names: set[str] = set()
        self._counts: defaultdict[str, int] = defaultdict(int)

    def name(self, kind: str, value: str) -> str:
        """Give the placeholder of ``value``: the one that it has, or the next of ``kind``."""
        digest = blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        placeholder = self._given.get(digest)
        if placeholder is None:
            self._counts[kind] += 1
            placeholder = f"<{kind}_{self._counts[kind]}>"
            self._given[digest] = placeholder
            self._names.add(placeholder)
        return placeholder

    def has_given(self, placeholder: str) -> bool:
        """Tell whether a placeholder of this name was given."""
        return placeholder in self._names
