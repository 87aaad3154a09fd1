"""Mask a text by the mask table: one alternation, the first entry that matches at a position wins.

Every byte that no entry takes stays, white space included. Callers cap the text first
(`logtriage.schema.record.judged_text`).
"""

from __future__ import annotations

import re

from logtriage.verdicts.mask_table import MASKS, MASKS_VERSION, Mask, Replacement

__all__ = ["MASKS_VERSION", "literal_spans", "mask", "mask_named", "named_replacements", "replacements"]


def _combine(masks: tuple[Mask, ...]) -> tuple[re.Pattern[bytes], tuple[Mask, ...]]:
    """Build one pattern that asks few entries at each position; the mask of a match is ``masks[lastindex - 1]``.

    Three alternations by the kind of the first byte, so that the inside of a word is passed over at once. An empty
    group at the end of each entry tells which one matched.
    """
    groups: list[bytes] = []
    order: list[Mask] = []
    for lead, sample in (
        (rb"(?<![A-Za-z0-9_])(?=[0-9])", b"0123456789"),
        (rb"(?<![A-Za-z0-9_])(?=[A-Za-z])", _LETTERS),
    ):
        members = [mask for mask in masks if re.search(b"[%s]" % mask.first, sample)]
        order += members
        groups.append(lead + b"(?:%s)" % b"|".join(b"(?=[%s])%s()" % (mask.first, mask.pattern) for mask in members))
    members = [mask for mask in masks if not re.search(b"[%s]" % mask.first, b"0123456789" + _LETTERS)]
    order += members
    groups.append(
        b"(?=[%s])(?:%s)"
        % (b"".join(mask.first for mask in members), b"|".join(b"(?=[%s])%s()" % (m.first, m.pattern) for m in members))
    )
    return re.compile(b"|".join(groups)), tuple(order)


_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COMBINED, _ORDER = _combine(MASKS)


def _replace(found: re.Match[bytes]) -> bytes:
    replacement = _ORDER[(found.lastindex or 1) - 1].replacement
    if replacement is None:
        return found[0]
    if isinstance(replacement, bytes):
        return replacement
    return replacement(found[0])


def mask(text: bytes) -> bytes:
    """Replace each span that varies without meaning by its class; every other byte stays."""
    return _COMBINED.sub(_replace, text)


def replacements(text: bytes) -> list[tuple[int, int, Replacement]]:
    """Tell what goes in the place of which span: ``[(start, end, replacement), ...]``, in order, without what stays."""
    spans = []
    for found in _COMBINED.finditer(text):
        replacement = _ORDER[(found.lastindex or 1) - 1].replacement
        if replacement is not None:
            spans.append((found.start(), found.end(), replacement))
    return spans


def mask_named(text: bytes) -> list[tuple[str, int, int]]:
    """Tell which entry took which span: ``[(name, start, end), ...]``, in order; entries that keep are told too."""
    return [(_ORDER[(m.lastindex or 1) - 1].name, m.start(), m.end()) for m in _COMBINED.finditer(text)]


def named_replacements(text: bytes) -> list[tuple[str, int, int, bytes]]:
    """Tell which entry makes what of which span: ``[(name, start, end, shown), ...]``, in order.

    The name of an entry that keeps its span has ``keep:`` before it.
    """
    told = []
    for found in _COMBINED.finditer(text):
        entry = _ORDER[(found.lastindex or 1) - 1]
        name = entry.name if entry.replacement is not None else f"keep:{entry.name}"
        told.append((name, found.start(), found.end(), _replace(found)))
    return told


def literal_spans(text: bytes) -> list[tuple[int, int]]:
    """Give the spans of ``text`` that `mask` leaves as they are: ``[(start, end), ...]``, in order, none empty."""
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _COMBINED.finditer(text):
        if _replace(found) == found[0]:
            continue
        if found.start() > start:
            spans.append((start, found.start()))
        start = found.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
