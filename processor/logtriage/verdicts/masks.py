"""Mask a text: what varies without meaning is replaced by its class, every other byte stays, white space included.

In this order: the frames of stack traces (`stacks`), what may reach over quotes (`wide`), values behind keys
(`keyed`), and in all that is left the mask table, one alternation of which the first entry that matches at a position
wins. Callers cap the text first (`logtriage.schema.record.judged_text`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from logtriage.verdicts.keyed import Key, is_colon, key_of, number_shown, number_span, value_shown
from logtriage.verdicts.mask_entry import MARK_AHEAD, NUMBER_AHEAD, PROSE_AHEAD, Mask, Replacement
from logtriage.verdicts.mask_table import MASKS, MASKS_VERSION
from logtriage.verdicts.stacks.spans import block_spans, trace_blocks
from logtriage.verdicts.wide import Span, wide_spans

__all__ = ["MASKS_VERSION", "literal_spans", "mask", "mask_named", "named_replacements", "table_replacements"]


def _combine(masks: tuple[Mask, ...]) -> tuple[re.Pattern[bytes], tuple[Mask, ...]]:
    """Build one pattern that asks few entries at each position; the mask of a match is ``masks[lastindex - 1]``.

    Three alternations by the kind of the first byte, so that the inside of a word is passed over at once. An empty
    group at the end of each entry tells which one matched.
    """
    numbers = [mask for mask in masks if re.search(b"[%s]" % mask.first, b"0123456789")]
    words = [mask for mask in masks if re.search(b"[%s]" % mask.first, _LETTERS)]
    closed = [mask for mask in words if mask.ahead != MARK_AHEAD]
    groups = [
        rb"\b(?:(?=[0-9])(?:%s)|(?=[A-Za-z])(?!%s)(?:(?=%s)(?:%s)|(?!%s)(?:%s)))"
        % (
            _alternation(numbers),
            PROSE_AHEAD,
            MARK_AHEAD,
            _alternation(words, ahead=NUMBER_AHEAD),
            MARK_AHEAD,
            _alternation(closed, ahead=NUMBER_AHEAD),
        ),
    ]
    order = [*numbers, *words, *closed]
    members = [mask for mask in masks if re.search(b"[%s]" % mask.first, _MARKS)]
    order += members
    groups.append(
        b"(?=[%s])(?:%s)"
        % (_marks_of(members), b"|".join(b"(?=[%s])%s()" % (_marks_of([m]), m.pattern) for m in members))
    )
    return re.compile(b"|".join(groups)), tuple(order)


def _alternation(members: list[Mask], *, ahead: bytes = b"") -> bytes:
    """Join entries in their order; those in a row that share what they need ``ahead`` are asked for it once."""
    parts = []
    for is_asked, row in groupby(members, key=lambda mask: bool(ahead) and mask.ahead == ahead):
        entries = b"|".join(b"(?=[%s])%s()" % (mask.first, mask.pattern) for mask in row)
        parts.append(b"(?=%s)(?:%s)" % (ahead, entries) if is_asked else entries)
    return b"|".join(parts)


_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKS = bytes(byte for byte in range(128) if not chr(byte).isalnum())


def _marks_of(members: list[Mask]) -> bytes:
    """Give the first bytes of these entries that are neither letters nor digits, as members of a character class."""
    both = re.compile(b"[%s]" % b"".join(member.first for member in members))
    return b"".join(re.escape(bytes((byte,))) for byte in _MARKS if both.match(bytes((byte,))))


_COMBINED, _ORDER = _combine(MASKS)


def _replace(found: re.Match[bytes]) -> bytes:
    replacement = _ORDER[(found.lastindex or 1) - 1].replacement
    if replacement is None:
        return found[0]
    if isinstance(replacement, bytes):
        return replacement
    return replacement(found[0])


def table_replacements(text: bytes) -> list[tuple[int, int, Replacement]]:
    """Tell what the table alone puts in the place of which span, in order, without what stays."""
    spans = []
    for found in _COMBINED.finditer(text):
        replacement = _ORDER[(found.lastindex or 1) - 1].replacement
        if replacement is not None:
            spans.append((found.start(), found.end(), replacement))
    return spans


def table_mask(text: bytes) -> bytes:
    """Mask by the table alone."""
    return _COMBINED.sub(_replace, text)


def named_replacements(text: bytes) -> list[Span]:
    """Tell which entry makes what of which span: ``[(name, start, end, shown), ...]``, in order and disjoint.

    The name of an entry that keeps its span has ``keep:`` before it.
    """
    if b"\n" not in text and b"\\n" not in text:
        return _named_without_stacks(text)
    told: list[Span] = []
    at = 0
    for start, end, is_escaped, is_rust in trace_blocks(text):
        told += _shifted(_named_without_stacks(text[at:start]), by=at)
        block = text[start:end]
        frames = block_spans(block, is_escaped=is_escaped, is_rust=is_rust)
        told += _shifted(_around(block, frames, _named_without_stacks), by=start)
        at = end
    return told + _shifted(_named_without_stacks(text[at:]), by=at)


def _shifted(spans: list[Span], by: int) -> list[Span]:
    return [(name, by + start, by + end, shown) for name, start, end, shown in spans]


def _named_without_stacks(text: bytes) -> list[Span]:
    return _around(text, wide_spans(text), _named_in_parts)


def _around(text: bytes, spans: list[Span], between: Callable[[bytes], list[Span]]) -> list[Span]:
    """Add to spans those of the texts before, between and behind them."""
    if not spans:
        return between(text)
    told: list[Span] = []
    at = 0
    for span in (*spans, ("", len(text), len(text), b"")):
        if span[1] > at:
            told += _shifted(between(text[at : span[1]]), by=at)
        if span[0]:
            told.append(span)
        at = span[2]
    return told


def with_quote(part: bytes) -> bytes:
    """Put the quote back before a part that begins with a comma or a blank: two entries look for it."""
    return b'"' + part if part[:1] in (b",", b" ") else part


def _named_in_parts(text: bytes) -> list[Span]:
    """Cut at double quotes; a part that is a key tells what is behind it."""
    parts = text.split(b'"')
    if len(parts) == 1:
        return _named_by_table(text)
    told: list[Span] = []
    at = 0
    key: Key | None = None
    is_value = False
    for part in parts:
        spans, key, is_value = _named_in_part(part, key, is_value=is_value)
        told += _shifted(spans, by=at)
        at += len(part) + 1
    return told


def _named_in_part(part: bytes, key: Key | None, *, is_value: bool) -> tuple[list[Span], Key | None, bool]:
    """Give the spans of a part, and the key that speaks of the next part, and whether that is its value."""
    if key is not None:
        if is_value:
            shown = value_shown(key.kind, part)
            if shown is not None:
                name = f"key:{key.kind.value}" if shown != part else f"keep:key:{key.kind.value}"
                return [(name, 0, len(part), shown)], None, False
        elif is_colon(part):
            return [], key, True
        elif span := number_span(part):
            start, end = span
            shown = number_shown(key.kind, part[start:end])
            name = f"key:{key.kind.value}" if shown != part[start:end] else f"keep:key:{key.kind.value}"
            rest = part[end:]
            behind = [(n, end + low, end + high, what) for n, low, high, what in _named_by_table(rest)]
            return [(name, start, end, shown), *behind], None, False
    quoted = with_quote(part)
    by = len(quoted) - len(part)
    told = [(name, start - by, end - by, shown) for name, start, end, shown in _named_by_table(quoted)]
    found = key_of(part)
    return told, found, found is not None and found.is_assigned


_MARKS_OF_JSON = b" ,:{}[]"


def _named_by_table(text: bytes) -> list[Span]:
    told: list[Span] = []
    if text.isalpha() or not text.strip(_MARKS_OF_JSON):
        return told
    for found in _COMBINED.finditer(text):
        entry = _ORDER[(found.lastindex or 1) - 1]
        name = entry.name if entry.replacement is not None else f"keep:{entry.name}"
        told.append((name, found.start(), found.end(), _replace(found)))
    return told


def mask(text: bytes) -> bytes:
    """Replace each span that varies without meaning by its class; every other byte stays."""
    masked: list[bytes] = []
    at = 0
    for _, start, end, shown in named_replacements(text):
        masked += (text[at:start], shown)
        at = end
    return b"".join((*masked, text[at:]))


def mask_named(text: bytes) -> list[tuple[str, int, int]]:
    """Tell which entry took which span: ``[(name, start, end), ...]``, in order; entries that keep are told too."""
    return [(name.removeprefix("keep:"), start, end) for name, start, end, _ in named_replacements(text)]


def literal_spans(text: bytes) -> list[tuple[int, int]]:
    """Give the spans of ``text`` that `mask` leaves as they are: ``[(start, end), ...]``, in order, none empty."""
    spans: list[tuple[int, int]] = []
    at = 0
    for _, start, end, shown in named_replacements(text):
        if shown == text[start:end]:
            continue
        if start > at:
            spans.append((at, start))
        at = end
    if at < len(text):
        spans.append((at, len(text)))
    return spans
