"""Find the spans of a text that the rows of the table want redacted.

A row is tried only if one of its keywords stands in the text. What was found is covered by barriers and the text is
looked at again, until nothing new is found: so what is left, redacted once more, stays as it is. The cost is linear in
the length of the text, see `rule.Rule.pattern`; the number of turns is bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from logtriage.engines.mimo.redaction.checks import looks_random
from logtriage.engines.mimo.redaction.rule import BARRIER, Rule

_MAX_TURNS = 4
_MAX_ECHOES = 16
MAX_MATCHES = 10_000
"""A text with more places that look like secrets is redacted as a whole, so that the cost of looking stays bounded."""
WHOLE_TEXT = "TEXT"
_SHORTEST_ECHO = 8
_LONGEST_RESCAN = 256
"""A refused match up to this long is searched once more from its value on; behind a longer one the search goes on."""
_KEY_BEFORE = re.compile(r"[A-Za-z0-9_.-]{0,64}\Z")

Span = tuple[int, int, str]
"""Start, end and kind of placeholder."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Values and key names (lower-case) that are never redacted."""

    values: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    def has(self, text: str, match_start: int, start: int, end: int) -> bool:
        """Tell whether a match has an allowed value, or stands behind an allowed key."""
        if end - start <= 1024 and text[start:end] in self.values:
            return True
        if not self.keys or start == match_start:
            return False
        head = text[max(0, match_start - 64) : match_start]
        before = _KEY_BEFORE.search(head)
        rest = re.match(r"[A-Za-z0-9_.-]*", text[match_start:start])
        key = ((before[0] if before else "") + (rest[0] if rest else "")).lower()
        return key in self.keys


@dataclass(frozen=True, slots=True)
class _Row:
    rank: int
    rule: Rule
    pattern: re.Pattern[str]


class Scanner:
    """Rows, compiled; has no state."""

    def __init__(self, rules: tuple[Rule, ...], allowed: Allowed) -> None:
        self._rows = tuple(_Row(rank, rule, rule.compiled()) for rank, rule in enumerate(rules))
        self._keyed = tuple((row.rule.keywords, row) for row in self._rows)
        self._allowed = allowed if allowed.values or allowed.keys else None

    def spans(self, text: str) -> list[Span]:
        """Give the spans to redact, disjoint and in order. Barriers in ``text`` belong to no span."""
        lower = _lowered(text)
        rows = []
        for keywords, row in self._keyed:
            if not keywords:
                rows.append(row)
                continue
            for keyword in keywords:
                if keyword in lower:
                    rows.append(row)
                    break
        found: list[Span] = []
        for _ in range(_MAX_TURNS):
            new = _settle(self._candidates(text, lower, rows))
            if not new:
                break
            if new[0][2] == WHOLE_TEXT:
                return new
            if not found:
                new = _settle([(start, end, 0, kind, False) for start, end, kind in new] + _echoes(text, new))
            found += new
            text = _covered(text, new)
            lower = _covered(lower, new)
        return sorted(found)

    def _candidates(self, text: str, lower: str, rows: list[_Row]) -> list[_Candidate]:
        candidates: list[_Candidate] = []
        matches = 0
        for row in rows:
            rule = row.rule
            subject = lower if rule.reads_lower else text
            match = row.pattern.search(subject)
            while match is not None:
                matches += 1
                if matches > MAX_MATCHES:
                    return [(0, len(text), 0, WHOLE_TEXT, False)]
                begin = match.start()
                start, end = match.span(match.lastindex or 0)
                if rule.finish is not None:
                    start, end = rule.finish(text, start, end)
                resume = max(end, begin + 1)
                if (rule.check is None or rule.check(text, begin, start, end)) and not (
                    self._allowed is not None and self._allowed.has(text, begin, start, end)
                ):
                    candidates.append((start, end, row.rank, rule.placeholder, rule.is_whole))
                elif end - start <= _LONGEST_RESCAN and start > begin:
                    resume = start
                match = row.pattern.search(subject, resume)
        return candidates


_Candidate = tuple[int, int, int, str, bool]


def _lowered(text: str) -> str:
    """Lower the case without moving a character: one letter of Unicode becomes two."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.replace("\u0130", "i").lower()


def _settle(candidates: list[_Candidate]) -> list[Span]:
    """Make disjoint spans: overlapping matches become one, named by the first row; whole ones give way."""
    if len(candidates) < 2:
        return [(start, end, kind) for start, end, _, kind, _ in candidates]
    merged: list[tuple[int, int, int, str]] = []
    for start, end, rank, kind, is_whole in sorted(candidates):
        if is_whole:
            continue
        if merged and start < merged[-1][1]:
            begin, stop, best, name = merged[-1]
            merged[-1] = (begin, max(end, stop), *min((rank, kind), (best, name)))
        else:
            merged.append((start, end, rank, kind))
    spans = [(start, end, kind) for start, end, _, kind in merged]
    starts = [start for start, _, _ in spans]
    kept_until = 0
    for start, end, _, kind, is_whole in sorted(candidates):
        if not is_whole or start < kept_until:
            continue
        before = bisect_right(starts, start) - 1
        if before >= 0 and merged[before][1] > start:
            continue
        if before + 1 < len(starts) and starts[before + 1] < end:
            continue
        spans.append((start, end, kind))
        kept_until = end
    return sorted(spans)


def _echoes(text: str, spans: list[Span]) -> list[_Candidate]:
    """Find where secrets that were found stand once more, without the key or the address that gave them away."""
    echoes: list[_Candidate] = []
    values = {text[start:end]: kind for start, end, kind in spans if end - start >= _SHORTEST_ECHO}
    for value, kind in list(values.items())[:_MAX_ECHOES]:
        if not looks_random(value, _SHORTEST_ECHO):
            continue
        at = text.find(value)
        while at >= 0 and len(echoes) <= MAX_MATCHES:
            echoes.append((at, at + len(value), 1, kind, False))
            at = text.find(value, at + len(value))
    return echoes


def _covered(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, _ in spans:
        pieces += (text[position:start], BARRIER * (end - start))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
