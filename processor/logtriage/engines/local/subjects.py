"""What a line is about: the names and identifiers in it, to tell whether two lines speak of the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(rb"[a-z0-9_][a-z0-9_.\-]*")
_TIME_OR_NUMBER: Final = re.compile(
    rb"[iwef]\d{4}|[\d.\-_]*(?:t\d{2}|z)?\d*z?|\d+(?:\.\d+)?(?:ms|us|ns|s|m|h|kb|mb|gb|kib|mib|gib|b)?"
)
_SOURCE: Final = re.compile(
    rb"[\"']?\b(?:target|logger|caller|service|component|module|hostname|host|thread|pid)[\"']?\s?[:=]\s?"
    rb"(?:\"[^\"\n]{0,80}\"|[^\s,}]{1,80})"
)
"""Who says it, in a structured line: not what it is about."""
_KEY: Final = re.compile(rb"[\"'] ?:|=")
"""What stands behind a key of a structured line."""
_PREFIX_END: Final = re.compile(rb"[\"')\]]{0,2} ?[:\]|=>]|\]")
_SOURCE_PLACE: Final = re.compile(rb"[a-z0-9_\-]+\.(?:go|py|java|js|ts|cc|cpp|c|h|rs|rb|php|cs|kt|scala|erl|ex)")
_HOST: Final = re.compile(
    rb"[a-z0-9\-]+(?:\.[a-z0-9\-]+)*"
    rb"\.(?:internal|intra|local|localdomain|lan|corp|svc|com|net|org|io|dev|cloud|test|example|invalid|de|eu|uk|us)"
)
"""A host's name with its domain: two lines with one of them speak of the same peer, whatever addresses they show."""
_THREAD: Final = re.compile(
    rb"\[[a-z][\w.$# ]{0,40}(?:-[\w.$]{1,24}){1,6}-\d{1,6}\]|\[(?:pool|worker|exec)[\w-]{0,40}\]"
)
_HEAD_BYTES: Final = 96
_HAS_DIGIT: Final = re.compile(rb"\d")
_HAS_LETTER: Final = re.compile(rb"[a-z]")

_STOP: Final = frozenset(
    b"available unavailable a an and are as at be been but by can cannot could did do does for from had has have "
    b"if in into is it its no not of off on or our out over still than that the their them then there this to too "
    b"up was were when while will with within without would yet you your after again all also any because before "
    b"being during each now only same so some until via we he they debug info information notice warn warning "
    b"error err fatal critical alert emerg panic severe trace level lvl msg message log logger ts time timestamp "
    b"date utc gmt pid thread main stdout stderr caller component source jan feb mar apr may jun jul aug sep oct "
    b"nov dec mon tue wed thu fri sat sun failed failure failing fails fail failover unable lost lose down timeout "
    b"timed exception errors reason cause caused success successful successfully succeeded succeed ok done ready "
    b"recovered recovery restored connected reconnected reconnecting reconnect established re-established retry "
    b"retries retrying attempt attempts try tries next first last true false null nil none yes unknown new old "
    b"code status state http https tcp udp".split()
)
"""Words that say nothing about which thing is meant."""

_KINDS: Final = frozenset(
    b"connection connections session sessions channel broker brokers leader node nodes server servers host upstream "
    b"backend peer replica replication primary master slave standby database db pool client stream link cluster queue "
    b"topic partition consumer producer service request check health probe socket port address endpoint".split()
)
"""Kinds of things: they relate two lines only where neither names one of them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``names``: words that name a thing; ``identifiers``: those with a digit in them; ``kinds``: kinds of
    things; ``hosts``: host names with their domain.
    """

    names: frozenset[bytes]
    identifiers: frozenset[bytes]
    kinds: frozenset[bytes]
    hosts: frozenset[bytes]

    @property
    def names_a_thing(self) -> bool:
        """True if an identifier or a host stands in the line."""
        return bool(self.identifiers or self.hosts)

    def is_that_of(self, other: Subject) -> bool:
        """Tell whether two lines speak of the same thing, as far as their words tell."""
        if not self.hosts.isdisjoint(other.hosts):
            return True
        if self.identifiers and other.identifiers:
            return not self.identifiers.isdisjoint(other.identifiers)
        if self.hosts and other.hosts:
            return False
        if not self.names.isdisjoint(other.names):
            return True
        return not (self.identifiers or other.identifiers) and not self.kinds.isdisjoint(other.kinds)


def subject_of(lowered: bytes, *, beside: bytes = b"") -> Subject:
    """Read what a line is about. What ``beside`` starts with, too, up to a colon or bracket, is the source's prefix."""
    tokens, ends = _tokens(_without_source(lowered))
    others, _ = _tokens(_without_source(beside))
    start = 0
    for at in range(min(len(tokens), len(others))):
        if tokens[at] != others[at]:
            break
        if ends[at]:
            start = at + 1
    words = {part for token in tokens[start:] for part in (token, *_parts(token))} - _STOP
    named = {word for word in words if len(word) > 2 and _HAS_LETTER.search(word) and word not in _KINDS}
    addresses = {token for token in tokens[start:] if token.count(b".") == 3 and not _HAS_LETTER.search(token)}
    identifiers = {word for word in named if _HAS_DIGIT.search(word)} | addresses
    return Subject(
        names=frozenset(named - identifiers),
        identifiers=frozenset(identifiers),
        kinds=frozenset(words & _KINDS),
        hosts=frozenset(token for token in tokens if _HOST.fullmatch(token)),
    )


def _without_source(lowered: bytes) -> bytes:
    """Leave out who says it, and the thread in brackets at the head: two threads may speak of the same thing."""
    return _SOURCE.sub(b" ", _THREAD.sub(b" ", lowered[:_HEAD_BYTES]) + lowered[_HEAD_BYTES:])


def _tokens(lowered: bytes) -> tuple[list[bytes], list[bool]]:
    """Give the words of a line without times, bare numbers (addresses stay) and places in source code.

    Beside each stands whether a prefix may end behind it: a colon, a bracket, an equals sign.
    """
    found: list[bytes] = []
    ends: list[bool] = []
    for match in _TOKEN.finditer(lowered):
        token = match.group().strip(b".-_")
        if not token or _SOURCE_PLACE.fullmatch(token):
            continue
        if _TIME_OR_NUMBER.fullmatch(token) and token.count(b".") != 3:
            continue
        if _KEY.match(lowered, match.end()):
            token = b"="
        found.append(token)
        ends.append(_PREFIX_END.match(lowered, match.end()) is not None)
    return found, ends


def _parts(token: bytes) -> list[bytes]:
    """Give the words inside a dotted class or host name; the words of a dashed name do not stand for it."""
    return token.split(b".") if b"." in token and _HAS_LETTER.search(token) else []
