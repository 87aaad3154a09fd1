from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from logtriage.engines.judgement import NoJudgement
from logtriage.engines.mimo.budget_file import BUDGET_FILE_NAME
from logtriage.engines.mimo.budget_levels import Limit
from logtriage.schema.provenance import Reason
from logtriage.schema.record import RecordView, ResourceView
from support.asking import JUDGED, Answer, Asking, hang, in_virtual_time, judge_in_two_seconds
from support.virtual_time import run_in_virtual_time


@in_virtual_time
async def test_an_exception_of_the_engine_is_counted_and_ends_nothing() -> None:
    async def fail_once(record: RecordView) -> Answer:
        if record.body == b"bad":
            raise ZeroDivisionError("secret text of a record")
        return JUDGED

    async with Asking(fail_once) as asking:
        asking.ask("bad")
        await asyncio.sleep(1)
        asking.ask("good")
        await asyncio.sleep(1)

        failure = asking.got[b"bad"][0]
        assert isinstance(failure, NoJudgement)
        assert failure.reason is Reason.INTERNAL_ERROR
        assert "secret" not in failure.detail
        assert asking.got[b"good"] == [JUDGED]
        assert asking.counted("logtriage.scheduler.faults") == {"engine": 1}
        assert asking.budget.in_flight == 0


@in_virtual_time
async def test_an_engine_that_cancels_itself_ends_nothing() -> None:
    async def cancel(record: RecordView) -> Answer:
        raise asyncio.CancelledError

    async with Asking(cancel) as asking:
        asking.ask("bad")
        await asyncio.sleep(1)
        asking.model.script = judge_in_two_seconds
        asking.ask("good")
        await asyncio.sleep(3)

        assert asking.reasons() == {Reason.INTERNAL_ERROR: 1}
        assert asking.got[b"good"] == [JUDGED]


@in_virtual_time
async def test_an_answer_of_no_known_kind_is_an_internal_error() -> None:
    async def nothing(record: RecordView) -> Answer:
        return None  # type: ignore[return-value]

    async with Asking(nothing) as asking:
        asking.ask("one")
        await asyncio.sleep(1)

        assert asking.reasons() == {Reason.INTERNAL_ERROR: 1}


@in_virtual_time
async def test_an_exception_of_who_asked_ends_nothing() -> None:
    async with Asking() as asking:

        def fail(fingerprint: bytes, answer: Answer) -> None:
            raise ZeroDivisionError

        record = RecordView(resource=ResourceView(), body=b"one")
        asking.scheduler.ask(b"one", record, service="a", is_new=True, on_done=fail)
        await asyncio.sleep(3)
        asking.ask("two")
        await asyncio.sleep(3)

        assert asking.got == {b"two": [JUDGED]}
        assert asking.counted("logtriage.scheduler.faults") == {"on_done": 1}


@in_virtual_time
async def test_an_exception_of_the_breaker_while_asking_ends_nothing() -> None:
    async with Asking() as asking:
        faults = iter([False, True])
        asking.scheduler._is_open = lambda _: 1 / 0 > 1 if next(faults, False) else False
        asking.ask("one")
        await asyncio.sleep(10)

        assert asking.got == {b"one": [JUDGED]}
        assert asking.counted("logtriage.scheduler.faults") == {"dispatch": 1}


@in_virtual_time
async def test_all_who_were_told_pending_are_answered() -> None:
    async with Asking() as asking:
        heard: list[str] = []
        record = RecordView(resource=ResourceView(), body=b"one")
        for name in ("first", "second"):

            def done(_: bytes, answer: Answer, name: str = name) -> None:
                heard.append(name)

            assert asking.scheduler.ask(b"one", record, service="a", is_new=True, on_done=done) is Reason.PENDING
        await asyncio.sleep(3)

        assert heard == ["first", "second"]


@in_virtual_time
async def test_a_call_that_outlasts_every_timeout_is_cut_off_and_counted_as_spent() -> None:
    async with Asking(hang, usd_per_day=0.01) as asking:
        asking.ask("one")
        await asyncio.sleep(101)

        assert asking.reasons() == {Reason.DEADLINE: 1}
        assert asking.budget.in_flight == 0
        assert asking.model.under_way == 0
        assert asking.budget.left(Limit.USD, asking.clock()) < 0.001 - 0.0005 + 0.0001


@in_virtual_time
async def test_stopping_cuts_off_calls_and_answers_every_question() -> None:
    asking = Asking(hang)
    await asking.scheduler.start()
    said = [asking.ask(str(i), f"s{i % 5}") for i in range(30)]
    await asyncio.sleep(1)
    under_way = asking.model.under_way
    asking.ask("asked but not begun")
    await asking.scheduler.stop()

    assert set(said) == {Reason.PENDING}
    assert under_way == 8
    assert asking.model.under_way == 0
    assert asking.reasons() == {Reason.DRAINING: 31}
    assert len(asking.got) == 31
    assert asking.budget.in_flight == 0
    assert asking.ask("late") is Reason.DRAINING


@in_virtual_time
async def test_stopping_at_the_very_moment_of_asking_leaves_nobody_without_an_answer() -> None:
    for turns in range(5):
        asking = Asking(hang)
        await asking.scheduler.start()
        asking.ask("one")
        for _ in range(turns):
            await asyncio.sleep(0)
        await asking.scheduler.stop()

        assert asking.reasons() == {Reason.DRAINING: 1}
        assert asking.budget.in_flight == 0


@in_virtual_time
async def test_before_the_start_nothing_is_taken() -> None:
    assert Asking().ask("one") is Reason.DRAINING


def test_what_was_spent_is_in_the_file_after_the_stop(tmp_path: Path) -> None:
    async def main() -> None:
        async with Asking(folder=tmp_path, usd_per_day=1.0) as asking:
            asking.ask("one")
            await asyncio.sleep(3)

    run_in_virtual_time(main())
    left = json.loads((tmp_path / BUDGET_FILE_NAME).read_bytes())["left"]

    assert left["usd"] == pytest.approx(0.1 - 0.0005, abs=5e-5)


@in_virtual_time
async def test_metrics_show_the_queue_the_calls_and_the_budget() -> None:
    async with Asking(hang) as asking:
        for i in range(10):
            asking.ask(str(i), f"s{i}")
        asking.is_open = False
        await asyncio.sleep(1)

        assert asking.counted("logtriage.scheduler.in_flight") == {"": 8}
        assert asking.counted("logtriage.scheduler.queue_size") == {"": 2}
        assert asking.counted("logtriage.scheduler.queue_memory")[""] > 1000
        assert asking.counted("logtriage.scheduler.asked") == {"new": 8}
        assert set(asking.counted("logtriage.budget.left")) == {"usd", "tokens", "requests"}
        assert asking.counted("logtriage.budget.left")["usd"] == pytest.approx(100 - 8 * 0.0005, abs=0.01)
        assert set(asking.counted("logtriage.budget.dry_in")) == {"usd", "tokens", "requests"}

    assert asking.counted("logtriage.scheduler.unanswered") == {"draining": 10}


@in_virtual_time
async def test_a_fault_of_the_budget_ends_nothing() -> None:
    async with Asking() as asking:
        settle = asking.budget.settle

        def fail(*_: object, **__: object) -> None:
            asking.budget.settle = settle  # type: ignore[method-assign]
            raise ZeroDivisionError

        asking.budget.settle = fail  # type: ignore[method-assign]
        asking.ask("one")
        await asyncio.sleep(3)
        asking.ask("two")
        await asyncio.sleep(3)

        assert asking.got == {b"one": [JUDGED], b"two": [JUDGED]}
        assert asking.counted("logtriage.scheduler.faults") == {"settle": 1}


@in_virtual_time
async def test_a_call_that_somebody_cancels_before_its_first_step_is_answered_at_the_stop() -> None:
    asking = Asking()
    await asking.scheduler.start()
    await asyncio.sleep(1)
    asking.ask("one")
    for _ in range(10):
        await asyncio.sleep(0)
        calls = [task for task in asyncio.all_tasks() if task.get_name() == "judge"]
        if calls:
            break
    calls[0].cancel()
    await asyncio.sleep(1)
    await asking.scheduler.stop()

    assert asking.model.asked == []
    assert asking.reasons() == {Reason.DRAINING: 1}
    assert asking.budget.in_flight == 0
