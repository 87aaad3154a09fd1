"""General wordings by category, for software that no signature knows: each that stands in a record is a vote.

They say what field a trouble belongs to, no more, and count only where no name decides (`fallback.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from logtriage.engines.local import phrases_of_programs, phrases_of_surroundings
from logtriage.engines.local.expressions import Expressions
from logtriage.engines.local.finding import Span
from logtriage.engines.local.needle_index import NeedleIndex
from logtriage.engines.local.needles import needles_of
from logtriage.schema.category import Category as C

MAX_BYTES: Final = 4096
"""What a record is about stands at its head; behind it stand stack frames and data."""


@dataclass(frozen=True, slots=True)
class Votes:
    """How many wordings of a category stand in a text, and where the first of them does."""

    count: int
    span: Span


def find_phrases(lowered: bytes, groups: set[int] | None = None) -> Mapping[C, Votes]:
    """Count the wordings of each category that stand in the head of a text; ``groups``: those of the text, if known."""
    head = lowered[:MAX_BYTES]
    table = _table()
    rows = sorted({row for needle in table.index.present(head, groups) for row in table.rows[needle]})
    found: dict[C, Votes] = {}
    for row in rows:
        category, source = table.phrases[row]
        match = table.compiled[source].search(head)
        if match is not None:
            before = found.get(category)
            found[category] = Votes(1, match.span()) if before is None else Votes(before.count + 1, before.span)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    phrases: tuple[tuple[C, bytes], ...]
    compiled: Expressions
    rows: Mapping[bytes, tuple[int, ...]]
    index: NeedleIndex


@cache
def _table() -> _Table:
    phrases = tuple(
        (category, phrase)
        for category, group in (*phrases_of_programs.PHRASES, *phrases_of_surroundings.PHRASES)
        for phrase in group
    )
    rows: dict[bytes, tuple[int, ...]] = {}
    for row, (_, phrase) in enumerate(phrases):
        for needle in needles_of(phrase):
            rows[needle] = (*rows.get(needle, ()), row)
    return _Table(phrases, Expressions(), rows, NeedleIndex(rows))
