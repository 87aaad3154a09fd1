"""The spans of a text's stack traces that are no part of a fingerprint."""

from __future__ import annotations

from logtriage.verdicts.wide import Span


def stack_spans(text: bytes) -> list[Span]:
    """Give ``[(name, start, end, shown), ...]``, in order and disjoint."""
    return []
