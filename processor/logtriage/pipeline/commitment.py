"""The rows of one call, from tentative to held: nothing of it may be left half done, whatever happens to the call.

What a crash, or a sender that gives up, finds at each point, and what becomes of it (D: the sender sends again):

=====================================  ====================================  ========================================
between                                a crash leaves                        a sender that gave up
=====================================  ====================================  ========================================
received and `put`                     nothing; D stores                     the call ends there; D stores
`put` begun and committed              nothing, or rows that were never      the commit is awaited, the rows become
                                       acknowledged: held, and D is known    held, and D is known by its hash
                                       by its hash
committed and the forward              the same                              not forwarded; held, and D is known
the forward and its answer             the same; what was ready may arrive   the forward is cut off; held, and D is
                                       twice                                 known; what was ready may arrive twice
the forward accepted and `keep`        the same; what was ready arrives      as above
                                       twice
the forward refused and `discard`      held, and D is known                  the discard runs on to its end; D stores
`keep` begun and committed             held; D is known before the commit,   `keep` runs on to its end, then held, and
                                       and stored once more after it         D is known
`keep` and the answer                  held; D is stored once more: whether  held, and D is known (`answer_lost`)
                                       it was answered is not known
the answer taken                       held                                  an equal request is another one
=====================================  ====================================  ========================================

So nothing acknowledged is lost, and what arrives twice is what was under way at a crash, at a lost answer, or in a
request of which downstream took a part. The steps of a call are therefore run by a task that outlives the call
(`pipeline/router.py`); a cancellation of the call reaches only the forward.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from logtriage.errors import SpoolUnavailableError, place_of
from logtriage.pipeline.held import NewRow
from logtriage.pipeline.holding import Holding
from logtriage.spool.request_hashes import HASH_BYTES
from logtriage.spool.row import Head
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog


def hash_of_nothing() -> bytes:
    """Give a hash that no request has: its rows are stored again if it comes again."""
    return secrets.token_bytes(HASH_BYTES)


class Commitment:
    """The rows of one call: `put`, then `keep` or `discard`, then `ended` after a `keep`; each once."""

    def __init__(
        self,
        holding: Holding,
        rows: Sequence[NewRow],
        *,
        request_hash: bytes,
        deadline: float,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._holding = holding
        self._spool = holding.spool
        self._request_hash = request_hash
        self._deadline = deadline
        self._meter = meter
        self._log = rate_limited_log
        self._rows = rows
        self._stored: list[tuple[Head, NewRow]] = []
        self._is_open = False
        self._has_taken = False
        self._fingerprints = [new.row.fingerprint for new in rows]
        holding.expect(self._fingerprints)

    @property
    def has_stored(self) -> bool:
        """True if rows of the request are stored, by this call or an equal one before it."""
        return bool(self._stored or self._has_taken)

    async def put(self) -> frozenset[bytes]:
        """Store the rows, except those of an equal request that went unanswered; give which fingerprints are safe."""
        suppressed = self._spool.take_suppressed(self._request_hash)
        self._is_open = self._has_taken = bool(suppressed)
        new = [row for row in self._rows if row.row.fingerprint not in suppressed]
        skipped = sum(row.row.records for row in self._rows) - sum(row.row.records for row in new)
        if skipped:
            self._meter.add(metrics.HOLD_SUPPRESSED_LOG_RECORDS, skipped)
        safe = {row.row.fingerprint for row in self._rows if row.row.fingerprint in suppressed}
        if new:
            try:
                heads = await self._spool.put([row.row for row in new])
            except SpoolUnavailableError:
                self._rows = []
                return frozenset(safe)
            self._is_open = True
            self._stored = list(zip(heads, new, strict=True))
            safe.update(row.row.fingerprint for row in new)
        return frozenset(safe)

    async def keep(self) -> list[NewRow]:
        """Make the rows held, and let them wait; give those that are not safe after all, to be delivered now."""
        lost: list[NewRow] = []
        if self._is_open:
            try:
                await self._spool.keep([head.id for head, _ in self._stored], self._request_hash)
            except SpoolUnavailableError:
                lost = self._let_go()
            except Exception as error:
                self._count_fault(error)
                await self._forget()
                lost = self._let_go()
        self._holding.admit(self._stored, deadline=self._deadline)
        self._holding.expect_no_more(self._fingerprints)
        return lost

    async def discard(self) -> None:
        """Forget the rows: the sender is told to keep the request."""
        if self._is_open:
            self._is_open = False
            await self._forget()
        self._holding.expect_no_more(self._fingerprints)

    async def _forget(self) -> None:
        """Have the spool delete the rows. What it still has after a fault of ours is delivered after the next start."""
        try:
            await self._spool.discard([head.id for head, _ in self._stored], self._request_hash)
        except Exception as error:
            self._count_fault(error)

    def _let_go(self) -> list[NewRow]:
        """Know of no rows any more; give those that were stored."""
        rows = [new for _, new in self._stored]
        self._stored = []
        return rows

    def _count_fault(self, error: Exception) -> None:
        self._meter.add(metrics.HOLD_FAULTS)
        self._log.error("commitment", "rows of a request could not be stored", error=place_of(error))

    def ended(self, is_taken: bool) -> None:
        """Say whether the sender can have taken the answer."""
        if not self._is_open:
            return
        self._is_open = False
        if is_taken:
            self._spool.answer_taken(self._request_hash)
        else:
            self._spool.answer_lost(self._request_hash)
