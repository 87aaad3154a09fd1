"""Group records by fingerprint, and say of each group what a person needs to trust it: what varies inside of it.

Records are read once; of a group only its first record, counts, and a bounded number of values are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from logtriage.evaluation.difference import tokens_of
from logtriage.evaluation.signs import signs_in_attribute, signs_in_values
from logtriage.schema.record import RecordView
from logtriage.verdicts.explained import Explained, explain
from logtriage.verdicts.fingerprint import is_in_fingerprint

MAX_VALUES = 10_000
"""Of a masked span or an attribute in one group; beyond that they are no longer told apart."""
_MAX_ATTRIBUTES = 64


@dataclass(slots=True)
class Values:
    """The distinct values that one place has in a group, in the order they came."""

    seen: dict[bytes, None] = field(default_factory=dict)

    def add(self, value: bytes) -> None:
        """Add one; past the bound new ones are not told apart."""
        if len(self.seen) < MAX_VALUES:
            self.seen[value] = None

    def samples(self, count: int) -> list[str]:
        """Give some of them."""
        return [value.decode("utf-8", "replace") for value in list(self.seen)[:count]]


@dataclass(slots=True)
class Group:
    """The records of one fingerprint.

    ``masked``: by part and index of the placeholder, ``(mask, values)``. ``attributes``: values of those that are not
    in the fingerprint.
    """

    first: Explained
    first_id: Any
    size: int = 0
    masked: dict[tuple[str, int], tuple[str, Values]] = field(default_factory=dict)
    attributes: dict[bytes, Values] = field(default_factory=dict)

    def add(self, explained: Explained, record: RecordView) -> None:
        """Count one record in."""
        self.size += 1
        for part in explained.parts:
            index = 0
            for span in part.spans:
                if span.is_kept:
                    continue
                place = self.masked.setdefault((part.name, index), (span.mask, Values()))
                place[1].add(part.text[span.start : span.end])
                index += 1
        for name, value in record.attributes.items():
            if not is_in_fingerprint(name) and (name in self.attributes or len(self.attributes) < _MAX_ATTRIBUTES):
                self.attributes.setdefault(name, Values()).add(value)

    @property
    def signs_to_split(self) -> list[str]:
        """Say what in this group may be two different things."""
        found = []
        for (part, index), (mask, values) in self.masked.items():
            found += [
                f"{part}, placeholder {index + 1} ({mask}): {sign}" for sign in signs_in_values(list(values.seen))
            ]
        for name, values in self.attributes.items():
            sign = signs_in_attribute(name, list(values.seen))
            if sign:
                found.append(f"attribute {name.decode('utf-8', 'replace')}: {sign}")
        return found


class Groups:
    """All groups of one input."""

    def __init__(self) -> None:
        self.by_fingerprint: dict[str, Group] = {}
        self.records = 0
        self._texts: set[bytes] = set()

    @property
    def exact_duplicates(self) -> int:
        """How many records are, in all that makes the fingerprint, byte for byte like an earlier one."""
        return self.records - len(self._texts)

    def add(self, identity: object, record: RecordView) -> None:
        """Put one record into its group."""
        explained = explain(record)
        self.records += 1
        self._texts.add(_digest(explained))
        group = self.by_fingerprint.get(explained.fingerprint)
        if group is None:
            group = self.by_fingerprint[explained.fingerprint] = Group(explained, identity)
        group.add(explained, record)

    @property
    def by_size(self) -> list[Group]:
        """The largest first."""
        return sorted(self.by_fingerprint.values(), key=lambda group: -group.size)

    def merge_candidates(self) -> list[MergeCandidate]:
        """Give the groups that differ in one token only, largest sets first."""
        sets: dict[bytes, list[tuple[Group, bytes]]] = {}
        places: dict[bytes, tuple[str, int]] = {}
        for group in self.by_fingerprint.values():
            for key, place, token in _with_a_gap(group.first):
                sets.setdefault(key, []).append((group, token))
                places[key] = place
        found = [MergeCandidate(places[key], members) for key, members in sets.items() if len(members) > 1]
        return sorted(
            found, key=lambda candidate: (-len(candidate.members), -sum(g.size for g, _ in candidate.members))
        )


@dataclass(frozen=True, slots=True)
class MergeCandidate:
    """Groups that are equal but for the token at one place: ``(part, index of the token)``."""

    place: tuple[str, int]
    members: list[tuple[Group, bytes]]

    @property
    def shown(self) -> str:
        """The masked text with the place marked."""
        part = next(part for part in self.members[0][0].first.parts if part.name == self.place[0])
        tokens = tokens_of(part.masked)
        tokens[self.place[1]] = "»…«".encode()
        return b"".join(tokens).decode("utf-8", "replace")


_MAX_TOKENS = 200


def _with_a_gap(explained: Explained) -> Iterator[tuple[bytes, tuple[str, int], bytes]]:
    """Yield for each word of each part a digest of all the rest, where it stands, and the word."""
    parts = [(part.name, tokens_of(part.masked)) for part in explained.parts]
    for name, tokens in parts:
        rest = blake2b(repr([each for each in parts if each[0] != name]).encode(), digest_size=16).digest()
        for index, token in enumerate(tokens[:_MAX_TOKENS]):
            if token[:1].isalnum() or token[:1] >= b"\x80":
                gap = blake2b(key=rest, digest_size=16)
                gap.update(repr((name, index, tokens[:index], tokens[index + 1 :])).encode())
                yield gap.digest(), (name, index), token


def _digest(explained: Explained) -> bytes:
    return blake2b(repr([(part.name, part.text) for part in explained.parts]).encode(), digest_size=16).digest()


def groups_of(records: Iterable[tuple[object, RecordView]]) -> Groups:
    """Group ``(id, record)``."""
    groups = Groups()
    for identity, record in records:
        groups.add(identity, record)
    return groups
