"""General words, the last resort: they say what field a trouble belongs to, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from logtriage.engines.local.finding import Span
from logtriage.engines.local.needle_index import NeedleIndex
from logtriage.schema.category import Category as C


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWord:
    """A general word and the category it leans to."""

    word: bytes
    category: C
    span: Span


WORDS: Final[tuple[tuple[C, tuple[bytes, ...]], ...]] = (
    (
        C.RESOURCE_EXHAUSTION,
        (
            b"reclaim",
            b"taking too long",
            b"evict",
            b"killed",
            b"is full",
            b"oom",
            b"limit of",
            b"slow",
            b"out of memory",
            b"memory limit",
            b"no space",
            b"disk full",
            b"quota",
            b"rate limit",
            b"throttl",
            b"exhausted",
            b"too many",
            b"queue is full",
            b"buffer full",
            b"capacity",
            b"limit exceeded",
            b"limit reached",
            b"overload",
            b"backpressure",
            b"exceeds the limit",
            b"cannot allocate",
            b"insufficient",
            b"took too long",
            b"high load",
        ),
    ),
    (
        C.AUTH_AUTHZ,
        (
            b"login refused",
            b"expired",
            b"not permitted",
            b"unable to verify",
            b"secret key",
            b"access is",
            b"unauthorized",
            b"unauthenticated",
            b"forbidden",
            b"permission",
            b"access denied",
            b"not authorized",
            b"authentication",
            b"authorization",
            b"credential",
            b"password",
            b"certificate",
            b"token expired",
            b"invalid token",
            b"signature",
            b"x509",
            b"login failed",
            b"not allowed to",
            b"denied",
        ),
    ),
    (
        C.DEPLOYMENT_DRIFT,
        (
            b"no longer",
            b"compatible version",
            b"too new",
            b"too old",
            b"requires version",
            b"unable to import",
            b"out of date",
            b"mismatch",
            b"version mismatch",
            b"unsupported version",
            b"incompatible",
            b"deprecated",
            b"migration",
            b"schema version",
            b"unknown field",
            b"unknown method",
            b"not implemented",
            b"unsupported",
            b"outdated",
            b"no longer supported",
            b"unknown column",
            b"does not support",
            b"upgrade",
        ),
    ),
    (
        C.DATA_QUALITY,
        (
            b"not a valid",
            b"could not be converted",
            b"bad request",
            b"must not be null",
            b"truncated",
            b"malformed",
            b"parse error",
            b"failed to parse",
            b"error parsing",
            b"cannot parse",
            b"could not parse",
            b"unable to parse",
            b"failed to decode",
            b"decode error",
            b"deserializ",
            b"unmarshal",
            b"invalid json",
            b"unexpected token",
            b"invalid character",
            b"corrupt",
            b"invalid format",
            b"invalid value",
            b"invalid input",
            b"encoding",
            b"bad data",
            b"invalid data",
            b"schema validation",
            b"validation failed",
            b"checksum",
            b"duplicate",
            b"out of order",
            b"could not be saved",
            b"bad record",
            b"bad address",
            b"too large",
            b"invalid",
            b"invalid request",
            b"unparseable",
        ),
    ),
    (
        C.UPSTREAM_OUTAGE,
        (
            b"no backend",
            b"no response",
            b"lost communication",
            b"not accessible",
            b"hardware",
            b"no cluster",
            b"server error",
            b"bad gateway",
            b"service down",
            b"unavailable",
            b"unreachable",
            b"connection refused",
            b"no healthy",
            b"not reachable",
            b"is down",
            b"outage",
            b"not responding",
            b"no available",
            b"host is down",
            b"i/o error",
            b"hardware error",
            b"offline",
            b"lost connection",
            b"could not connect",
            b"cannot connect",
            b"unable to connect",
            b"failed to connect",
            b"deadline exceeded",
            b"not available",
            b"no leader",
            b"lost quorum",
        ),
    ),
    (
        C.TRANSIENT_NETWORK,
        (
            b"timeout",
            b"timed out",
            b"reset",
            b"broken pipe",
            b"disconnected",
            b"connection closed",
            b"closed connection",
            b"connection lost",
            b"network",
            b"socket",
            b"unexpected eof",
            b"no route to host",
            b"link down",
            b"heartbeat",
        ),
    ),
    (
        C.CONFIG_ERROR,
        (
            b"doesn't exist",
            b"no such",
            b"not present",
            b"not supported",
            b"could not be found",
            b"not supplied",
            b"unrecognized",
            b"unknown",
            b"not specified",
            b"not exported",
            b"settings",
            b"template",
            b"not recognized",
            b"no matching",
            b"notfound",
            b"expected uri",
            b"config",
            b"failed to open",
            b"could not open",
            b"no such file",
            b"not found",
            b"missing",
            b"environment variable",
            b"unknown option",
            b"invalid option",
            b"unknown flag",
            b"not set",
            b"is required",
            b"must be set",
            b"undefined variable",
            b"invalid argument",
            b"yaml",
            b"could not resolve",
            b"cannot find",
            b"does not exist",
            b"unknown key",
            b"no such host",
            b"not configured",
            b"address already in use",
            b"invalid parameter",
            b"not defined",
            b"misconfigur",
        ),
    ),
    (
        C.CODE_BUG,
        (
            b"null pointer",
            b"nil pointer",
            b"undefined",
            b"panic",
            b"assert",
            b"traceback",
            b"stack trace",
            b"uncaught",
            b"unhandled",
            b"segmentation fault",
            b"segfault",
            b"core dumped",
            b"deadlock",
            b"race",
            b"overflow",
            b"bug",
            b"unexpected error",
            b"internal error",
            b"fatal exception",
            b"exception",
            b"\tat ",
            b"    at ",
        ),
    ),
)
"""Words by category; of several, the category with most distinct words wins, then the earlier in this table."""


@cache
def _index() -> NeedleIndex:
    return NeedleIndex(word for _, words in WORDS for word in words)


def find_word(lowered: bytes, groups: set[int] | None = None) -> FoundWord | None:
    """Give the category that most of the known words lean to, with the first of them that stands in the text.

    ``groups``: those of the text (`groups_of`), if they are known.
    """
    present = set(_index().present(lowered, groups))
    best: FoundWord | None = None
    most = 0
    for category, words in WORDS:
        here = [word for word in words if word in present]
        if len(here) > most:
            most = len(here)
            at = lowered.find(here[0])
            best = FoundWord(word=here[0], category=category, span=(at, at + len(here[0])))
    return best
