"""Noise of a model needs two judgements that agree; the second sees no values and no context."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.record import Context, RecordView, ResourceView
from logtriage.schema.severity import Severity
from logtriage.triage.judge import Judge
from logtriage.triage.second_judgement import SecondJudgement
from support.scripted_engine import ScriptedEngine, judgement

BODY = b"drawing went on although the colour table was empty"
PROOF = (b"the colour table was empty",)
RECORD = RecordView(resource=ResourceView(), body=BODY, level=Severity.ERROR)
CONTEXT = Context(before=("a line before",))
NOISE = dataclasses.replace(
    judgement(Category.NOISE, Severity.DEBUG, is_actionable=False, quotes=PROOF, lowering_quotes=PROOF),
    engine=EngineName.MIMO,
    calls=1,
    cost_usd=0.25,
    input_tokens=100,
    output_tokens=10,
)
BUG = dataclasses.replace(
    judgement(), engine=EngineName.MIMO, calls=1, cost_usd=0.5, input_tokens=200, output_tokens=20
)
FAILED = NoJudgement(reason=Reason.DEADLINE, detail="late", calls=2, cost_usd=1.0)
UNKNOWN = judgement()
NAMED_NOISE = judgement(Category.NOISE, Severity.DEBUG, is_actionable=False, lowering_quotes=PROOF, is_named_noise=True)


class Model:
    """Gives its answers one after the other, and keeps how it was asked."""

    name = EngineName.MIMO
    version = "m/1"

    def __init__(self, *answers: Judgement | NoJudgement) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Context, bool]] = []

    async def judge(self, record: RecordView, context: Context, *, is_masked: bool = False) -> Judgement | NoJudgement:
        """Give the next answer."""
        self.asked.append((context, is_masked))
        return self.answers.pop(0)


def judged(model: Model, local: Judgement = UNKNOWN) -> Judgement | NoJudgement:
    engine = SecondJudgement(model, ScriptedEngine(lambda _: local))  # type: ignore[arg-type]
    return asyncio.run(engine.judge(RECORD, CONTEXT))


def is_lowered(told: Judgement | NoJudgement, local: Judgement = UNKNOWN) -> bool:
    assert isinstance(told, Judgement)
    judge = Judge(ScriptedEngine(lambda _: local), ttl_seconds=60)  # type: ignore[arg-type]
    return judge.verdict_of_model(told, RECORD, b"\x01" * 8, now=0.0, first_seen=1).lowers


def test_noise_is_asked_about_again_masked_and_without_context() -> None:
    model = Model(NOISE, NOISE)
    told = judged(model)

    assert model.asked == [(CONTEXT, False), (Context(), True)]
    assert is_lowered(told)


@pytest.mark.parametrize("second", [BUG, FAILED], ids=["disagrees", "fails"])
def test_noise_that_the_second_judgement_does_not_find_lowers_nothing(second: Judgement | NoJudgement) -> None:
    told = judged(Model(NOISE, second))

    assert isinstance(told, Judgement)
    assert told.report.category is Category.NOISE
    assert not told.is_agreed_noise
    assert not is_lowered(told)


def test_the_cost_of_both_judgements_is_told() -> None:
    agreed, failed = judged(Model(NOISE, BUG)), judged(Model(NOISE, FAILED))

    assert isinstance(agreed, Judgement)
    assert (agreed.calls, agreed.cost_usd, agreed.input_tokens, agreed.output_tokens) == (2, 0.75, 300, 30)
    assert (failed.calls, failed.cost_usd) == (3, 1.25)


def test_noise_that_a_signature_names_is_not_asked_about_again() -> None:
    model = Model(NOISE)

    assert is_lowered(judged(model, NAMED_NOISE), NAMED_NOISE)
    assert len(model.asked) == 1


@pytest.mark.parametrize("first", [BUG, FAILED], ids=["no noise", "failed"])
def test_what_is_no_noise_is_judged_once(first: Judgement | NoJudgement) -> None:
    model = Model(first)

    assert judged(model) is first
    assert len(model.asked) == 1
