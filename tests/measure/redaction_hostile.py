"""Texts that would be slow to search if any row of the redaction table were not linear."""

from __future__ import annotations

from collections.abc import Iterator

from logtriage.engines.mimo.redaction.rules import OPTIONAL_RULES, RULES

MIB = 1 << 20
_PIECES = (
    "a", "A", "1", "-", "_", ".", "@", ":", "/", '"', "'", "\\", "\\n", "=", "{", "[", "<", "<A_", "<EMAIL_1>", "\0",
    " ", "a@", "a.a@", "a@a.", "://a:", "://a:b", "4111 ", "41-", "DE89", "A1", "eyJ-", "$2", "$1$", "é@é.", "İ", "1:",
    "::", "1.", "--a-", "-p", "passwordpassword", "password=,", 'password:"\\', "next_token=", "token: ", "key=a,",
    "pass: ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----A\n", '"key" value',
    "secret>", "cookie: ", "auth=(",
)  # fmt: skip


def hostile_texts(length: int) -> Iterator[tuple[str, str]]:
    """Give ``(piece, text)``: every keyword once, so that every row is tried, then a piece over and over."""
    every_keyword = " ".join(keyword for rule in RULES for keyword in rule.keywords) + " "
    pieces = list(_PIECES)
    for rule in RULES + OPTIONAL_RULES:
        pieces += [keyword + end for keyword in rule.keywords[:1] for end in ("", "=", ': "')]
        pieces += [example.replace("«", "").replace("»", "")[:40] for example in rule.examples[:1]]
    for piece in dict.fromkeys(pieces):
        yield piece, (every_keyword + piece * (length // len(piece) + 1))[:length]
