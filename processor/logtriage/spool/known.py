"""What the writing thread knows of the spool without asking the file. It stands above what the file says."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from logtriage.spool.counts import Account
from logtriage.spool.row import Head


@dataclass(slots=True)
class Known:
    """All rows, by id."""

    heads: dict[int, Head] = field(default_factory=dict)
    """What is stored, and what is still to be salvaged if it was known before."""
    tentative: set[int] = field(default_factory=set)
    """Put by this process and not kept yet."""
    cut_off: set[int] = field(default_factory=set)
    """Left tentative by a crash: their marks outlast the rows, until their request has come again or is too old."""
    doomed: set[int] = field(default_factory=set)
    """May be in the database, and must not be: deleted with the next commit."""
    stale_marks: set[int] = field(default_factory=set)
    """Marks of tentative rows that say nothing any more, because their database fell back or their request was answered
    while the disk failed: deleted with the next commit."""
    wanted: dict[int, int] = field(default_factory=dict)
    """Rows that are to be found in files that were set aside, with their records."""
    sequence: int = 0
    last_id: int = 0
    is_complete: bool = False
    """False until a database was read: then what is found in it is news."""

    @property
    def account(self) -> Account:
        """What is held, for the account beside the database: of tentative rows nobody was told yet."""
        records_of = {row_id: head.records for row_id, head in self.heads.items() if row_id not in self.tentative}
        return Account(sequence=self.sequence, last_id=self.last_id, records_of={**records_of, **self.wanted})

    def take_out(self, ids: Iterable[int]) -> list[Head]:
        """Let go of rows: they are deleted with the next commit. Gives the heads of those that were known."""
        gone = []
        for row_id in ids:
            head = self.heads.pop(row_id, None)
            if head is not None:
                gone.append(head)
            if head is not None or row_id in self.wanted:
                self.doomed.add(row_id)
            self.wanted.pop(row_id, None)
            self.tentative.discard(row_id)
        return gone

    def holds(self, ids: Collection[int]) -> bool:
        """True if all of these are stored."""
        return all(row_id in self.heads for row_id in ids)
