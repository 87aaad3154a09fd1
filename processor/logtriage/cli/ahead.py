"""Read records while others are judged: a pipe that is slow, or never ends, holds up neither answers nor Ctrl-C."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

from logtriage.cli.input.input_record import InputRecord
from logtriage.service.single import Single, SingleJudge


async def in_order(
    records: Iterator[InputRecord], judge: SingleJudge, show: Callable[[InputRecord, Single], None]
) -> None:
    """Judge records, as many at a time as is worth it, and show each as soon as those before it are shown.

    Whatever reading raises is raised here, after what was read before it.
    """
    reader = _Reader(records)
    waiting: deque[tuple[InputRecord, asyncio.Task[Single]]] = deque()
    following: asyncio.Task[InputRecord | None] | None = asyncio.create_task(reader.next())
    async with judge:
        try:
            while following is not None or waiting:
                watched: set[asyncio.Task[InputRecord | None] | asyncio.Task[Single]] = set()
                if following is not None and len(waiting) < judge.max_concurrency:
                    watched.add(following)
                if waiting:
                    watched.add(waiting[0][1])
                await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
                while waiting and waiting[0][1].done():
                    item, judged = waiting.popleft()
                    show(item, judged.result())
                if following is not None and following.done() and len(waiting) < judge.max_concurrency:
                    read = following.result()
                    following = None
                    if read is not None:
                        assert read.view is not None
                        waiting.append((read, asyncio.create_task(judge.judge(read.view, read.context))))
                        following = asyncio.create_task(reader.next())
        finally:
            reader.stop()
            for _, task in waiting:
                task.cancel()
            await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
            if following is not None:
                following.cancel()


class _Reader:
    """Reads on a daemon thread, one record ahead: a read that blocks holds up nothing, not even the end."""

    def __init__(self, records: Iterator[InputRecord]) -> None:
        self._records = records
        self._loop = asyncio.get_running_loop()
        self._wanted = threading.Semaphore(0)
        self._found: asyncio.Queue[InputRecord | BaseException | None] = asyncio.Queue()
        self._is_stopped = False
        threading.Thread(target=self._read, name="read-ahead", daemon=True).start()

    async def next(self) -> InputRecord | None:
        """Give the next record; None at the end."""
        self._wanted.release()
        found = await self._found.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def stop(self) -> None:
        """Let the thread end after the record that it reads."""
        self._is_stopped = True
        self._wanted.release()

    def _read(self) -> None:
        while True:
            self._wanted.acquire()
            if self._is_stopped:
                return
            found: InputRecord | BaseException | None
            try:
                found = next(self._records, None)
            except Exception as error:
                found = error
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._found.put_nowait, found)
            if not isinstance(found, InputRecord):
                return
