"""A row of the redaction table: what one kind of secret looks like and what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Check = Callable[[str, int, int, int], bool]
"""``check(text, match_start, start, end)``: is ``text[start:end]`` a secret, its key or prefix at ``match_start``?"""
Finish = Callable[[str, int, int], tuple[int, int]]
"""``finish(text, start, end)``: move the ends of a span that an expression of bounded cost cannot reach."""

BARRIER = "\0"
"""Stands, as often as needed, where something was redacted already; no expression may match it."""

ESCAPED_EDGE = r"(?<=\\[nrt]{0})|(?<=%[0-9A-Fa-f]{{2}}{0})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of secret.

    ``keywords``: literals, one of which stands in the lower-cased text if the rule can match (empty: always tried).
    ``pattern``: a verbose expression. Its capturing groups are alternatives for the secret itself: the group that took
    part is what is replaced; without groups it is the whole match. Costs must be linear whatever the text: repeats are
    bounded or possessive, and what a failed attempt can read is short or starts once in a run of its characters.
    ``reads_lower``: the expression sees the lower-cased text. ``is_whole``: the match means nothing once a part of it
    was taken by a row above (an e-mail address of which a password is a part); other matches then widen that span.
    ``examples`` have the secret between ``«`` and ``»``; ``near_misses`` are not touched by this rule.
    """

    name: str
    placeholder: str
    keywords: tuple[str, ...]
    pattern: str
    reason: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]
    check: Check | None = None
    finish: Finish | None = None
    reads_lower: bool = False
    is_whole: bool = False

    def compiled(self) -> re.Pattern[str]:
        """Compile the expression."""
        return re.compile(self.pattern, re.VERBOSE)


def after_edge(prefix: str) -> str:
    r"""Match ``prefix`` (of fixed width) at the left edge of a word, or behind an escape such as ``\n`` or ``%3D``.

    The literal comes first, so that the search runs at the speed of a search for it.
    """
    behind = ESCAPED_EDGE.format(prefix)
    return rf"{prefix}(?:(?<![A-Za-z0-9_-]{prefix})|{behind})"
