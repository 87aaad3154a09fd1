"""Find the exception class that weighs most: the root of the chain, unless it only wraps or says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from logtriage.engines.local.codes import ERRNO
from logtriage.engines.local.exceptions import CLASSES, ENDINGS
from logtriage.engines.local.finding import Meaning, Span
from logtriage.engines.local.text import JudgedText


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClass:
    """A class by its simple name, or the part of an unknown one's name that speaks."""

    name: str
    meaning: Meaning
    span: Span
    is_known: bool


_WORD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9_]{3,70}")
_LAST_CAPITAL: Final = ord("Z")
"""Every name of a class begins with a capital letter: most words of a text do not."""
_ENDS_OF_CLASSES: Final = (
    *(b"Exception", b"Error", b"Fault", b"Failure", b"NotFound", b"Denied", b"Exceeded", b"Expired", b"Unavailable"),
)
_UNKNOWN_CLASS: Final = re.compile(rb"[A-Z][A-Za-z0-9_]{3,70}(?:%s)\Z" % b"|".join(_ENDS_OF_CLASSES))
_SHOUTED: Final = {name.upper().encode("ascii"): name for name in ERRNO}
_INNER: Final = (b"caused by", b"---> ", b"[cause]", b"root cause", b"nested exception is")
"""What stands before the inner exception: the last one is the root."""
_OUTER: Final = (b"the direct cause of the following", b"during handling of the above exception")
"""What Python prints behind the inner exception: the root stands before the first one."""


def find_class(text: JudgedText) -> FoundClass | None:
    """Give the decisive class nearest the root of the chain; else the vague one nearest to it."""
    found = _all_classes(text)
    if not found:
        return None
    found.sort(key=lambda each: _distance_from_root(text.lowered, each))
    for each in found:
        if each.meaning.is_decisive and each.is_known:
            return each
    for each in found:
        if each.meaning.is_decisive:
            return each
    return found[0]


def _all_classes(text: JudgedText) -> list[FoundClass]:
    words = {word for word in _WORD.findall(text.original) if word[0] <= _LAST_CAPITAL}
    found: list[FoundClass] = []
    for word in words:
        known = _meaning_of(word)
        if known is not None:
            name, meaning, is_known = known
            found.extend(
                FoundClass(name=name, meaning=meaning, span=span, is_known=is_known)
                for span in _spans(text.original, word)
            )
    return found


def _meaning_of(word: bytes) -> tuple[str, Meaning, bool] | None:
    meaning = CLASSES.get(word)
    if meaning is not None:
        return word.decode("ascii"), meaning, True
    errno = _SHOUTED.get(word)
    if errno is not None:
        return word.decode("ascii"), ERRNO[errno], True
    if word.endswith(_ENDS_OF_CLASSES) and _UNKNOWN_CLASS.match(word):
        lowered = word.lower()
        for part, meaning in ENDINGS:
            if part in lowered:
                return f"an unknown class named like `{part.decode('ascii')}`", meaning, False
    return None


def _spans(original: bytes, word: bytes) -> list[Span]:
    """Where the word stands as a class, at most three times: not as part of a longer name, not in a stack frame."""
    spans: list[Span] = []
    at = original.find(word)
    while at >= 0 and len(spans) < 3:
        end = at + len(word)
        line_start = original.rfind(b"\n", 0, at) + 1
        is_frame = original[line_start : line_start + 8].lstrip().startswith((b"at ", b"File "))
        if not is_frame and not original[end : end + 1].isalnum() and not original[at - 1 : at].isalnum():
            spans.append((at, end))
        at = original.find(word, end)
    return spans


def _distance_from_root(lowered: bytes, found: FoundClass) -> tuple[int, int]:
    """Small for the root: classes behind the last "caused by" first, in the order of the text."""
    start = found.span[0]
    inner = max((lowered.rfind(marker) for marker in _INNER), default=-1)
    if inner >= 0:
        return (0, start - inner) if start > inner else (1, inner - start)
    outer = min((at for marker in _OUTER if (at := lowered.find(marker)) >= 0), default=-1)
    if outer >= 0:
        return (0, outer - start) if start < outer else (1, start - outer)
    return (0, start)
