"""Redact texts: each secret becomes a typed placeholder, ``<PASSWORD_1>``, that stands for it within a session.

A session is one prompt: equal secrets get equal placeholders in all its texts. Nothing is put back, and nothing could
be: a session keeps digests under a key of its own. What already looks like a placeholder (a record may hold the
literal ``<EMAIL_1>``) is treated as a secret of that kind and gets a number of its own, so that it cannot pass for
another one.

Limits: a secret that is split between two texts or over two lines (other than a private key) is not known as one; nor
is one that neither its form nor its key gives away.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction.placeholders import LOOKALIKE, Placeholders
from logtriage.engines.mimo.redaction.rule import BARRIER
from logtriage.engines.mimo.redaction.rules import OPTIONAL_RULES, RULES
from logtriage.engines.mimo.redaction.scan import MAX_MATCHES, WHOLE_TEXT, Allowed, Scanner, Span
from logtriage.engines.mimo.redaction.user_rules import rules_of


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets.

    ``spans``: ``(start, end, placeholder)`` in the text before, in order and disjoint; replacing them gives ``text``.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]


class Redactor:
    """The table of rows, compiled once with the settings; ``session()`` for each prompt."""

    def __init__(self, settings: RedactionSettings, *, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        rules = rules_of(settings) + RULES + (OPTIONAL_RULES if settings.ip_addresses else ())
        self._scanner = Scanner(
            rules,
            Allowed(frozenset(settings.allow), frozenset(name.lower() for name in settings.allow)),
        )
        self._kinds = frozenset(rule.placeholder for rule in (*rules, *OPTIONAL_RULES)) | {WHOLE_TEXT}
        self._random_bytes = random_bytes

    def session(self) -> RedactionSession:
        """Begin a prompt."""
        return RedactionSession(self._scanner, self._kinds, Placeholders(self._random_bytes(32)))


class RedactionSession:
    """The texts of one prompt. Not for several threads at once."""

    def __init__(self, scanner: Scanner, kinds: frozenset[str], placeholders: Placeholders) -> None:
        self._scanner = scanner
        self._kinds = kinds
        self._placeholders = placeholders

    def redact(self, text: str) -> Redacted:
        """Redact a text from outside. Redacted alone, its output stays as it is in a session of its own."""
        return self._redact(text, is_answer=False)

    def redact_answer(self, text: str) -> Redacted:
        """Redact what the model wrote: the placeholders given for it are left standing, in no span."""
        return self._redact(text, is_answer=True)

    def _redact(self, text: str, *, is_answer: bool) -> Redacted:
        known: list[Span] = []
        masked = text
        if "<" in text:
            lookalikes = [found for found in LOOKALIKE.finditer(text) if found[1] in self._kinds]
            if lookalikes:
                known = [
                    (*found.span(), found[1])
                    for found in lookalikes
                    if not (is_answer and self._placeholders.has_given(found[0]))
                ]
                masked = LOOKALIKE.sub(lambda found: _hidden(found[0]) if found[1] in self._kinds else found[0], text)
        found = self._scanner.spans(masked)
        if known:
            found = sorted(known + found)
        if len(found) > MAX_MATCHES or (found and found[0][2] == WHOLE_TEXT):
            found = [(0, len(text), WHOLE_TEXT)]
        if not found:
            return Redacted(text, ())
        pieces: list[str] = []
        spans: list[tuple[int, int, str]] = []
        position = 0
        for start, end, kind in found:
            placeholder = self._placeholders.name(kind, text[start:end])
            spans.append((start, end, placeholder))
            pieces += (text[position:start], placeholder)
            position = end
        pieces.append(text[position:])
        return Redacted("".join(pieces), tuple(spans))


def _hidden(literal: str) -> str:
    return BARRIER * len(literal)
