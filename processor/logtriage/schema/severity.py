"""Severities: the five words of a report, OTLP's numbers, and the level words found in log text.

Numbers from the OpenTelemetry logs data model, ``SeverityNumber``: TRACE 1-4, DEBUG 5-8, INFO 9-12, WARN 13-16,
ERROR 17-20, FATAL 21-24; 0 is unspecified.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What a record means for operations; may differ from the level it was logged at."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"
    FATAL = "FATAL"

    @property
    def number(self) -> int:
        """The smallest OTLP severity number of the range."""
        return _NUMBERS[self]

    @property
    def rank(self) -> int:
        """0 for DEBUG up to 4 for FATAL: for comparisons."""
        return (_NUMBERS[self] - 5) // 4

    def is_less_urgent_than(self, other: Severity) -> bool:
        """Compare by urgency, not by spelling."""
        return _NUMBERS[self] < _NUMBERS[other]


_NUMBERS = {Severity.DEBUG: 5, Severity.INFO: 9, Severity.WARN: 13, Severity.ERROR: 17, Severity.FATAL: 21}


def severity_of_number(number: int) -> Severity | None:
    """Give the range of an OTLP severity number; None for 0 and below. TRACE counts as DEBUG, above 24 as FATAL."""
    if number <= 0:
        return None
    if number <= 8:
        return Severity.DEBUG
    if number <= 12:
        return Severity.INFO
    if number <= 16:
        return Severity.WARN
    if number <= 20:
        return Severity.ERROR
    return Severity.FATAL


LEVEL_WORDS: dict[str, Severity] = {
    "trace": Severity.DEBUG,
    "trc": Severity.DEBUG,
    "debug": Severity.DEBUG,
    "dbg": Severity.DEBUG,
    "debu": Severity.DEBUG,
    "fine": Severity.DEBUG,
    "finer": Severity.DEBUG,
    "finest": Severity.DEBUG,
    "verbose": Severity.DEBUG,
    "info": Severity.INFO,
    "inf": Severity.INFO,
    "information": Severity.INFO,
    "informational": Severity.INFO,
    "notice": Severity.INFO,
    "config": Severity.INFO,
    "log": Severity.INFO,
    "warn": Severity.WARN,
    "wrn": Severity.WARN,
    "warning": Severity.WARN,
    "error": Severity.ERROR,
    "err": Severity.ERROR,
    "erro": Severity.ERROR,
    "eror": Severity.ERROR,
    "severe": Severity.ERROR,
    "fatal": Severity.FATAL,
    "ftl": Severity.FATAL,
    "crit": Severity.ERROR,
    "critical": Severity.FATAL,
    "alert": Severity.ERROR,
    "emerg": Severity.FATAL,
    "emergency": Severity.FATAL,
    "panic": Severity.FATAL,
    "dpanic": Severity.FATAL,
}
"""Level words of loggers and of syslog (RFC 5424, 6.2.1), lower case. ERROR2 and the like: see `severity_of_word`.

Syslog's ``alert`` and ``crit`` are ERROR3 and ERROR2 in the OpenTelemetry logs data model (appendix B); only ``emerg``
is FATAL. nginx says ``[crit]`` of a stranger's bad handshake. ``critical`` is Python's and .NET's word for FATAL."""

MAX_LEVEL_WORD_BYTES = 16


def severity_of_word(word: str) -> Severity | None:
    """Read a level word in any letter case, with OTLP's range digit (``ERROR2``); None if it is no level word."""
    if len(word) > MAX_LEVEL_WORD_BYTES:
        return None
    lowered = word.strip().lower()
    found = LEVEL_WORDS.get(lowered)
    if found is None and lowered[-1:] in ("2", "3", "4"):
        found = LEVEL_WORDS.get(lowered[:-1])
    return found
