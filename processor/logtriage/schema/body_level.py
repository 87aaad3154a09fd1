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
_NUMERIC_LEVELS = {
    b"10": Severity.DEBUG,
    b"20": Severity.DEBUG,
    b"30": Severity.INFO,
    b"40": Severity.WARN,
    b"50": Severity.ERROR,
    b"60": Severity.FATAL,
}
"""Levels of the Node loggers bunyan and pino."""
_SYSLOG_SEVERITIES = (Severity.FATAL,) * 3 + (
    Severity.ERROR,
    Severity.WARN,
    Severity.INFO,
    Severity.INFO,
    Severity.DEBUG,
)
"""RFC 5424, 6.2.1, by severity 0 to 7."""
_EDGES = b"[](){}<>|:,;\"'*=-#"
_PLAIN_WORD = re.compile(rb"[A-Za-z][a-z]{1,40}[.,]?\Z")
_DATE_WORD = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec),?\Z")


def level_of_body(body: bytes) -> Severity | None:
    """Read the level at the head of a body; None if nothing there tells."""
    head = body[:HEAD_BYTES].lstrip()
    if not head:
        return None
    if head[:1] == b"{":
        found = _JSON_LEVEL.search(head)
        if found is None:
            return None
        return _word(found[1]) if found[1] else _NUMERIC_LEVELS.get(found[2])
    if found := _KLOG.match(head):
        return _KLOG_LEVELS[found[1]]
    if found := _LOGFMT_LEVEL.search(head):
        level = _word(found[1])
        if level is not None:
            return level
    priority = _SYSLOG_PRIORITY.match(head)
    level = _level_among_first_tokens(head[priority.end() :] if priority else head)
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
        bare = token.strip(_EDGES)
        level = _word(bare) if bare else None
        if level is None and b"|" in token:
            level = next((found for part in token.split(b"|") if (found := _word(part)) is not None), None)
        if level is not None and (bare.isupper() or bare != token or (plain_words == 0 and token == bare)):
            return level
        if _PLAIN_WORD.match(token) and not _DATE_WORD.match(token):
            plain_words += 1
            if plain_words > _MAX_PLAIN_WORDS:
                return None
    return None
