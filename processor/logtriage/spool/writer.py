"""The thread that owns the files: takes all that was asked meanwhile, does it in one commit, tells who waits."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from logtriage.errors import LogTriageError, SpoolUnavailableError
from logtriage.spool.ops import Op, Put, Stop
from logtriage.spool.store import Store

_MAX_GROUP_BYTES: Final = 16 << 20
_MAX_GROUP_OPS: Final = 1024


class Writer:
    """One thread around one store. Started, asked and stopped on the event loop."""

    def __init__(
        self,
        store: Store,
        loop: asyncio.AbstractEventLoop,
        *,
        tend_seconds: float,
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._loop = loop
        self._tend_seconds = tend_seconds
        self._on_fault = on_fault
        self._queue: queue.SimpleQueue[Op] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._opened: asyncio.Future[None] = loop.create_future()

    def start(self) -> asyncio.Future[None]:
        """Start the thread; gives what is done once the store is open, or raises what `Store.open` does.

        After that, the thread has ended: `refuse` what was asked of it meanwhile.
        """
        self._thread.start()
        return self._opened

    def refuse(self, error: LogTriageError) -> None:
        """Tell all who wait that nothing will come of it."""
        refused = []
        with suppress(queue.Empty):
            while True:
                refused.append(self._queue.get_nowait())
        for op in refused:
            op.error = error
            if not op.done.done():
                op.done.set_result(None)

    def ask(self, op: Op) -> None:
        """Hand something over; its future is done once it is."""
        self._queue.put(op)

    def join(self, timeout_seconds: float) -> None:
        """Wait for the thread, which was told to stop."""
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        try:
            self._store.open()
        except Exception as error:
            failed = error
            self._store.close()
            self._tell(lambda: self._opened.set_exception(failed))
            return
        self._tell(lambda: self._opened.set_result(None))
        tended = time.monotonic()
        while True:
            ops = self._next_group()
            is_idle = not ops
            stop = next((op for op in ops if isinstance(op, Stop)), None)
            self._do(ops)
            if stop is not None:
                self._store.close()
            if ops:
                self._resolve(ops)
            if stop is not None:
                return
            if time.monotonic() - tended >= self._tend_seconds:
                self._guarded(lambda quiet=is_idle: self._store.tend(is_idle=quiet))  # type: ignore[misc]
                tended = time.monotonic()

    def _do(self, ops: Sequence[Op]) -> None:
        error = self._guarded(lambda: self._store.run(ops))
        if error is not None:
            for op in ops:
                op.error = op.error or SpoolUnavailableError("an exception of ours", reason="exception")

    def _guarded(self, work: Callable[[], None]) -> Exception | None:
        """Do one turn; whatever goes wrong in it must not end the thread."""
        try:
            work()
        except Exception as error:
            self._on_fault(error)
            return error
        return None

    def _next_group(self) -> list[Op]:
        """Give what waits; nothing after a while without anything, or at once while there is other work."""
        try:
            ops = [self._queue.get(timeout=0.001 if self._store.is_busy else self._tend_seconds)]
        except queue.Empty:
            return []
        size_bytes = _size(ops[0])
        while size_bytes < _MAX_GROUP_BYTES and len(ops) < _MAX_GROUP_OPS and not isinstance(ops[-1], Stop):
            try:
                ops.append(self._queue.get_nowait())
            except queue.Empty:
                break
            size_bytes += _size(ops[-1])
        return ops

    def _resolve(self, ops: Sequence[Op]) -> None:
        def resolve() -> None:
            for op in ops:
                if not op.done.done():
                    op.done.set_result(None)

        self._tell(resolve)

    def _tell(self, told: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(told)
        except RuntimeError:
            pass  # the loop is closed: nobody waits any more


def _size(op: Op) -> int:
    return sum(row.size_bytes for row in op.rows) if isinstance(op, Put) else 0
