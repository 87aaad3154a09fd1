"""Derive from a pattern literals of which one stands in any match: looking for them is far cheaper than matching."""

from __future__ import annotations

from typing import Final

MIN_NEEDLE_BYTES: Final = 3
_GOOD_NEEDLE_BYTES: Final = 6
_NOT_MATCHING: Final = (b"?=", b"?!", b"?<")


def needles_of(pattern: bytes) -> tuple[bytes, ...]:
    """Give literals of which at least one is in every match of the pattern.

    The longest run of literal bytes, or, where that is short, the alternatives of a group that must match.
    Raises ValueError for a pattern without such literals, and for upper-case ones: texts are lower-cased first.
    """
    alternatives = _split_alternatives(pattern)
    if len(alternatives) > 1:
        return tuple(dict.fromkeys(needle for part in alternatives for needle in needles_of(part)))
    runs, groups = _parts(pattern)
    longest = max(runs, key=len, default=b"")
    candidates: list[tuple[bytes, ...]] = [(longest,)] if len(longest) >= MIN_NEEDLE_BYTES else []
    if len(longest) < _GOOD_NEEDLE_BYTES:
        for group in groups:
            try:
                candidates.append(needles_of(group))
            except ValueError:
                continue
    if not candidates:
        raise ValueError(f"pattern `{pattern!r}` has no literal of {MIN_NEEDLE_BYTES} bytes to look for first")
    best = max(candidates, key=lambda needles: (min(map(len, needles)), -len(needles)))
    if any(needle != needle.lower() for needle in best):
        raise ValueError(f"pattern `{pattern!r}` has upper-case letters; texts are lower-cased")
    return best


def _parts(pattern: bytes) -> tuple[list[bytes], list[bytes]]:
    """Give the runs of literal bytes at the top level, and the groups there that must match."""
    runs = [bytearray()]
    groups: list[bytes] = []
    at = 0
    while at < len(pattern):
        byte = pattern[at : at + 1]
        if byte in b"([":
            end = _closing(pattern, at)
            after = _after_quantifier(pattern, end)
            if byte == b"(" and not _may_be_absent(pattern[end:after]):
                inside = pattern[at + 1 : end - 1]
                if not inside.startswith(_NOT_MATCHING):
                    groups.append(inside.removeprefix(b"?:"))
            runs.append(bytearray())
            at = after
            continue
        if byte in b"?*{":
            if runs[-1]:
                runs[-1].pop()
            runs.append(bytearray())
            at = _after_quantifier(pattern, at)
            continue
        if byte == b"\\":
            at += 1
            escaped = pattern[at : at + 1]
            if escaped.isalnum():
                runs.append(bytearray())
            else:
                runs[-1] += escaped
        elif byte in b".^$+":
            runs.append(bytearray())
        else:
            runs[-1] += byte
        at += 1
    return [bytes(run) for run in runs], groups


def _split_alternatives(pattern: bytes) -> list[bytes]:
    parts: list[bytes] = []
    start = at = 0
    while at < len(pattern):
        byte = pattern[at : at + 1]
        if byte in b"([":
            at = _closing(pattern, at)
            continue
        if byte == b"|":
            parts.append(pattern[start:at])
            start = at + 1
        at += 2 if byte == b"\\" else 1
    return [*parts, pattern[start:]]


def _closing(pattern: bytes, start: int) -> int:
    """Give the place behind the bracket that closes the group or class at ``start``."""
    if pattern[start : start + 1] == b"[":
        at = start + 2
        while pattern[at : at + 1] != b"]":
            at += 2 if pattern[at : at + 1] == b"\\" else 1
        return at + 1
    at = start + 1
    while pattern[at : at + 1] != b")":
        byte = pattern[at : at + 1]
        at = _closing(pattern, at) if byte in b"([" else at + (2 if byte == b"\\" else 1)
    return at + 1


def _after_quantifier(pattern: bytes, at: int) -> int:
    byte = pattern[at : at + 1]
    if byte == b"{":
        return pattern.index(b"}", at) + 1
    return at + 1 if byte and byte in b"?*+" else at


def _may_be_absent(quantifier: bytes) -> bool:
    return quantifier.startswith((b"?", b"*", b"{0,"))
