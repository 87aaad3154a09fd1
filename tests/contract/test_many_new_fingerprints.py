"""A request full of fingerprints never seen leaves within the caller's time."""

from __future__ import annotations

import asyncio
import time

from support.records import attributes_of, record, request
from support.running import running

WORDS = ("amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heron", "ivory", "jaded")


def body_of(number: int) -> str:
    return "cannot open " + " ".join(WORDS[int(digit)] for digit in f"{number:05}")


def test_what_cannot_be_judged_in_time_leaves_in_time_without_a_verdict_and_is_judged_later() -> None:
    async def scenario() -> None:
        async with running() as service:
            data = request(*(record(body_of(i)) for i in range(20_000)))
            began = time.monotonic()
            await service.export(data, timeout=3)
            assert time.monotonic() - began < 3
            told = [attributes_of(item) for item in service.sink.records]
            assert [item.body.string_value for item in service.sink.records] == [body_of(i) for i in range(20_000)]
            skipped = [item for item in told if item["logtriage.status"] == "skipped"]
            assert skipped
            assert {item["logtriage.reason"] for item in skipped} == {"deadline"}
            assert all(item["logtriage.is_actionable_for_oncall"] for item in skipped)
            await service.export(request(record(body_of(19_999))))
            later = attributes_of(service.sink.records[-1])
            assert later["logtriage.status"] == "fresh"
            assert later["logtriage.fingerprint"] == told[-1]["logtriage.fingerprint"]

    asyncio.run(scenario())
