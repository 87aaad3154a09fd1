"""Say why two records share a fingerprint, or do not: part by part, down to the first token that differs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from logtriage.verdicts.explained import Explained, Part

_TOKEN = re.compile(rb"<[^<>\s]{1,64}>|[A-Za-z0-9_\x80-\xff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One part that keeps two records apart. A side is None where that record has no such part.

    ``at``: where the first differing token begins in the masked text of both; ``tokens``: that token in each, empty
    where the text ends.
    """

    part: str
    first: Part | None
    second: Part | None
    at: int = 0
    tokens: tuple[bytes, bytes] = (b"", b"")


def differences(first: Explained, second: Explained) -> list[Difference]:
    """Give the parts that differ, in the order of the key. Empty exactly if the fingerprints are equal."""
    ours = {part.name: part for part in first.parts}
    theirs = {part.name: part for part in second.parts}
    names = [*ours, *(name for name in theirs if name not in ours)]
    return [
        _difference(name, ours.get(name), theirs.get(name))
        for name in names
        if _masked(ours.get(name)) != _masked(theirs.get(name))
    ]


def _difference(name: str, first: Part | None, second: Part | None) -> Difference:
    if first is None or second is None:
        return Difference(part=name, first=first, second=second)
    at = 0
    ours, theirs = tokens_of(first.masked), tokens_of(second.masked)
    for own, other in zip(ours, theirs, strict=False):
        if own != other:
            return Difference(part=name, first=first, second=second, at=at, tokens=(own, other))
        at += len(own)
    index = min(len(ours), len(theirs))
    rest = (b"".join(ours[index : index + 1]), b"".join(theirs[index : index + 1]))
    return Difference(part=name, first=first, second=second, at=at, tokens=rest)


def tokens_of(masked: bytes) -> list[bytes]:
    """Cut a masked text into placeholders, words, white space and single marks."""
    return _TOKEN.findall(masked)


def _masked(part: Part | None) -> bytes | None:
    return None if part is None else part.masked


def as_json(first: Explained, second: Explained) -> dict[str, Any]:
    """Give it for a script."""
    found = differences(first, second)
    return {
        "same": not found,
        "a": _explained_as_json(first),
        "b": _explained_as_json(second),
        "differences": [
            {
                "part": each.part,
                "a": None if each.first is None else _text(each.first.masked),
                "b": None if each.second is None else _text(each.second.masked),
                "at_byte": each.at,
                "tokens": [_text(token) for token in each.tokens],
            }
            for each in found
        ],
    }


def _explained_as_json(explained: Explained) -> dict[str, Any]:
    return {
        "fingerprint": explained.fingerprint,
        "parts": [
            {
                "name": part.name,
                "text": _text(part.text),
                "masked": _text(part.masked),
                "masks": [
                    {
                        "mask": span.mask,
                        "start": span.start,
                        "end": span.end,
                        "text": _text(part.text[span.start : span.end]),
                        "shown": _text(span.shown),
                    }
                    for span in part.spans
                ],
            }
            for part in explained.parts
        ],
    }


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
