"""Derive from a pattern literals of which one stands in any match: looking for them is far cheaper than matching.

A pattern is read as sequences of parts: literals that stand side by side, one of a few each (``initiali[sz]ed``,
``(?:read|write) failed``), and gaps between them. The literals of one stretch between two gaps are the needles: the
stretch that is long enough with the fewest of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MIN_NEEDLE_BYTES: Final = 3
_GOOD_NEEDLE_BYTES: Final = 8
"""From here on fewer needles are better than longer ones."""
_MAX_ALTERNATIVES: Final = 24
"""Literals of a stretch: more of them cost more than the length gains."""
_MAX_CLASS_MEMBERS: Final = 3

_TOKEN: Final = re.compile(
    rb"[^\\\[(|)?*+{.^$]+|\\x[0-9a-f]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:>=!]|<[=!])|[(|).^$]"
    rb"|(?:[?*+]|\{[0-9,]+\})[?+]?",
    re.DOTALL,
)
_PLAIN: Final = re.compile(rb"[^\\\[(|)?*+{.^$A-Z]+")
_QUANTIFIER: Final = re.compile(rb"[?*+{]")
_OPTIONAL: Final = (b"?", b"*", b"{0,")
_LOOK_AROUND: Final = (b"(?=", b"(?!", b"(?<")
_NO_WIDTH: Final = frozenset((b"^", b"$", rb"\b", rb"\B", rb"\A", rb"\Z"))
_ESCAPED: Final = {rb"\n": b"\n", rb"\t": b"\t", rb"\r": b"\r"}
_CLASS: Final = re.compile(rb"\[((?:\\[^A-Za-z0-9]|[^\\^-])+)\]", re.DOTALL)
_MEMBER: Final = re.compile(rb"\\?(.)", re.DOTALL)

_Needles = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands at one place. ``literals``: one of these and nothing else; None: anything, or too many to tell.

    ``held``: literals of which one stands in what matches here, where that is all that is known.
    """

    literals: _Needles | None = None
    held: _Needles = ()


_GAP: Final = _Part()
_NOTHING: Final = _Part((b"",))


def needles_of(pattern: bytes) -> _Needles:
    """Give literals of which at least one is in every match of the pattern.

    Raises ValueError for a pattern without such literals, and for upper-case ones: texts are lower-cased first.
    """
    if len(pattern) >= MIN_NEEDLE_BYTES and _PLAIN.fullmatch(pattern):
        return (pattern,)
    sequences = _Reader(_TOKEN.findall(pattern)).alternatives()
    needles = _needles_of_any(sequences)
    if not needles:
        raise ValueError(f"pattern `{pattern!r}` has no literal of {MIN_NEEDLE_BYTES} bytes to look for first")
    if any(needle != needle.lower() for needle in needles):
        raise ValueError(f"pattern `{pattern!r}` has upper-case letters; texts are lower-cased")
    return needles


class _Reader:
    """Reads the tokens of one pattern, from left to right."""

    def __init__(self, tokens: list[bytes]) -> None:
        self._tokens = [*tokens, b""]
        self._at = 0

    def alternatives(self) -> list[list[_Part]]:
        """Read up to the bracket that closes, or to the end: the sequences between the bars."""
        sequences: list[list[_Part]] = [[]]
        while (token := self._next()) and token != b")":
            if token == b"|":
                sequences.append([])
                continue
            part = self._part(token, sequences[-1])
            quantifier = self._next() if _QUANTIFIER.match(self._tokens[self._at]) else b""
            if quantifier.startswith(b"?") and part.literals is not None:
                sequences[-1].append(_Part((*part.literals, b"")))
            elif quantifier.startswith(_OPTIONAL):
                sequences[-1].append(_GAP)
            else:
                sequences[-1] += (part, _GAP) if quantifier else (part,)
        return sequences

    def _next(self) -> bytes:
        self._at += 1
        return self._tokens[self._at - 1]

    def _part(self, token: bytes, before: list[_Part]) -> _Part:
        """Give what a token stands for; of a run whose last byte is repeated the rest goes to ``before``."""
        match token[:1]:
            case b"(":
                inside = self.alternatives()
                return _NOTHING if token.startswith(_LOOK_AROUND) else _group(inside)
            case b"[":
                return _class(token)
            case b"\\":
                return _escaped(token)
            case b"." | b"^" | b"$":
                return _NOTHING if token in _NO_WIDTH else _GAP
        if len(token) > 1 and _QUANTIFIER.match(self._tokens[self._at]):
            before.append(_Part((token[:-1],)))
            token = token[-1:]
        return _Part((token,))


def _escaped(token: bytes) -> _Part:
    if token in _NO_WIDTH:
        return _NOTHING
    if token in _ESCAPED:
        return _Part((_ESCAPED[token],))
    if len(token) == 4:
        return _Part((bytes.fromhex(token[2:].decode()),))
    return _GAP if token[1:].isalnum() else _Part((token[1:],))


def _class(token: bytes) -> _Part:
    small = _CLASS.fullmatch(token)
    members = tuple(_MEMBER.findall(small[1])) if small else ()
    return _Part(members) if 0 < len(members) <= _MAX_CLASS_MEMBERS else _GAP


def _group(sequences: list[list[_Part]]) -> _Part:
    literals: list[bytes] = []
    for sequence in sequences:
        whole = _joined(sequence)
        if whole is None or len(literals) + len(whole) > _MAX_ALTERNATIVES:
            return _Part(held=_needles_of_any(sequences))
        literals += whole
    return _Part(tuple(dict.fromkeys(literals)))


def _joined(parts: list[_Part]) -> _Needles | None:
    """Give all that the parts say side by side; None if one of them is a gap, or all together are too many."""
    joined: _Needles = (b"",)
    for part in parts:
        if part.literals is None or len(joined) * len(part.literals) > _MAX_ALTERNATIVES:
            return None
        joined = _side_by_side(joined, part.literals)
    return joined


def _needles_of_any(sequences: list[list[_Part]]) -> _Needles:
    """Give the needles of all the sequences together; none if one of them has none."""
    of_each = [_needles_of_sequence(sequence) for sequence in sequences]
    return tuple(dict.fromkeys(needle for needles in of_each for needle in needles)) if all(of_each) else ()


def _needles_of_sequence(parts: list[_Part]) -> _Needles:
    candidates = [part.held for part in parts if part.held]
    for start in range(len(parts)):
        stretch: _Needles = (b"",)
        for part in parts[start:]:
            if part.literals is None or len(stretch) * len(part.literals) > _MAX_ALTERNATIVES:
                break
            stretch = _side_by_side(stretch, part.literals)
            candidates.append(stretch)
    long_enough = [needles for needles in candidates if _least(needles) >= MIN_NEEDLE_BYTES]
    return _shortest(max(long_enough, key=_worth, default=()))


def _side_by_side(lefts: _Needles, rights: _Needles) -> _Needles:
    return tuple([left + right for left in lefts for right in rights])


def _shortest(needles: _Needles) -> _Needles:
    """Leave out what holds another one: where it stands the other does, too."""
    return tuple([one for one in needles if not any(other in one and other != one for other in needles)])


def _least(needles: _Needles) -> int:
    return min(map(len, needles))


def _worth(needles: _Needles) -> tuple[int, int, int]:
    least = _least(needles)
    return min(least, _GOOD_NEEDLE_BYTES), -len(needles), least
