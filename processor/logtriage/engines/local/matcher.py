"""Match a text against the table of signatures: literals first, expressions only where a literal stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from logtriage.engines.local.finding import Span
from logtriage.engines.local.needle_index import NeedleIndex
from logtriage.engines.local.needles import needles_of
from logtriage.engines.local.signature import Signature


@dataclass(frozen=True, slots=True)
class SignatureMatch:
    """A signature and the span of its first match."""

    signature: Signature
    span: Span


class SignatureMatcher:
    """The compiled table. Compiling takes some tenths of a second: make one and keep it."""

    def __init__(self, table: Sequence[Signature]) -> None:
        self._table = tuple(table)
        self._patterns = [[re.compile(pattern) for pattern in signature.patterns] for signature in self._table]
        self._also = [[re.compile(pattern) for pattern in signature.also] for signature in self._table]
        self._unless = [[re.compile(pattern) for pattern in signature.unless] for signature in self._table]
        self._rows: dict[bytes, list[tuple[int, int]]] = {}
        for position, signature in enumerate(self._table):
            for number, pattern in enumerate(signature.patterns):
                for needle in needles_of(pattern):
                    self._rows.setdefault(needle, []).append((position, number))
        self._index = NeedleIndex(self._rows)

    def matches(self, lowered: bytes) -> list[SignatureMatch]:
        """Give each signature that holds for the text, once, in the order of the table."""
        rows = {row for needle in self._index.present(lowered) for row in self._rows[needle]}
        found: list[SignatureMatch] = []
        decided = -1
        for position, number in sorted(rows):
            if position == decided:
                continue
            match = self._patterns[position][number].search(lowered)
            if match is not None and self._holds(position, lowered):
                decided = position
                found.append(SignatureMatch(self._table[position], match.span()))
        return found

    def _holds(self, position: int, lowered: bytes) -> bool:
        also = self._also[position]
        if also and not any(pattern.search(lowered) for pattern in also):
            return False
        return not any(pattern.search(lowered) for pattern in self._unless[position])
