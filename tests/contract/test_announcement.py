"""The log at start and stop says where records are held, how long at most, and how many."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import grpc
import pytest

from logtriage.config.settings import Settings
from logtriage.service.announcement import announce_advice, announce_start, announce_stop
from logtriage.telemetry.logs import ConsoleFormatter
from support.holding import blip, holding
from support.records import request
from support.running import Running, running
from support.sink import Refuse

DOWN = Refuse(grpc.StatusCode.UNAVAILABLE, "scripted")


@pytest.fixture(autouse=True)
def _hear_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "logtriage")


def line_of(caplog: pytest.LogCaptureFixture) -> str:
    return ConsoleFormatter().format(caplog.records[-1])


def start_line(service: Running, caplog: pytest.LogCaptureFixture) -> str:
    announce_start(service.service.settings, service.service, metrics_port=0, seconds=0.0)
    return line_of(caplog)


def test_what_an_earlier_run_left_is_told_at_its_stop_and_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, shutdown={"timeout": "8s"}) as (service, _):
            service.sink.script = lambda number, data: DOWN
            assert f" held_in={tmp_path}/spool hold_deadline=30s held_rows=0 held_records=0" in start_line(
                service, caplog
            )
            await service.export(request(blip("a"), blip("b")))
            await service.service.stop()
            announce_stop(service.service)
            assert line_of(caplog).endswith(" info  stopped  held_rows=1 held_records=2")
        async with holding(tmp_path) as (service, _):
            assert " held_rows=1 held_records=2" in start_line(service, caplog)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("hold", "told"),
    [
        ({"deadline": "0s"}, ' held_in="nowhere: `hold.deadline` is `0s`"'),
        ({"mode": "memory"}, ' held_in="memory: a crash loses them" hold_deadline=30s'),
        ({"min_free_mib": 10**9}, ' held_in="nowhere for now (`no_room`)"'),
    ],
)
def test_what_keeps_records_from_waiting_on_the_disk_is_told_at_start(
    hold: dict[str, object], told: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, hold=hold) as (service, _):
            assert told in start_line(service, caplog)

    asyncio.run(scenario())


def test_a_disk_below_the_floor_is_told_before_a_record_has_to_leave(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with holding(tmp_path, hold={"min_free_mib": 10**9}) as (service, _):
            start_line(service, caplog)

    asyncio.run(scenario())

    assert any("less free than `hold.min_free_mib`" in record.message for record in caplog.records)


def test_without_a_model_nothing_is_held_and_the_stop_tells_no_number(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with running() as service:
            assert ' held_in="nowhere: no model is asked" started_in' in start_line(service, caplog)
            announce_stop(service.service)
            assert line_of(caplog).endswith(" info  stopped")

    asyncio.run(scenario())


def test_settings_that_work_against_each_other_are_told_at_start(caplog: pytest.LogCaptureFixture) -> None:
    announce_advice(Settings.model_validate({"shutdown": {"grace": "3s"}}))

    assert " warn  settings work against each other  setting=shutdown.grace value=3s advice=" in line_of(caplog)
