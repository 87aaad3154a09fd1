"""After a start: ask the model again about the rows that a process before this one has stored."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from logtriage.errors import SpoolUnavailableError
from logtriage.pipeline.held import Held
from logtriage.pipeline.waiting_rows import WaitingRow, WaitingRows
from logtriage.schema.provenance import Reason
from logtriage.spool.row import Row
from logtriage.spool.spool import Spool
from logtriage.triage.desk import Desk

_AGAIN_SECONDS = 1.0


class Asker(Protocol):
    """Asks the model about rows that a process before this one has stored."""

    async def ask(self, row: Row) -> Held:
        """Look the records of a row up as if they arrived; give those that wait."""
        ...


class AskingAgain:
    """Asks by one row a fingerprint. Belongs to one event loop. ``answered`` lets the rows of a fingerprint leave."""

    def __init__(
        self,
        spool: Spool,
        desk: Desk,
        rows: WaitingRows,
        *,
        answered: Callable[[bytes, Reason | None], None],
        on_fault: Callable[[str, str, Exception], None],
    ) -> None:
        self._spool = spool
        self._desk = desk
        self._rows = rows
        self._answered = answered
        self._on_fault = on_fault
        self._to_ask: OrderedDict[bytes, None] = OrderedDict()
        self._asks = asyncio.Event()

    def add(self, fingerprint: bytes) -> None:
        """Have a fingerprint asked about whose rows wait."""
        self._to_ask[fingerprint] = None
        self._asks.set()

    async def run(self, asker: Asker) -> None:
        """Ask the model about what was found, one fingerprint after the other, until cancelled."""
        while True:
            self._asks.clear()
            while self._to_ask:
                fingerprint, _ = self._to_ask.popitem(last=False)
                await self._ask_about(fingerprint, asker)
            await self._asks.wait()

    async def _ask_about(self, fingerprint: bytes, asker: Asker) -> None:
        first = self._rows.first_of(fingerprint)
        if first is None:
            return
        try:
            read = await self._spool.read([first.head.id])
            row = read[0][1] if read else None
            held = await asker.ask(row) if row is not None else None
            self._asked(first, row, held)
        except SpoolUnavailableError:
            await asyncio.sleep(_AGAIN_SECONDS)
            self._to_ask[fingerprint] = None
        except Exception as error:
            self._on_fault("ask_again", "a stored row cannot be asked about: it leaves", error)
            self._answered(fingerprint, Reason.INTERNAL_ERROR)

    def _asked(self, first: WaitingRow, row: Row | None, held: Held | None) -> None:
        """Take over what came of asking about the first row of a fingerprint; it may have left meanwhile."""
        fingerprint = first.head.fingerprint
        if row is None:
            self._rows.take_out(first)
            if fingerprint in self._rows:
                self._to_ask[fingerprint] = None
        elif held is None or not held.records:
            self._answered(fingerprint, self._desk.why_unanswered(fingerprint))
        elif self._rows.get(fingerprint, first.head.id) is not None:
            asked_about = next((i for i, record in enumerate(held.records) if record.is_asked_about), -1)
            self._rows.replace(
                replace(
                    first,
                    source_service=held.records[0].source_service,
                    asked_about=asked_about,
                    destination=tuple(row.metadata),
                )
            )
