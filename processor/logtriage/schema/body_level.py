"""The level that a body tells of itself, for container logs without a parser.

Looked for at the head only, in this order: a JSON level, a logfmt level, a klog letter, a level word among the first
tokens before the prose begins, the heads of a crash (``panic:``, ``Traceback``, ``Exception in thread``).
"""

from __future__ import annotations

import re

from logtriage.schema.severity import Severity, severity_of_word

HEAD_BYTES = 512
"""How much of a body is looked at."""
_MAX_TOKENS = 10
_MAX_PLAIN_WORDS = 2

_ANSI = re.compile(rb"\x1b\[[0-9;]{0,16}[A-Za-z]")
"""Colours of a terminal, which stand around level words."""
_JSON_LEVEL = re.compile(
    rb'"(?:level|lvl|severity|log\.level|loglevel|log_level|levelname|severity_text|@l|s)"\s{0,4}:\s{0,4}'
    rb'(?:"([A-Za-z]{1,16}[2-4]?)"|([0-9]{2})(?=[\s,}]))',
    re.IGNORECASE,
)
_LOGFMT_LEVEL = re.compile(
    rb"(?:^|[\s\[{(,|])(?:level|lvl|severity|loglevel)=\"?([A-Za-z]{1,16})(?=[\s\",|\])]|$)", re.IGNORECASE
)
_KLOG = re.compile(rb"([IWEF])(?:0[1-9]|1[0-2])[0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}")
_SYSLOG_PRIORITY = re.compile(rb"<([0-9]{1,3})>")
_CRASH = (
    (re.compile(rb"panic: |fatal error: |thread '[^'\n]{1,80}' panicked at |\[?FATAL\b"), Severity.FATAL),
    (
        re.compile(
            rb"Traceback \(most recent call last\):|Exception in thread \"|Unhandled exception\b|Uncaught |"
            rb"(?:[A-Za-z_$][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,80}(?:Exception|Error)\b|"
            rb"[A-Z]\w{0,60}(?:Error|Exception): "
        ),
        Severity.ERROR,
    ),
)
_KLOG_LEVELS = {b"I": Severity.INFO, b"W": Severity.WARN, b"E": Severity.ERROR, b"F": Severity.FATAL}
"""Also MongoDB's ``"s"``, which has D1 to D5 beside them."""
_WORDS_OF_LOGGERS = {b"fail": Severity.ERROR, b"dbug": Severity.DEBUG, b"trce": Severity.DEBUG}
"""Level words of .NET's console logger. ``status: fail`` is data: they are level words at the head of a body only."""
_ALSO_PROSE = frozenset(
    (b"alert", b"config", b"critical", b"emergency", b"fine", b"information", b"log", b"notice", b"panic", b"trace")
)
"""Words that begin a sentence as well: without capitals or punctuation around them they are no level."""
_HEAD_OF_TOKEN = re.compile(rb"([A-Z]{3,9})[:\[/!]")
"""``ERROR:root:``, ``ERRO[0012]``, ``ERROR/MainProcess]``, ``ERR!``."""
_IN_BRACKETS = re.compile(rb"\[(?:[a-z0-9_]{1,40}:)?([A-Za-z]{3,9})\]")
"""``[core:error]``, ``12:00:00.123][12][error][config]``."""
_SECOND_LINE = re.compile(rb"[^\n]{1,300}\n([A-Z]{4,7}): ")
"""``java.util.logging`` writes time and place on one line, level and message on the next."""
_NUMERIC_LEVELS = {
    b"10": Severity.DEBUG,
    b"20": Severity.DEBUG,
    b"30": Severity.INFO,
    b"40": Severity.WARN,
    b"50": Severity.ERROR,
    b"60": Severity.FATAL,
}
"""Levels of the Node loggers bunyan and pino."""
_SYSLOG_SEVERITIES = (
    Severity.FATAL,
    Severity.ERROR,
    Severity.ERROR,
    Severity.ERROR,
    Severity.WARN,
    Severity.INFO,
    Severity.INFO,
    Severity.DEBUG,
)
"""RFC 5424, 6.2.1, by severity 0 to 7; what they are in OTLP: see `LEVEL_WORDS`."""
_EDGES = b"[](){}<>|:,;\"'*=-#"
_PLAIN_WORD = re.compile(rb"[A-Za-z][a-z]{1,40}[.,]?\Z")
_DATE_WORD = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec),?\Z")


def level_of_body(body: bytes) -> Severity | None:
    """Read the level at the head of a body; None if nothing there tells."""
    head = body[:HEAD_BYTES]
    if b"\x1b" in head:
        head = _ANSI.sub(b"", head)
    head = head.lstrip()
    if not head:
        return None
    if head[:1] == b"{":
        found = _JSON_LEVEL.search(head)
        if found is None:
            return None
        if found[2]:
            return _NUMERIC_LEVELS.get(found[2])
        return _word(found[1]) or _KLOG_LEVELS.get(found[1])
    if found := _KLOG.match(head):
        return _KLOG_LEVELS[found[1]]
    priority = _SYSLOG_PRIORITY.match(head)
    start = priority.end() if priority else 0
    if found := _LOGFMT_LEVEL.search(head):
        level = _level_among_first_tokens(head[start : found.start()]) or _word(found[1])
        if level is not None:
            return level
    level = _level_among_first_tokens(head[start:])
    if level is not None:
        return level
    if found := _SECOND_LINE.match(head):
        level = _word(found[1])
        if level is not None:
            return level
    if priority is not None and int(priority[1]) <= 191:
        return _SYSLOG_SEVERITIES[int(priority[1]) & 7]
    return next((severity for pattern, severity in _CRASH if pattern.match(head)), None)


def _word(word: bytes) -> Severity | None:
    return severity_of_word(word.decode("ascii", "replace"))


def _level_among_first_tokens(head: bytes) -> Severity | None:
    """Read tokens as long as they look like a logger's prefix: at most two plain words, no sentence."""
    plain_words = 0
    first_line = head.split(b"\n", 1)[0]
    for token in first_line.split(None, _MAX_TOKENS)[:_MAX_TOKENS]:
        level = _level_of_token(token, is_first_word=plain_words == 0)
        if level is not None:
            return level
        if _PLAIN_WORD.match(token) and not _DATE_WORD.match(token):
            plain_words += 1
            if plain_words > _MAX_PLAIN_WORDS:
                return None
    return None


def _level_of_token(token: bytes, *, is_first_word: bool) -> Severity | None:
    bare = token.strip(_EDGES)
    level = _word(bare) if bare else None
    if level is None and bare != token:
        level = _WORDS_OF_LOGGERS.get(bare)
    if level is not None:
        if bare == token and not bare.isupper() and (not is_first_word or bare.lower() in _ALSO_PROSE):
            return None
        return level
    if b"|" in token:
        return next((found for part in token.split(b"|") if (found := _word(part)) is not None), None)
    if head := _HEAD_OF_TOKEN.match(token):
        return _word(head[1])
    return next((told for word in _IN_BRACKETS.findall(token) if (told := _word(word)) is not None), None)
