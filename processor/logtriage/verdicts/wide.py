"""Masks that may reach over quotes and over any words: looked for before a text is cut up.

Each is found by a plain word first, so that other texts pay next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEY = re.compile(rb"Key\s\([^()\n]{1,128}\)=\(([^()\n]{1,256})\)")
"""PostgreSQL: the columns say which rule was broken, the values which row."""
_ENTRY = re.compile(rb"Duplicate entry '([^'\n]{1,256})' for key")
"""MySQL: the same."""
_USER = re.compile(
    rb"user(?:\sname)?[\s:=]{1,2}[\"'`]?(?!(?i:not|is|was|has|had|cannot|could|with|without|in|on|to|from|at|and|or|the|a|an"
    rb"|account|data|name|id|input|error|does|by|agent|session|table|role|service|invalid|specified|provided|request|requests"
    rb"|space|mode|profile|login|logout|info|details|list|record|object|store|pool|group|groups|settings|lookup|update|password"
    rb"|credentials|permissions|interface|context|cache|token|tokens|agents|accounts|errors|[a-z]{1,40}(?:tions?|ments?|ings?|ance|ence|ity|al)"
    rb")(?![A-Za-z0-9_]))([A-Za-z0-9][A-Za-z0-9_.@\\-]{0,63})"
)
"""The name of one person or account, in prose: in quotes, or behind one of `_BEFORE_USER`."""
_QUOTED = (b' "', b" '", b" `")
_LOGIN = re.compile(
    rb"(?:login|logon|password) for (?!(?:user|invalid|the|a|an|account|all|this|unknown)\b)"
    rb"([A-Za-z0-9_.@\\-]{1,64})(?= from|\Z)"
)
_ID_HEADER = re.compile(
    rb"(?:[Rr]equest|[Tt]race|[Ss]pan|[Cc]orrelation|[Ss]ession|[Tt]ransaction)[_-]?(?:Id|ID|id): "
    rb"(?!(?:null|none|missing|invalid|is|not)\b)([A-Za-z0-9_.-]{1,64})"
)
"""A header or key in prose that names one request."""
_BEFORE_USER = re.compile(rb"(?i:\b(?:for|by|of|as|invalid|illegal|unknown|authenticate))\s\Z")
_STATEMENTS = (
    (b"INSERT INTO ", b"insert into ", re.compile(rb"(?i:INSERT INTO) ([^\n]{1,2048})")),
    (b"DELETE FROM ", b"delete from ", re.compile(rb"(?i:DELETE FROM) ([^\n]{1,2048})")),
    (b"UPDATE ", b"update ", re.compile(rb"(?i:UPDATE) [^\s]{1,64} (?i:SET) ([^\n]{1,2048})")),
    (b"SELECT ", b"select ", re.compile(rb"(?i:SELECT) [^\n]{1,256}? (?i:FROM) ([^\n]{1,2048})")),
)
"""By the words they begin with, in capitals or small."""
_PARAMETERS = re.compile(rb"\[parameters: ([^\n]{1,2048})")
_END_OF_STATEMENT = re.compile(rb"(?i:\b(?:failed|error|errno|sqlstate|exception)\b)|\"[^\"]{0,200}[:,]|: |; ")
_LITERAL = re.compile(rb"'[^'\n]{0,512}'|(?<=[(,=<>\s])-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?=[\s,);\]]|\Z)")
"""Values of one statement; the words, tables and columns stay."""

Span = tuple[str, int, int, bytes]


def wide_spans(text: bytes) -> list[Span]:
    """Give ``[(name, start, end, shown), ...]``, in order and disjoint."""
    spans: list[Span] = []
    if b"user" in text:
        spans += (
            ("user_name", *found.span(1), b"<user>")
            for found in _USER.finditer(text)
            if text[found.start(1) - 2 : found.start(1)] in _QUOTED
            or _BEFORE_USER.search(text, max(0, found.start() - 16), found.start())
        )
    if b"d: " in text or b"D: " in text:
        spans += (("id_header", *found.span(1), b"<value>") for found in _ID_HEADER.finditer(text))
    if b" for " in text:
        spans += (("login", *found.span(1), b"<user>") for found in _LOGIN.finditer(text))
    if b"=" in text or b"'" in text or b"(" in text:
        _add_values(spans, text)
    return _disjoint(spans) if len(spans) > 1 else spans


def _add_values(spans: list[Span], text: bytes) -> None:
    """Add the values of rows and statements; none stands without an equals sign, a quote or a parenthesis."""
    if b"Key (" in text:
        spans += (("postgres_key", *found.span(1), b"<value>") for found in _KEY.finditer(text))
    if b"Duplicate entry" in text:
        spans += (("mysql_key", *found.span(1), b"<value>") for found in _ENTRY.finditer(text))
    if b"parameters: " in text:
        spans += _literals(text, _PARAMETERS, is_statement=False)
    for capitals, small, statement in _STATEMENTS:
        if capitals in text or small in text:
            spans += _literals(text, statement, is_statement=True)


def _literals(text: bytes, statement: re.Pattern[bytes], *, is_statement: bool) -> Iterator[Span]:
    for found in statement.finditer(text):
        start, end = found.span(1)
        if is_statement and (stop := _END_OF_STATEMENT.search(text, start, end)):
            end = stop.start()
        for literal in _LITERAL.finditer(text, start, end):
            shown = b"'<value>'" if literal[0][:1] == b"'" else b"<n>"
            yield ("sql_literal", *literal.span(), shown)


def _disjoint(spans: list[Span]) -> list[Span]:
    spans.sort(key=lambda span: (span[1], -span[2]))
    chosen: list[Span] = []
    for span in spans:
        if not chosen or span[1] >= chosen[-1][2]:
            chosen.append(span)
    return chosen
