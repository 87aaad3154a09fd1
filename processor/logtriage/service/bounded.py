"""Run something that blocks, for so long and no longer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def bounded(work: Callable[[], T], *, seconds: float) -> T:
    """Run ``work`` on a daemon thread and give what it gives; after ``seconds`` it is left to itself.

    Raises:
        TimeoutError: it took longer.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:
            failure = error
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="bounded", daemon=True).start()
    async with asyncio.timeout(seconds):
        return await done
