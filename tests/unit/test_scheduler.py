from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter

from logtriage.engines.judgement import NoJudgement
from logtriage.schema.provenance import Reason
from logtriage.schema.record import RecordView, ResourceView
from logtriage.triage.envelope import Envelope
from support.asking import JUDGED, NO_MODEL, Answer, Asking, hang, in_virtual_time, judge_in_two_seconds


@in_virtual_time
async def test_records_of_one_fingerprint_cause_one_call() -> None:
    async with Asking() as asking:
        answers = [asking.ask("same") for _ in range(10_000)]
        await asyncio.sleep(10)

        assert set(answers) == {Reason.PENDING}
        assert asking.model.asked == [b"same"]
        assert asking.got == {b"same": [JUDGED]}


@in_virtual_time
async def test_ten_thousand_records_then_ten_times_the_rate_are_two_calls_and_a_surge_at_once() -> None:
    async with Asking() as asking:
        envelope = Envelope(ttl_seconds=86_400.0, now=asking.clock())
        surges: list[bool] = []

        def record(minute: int) -> None:
            surges.append(envelope.observe(minute))
            if b"one" not in asking.got or envelope.breach(now=asking.clock(), service_version=b""):
                asking.scheduler.ask(
                    b"one",
                    RecordView(resource=ResourceView(), body=b"one"),
                    service="a",
                    is_new=b"one" not in asking.got,
                    on_done=judged,
                )

        def judged(fingerprint: bytes, answer: Answer) -> None:
            asking.take(fingerprint, answer)
            envelope.renew(now=asking.clock(), service_version=b"")

        for i in range(10_000):
            record(1000 + i // 60)
            await asyncio.sleep(1)
        assert asking.model.asked == [b"one"]
        assert not any(surges)

        surges.clear()
        for i in range(3000):
            record(1200 + i // 600)
            await asyncio.sleep(0.1)
        assert asking.model.asked == [b"one", b"one"]
        first = surges.index(True)
        assert first == 599
        assert all(surges[first : first + 20])
        assert not any(surges[first + 21 :])


@in_virtual_time
async def test_three_hundred_new_fingerprints_a_minute_against_a_hundred_requests_starve_no_service() -> None:
    async with Asking(requests_per_minute=100) as asking:
        said: Counter[Reason] = Counter()
        for i in range(3000):
            said[asking.ask(f"quiet/{i}", "quiet") if i % 15 == 0 else asking.ask(f"noisy/{i}", "noisy")] += 1
            await asyncio.sleep(0.2)
        await asyncio.sleep(120)

        assert set(said) <= {Reason.PENDING, Reason.RATE_LIMIT}
        judged = Counter(name.split(b"/")[0] for name, got in asking.got.items() if got == [JUDGED])
        assert judged[b"quiet"] == 200
        assert 700 <= judged[b"noisy"] <= 850
        assert set(asking.reasons()) == {Reason.RATE_LIMIT}
        answered = sum(len(got) for got in asking.got.values()) + said[Reason.RATE_LIMIT]
        assert answered == 3000


@in_virtual_time
async def test_what_is_asked_again_waits_while_new_ones_want_the_model() -> None:
    async with Asking(requests_per_minute=100) as asking:
        for i in range(50):
            asking.ask(f"again/{i}", f"s{i}", is_new=False)
        for i in range(20):
            asking.ask(f"new/{i}", f"s{i}")
        await asyncio.sleep(8)

        assert len(asking.model.asked) >= 15
        assert all(name.startswith(b"new/") for name in asking.model.asked)


@in_virtual_time
async def test_no_more_calls_are_under_way_than_the_setting_allows() -> None:
    async with Asking(max_concurrency=3) as asking:
        for i in range(50):
            asking.ask(str(i), f"s{i}")
        await asyncio.sleep(50)

        assert asking.model.most_under_way == 3
        assert all(asking.got[b"%d" % i] == [JUDGED] for i in range(50))


@in_virtual_time
async def test_a_failing_model_is_not_asked_once_per_record() -> None:
    async def fail(record: RecordView) -> Answer:
        return NO_MODEL

    async with Asking(fail) as asking:
        said: Counter[Reason] = Counter()
        for _ in range(36_000):
            said[asking.ask("one")] += 1
            await asyncio.sleep(0.1)

        assert 300 <= len(asking.model.asked) <= 420
        assert said[Reason.NO_MODEL] > 30_000
        assert set(said) == {Reason.NO_MODEL, Reason.PENDING}


@in_virtual_time
async def test_answers_that_cannot_be_used_are_paid_for_ever_more_rarely() -> None:
    async def babble(record: RecordView) -> Answer:
        return NoJudgement(reason=Reason.INVALID_OUTPUT, detail="no JSON", calls=2, cost_usd=0.001)

    async with Asking(babble) as asking:
        for _ in range(24 * 60):
            asking.ask("one")
            await asyncio.sleep(60)

        assert 20 <= len(asking.model.asked) <= 35


@in_virtual_time
async def test_a_seller_s_wish_to_wait_is_kept_for_the_fingerprint() -> None:
    async def busy(record: RecordView) -> Answer:
        return dataclasses.replace(NO_MODEL, reason=Reason.RATE_LIMIT, retry_after_seconds=120.0)

    async with Asking(busy) as asking:
        asking.ask("one")
        await asyncio.sleep(119)
        assert asking.ask("one") is Reason.RATE_LIMIT
        await asyncio.sleep(2)
        assert asking.ask("one") is Reason.PENDING


@in_virtual_time
async def test_after_a_judgement_the_next_failure_is_the_first_again() -> None:
    answers: list[Answer] = [NO_MODEL, NO_MODEL, NO_MODEL, JUDGED, NO_MODEL]

    async def next_answer(record: RecordView) -> Answer:
        return answers[len(asking.model.asked) - 1]

    async with Asking(next_answer) as asking:
        for _ in range(5):
            assert asking.ask("one") is Reason.PENDING
            await asyncio.sleep(10.5)
        asking.model.script = judge_in_two_seconds
        assert asking.ask("one") is Reason.PENDING


@in_virtual_time
async def test_while_the_breaker_is_open_nothing_is_asked_and_the_reason_says_so() -> None:
    async with Asking(max_concurrency=1) as asking:
        asking.ask("first")
        asking.ask("queued")
        await asyncio.sleep(1)
        asking.is_open = True
        assert asking.ask("third") is Reason.BREAKER_OPEN
        await asyncio.sleep(60)
        assert asking.model.asked == [b"first"]
        assert asking.reasons() == {Reason.BREAKER_OPEN: 1}

        asking.is_open = False
        assert asking.ask("queued") is Reason.PENDING
        await asyncio.sleep(3)
        assert asking.model.asked == [b"first", b"queued"]


@in_virtual_time
async def test_a_full_queue_says_no_room_and_takes_the_room_from_the_noisy() -> None:
    async with Asking(hang, max_queue_records=10) as asking:
        for i in range(8):
            asking.ask(f"running/{i}", f"s{i}")
        await asyncio.sleep(1)
        said = [asking.ask(f"noisy/{i}", "noisy") for i in range(12)]
        quiet = asking.ask("quiet", "quiet")
        await asyncio.sleep(0)

        assert said == [Reason.PENDING] * 10 + [Reason.NO_ROOM] * 2
        assert quiet is Reason.PENDING
        assert list(asking.got) == [b"noisy/9"]
        assert asking.reasons() == {Reason.NO_ROOM: 1}
        assert asking.scheduler.queue_records == 10


@in_virtual_time
async def test_the_queue_is_bounded_in_bytes() -> None:
    async with Asking(hang, max_queue_bytes=100_000, max_concurrency=1) as asking:
        asking.ask("running")
        await asyncio.sleep(1)
        said = [asking.ask(str(i), size=30_000) for i in range(10)]

        assert Counter(said) == {Reason.PENDING: 3, Reason.NO_ROOM: 7}
        assert asking.scheduler.queue_bytes <= 100_000


@in_virtual_time
async def test_no_money_is_said_to_the_first_record_already() -> None:
    async with Asking(usd_per_day=0.0) as asking:
        assert asking.ask("one") is Reason.BUDGET
        assert asking.ask("one") is Reason.BUDGET
        await asyncio.sleep(100)

        assert asking.model.asked == []


@in_virtual_time
async def test_money_that_comes_back_is_used_without_a_restart() -> None:
    async with Asking(usd_per_day=1.0, cap_per_service_share=1.0) as asking:
        asking.budget.settle(
            asking.budget.admit("x", is_new=True, expected_tokens=1, expected_usd=0.1, now=asking.clock()),
            tokens=1,
            usd=0.1005,
            now=asking.clock(),
        )
        said = []
        for i in range(60):
            said.append(asking.ask(f"{i}"))
            await asyncio.sleep(60)

        assert said[0] is Reason.BUDGET
        assert asking.model.asked
