"""A stop with little time: it delivers what it can, says what stays in the spool, and ends in time with code 0."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import grpc
import pytest

from contract.test_hold_restart import DOWN, Held
from contract.test_service_process import Process
from support.holding import Thinking, blip, until
from support.mimo_standin import MimoStandin
from support.records import attributes_of, request
from support.sink import EXPORT, Sink

TIMEOUT_SECONDS = 3.0
SPARE_SECONDS = 3.0
"""Of a machine that does other things: the interpreter ends, too, within what is measured."""


@pytest.mark.parametrize("is_down", [True, False])
def test_a_stop_with_little_time_ends_in_it_and_says_what_stays(tmp_path: Path, is_down: bool) -> None:
    thinking = Thinking()
    shutdown = {"timeout": f"{TIMEOUT_SECONDS:.0f}s", "grace": "1s"}

    async def stop_with_little_time(sink: Sink, standin: MimoStandin) -> Process:
        process = (await asyncio.to_thread(Held, tmp_path, sink.address, standin, shutdown=shutdown)).process
        async with grpc.aio.insecure_channel(process.address) as channel:
            for i in range(5):
                items = (blip(f"{i} {j}") for j in range(2))
                await channel.unary_unary(EXPORT)(request(*items), timeout=5)
        began = time.monotonic()
        assert await asyncio.to_thread(process.end) == 0
        assert time.monotonic() - began < TIMEOUT_SECONDS + SPARE_SECONDS
        return process

    async def scenario() -> None:
        with MimoStandin(thinking) as standin:
            async with Sink(lambda number, data: DOWN if is_down else b"") as sink:
                try:
                    process = await stop_with_little_time(sink, standin)
                finally:
                    thinking.answer()
                stays = [line for line in process.lines if "stay in the spool" in str(line["msg"])]
                if is_down:
                    (line,) = stays
                    assert (line["rows"], line["records"]) == (5, 10)
                    assert len(sink.calls) >= 1
                    sink.script = lambda number, data: b""
                else:
                    assert stays == []
                again = await asyncio.to_thread(Held, tmp_path, sink.address, standin)
                await until(lambda: len(sink.records) == 10)
                assert await asyncio.to_thread(again.process.end) == 0
                assert len({attributes_of(item)["mark"] for item in sink.records}) == 10
                assert len(sink.records) == 10, "none arrives twice"

    asyncio.run(scenario())
