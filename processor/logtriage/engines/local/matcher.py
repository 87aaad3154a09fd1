"""Match a text against the table of signatures: literals first, expressions only where a literal stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logtriage.engines.local.expressions import Expressions
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
    """The table with an index over its literals, which takes a tenth of a second: make one and keep it."""

    def __init__(self, table: Sequence[Signature]) -> None:
        self._table = tuple(table)
        self._compiled = Expressions()
        self._rows: dict[bytes, list[tuple[int, int]]] = {}
        for position, signature in enumerate(self._table):
            for number, pattern in enumerate(signature.patterns):
                for needle in needles_of(pattern):
                    self._rows.setdefault(needle, []).append((position, number))
        self._index = NeedleIndex(self._rows)

    def matches(self, lowered: bytes, groups: set[int] | None = None) -> list[SignatureMatch]:
        """Give each signature that holds for the text, once, in the order of the table.

        ``groups``: those of the text (`groups_of`), if they are known.
        """
        rows = {row for needle in self._index.present(lowered, groups) for row in self._rows[needle]}
        found: list[SignatureMatch] = []
        decided = -1
        for position, number in sorted(rows):
            if position == decided:
                continue
            signature = self._table[position]
            match = self._compiled[signature.patterns[number]].search(lowered)
            if match is not None and self._holds(signature, lowered):
                decided = position
                found.append(SignatureMatch(signature, match.span()))
        return found

    def _holds(self, signature: Signature, lowered: bytes) -> bool:
        compiled = self._compiled
        if signature.also and not any(compiled[source].search(lowered) for source in signature.also):
            return False
        return not any(compiled[source].search(lowered) for source in signature.unless)
