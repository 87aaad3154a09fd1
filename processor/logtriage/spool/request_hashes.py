"""Tell a request that is sent again because it went unanswered from two honest equal requests.

Rows of an unanswered request are stored already, and must not be stored twice. Two equal requests that were both
answered are two. Where it is not known, they are two: a copy is better than a loss.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from logtriage.schema.transit import Metadata

HASH_BYTES = 16
UNANSWERED_SECONDS = 600.0
"""A Collector sends again within 30 s of the last try by default (`max_interval`), or gave up."""
_MAX_REQUESTS = 10_000


def request_hash_of(data: bytes, metadata: Metadata) -> bytes:
    """Give the hash of a request with the metadata that goes on: equal bytes of two tenants are two requests."""
    digest = hashlib.blake2b(data, digest_size=HASH_BYTES)
    for key, value in metadata:
        text = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%d:" % (len(key), len(text)) + key.encode() + text)
    return digest.digest()


@dataclass(slots=True)
class _Call:
    """One request under way: what is stored of it, by this call or, ``taken``, by an unanswered one before it."""

    fingerprints: set[bytes] = field(default_factory=set)
    taken: set[bytes] = field(default_factory=set)
    cut_off_ids: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Unanswered:
    """An unanswered request. ``cut_off_ids`` are the rows by which the disk knows that a crash cut it off."""

    fingerprints: set[bytes]
    until_seconds: float
    cut_off_ids: set[int] = field(default_factory=set)


class RequestHashes:
    """The requests that are under way or went unanswered. Belongs to one thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._calls: OrderedDict[bytes, deque[_Call]] = OrderedDict()
        self._unanswered: OrderedDict[bytes, _Unanswered] = OrderedDict()

    def opened(self, request_hash: bytes, fingerprints: Iterable[bytes]) -> None:
        """Note rows that were stored for a call. Rows of mixed fingerprints cannot be told again, and do not count."""
        known = {fingerprint for fingerprint in fingerprints if fingerprint}
        if known:
            self._call(request_hash).fingerprints.update(known)

    def cut_off(self, request_hash: bytes, fingerprint: bytes, row_id: int) -> None:
        """Note a row that a crash left tentative."""
        known = self._unanswered.get(request_hash)
        if known is None:
            known = self._note(request_hash, set(), set())
        if fingerprint:
            known.fingerprints.add(fingerprint)
        known.cut_off_ids.add(row_id)

    def take(self, request_hash: bytes) -> frozenset[bytes]:
        """Give once what is stored of an unanswered request, and begin a call that answers for it."""
        known = self._unanswered.pop(request_hash, None)
        if known is None or known.until_seconds <= self._clock():
            return frozenset()
        calls = self._calls.setdefault(request_hash, deque())
        calls.append(_Call(taken=known.fingerprints, cut_off_ids=known.cut_off_ids))
        self._bound()
        return frozenset(known.fingerprints)

    def kept(self, request_hash: bytes) -> set[int]:
        """Give the cut-off rows whose mark on the disk has to go before the OK is given."""
        ids: set[int] = set()
        for call in self._calls.get(request_hash, ()):
            ids |= call.cut_off_ids
            call.cut_off_ids = set()
        return ids

    def not_kept(self, request_hash: bytes) -> None:
        """Forget the rows of a call that could not be kept; what it had taken over is stored still."""
        for call in self._calls.get(request_hash, ()):
            if call.fingerprints:
                call.fingerprints = set()
                return

    def discarded(self, request_hash: bytes) -> None:
        """Forget a call that was told to come again; what it had taken is still stored, and is to be taken again."""
        call = self._end(request_hash)
        if call is not None and (call.taken or call.cut_off_ids):
            self._note(request_hash, call.taken, call.cut_off_ids)

    def answer_taken(self, request_hash: bytes) -> None:
        """Forget a call whose OK was taken."""
        self._end(request_hash)

    def answer_lost(self, request_hash: bytes) -> None:
        """Remember a call whose OK was not taken."""
        call = self._end(request_hash)
        if call is not None:
            self._note(request_hash, call.fingerprints | call.taken, set())

    def forget_all(self) -> None:
        """Forget what is stored: the file was lost, or some of it. What comes again is stored again."""
        self._calls.clear()
        self._unanswered.clear()

    def expired(self) -> Collection[int]:
        """Forget what is too old; give the cut-off rows whose mark on the disk may go."""
        ids: set[int] = set()
        now = self._clock()
        while self._unanswered:
            request_hash, oldest = next(iter(self._unanswered.items()))
            if oldest.until_seconds > now:
                break
            del self._unanswered[request_hash]
            ids |= oldest.cut_off_ids
        return ids

    def _call(self, request_hash: bytes) -> _Call:
        """Give the newest call of a hash that has taken over from an unanswered one, else begin one."""
        calls = self._calls.setdefault(request_hash, deque())
        if calls and calls[-1].taken and not calls[-1].fingerprints:
            return calls[-1]
        calls.append(_Call())
        self._bound()
        return calls[-1]

    def _end(self, request_hash: bytes) -> _Call | None:
        calls = self._calls.get(request_hash)
        if not calls:
            return None
        call = calls.popleft()
        if not calls:
            del self._calls[request_hash]
        return call

    def _note(self, request_hash: bytes, fingerprints: set[bytes], cut_off_ids: set[int]) -> _Unanswered:
        before = self._unanswered.pop(request_hash, None)
        if before is not None:
            cut_off_ids = cut_off_ids | before.cut_off_ids
        noted = _Unanswered(set(fingerprints), self._clock() + UNANSWERED_SECONDS, set(cut_off_ids))
        self._unanswered[request_hash] = noted
        while len(self._unanswered) > _MAX_REQUESTS:
            self._unanswered.popitem(last=False)
        return noted

    def _bound(self) -> None:
        while len(self._calls) > _MAX_REQUESTS:
            self._calls.popitem(last=False)
