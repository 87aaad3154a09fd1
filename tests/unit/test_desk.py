"""The desk: which verdict holds now, why not the model's, and which verdicts are told of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import EngineName, Reason, Status
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity
from logtriage.triage.arrival import Arrival
from logtriage.triage.desk import Desk, Use
from logtriage.triage.judge import Judge
from logtriage.triage.scheduler import Scheduler
from logtriage.verdicts.verdict import Verdict
from support.scripted_engine import ScriptedEngine, judgement

FINGERPRINT = b"\x01" * 8
BODY = b"connection reset, retry attempt 1 succeeded"
PROOF = b"retry attempt 1 succeeded"
BLIP = judgement(Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False, lowering_quotes=(PROOF,))
SURGE_RECORDS = 600
ALL_REASONS_OF_THE_MODEL = [reason for reason in Reason if reason not in (Reason.PROTECTED, Reason.SURGE)]


class Asked(Scheduler):
    """A scheduler that answers when a test says so; until then the reason that it gives."""

    def __init__(self, reason: Reason = Reason.PENDING) -> None:
        self.reason = reason
        self.waiting: list[Callable[[bytes, Judgement | NoJudgement], None]] = []
        self.calls = 0

    def ask(self, fingerprint: bytes, record: RecordView, **more: object) -> Reason:  # type: ignore[override]
        """Remember who asks."""
        self.calls += 1
        if self.reason is Reason.PENDING:
            self.waiting.append(more["on_done"])  # type: ignore[arg-type]
        return self.reason

    def answer(self, outcome: Judgement | NoJudgement) -> None:
        """Give all who wait the same."""
        waiting, self.waiting = self.waiting, []
        for on_done in waiting:
            on_done(FINGERPRINT, outcome)


class Bench:
    """A desk, the engine's script, and what was told."""

    def __init__(
        self, local: Judgement = BLIP, scheduler: Scheduler | None = None, ttl_seconds: float = 86_400
    ) -> None:
        self.told: list[tuple[str, EngineName, str]] = []
        self.desk = Desk(
            Judge(ScriptedEngine(lambda _: local), ttl_seconds=ttl_seconds),  # type: ignore[arg-type]
            max_verdicts=10,
            ttl_seconds=ttl_seconds,
            scheduler=scheduler,
            told=self._tell,
        )

    def _tell(self, verdict: Verdict, record: RecordView, metadata: object, judgement: Judgement | None) -> None:
        self.told.append((verdict.verdict_id, verdict.engine, "model" if judgement else "local"))

    def use(
        self,
        body: bytes = BODY,
        *,
        level: Severity = Severity.ERROR,
        now: float = 0.0,
        minute: int = 7,
        weight: int = 1,
    ) -> Use:
        view = RecordView(resource=ResourceView(), body=body, level=level, time_unix_nano=1_795_000_000_000_000_000)
        arrival = Arrival(level=level, view=lambda: view, event_minute=minute, weight=weight)
        return self.desk.use(FINGERPRINT, arrival, now, [])


def of_the_model(category: Category = Category.TRANSIENT_NETWORK, *, quote: bytes = PROOF) -> Judgement:
    return Judgement(
        report=TriageReport(category=category, severity=Severity.WARN, confidence=0.95, is_actionable_for_oncall=False),
        engine=EngineName.MIMO,
        engine_version="m/1",
        quotes=(quote,),
        lowering_quotes=(quote,),
        model="m",
        prompt_version="1",
    )


@pytest.mark.parametrize(
    ("body", "level"),
    [(b"java.lang.OutOfMemoryError: Java heap space", Severity.ERROR), (b"boom of the cart", Severity.FATAL)],
)
@pytest.mark.parametrize("is_lowered_by_local", [False, True])
def test_a_protected_record_says_so_while_the_model_is_asked(
    body: bytes, level: Severity, is_lowered_by_local: bool
) -> None:
    local = (
        judgement(Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False, lowering_quotes=(body,))
        if is_lowered_by_local
        else judgement(severity=level)
    )
    use = Bench(local, Asked()).use(body, level=level)

    assert (use.status, use.reason) == (Status.FALLBACK, Reason.PROTECTED)
    assert use.verdict.report.is_actionable_for_oncall


@pytest.mark.parametrize("reason", [reason for reason in ALL_REASONS_OF_THE_MODEL if reason is not Reason.GUARDED])
def test_a_fallback_says_why_the_model_did_not_judge(reason: Reason) -> None:
    use = Bench(scheduler=Asked(reason)).use()

    assert (use.status, use.reason) == (Status.FALLBACK, reason)


def test_a_refused_lowering_is_told_before_the_model_s_absence_and_a_bug_of_ours_before_all() -> None:
    unproven = judgement(Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False)

    assert Bench(unproven, Asked(Reason.BUDGET)).use().reason is Reason.GUARDED
    assert Bench(unproven, Asked(Reason.INTERNAL_ERROR)).use().reason is Reason.INTERNAL_ERROR


def test_on_a_surge_a_fallback_is_not_lowered_either_until_the_model_has_judged() -> None:
    scheduler = Asked()
    bench = Bench(scheduler=scheduler)
    before = [bench.use() for _ in range(SURGE_RECORDS - 1)]
    on_surge = bench.use()
    later = bench.use(minute=8)
    scheduler.answer(of_the_model())
    after = bench.use(minute=8)

    assert {use.verdict.report.severity for use in before} == {Severity.WARN}
    for use in (on_surge, later):
        assert (use.status, use.reason) == (Status.FALLBACK, Reason.SURGE)
        assert use.verdict.report.severity is Severity.ERROR
        assert use.verdict.report.is_actionable_for_oncall
    assert (after.status, after.reason) == (Status.CACHED, None)
    assert not after.verdict.report.is_actionable_for_oncall


def test_one_record_that_stands_for_many_is_a_surge() -> None:
    assert Bench(scheduler=Asked()).use(weight=SURGE_RECORDS).reason is Reason.SURGE


def test_without_a_model_a_verdict_is_told_once_and_again_only_if_it_changed() -> None:
    says = {"report": BLIP}
    bench = Bench(ttl_seconds=10)
    bench.desk = Desk(
        Judge(ScriptedEngine(lambda _: says["report"]), ttl_seconds=10),  # type: ignore[arg-type]
        max_verdicts=10,
        ttl_seconds=10,
        told=bench._tell,
    )
    bench.use()
    bench.use(now=5)
    assert bench.use(now=11).status is Status.FRESH
    assert len(bench.told) == 1

    says["report"] = judgement()
    bench.use(now=22)
    assert [who for _, _, who in bench.told] == ["local", "local"]
    assert len({verdict_id for verdict_id, _, _ in bench.told}) == 2


def test_of_a_model_each_new_verdict_is_told_and_the_same_again_is_not() -> None:
    scheduler = Asked()
    bench = Bench(scheduler=scheduler)
    bench.use()
    assert bench.told == []
    for i in range(2):
        scheduler.answer(of_the_model())
        bench.use(minute=9, weight=SURGE_RECORDS * 100**i)
    assert scheduler.calls == 3
    assert [who for _, _, who in bench.told] == ["model"]

    scheduler.answer(of_the_model(Category.UPSTREAM_OUTAGE))
    assert [who for _, _, who in bench.told] == ["model", "model"]


def test_the_model_s_verdict_keeps_when_its_fingerprint_was_first_seen() -> None:
    scheduler = Asked()
    bench = Bench(scheduler=scheduler)
    first = bench.use().verdict.first_seen
    scheduler.answer(of_the_model())

    assert bench.use().verdict.first_seen == first == "2026-11-18T11:06:40.000000Z"


def test_after_no_judgement_the_model_is_not_asked_for_each_record() -> None:
    scheduler = Asked()
    bench = Bench(scheduler=scheduler)
    bench.use()
    scheduler.answer(NoJudgement(reason=Reason.NO_MODEL, detail="away", retry_after_seconds=3600))
    uses = [bench.use() for _ in range(100)]

    assert {use.reason for use in uses} == {Reason.NO_MODEL}
    assert scheduler.calls == 1


def waits(bench: Bench, body: bytes = BODY, **more: object) -> Use:
    """Look up a record that may wait."""
    view = RecordView(resource=ResourceView(), body=body, level=more.get("level", Severity.ERROR))  # type: ignore[arg-type]
    arrival = Arrival(
        level=more.get("level", Severity.ERROR),  # type: ignore[arg-type]
        view=lambda: view,
        event_minute=7,
        weight=int(more.get("weight", 1)),  # type: ignore[call-overload]
        size_bytes=len(body),
    )
    return bench.desk.use(FINGERPRINT, arrival, 0.0, [], why_not_wait=None)


def leaves(bench: Bench, reason: Reason | None, *, is_asked_about: bool = False) -> Use:
    """Look up a record that has waited."""
    view = RecordView(resource=ResourceView(), body=BODY, level=Severity.ERROR)
    arrival = Arrival(level=Severity.ERROR, view=lambda: view, event_minute=7)
    return bench.desk.leave(FINGERPRINT, arrival, 0.0, [], reason=reason, is_asked_about=is_asked_about)


def test_a_record_waits_if_the_model_was_asked_and_could_make_it_less_urgent() -> None:
    bench = Bench(scheduler=Asked())

    first, second = waits(bench), waits(bench)

    assert (first.waits, first.is_asked_about) == (True, True)
    assert (second.waits, second.is_asked_about) == (True, False)


@pytest.mark.parametrize(
    ("body", "level"),
    [
        (b"java.lang.OutOfMemoryError: Java heap space", Severity.ERROR),
        (b"boom", Severity.FATAL),
        (b"boom", Severity.DEBUG),
        (b"boom " + b"x" * 9000, Severity.ERROR),
    ],
)
def test_what_cannot_leave_less_urgent_does_not_wait(body: bytes, level: Severity) -> None:
    assert not waits(Bench(judgement(severity=level), Asked()), body, level=level).waits


def test_a_surge_does_not_wait() -> None:
    assert waits(Bench(scheduler=Asked()), weight=SURGE_RECORDS).reason is Reason.SURGE


@pytest.mark.parametrize("reason", [Reason.BUDGET, Reason.BREAKER_OPEN, Reason.NO_ROOM, Reason.DRAINING])
def test_where_the_model_is_not_asked_nothing_waits(reason: Reason) -> None:
    use = waits(Bench(scheduler=Asked(reason)))

    assert (use.waits, use.reason) == (False, reason)


def test_a_known_verdict_does_not_wait_even_outside_its_envelope() -> None:
    asked = Asked()
    bench = Bench(scheduler=asked, ttl_seconds=0.0)
    waits(bench)
    asked.answer(of_the_model())

    assert waits(bench).status is Status.CACHED


@pytest.mark.parametrize("why", [Reason.NO_ROOM, Reason.DRAINING, Reason.PENDING])
def test_what_could_wait_but_may_not_says_why(why: Reason) -> None:
    bench = Bench(scheduler=Asked())
    view = RecordView(resource=ResourceView(), body=BODY, level=Severity.ERROR)
    arrival = Arrival(level=Severity.ERROR, view=lambda: view, event_minute=7)

    use = bench.desk.use(FINGERPRINT, arrival, 0.0, [], why_not_wait=why)

    assert (use.waits, use.status, use.reason) == (False, Status.FALLBACK, why)


def test_of_what_has_waited_the_record_that_was_asked_about_is_fresh_and_the_others_are_cached() -> None:
    asked = Asked()
    bench = Bench(scheduler=asked)
    waits(bench)
    asked.answer(of_the_model())

    assert leaves(bench, None, is_asked_about=True).status is Status.FRESH
    assert leaves(bench, None).status is Status.CACHED


@pytest.mark.parametrize("reason", [Reason.DEADLINE, Reason.DRAINING, Reason.NO_MODEL])
def test_what_has_waited_in_vain_leaves_with_the_local_verdict_and_the_reason(reason: Reason) -> None:
    bench = Bench(scheduler=Asked())
    waits(bench)

    use = leaves(bench, reason)

    assert (use.status, use.verdict.engine, use.reason) == (Status.FALLBACK, EngineName.LOCAL, reason)


def test_a_record_that_leaves_is_not_asked_about_and_not_counted_again() -> None:
    asked = Asked()
    bench = Bench(scheduler=asked)
    waits(bench)
    for _ in range(2 * SURGE_RECORDS):
        use = leaves(bench, Reason.DEADLINE)

    assert asked.calls == 1
    assert use.reason is Reason.DEADLINE


class Waiting:
    """Hears of the model's answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, Reason | None]] = []

    def answered(self, fingerprint: bytes, reason: Reason | None) -> None:
        self.heard.append((fingerprint, reason))

    def is_waited_for(self, fingerprint: bytes) -> bool:
        return True


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (of_the_model(), None),
        (NoJudgement(reason=Reason.CONTENT_FILTER, detail=""), Reason.CONTENT_FILTER),
    ],
)
def test_who_waits_hears_of_the_answer(outcome: Judgement | NoJudgement, reason: Reason | None) -> None:
    asked, waiting = Asked(), Waiting()
    bench = Bench(scheduler=asked)
    bench.desk.wait_in(waiting)
    waits(bench)
    asked.answer(outcome)

    assert waiting.heard == [(FINGERPRINT, reason)]
    assert bench.desk.why_unanswered(FINGERPRINT) is reason
    assert not bench.desk.is_awaited(FINGERPRINT)


def test_a_fault_while_an_answer_is_taken_lets_what_waits_go(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, waiting = Asked(), Waiting()
    bench = Bench(scheduler=asked)
    bench.desk.wait_in(waiting)
    waits(bench)

    def explode(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Judge, "verdict_of_model", explode)
    with pytest.raises(RecursionError):
        asked.answer(of_the_model())

    assert waiting.heard == [(FINGERPRINT, Reason.INTERNAL_ERROR)]
