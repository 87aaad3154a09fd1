"""What a prompt shows of a record, and the way back from it to the record's own bytes.

A field is shown as runs: literal ones stand in the record as they are; fillers stand where something was taken out
(a placeholder, a mask, a cut, nothing at all for stripped characters). A quote is good only in its literal parts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, Protocol

from logtriage.engines.mimo.excerpt import kept_spans, only_frames
from logtriage.engines.mimo.invisible import visible_spans
from logtriage.verdicts.masks import literal_spans, mask

WINDOW_BYTES: Final = 65536
"""Of a field only so much of its head and of its tail is looked at and redacted, far more than is ever shown."""


class RedactedText(Protocol):
    """A text without its secrets."""

    @property
    def text(self) -> str:
        """What is left, placeholders in it."""
        ...

    @property
    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """What was taken out: ``(start, end, placeholder)`` in the text before, in order and disjoint."""
        ...


class Redacts(Protocol):
    """Takes secrets out of the texts of one prompt; equal secrets get equal placeholders."""

    def redact(self, text: str) -> RedactedText:
        """Take them out of a text of the record."""
        ...

    def redact_answer(self, text: str) -> RedactedText:
        """Take them out of what the model wrote; the placeholders of this prompt are left standing."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a shown text; ``is_literal``: it stands in the record as it is."""

    text: str
    is_literal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One field as shown. ``is_of_record``: false for context lines.

    ``is_cut``: more than frames of a stack was left out for length.
    """

    text: str
    runs: tuple[Run, ...]
    is_of_record: bool = True
    is_cut: bool = False

    def literal_parts(self, start: int, end: int) -> list[str]:
        """Give the literal parts of ``text[start:end]``, in order."""
        parts: list[str] = []
        at = 0
        for run in self.runs:
            low, high = max(start, at), min(end, at + len(run.text))
            if run.is_literal and low < high:
                parts.append(run.text[low - at : high - at])
            at += len(run.text)
        return parts


def show(
    source: bytes, *, limit: int, redactor: Redacts, is_masked: bool = False, is_of_record: bool = True
) -> ShownField:
    """Show one field of at most ``limit`` characters (and a mark for each cut)."""
    windows = [source] if len(source) <= 2 * WINDOW_BYTES else [source[:WINDOW_BYTES], source[-WINDOW_BYTES:]]
    runs: list[Run] = []
    for number, window in enumerate(windows):
        if number:
            runs.append(_left_out(len(source) - 2 * WINDOW_BYTES))
        runs += _masked(_redacted(window, redactor)) if is_masked else _redacted(window, redactor)
    cut = _cut(runs, limit)
    return ShownField(
        text="".join(run.text for run in cut),
        runs=tuple(cut),
        is_of_record=is_of_record,
        is_cut=len(windows) > 1 or _leaves_out_more_than_frames(runs, limit),
    )


def _redacted(window: bytes, redactor: Redacts) -> list[Run]:
    """Strip first, redact then: a secret must not hide behind an invisible character."""
    raw = window.decode("utf-8", "surrogateescape")
    spans = visible_spans(raw)
    visible = "".join(raw[start:end] for start, end in spans)
    breaks = list(accumulate(end - start for start, end in spans))
    runs: list[Run] = []
    at = 0
    for start, end, placeholder in redactor.redact(visible).spans:
        runs += _split(visible, at, start, breaks)
        runs.append(Run(placeholder, is_literal=False))
        at = end
    return runs + _split(visible, at, len(visible), breaks)


def _split(text: str, start: int, end: int, breaks: list[int]) -> list[Run]:
    """Split at the places where something invisible stood; an empty filler keeps the two sides apart."""
    runs: list[Run] = []
    at = start
    for place in (*breaks[bisect_right(breaks, start) : bisect_left(breaks, end)], end):
        if place > at:
            if runs:
                runs.append(Run("", is_literal=False))
            runs.append(Run(text[at:place], is_literal=True))
        at = place
    return runs


def _masked(runs: Iterable[Run]) -> list[Run]:
    """Put the class of a value in place of each value."""
    masked: list[Run] = []
    for run in runs:
        if not run.is_literal:
            masked.append(run)
            continue
        data = run.text.encode()
        at = 0
        for start, end in (*literal_spans(data), (len(data), len(data))):
            if start > at:
                span = data[at:start]
                replaced = mask(span)
                masked.append(Run((b"<value>" if replaced == span else replaced).decode("utf-8", "replace"), False))
            if end > start:
                masked.append(Run(data[start:end].decode("utf-8", "replace"), is_literal=True))
            at = end
    return masked


def _cut(runs: list[Run], limit: int) -> list[Run]:
    """Keep what `kept_spans` keeps; placeholders are never halved. Gives ``runs`` itself if nothing is cut."""
    text = "".join(run.text for run in runs)
    if len(text) <= limit:
        return runs
    kept: list[Run] = []
    last = 0
    for start, end in kept_spans(text, limit):
        if start > last:
            kept.append(_left_out(start - last))
        at = 0
        for run in runs:
            low, high = max(start, at), min(end, at + len(run.text))
            if low < high or (not run.text and start <= at <= end):
                whole = low == at and high == at + len(run.text)
                if run.is_literal or whole or not run.text:
                    kept.append(Run(run.text[low - at : high - at], run.is_literal))
            at += len(run.text)
        last = end
    return kept


def _leaves_out_more_than_frames(runs: list[Run], limit: int) -> bool:
    text = "".join(run.text for run in runs)
    spans = kept_spans(text, limit)
    gaps = [(end, start) for (_, end), (start, _) in pairwise(spans)]
    return not all(only_frames(text, start, end) for start, end in gaps)


def _left_out(count: int) -> Run:
    return Run(f"\n[... {count} characters left out ...]\n", is_literal=False)
