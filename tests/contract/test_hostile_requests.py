"""Requests made to cost: millions of messages in few bytes. Others on the same loop are served meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from logtriage.pipeline.fields import length_delimited
from support.records import record, request
from support.running import running

MIB = 1024 * 1024
SIZE = 15 * MIB
STATED_STALL_SECONDS = 0.2


def scope(records: bytes) -> bytes:
    return length_delimited(1, length_delimited(2, records))


def one_record(content: bytes) -> bytes:
    return scope(length_delimited(2, content))


EMPTY_VALUES = b"\x0a\x04\x12\x02\x32\x00" * 10_000
REQUESTS: dict[str, Callable[[], bytes]] = {
    "records of two bytes": lambda: scope(b"\x12\x00" * (SIZE // 2)),
    "empty resources": lambda: b"\x0a\x00" * (SIZE // 2),
    "empty resources below the walk of records": lambda: b"\x0a\x00" * (3 * MIB // 2),
    "empty scopes": lambda: length_delimited(1, b"\x12\x00" * (SIZE // 2)),
    "unknown fields": lambda: b"\x50\x01" * (SIZE // 2),
    "unknown fields of a resource": lambda: length_delimited(1, b"\x50\x01" * (SIZE // 2)),
    "one group": lambda: b"\x53" + b"\x58\x01" * (SIZE // 2) + b"\x54",
    "empty attributes of a record": lambda: one_record(b"\x10\x11" + b"\x32\x00" * (2 * MIB)),
    "severities of a record": lambda: one_record(b"\x10\x11" * (2 * MIB)),
    "empty attributes of a resource": lambda: length_delimited(
        1,
        length_delimited(1, b"\x0a\x00" * (2 * MIB)) + length_delimited(2, length_delimited(2, b"\x10\x11")),
    ),
    "records with attributes of ours over the cap": lambda: scope(
        length_delimited(2, b"\x10\x09\x32\x0e\x0a\x0clogtriage.ab") * 150_000
    ),
    "maps of empty values": lambda: scope(
        length_delimited(2, b"\x10\x11" + length_delimited(5, length_delimited(6, EMPTY_VALUES))) * 50
    ),
}


async def longest_stall(stop: asyncio.Event) -> float:
    worst = 0.0
    while not stop.is_set():
        began = time.monotonic()
        await asyncio.sleep(0.002)
        worst = max(worst, time.monotonic() - began)
    return worst


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_answered_ok_and_stops_the_loop_no_longer_than_stated(name: str) -> None:
    data = REQUESTS[name]()

    async def scenario() -> float:
        async with running() as service:
            await service.export(request(record()))
            stop = asyncio.Event()
            watch = asyncio.create_task(longest_stall(stop))
            assert await service.export(data, timeout=20) == b""
            stop.set()
            return await watch

    assert asyncio.run(scenario()) < 3 * STATED_STALL_SECONDS
