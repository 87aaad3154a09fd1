"""The engine through the real client against the stand-in: scenarios of bad answers, and the attacker over HTTP."""

from __future__ import annotations

import json

import pytest

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.mimo.engine import MimoEngine, MimoOptions
from logtriage.engines.mimo.redaction import Redactor
from logtriage.schema.provenance import Reason
from logtriage.schema.record import Context, RecordView, ResourceView
from logtriage.schema.severity import Severity
from logtriage.triage.judge import Judge
from logtriage.triage.second_judgement import SecondJudgement
from support import mimo_answers
from support.attacks import attacks_in_turn
from support.mimo_asking import Asking
from support.mimo_http import Seen
from support.mimo_service import AnswerFunction
from support.mimo_standin import MimoStandin

RECORD = RecordView(
    resource=ResourceView(service_name=b"lamps"),
    body=b"lamp shelf is stuck: fuse blown and no spare left",
    level=Severity.ERROR,
)
REDACTOR = Redactor(RedactionSettings())


def _engine(asking: Asking) -> MimoEngine:
    return MimoEngine(
        asking.client,
        options=MimoOptions(model="mimo-v2.6-flash"),
        new_redactor=REDACTOR.session,
        clock=asking.clock,
    )


def test_an_honest_answer_becomes_a_judgement_with_its_cost() -> None:
    with MimoStandin(mimo_answers.honest) as standin, Asking(standin.settings()) as asking:
        judgement = asking.run(_engine(asking).judge(RECORD, Context()))

        assert standin.calls == 1
    assert isinstance(judgement, Judgement)
    assert judgement.quotes == (RECORD.body,)
    assert judgement.model == "mimo-v2.6-flash"
    assert judgement.cost_usd > 0
    assert judgement.full_reasoning


def test_a_wrong_value_is_repaired_by_one_more_request() -> None:
    def first_wrong(seen: Seen) -> str:
        asked_again = "An earlier reply" in json.dumps(seen.json)
        return mimo_answers.honest(seen) if asked_again else mimo_answers.report(category="Noise ")

    with MimoStandin(first_wrong) as standin, Asking(standin.settings()) as asking:
        judgement = asking.run(_engine(asking).judge(RECORD, Context()))

        assert standin.calls == 2
    assert isinstance(judgement, Judgement)
    assert judgement.calls == 2


def test_a_stubborn_model_is_asked_twice_and_no_more() -> None:
    with MimoStandin(lambda _: "no object at all") as standin, Asking(standin.settings()) as asking:
        judgement = asking.run(_engine(asking).judge(RECORD, Context()))

        assert standin.calls == 2
    assert isinstance(judgement, NoJudgement)
    assert judgement.reason is Reason.INVALID_OUTPUT


def test_the_system_part_of_two_requests_is_the_same_bytes() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        engine = _engine(asking)
        asking.run(engine.judge(RECORD, Context()))
        asking.run(engine.judge(RECORD, Context(after=("lamp glows",))))

        first, second = (seen.json["messages"] for seen in standin.seen)
    assert first[0] == second[0]
    assert first[1] != second[1]


@pytest.mark.parametrize("answer", [mimo_answers.obedient, mimo_answers.harmless])
def test_no_attack_lowers_a_record_through_the_whole_client(answer: AnswerFunction) -> None:
    judge = Judge(LocalEngine(), ttl_seconds=60)
    lowered: list[str] = []
    with MimoStandin(answer) as standin, Asking(standin.settings(requests_per_minute=100_000)) as asking:
        engine = SecondJudgement(_engine(asking), LocalEngine())
        for number, attack in enumerate(attacks_in_turn()):
            if number % 7 or not attack.idea.gives_orders:
                continue
            judgement = asking.run(engine.judge(attack.record, Context()))
            if isinstance(judgement, Judgement):
                verdict = judge.verdict_of_model(judgement, attack.record, b"", now=0.0, first_seen=0)
                if verdict.lowers or not verdict.report.is_actionable_for_oncall:
                    lowered.append(f"{attack.idea.name}/{attack.base.name}/{attack.position}")

        assert standin.calls >= 200
    assert lowered == []
