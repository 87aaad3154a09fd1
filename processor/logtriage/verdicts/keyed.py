"""Values behind keys that say what they are: in JSON, and in logfmt with quotes.

A text is cut at its double quotes. A part that is a key tells how to read what stands behind it: ``"user_id":4411``,
``"user":"ann"``, ``user="ann"``; backslashes before the quotes, as in JSON inside JSON, make no difference.
"""

from __future__ import annotations

import re
from enum import Enum

IDENTITY = re.compile(
    rb"(?i:user|username|user_name|login|email|session|tenant|sku|uid|uuid|guid|id|_id|pid|tid|thread|threadname|thread_name|seq|lsn"
    rb"|time|ts|timestamp|@timestamp|date|datetime|eventtime|event_time|asctime|(?:[a-z]{0,20}[._-])?(?:request|req|trace|span|parent"
    rb"|parentspan|parent_span|correlation|transaction|txn|order|cart|item|product|customer|account|user|session|tenant|invoice|payment"
    rb"|charge|shipment|device|client|job|task|run|batch|container|process|thread|conn|connection|instance|object|document"
    rb"|doc|record|row)[._-]?(?:id|uuid|guid|no|number))\Z"
)
"""Keys whose value names one thing or one moment."""
NUMBERED = re.compile(
    rb"(?i:order|customer|account|item|product|cart|basket|invoice|payment|shipment|device|job|task|batch|shard|partition|worker|row"
    rb"|line|record|transaction|txn|position|index|goroutine|seqno|revision|build)\Z"
)
"""Keys of which a number names one thing, and a word may name a kind."""
MEASURE = re.compile(
    rb"(?i:took|elapsed|duration|latency|size|length|bytes|qps|rps|tps|iops|lag|backlog|waited|delay|age|uptime|offset|pending|queued|waiting"
    rb"|responsetime|response_time|content-length|contentlength)\Z"
)
_MEASURE_END = re.compile(
    rb"(?:[._-](?i:ms|us|ns|s|sec|secs|seconds|millis|bytes|kb|mb|len|length|size|lag|took|latency|duration|elapsed)"
    rb"|[a-z](?:Ms|Millis|Seconds|Bytes|Size|Length))\Z"
)
"""Keys, or ends of keys, whose number measures or counts."""
_CODE_END = re.compile(
    rb"(?i:code|status|errno|exit|signal|sqlstate|state|reason|error|err|cause|level|severity|type|kind|result|rc|ret|retval)\Z"
)
"""Ends of keys whose value decides: a number or a code behind them stays."""

_NAME = re.compile(rb"[A-Za-z_@][A-Za-z0-9_.@-]{0,62}[A-Za-z]\\{0,3}\Z")
_ASSIGNED = re.compile(rb"(?:\A|[\s,;{(\[&])([A-Za-z_.@-]{1,64})=\\{0,3}\Z")
_NAMING = re.compile(rb"(?:\A|[\s,;{(\[])(?i:tenant|bucket|topic|customer|account):?(?:\snamed)?\s\\{0,3}\Z")
"""In prose: ``tenant "acme"``."""
_ENDS_IN = (b" ", b"\\")
_PLAIN = re.compile(rb"[A-Za-z0-9_.:@/+-]{1,64}")
_COLON = re.compile(rb"\s?:\s?\\{0,3}\Z")
_NUMBER = re.compile(rb"\s?:\s?(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)(?=[\s,}\]]|\Z)")
_EXACT = re.compile(rb"-?[0-9]{1,20}|0x[0-9a-fA-F]{1,8}|[A-Z][A-Z0-9_-]{1,40}")
_NO_VALUE = frozenset((b"", b"null", b"none", b"None", b"nil", b"-", b"true", b"false", b"0", b"anonymous", b"unknown"))


class Kind(Enum):
    """What a key says of the value behind it."""

    IDENTITY = "identity"
    NUMBERED = "numbered"
    MEASURE = "measure"
    CODE = "code"
    NAMED = "named"


class Key:
    """A key, and whether the value follows at once (``user="``) or behind a colon."""

    __slots__ = ("is_assigned", "kind")

    def __init__(self, kind: Kind, *, is_assigned: bool) -> None:
        self.kind = kind
        self.is_assigned = is_assigned


_KEYS = {(kind, assigned): Key(kind, is_assigned=assigned) for kind in Kind for assigned in (False, True)}


def key_of(part: bytes) -> Key | None:
    """Tell whether a part between quotes is a key, or ends in one with ``=``."""
    if _NAME.match(part):
        kind = _kind_of(part.rstrip(b"\\"))
        return _KEYS[kind, False] if kind else None
    if part[-1:] in _ENDS_IN and _NAMING.search(part[-32:]):
        return _KEYS[Kind.NAMED, True]
    if part[-1:] in (b"=", b"\\") and (found := _ASSIGNED.search(part[-72:])):
        kind = _kind_of(found[1])
        return _KEYS[kind, True] if kind else None
    return None


def _kind_of(name: bytes) -> Kind | None:
    if IDENTITY.match(name):
        return Kind.IDENTITY
    if NUMBERED.match(name):
        return Kind.NUMBERED
    if MEASURE.match(name) or _MEASURE_END.search(name, max(0, len(name) - 10)):
        return Kind.MEASURE
    return Kind.CODE if _CODE_END.search(name, max(0, len(name) - 8)) else None


def is_colon(part: bytes) -> bool:
    """Tell whether a part is what stands between a key in quotes and its value in quotes."""
    return _COLON.match(part) is not None


def number_span(part: bytes) -> tuple[int, int] | None:
    """Give where the number stands that is the value of the key before this part."""
    found = _NUMBER.match(part)
    return found.span(1) if found else None


_NOTHING_TO_MASK = b" ,}]\r\n\t"


def is_closing(rest: bytes) -> bool:
    """Tell whether what is behind a number is nothing but commas, brackets and white space."""
    return not rest.strip(_NOTHING_TO_MASK)


def number_shown(kind: Kind, number: bytes) -> bytes:
    """Give what stands for a number behind a key."""
    if kind is Kind.CODE:
        return number
    if kind in (Kind.IDENTITY, Kind.NUMBERED):
        return b"<id>"
    return b"<n>" if number.strip(b"-0.") else number


def value_shown(kind: Kind, value: bytes) -> bytes | None:
    """Give what stands for a value in quotes behind a key; None if the mask table should tell."""
    bare = value.rstrip(b"\\")
    if kind is Kind.IDENTITY:
        return None if bare in _NO_VALUE or len(bare) > 256 else b"<value>" + value[len(bare) :]
    if kind is Kind.NAMED and _PLAIN.fullmatch(bare):
        return b"<value>" + value[len(bare) :]
    if kind is Kind.CODE and _EXACT.fullmatch(bare):
        return value
    return None
