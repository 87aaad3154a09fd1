"""A call to the model that failed is made again only while a record waits for the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from support.holding import blip, holding, told, until
from support.mimo_http import Reply, Seen
from support.records import request


def slow_fault(_: Seen) -> Reply:
    return Reply(status=500, body=b"{}", latency_seconds=0.3)


@pytest.mark.parametrize(("deadline", "calls"), [("30s", 3), ("10ms", 1)])
def test_a_failed_call_is_made_again_while_a_record_waits(tmp_path: Path, deadline: str, calls: int) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, play=(slow_fault,), hold={"deadline": deadline}) as (service, standin):
            await service.export(request(blip()))
            await until(lambda: bool(service.sink.records) and service.metric("logtriage_scheduler_in_flight") == 0)
            assert standin.calls == calls
            assert told(service)["logtriage.reason"] == ("no_model" if calls > 1 else "deadline")

    asyncio.run(scenario())
