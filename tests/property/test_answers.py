"""10,000 malformed answers, most a valid one with one thing changed: no crash, no invalid report, one repair."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.judgement import Judgement, NoJudgement
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.engines.mimo.engine import MimoEngine, MimoOptions
from logtriage.engines.mimo.redaction import Redactor
from logtriage.engines.mimo.system_prompt import CONFIDENCE_BINS
from logtriage.schema.category import Category
from logtriage.schema.provenance import Reason
from logtriage.schema.record import Context, RecordView, ResourceView
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

SEED = 20261124
BODY = "lamp shelf 41 of jo@lamps.example is stuck: fuse blown\n\tat Lamp.glow(Lamp.java:9), second try worked"
NEIGHBOUR = "door of the oven was left open for an hour"
RECORD = RecordView(
    resource=ResourceView(service_name=b"lamps"),
    body=BODY.encode(),
    level=Severity.ERROR,
    attributes={b"exception.message": b"fuse blown in row nine"},
)
KEYS = (
    "reasoning_trace",
    "category",
    "severity",
    "is_actionable_for_oncall",
    "evidence",
    "suggested_action",
    "confidence",
)
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 17, 1.7, 1e308, "", " ", "noise", "NOISE", "Noise ", "bruit", "ERROR", "error", "high",
    "certain", "0.9", [], [[]], {}, {"category": "noise"}, ["noise"], "x" * 5000, ["x" * 3000], ["x"] * 50, "\ud800",
    "\u0000", "<img src=x>", "https://x.example/a", "\u202eabc", [None], [1], [True], {"a": {"b": {"c": []}}}, 10**30,
)  # fmt: skip


class ScriptedClient:
    """Gives one answer twice."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.calls = 0

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        thinking: bool,
        max_completion_tokens: int,
        deadline: float,
        service: str = "",
        schema: Mapping[str, Any] | None = None,
    ) -> Completion | CallFailure:
        """Give it."""
        self.calls += 1
        return Completion(content=self.content, reasoning=self.content[:2000])


def valid(chance: random.Random) -> dict[str, Any]:
    """An answer of the shape asked for; what it says may contradict itself."""
    return {
        "reasoning_trace": [f"Step {number}." for number in range(chance.randint(1, 6))],
        "category": chance.choice(list(Category)).value,
        "severity": chance.choice(list(Severity)).value,
        "is_actionable_for_oncall": chance.random() < 0.5,
        "evidence": chance.sample(
            ["fuse blown", "second try worked", "is stuck: fuse blown", "fuse blown in row nine"], 2
        ),
        "suggested_action": "Look at the fuse.",
        "confidence": chance.choice(list(CONFIDENCE_BINS)),
    }


def _without_a_key(answer: dict[str, Any], chance: random.Random) -> str:
    del answer[chance.choice(KEYS)]
    return json.dumps(answer)


def _with_an_odd_value(answer: dict[str, Any], chance: random.Random) -> str:
    answer[chance.choice(KEYS)] = chance.choice(ODD_VALUES)
    return json.dumps(answer)


def _with_another_key(answer: dict[str, Any], chance: random.Random) -> str:
    answer[chance.choice(["Category", "category ", "record_id", "", "reason", "__proto__"])] = chance.choice(ODD_VALUES)
    return json.dumps(answer)


def _with_a_renamed_key(answer: dict[str, Any], chance: random.Random) -> str:
    key = chance.choice(KEYS)
    return json.dumps({name.upper() if name == key else name: value for name, value in answer.items()})


def _cut(answer: dict[str, Any], chance: random.Random) -> str:
    text = json.dumps(answer)
    return text[: chance.randrange(len(text))]


def _with_a_changed_character(answer: dict[str, Any], chance: random.Random) -> str:
    text = json.dumps(answer)
    at = chance.randrange(len(text))
    return text[:at] + chance.choice('{}[]",:\\ntrue0\x00\u202e') + text[at + chance.randint(0, 1) :]


def _with_another_quote(answer: dict[str, Any], chance: random.Random) -> str:
    start = chance.randrange(len(BODY))
    quotes = [
        NEIGHBOUR,
        "Fuse blown",
        "fuse  blown",
        BODY,
        BODY.replace("jo@lamps.example", "<EMAIL_1>"),
        BODY[start : start + chance.randint(1, 80)],
        "",
        " ",
        "<EMAIL_1>",
        "fuse blown" * 20,
        "\ud83d",
    ]
    answer["evidence"][chance.randrange(2)] = chance.choice(quotes)
    return json.dumps(answer)


def _wrapped(answer: dict[str, Any], chance: random.Random) -> str:
    text = json.dumps(answer)
    return chance.choice(
        [
            f"```json\n{text}\n```",
            f"{text}{text}",
            f"{text}\n\nor\n{text}",
            f"[{text}]",
            f"<think>{text}",
            f"<think>hm</think>{text}",
            f'{{"answer": {text}}}',
            f"{text[:-1]}, }}",
            f'{text[:-1]}, "category": "noise"}}',
            text.replace('"', "'"),
            text.replace(": true", ": True").replace(": false", ": False"),
            json.dumps(text),
            f"// note\n{text}",
            text.replace("fuse", "fu\\ud800se"),
        ]
    )


def _of_nothing(_: dict[str, Any], chance: random.Random) -> str:
    alphabet = '{}[]":, \n\\abcnoise01234\ud83dé\x00'
    return chance.choice(
        [
            "",
            "null",
            "NaN",
            "[]",
            "{}",
            "<html><body>Bad gateway</body></html>",
            "{" * chance.randint(1, 20_000),
            '{"a":' * chance.randint(1, 20_000),
            "Doc" * 3000,
            "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 400))),
            '{"confidence": ' + "9" * 6000 + "}",
        ]
    )


ONE_CHANGE: tuple[Callable[[dict[str, Any], random.Random], str], ...] = (
    _without_a_key,
    _with_an_odd_value,
    _with_an_odd_value,
    _with_another_key,
    _with_a_renamed_key,
    _cut,
    _with_a_changed_character,
    _with_a_changed_character,
    _with_another_quote,
)
"""Each changes one thing in a valid answer."""
OTHERS: tuple[Callable[[dict[str, Any], random.Random], str], ...] = (_wrapped, _of_nothing)


async def _judge_all(answers: int) -> tuple[Counter[str], list[str]]:
    chance = random.Random(SEED)
    redactor = Redactor(RedactionSettings())
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(answers):
        change = chance.choice(ONE_CHANGE if number % 4 else OTHERS)
        client = ScriptedClient(change(valid(chance), chance))
        engine = MimoEngine(
            client, options=MimoOptions(model="m"), new_redactor=redactor.session, suspect=lambda *_: ()
        )
        judgement = await engine.judge(RECORD, Context())
        counts["one change" if change in ONE_CHANGE else "other"] += 1
        counts["judged" if isinstance(judgement, Judgement) else "refused"] += 1
        counts["repaired"] += client.calls == 2
        wrong += [f"{change.__name__}: {fault}" for fault in _faults(judgement, client)]
    return counts, wrong


def _faults(judgement: Judgement | NoJudgement, client: ScriptedClient) -> list[str]:
    faults = [] if client.calls <= 2 else ["more than one repair"]
    if isinstance(judgement, NoJudgement):
        return faults + ([] if judgement.reason is Reason.INVALID_OUTPUT else [f"reason {judgement.reason}"])
    report = judgement.report
    if TriageReport.model_validate_json(report.model_dump_json()) != report:
        faults.append("the report does not survive its own schema")
    values = (RECORD.body, *RECORD.attributes.values())
    if any(not any(quote in value for value in values) or len(quote) < 8 for quote in judgement.quotes):
        faults.append("a quote does not stand in the record")
    if any(
        part in text for text in (report.reasoning_trace, report.suggested_action) for part in ("://", "<img", "\u202e")
    ):
        faults.append("unclean text")
    if b"jo@lamps.example" in b"".join(judgement.quotes):
        faults.append("a redacted value came back")
    return faults


@pytest.mark.parametrize("answers", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_malformed_answers_never_crash_never_give_an_invalid_report_and_are_repaired_once(answers: int) -> None:
    counts, wrong = asyncio.run(_judge_all(answers))

    print(f"\n{answers} answers: {dict(counts)}")
    assert wrong == []
    assert counts["one change"] >= answers / 2
    assert counts["judged"] > answers / 20, "a generator that is always refused tests nothing behind the parser"
    assert counts["refused"] > answers / 20
