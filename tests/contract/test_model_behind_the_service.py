"""The service with a model behind it: nothing waits, what comes back is checked, failures leave a reason."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.engines.mimo.system_prompt import PROMPT_VERSION
from support.mimo_answers import report
from support.mimo_standin import MimoStandin
from support.records import TIME, attributes_of, record, request
from support.running import Running, running

BLIP = "upstream closed the stream early, the call was repeated and went through"
MINUTE = 60_000_000_000


def lowering(_: object) -> str:
    return report(
        category="transient_network",
        severity="WARN",
        is_actionable_for_oncall=False,
        confidence="certain",
        evidence=["the call was repeated and went through"],
    )


@asynccontextmanager
async def with_model(
    tmp_path: Path,
    answer: Callable[..., str] = lowering,
    *,
    play: tuple[str, ...] = (),
    events: bool = False,
    **mimo: Any,
) -> AsyncIterator[tuple[Running, MimoStandin]]:
    with MimoStandin(answer) as standin:
        if play:
            standin.play(*play)
        async with running(
            engine="mimo",
            mimo=standin.settings(**mimo),
            state={"directory": str(tmp_path)},
            verdicts={"events": events},
            hold={"deadline": "0s"},
        ) as service:
            yield service, standin


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        await asyncio.sleep(0.01)


async def send(service: Running, *records: LogRecord) -> list[dict[str, object]]:
    before = len(service.sink.records)
    await service.export(request(*records))
    return [attributes_of(item) for item in service.sink.records[before:]]


async def send_until(
    service: Running, item: Callable[[], LogRecord], wanted: Callable[[dict[str, object]], bool]
) -> dict[str, object]:
    deadline = time.monotonic() + 15
    while True:
        (told,) = await send(service, item())
        if wanted(told):
            return told
        assert time.monotonic() < deadline, told
        await asyncio.sleep(0.05)


def test_the_first_record_does_not_wait_and_the_next_ones_get_the_models_verdict(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path) as (service, standin):
            (first,) = await send(service, record(BLIP))
            assert (first["logtriage.status"], first["logtriage.engine"]) == ("fallback", "local")
            assert first["logtriage.reason"] in ("pending", "guarded")
            told = await send_until(service, lambda: record(BLIP), lambda told: told["logtriage.engine"] == "mimo")
            assert told["logtriage.status"] == "cached"
            assert told["logtriage.category"] == "transient_network"
            assert told["logtriage.is_actionable_for_oncall"] is False
            assert told["logtriage.evidence"] == ["the call was repeated and went through"]
            assert told["logtriage.model"] == "mimo-v2.6-flash"
            assert told["logtriage.prompt_version"] == PROMPT_VERSION
            assert told["logtriage.original_severity_text"] == "ERROR"
            assert service.sink.records[-1].severity_text == "WARN"
            assert standin.calls == 1

    asyncio.run(scenario())


def test_a_hanging_model_delays_neither_answer_nor_record(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path, play=("hang",)) as (service, _):
            seconds = []
            for i in range(20):
                began = time.monotonic()
                (told,) = await send(service, record(f"cannot do thing {chr(97 + i)}"))
                seconds.append(time.monotonic() - began)
                assert told["logtriage.status"] == "fallback"
                assert told["logtriage.reason"] == "pending"
            assert sorted(seconds)[10] < 0.25

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("scenario_name", "reason"),
    [
        ("no_balance", "no_model"),
        ("bad_key", "no_model"),
        ("html", "invalid_output"),
        ("moderated", "content_filter"),
    ],
)
def test_a_failing_model_leaves_its_reason_on_the_records_and_lowers_nothing(
    tmp_path: Path, scenario_name: str, reason: str
) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path, play=(scenario_name,), max_attempts=1) as (service, standin):
            told = await send_until(
                service,
                lambda: record("cannot do the thing"),
                lambda told: told["logtriage.reason"] not in ("pending",),
            )
            assert told["logtriage.reason"] in (reason, "breaker_open")
            assert told["logtriage.status"] == "fallback"
            assert told["logtriage.engine"] == "local"
            assert told["logtriage.is_actionable_for_oncall"] is True
            assert standin.calls <= 2

    asyncio.run(scenario())


def test_many_records_of_one_fingerprint_cost_one_call(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path) as (service, standin):
            await send_until(service, lambda: record(BLIP), lambda told: told["logtriage.engine"] == "mimo")
            for minute in range(20):
                at = TIME + minute * MINUTE
                told = await send(service, *(record(BLIP, time_unix_nano=at) for _ in range(500)))
                assert {item["logtriage.is_actionable_for_oncall"] for item in told} == {False}
            assert standin.calls == 1

    asyncio.run(scenario())


def test_on_a_surge_not_actionable_stops_at_once_and_one_more_call_is_made(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path, usd_per_day=100_000) as (service, standin):
            await send_until(service, lambda: record(BLIP), lambda told: told["logtriage.engine"] == "mimo")
            standin.play("hang")
            told = await send(service, *(record(BLIP, time_unix_nano=TIME + MINUTE) for _ in range(1000)))
            assert [item["logtriage.is_actionable_for_oncall"] for item in told] == [False] * 599 + [True] * 401
            assert told[-1]["logtriage.reason"] == "surge"
            assert service.sink.records[-1].severity_text == "ERROR"
            await until(lambda: standin.calls == 2)
            await send(service, *(record(BLIP, time_unix_nano=TIME + MINUTE) for _ in range(1000)))
            assert standin.calls == 2

    asyncio.run(scenario())


def test_one_record_of_log_dedup_stands_for_all_that_it_counts(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path) as (service, standin):
            await send_until(service, lambda: record(BLIP), lambda told: told["logtriage.engine"] == "mimo")
            standin.play("hang")
            (told,) = await send(service, record(BLIP, attributes={"log_count": 600}, time_unix_nano=TIME + MINUTE))
            assert told["logtriage.reason"] == "surge"

    asyncio.run(scenario())


def test_a_new_service_version_is_judged_anew_while_the_old_verdict_serves(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with with_model(tmp_path, usd_per_day=100_000) as (service, standin):

            async def send_version(version: str) -> dict[str, object]:
                await service.export(request(record(BLIP), service_version=version))
                return attributes_of(service.sink.records[-1])

            deadline = time.monotonic() + 15
            while (await send_version("1.0"))["logtriage.engine"] != "mimo":
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)
            assert standin.calls == 1
            told = await send_version("2.0")
            assert told["logtriage.engine"] == "mimo"
            assert told["logtriage.is_actionable_for_oncall"] is False
            await until(lambda: standin.calls == 2)

    asyncio.run(scenario())


def test_a_protected_record_leaves_at_once_as_it_is_and_the_report_serves_as_event(tmp_path: Path) -> None:
    def noise(_: object) -> str:
        return report(
            category="noise",
            severity="DEBUG",
            is_actionable_for_oncall=False,
            confidence="certain",
            evidence=["No space left on device"],
        )

    async def scenario() -> None:
        async with with_model(tmp_path, noise, events=True) as (service, _):
            (first,) = await send(service, record("write failed: No space left on device"))
            assert (first["logtriage.status"], first["logtriage.reason"]) == ("fallback", "protected")
            await until(lambda: any(item.event_name == "logtriage.verdict" for item in service.sink.records))
            (event,) = [item for item in service.sink.records if item.event_name == "logtriage.verdict"]
            told = attributes_of(event)
            assert told["logtriage.verdict.engine"] == "mimo"
            assert told["logtriage.verdict.reason"] == "protected"
            assert told["logtriage.verdict.is_actionable_for_oncall"] is True
            assert not any(key in told for key in ("logtriage.category", "logtriage.is_actionable_for_oncall"))
            (later,) = await send(service, record("write failed: No space left on device"))
            assert later["logtriage.is_actionable_for_oncall"] is True
            assert later["logtriage.category"] != "noise"

    asyncio.run(scenario())


def test_noise_of_the_model_alone_is_judged_twice(tmp_path: Path) -> None:
    def noise(_: object) -> str:
        return report(
            category="noise",
            severity="DEBUG",
            is_actionable_for_oncall=False,
            confidence="certain",
            evidence=["the colour table was empty"],
        )

    async def scenario() -> None:
        async with with_model(tmp_path, noise) as (service, standin):
            body = "drawing went on although the colour table was empty"
            told = await send_until(service, lambda: record(body), lambda told: told["logtriage.engine"] == "mimo")
            assert standin.calls == 2
            assert told["logtriage.category"] == "noise"

    asyncio.run(scenario())


def test_secrets_reach_neither_the_model_nor_our_own_telemetry(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "hunter2-s3cr3t-value"

    async def scenario() -> None:
        async with with_model(tmp_path, events=True) as (service, standin):
            body = f"login failed for postgres://app:{secret}@db:5432/shop password={secret} of bob@example.com"
            await send(service, record(body))
            await until(lambda: standin.calls >= 1)
            sent = b"".join(seen.body for seen in standin.seen)
            assert secret.encode() not in sent
            assert b"bob@example.com" not in sent
            events = [item for item in service.sink.records if item.event_name]
            assert not any(secret in str(item) for item in events)
            assert secret not in caplog.text

    asyncio.run(scenario())
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_our_own_output_coming_back_turns_health_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with running(verdicts={"events": True}) as service:
            await service.export(request(record("boom")))
            await until(lambda: any(item.event_name for item in service.sink.records))
            looped = next(data for data in service.sink.requests if b"logtriage.verdict.id" in data)
            await service.export(looped)
            assert service.service.is_looping
            check = service.channel.unary_unary("/grpc.health.v1.Health/Check")

            async def health() -> bytes:
                return bytes(await check(b"", timeout=5))

            deadline = time.monotonic() + 5
            while await health() != b"\x08\x02":
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)
            assert "comes back" in caplog.text

    asyncio.run(scenario())


def test_a_forged_name_of_ours_is_no_loop() -> None:
    async def scenario() -> None:
        async with running() as service:
            await service.export(request(record("boom"), service="logtriage", service_instance_id="somebody"))
            assert not service.service.is_looping

    asyncio.run(scenario())
