"""Tell whether a text gives the system part of the prompt away, or the mark at its end."""

from __future__ import annotations

import base64
import codecs
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

GRAM_WORDS: Final = 8
RULES_LEFT_OUT: Final = "(rules left out)"
_WORD: Final = re.compile(r"[a-z0-9]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){12,}")
_GZIP: Final = b"\x1f\x8b\x08"
_MAX_UNPACKED_BYTES: Final = 65536
_MAX_TOKENS: Final = 64


def words_of(text: str) -> list[str]:
    """Give the words of a text as they are compared: lower case, letters and digits only."""
    return _WORD.findall(text.lower())


def grams_of(text: str) -> frozenset[tuple[str, ...]]:
    """Give all runs of eight words."""
    words = words_of(text)
    return frozenset(tuple(words[at : at + GRAM_WORDS]) for at in range(len(words) - GRAM_WORDS + 1))


class LeakCheck:
    """Looks for the canary and for eight words in a row of the system part, also encoded."""

    def __init__(self, system_part: str, canary: str) -> None:
        self._grams = grams_of(system_part)
        self._canary = "".join(words_of(canary))

    def leaks(self, text: str) -> bool:
        """True if the text, or a decoded form of it, holds the canary or eight words in a row."""
        return any(self._has_canary(form) or not self._grams.isdisjoint(grams_of(form)) for form in decoded_forms(text))

    def without_leaks(self, text: str) -> str:
        """Give the text with its runs of eight leaked words left out; empty if it still leaks in another form."""
        found = list(_WORD.finditer(text.lower()))
        words = [word[0] for word in found]
        leaked = [
            (found[at].start(), found[at + GRAM_WORDS - 1].end())
            for at in range(len(words) - GRAM_WORDS + 1)
            if tuple(words[at : at + GRAM_WORDS]) in self._grams
        ]
        parts: list[str] = []
        end = 0
        for start, stop in leaked:
            if start > end or not parts:
                parts += (text[end:start], RULES_LEFT_OUT)
            end = stop
        told = "".join(parts) + text[end:]
        return "" if self.leaks(told) else told

    def _has_canary(self, text: str) -> bool:
        return self._canary in "".join(words_of(text))


def decoded_forms(text: str) -> Iterator[str]:
    """Give the text itself, then what it says in the encodings that people ask a model for."""
    yield text
    yield text[::-1]
    yield codecs.decode(text, "rot13")
    if "%" in text:
        yield unquote(text)
    tokens = [found for form in (text, "".join(text.split())) for found in islice(_BASE64.findall(form), _MAX_TOKENS)]
    decoded = [_base64(token) for token in dict.fromkeys(tokens)]
    for token in islice(_HEX.findall(text), _MAX_TOKENS):
        digits = re.sub(r"[ :]", "", token)
        decoded.append(bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "replace"))
    readable = [form for form in decoded if form and form.count("\ufffd") * 8 <= len(form)]
    if readable:
        yield "\n".join(readable)


def _base64(token: str) -> str:
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4))
        if data[:3] == _GZIP:
            data = zlib.decompressobj(wbits=31).decompress(data, _MAX_UNPACKED_BYTES)
    except (ValueError, zlib.error):
        return ""
    return data.decode("utf-8", "replace")
