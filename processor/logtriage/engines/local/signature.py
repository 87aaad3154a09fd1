"""A named signature: what a condition looks like in a record, what it means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity


class Rank(IntEnum):
    """How much a signature weighs where several match; the order of `rules.py`."""

    SYMPTOM = 1
    """Says what failed, not why: any code or exception class in the record knows more."""
    CAUSE = 2
    """Says why, whatever the software: "connection refused", "certificate has expired"."""
    SPECIFIC = 3
    """Names a condition of one software, in its own words."""
    CRITICAL = 4
    """Damage that no other words of the record can talk away: memory, disk, data, a crash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One row of the table.

    ``patterns``: regular expressions over lower-cased bytes, any of which must match; one blank stands for one blank.
    Bounded repeats only. Each holds a literal (see `needles.py`) that is looked for before the expression is tried.
    ``also``: expressions of which one must match as well, anywhere in the record; ``unless``: none of which may.
    ``yields_to_outcome``: a retry that succeeded in the record itself makes it a blip, an exhausted one an outage.
    ``examples`` are decided by this signature, ``near_misses`` are not: a test holds both.
    """

    name: str
    patterns: tuple[bytes, ...]
    category: Category
    severity: Severity
    is_actionable: bool
    confidence: float
    action: str
    reason: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]
    also: tuple[bytes, ...] = ()
    unless: tuple[bytes, ...] = ()
    rank: Rank = Rank.SPECIFIC
    settles: bool = False
    """Outcome words change nothing: replication that is broken, a quorum that is lost."""

    @property
    def yields_to_outcome(self) -> bool:
        """Network trouble does, unless it settles the matter by itself."""
        is_network = self.category in (Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE)
        return is_network and not self.settles and self.rank is not Rank.CRITICAL
