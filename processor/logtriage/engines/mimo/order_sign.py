"""A sign that a record tries to give orders to a model, as a row of a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSign:
    """One row. ``is_raw``: the pattern sees the text as it came (any letter case), not the folded one.

    Patterns repeat words, never characters, without a bound of their own; words are bounded by the text's cap.
    """

    name: str
    pattern: str
    reason: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]
    is_raw: bool = False
