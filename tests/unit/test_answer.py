"""Answers of a model: one object, the seven keys, exact values; faults in our own words."""

from __future__ import annotations

import json

import pytest

from logtriage.engines.mimo.answer import (
    ANSWER_SCHEMA,
    NO_OBJECT,
    NOT_JSON,
    REPEATED_KEY,
    TWO_OBJECTS,
    Answer,
    AnswerFault,
    read_answer,
)
from logtriage.engines.mimo.settle import Verdict, settle
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

GOOD = {
    "reasoning_trace": ["It broke.", "It stayed broken."],
    "category": "code_bug",
    "severity": "ERROR",
    "is_actionable_for_oncall": True,
    "evidence": ["glass broke"],
    "suggested_action": "Replace the glass.",
    "confidence": "probable",
}


def _text(**changes: object) -> str:
    return json.dumps({**GOOD, **changes})


def test_a_good_answer_is_read() -> None:
    answer = read_answer(_text())

    assert answer.category is Category.CODE_BUG
    assert answer.severity is Severity.ERROR
    assert answer.probability == 0.65
    assert answer.steps == ["It broke.", "It stayed broken."]


@pytest.mark.parametrize(
    "wrapped",
    ["```json\n{}\n```", "Here it is:\n{}", "\ufeff  {}\n", "<think>let me see {{x}}</think>{}", "{}\nDone."],
)
def test_the_object_is_found_in_its_wrapping(wrapped: str) -> None:
    assert read_answer(wrapped.replace("{}", _text()).replace("{{x}}", "{x}")).category is Category.CODE_BUG


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", NO_OBJECT),
        ("no braces here", NO_OBJECT),
        ("null", NO_OBJECT),
        ("<html><body>502</body></html>", NO_OBJECT),
        ("<think>" + _text(), NO_OBJECT),
        (_text()[:-1], NOT_JSON),
        (_text()[:-1] + ",}", NOT_JSON),
        ("{" * 10_000, NOT_JSON),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, NOT_JSON),
        (_text() + _text(), TWO_OBJECTS),
        (_text() + "\nor rather\n" + _text(), TWO_OBJECTS),
        ("[" + _text() + "]", TWO_OBJECTS),
        (_text()[:-1] + ', "category": "noise"}', REPEATED_KEY),
        (_text().replace('"probable"', "NaN"), NOT_JSON),
        (_text().replace('"probable"', "Infinity"), NOT_JSON),
        (_text().replace('"probable"', "9" * 5000), NOT_JSON),
    ],
)
def test_what_is_no_single_object_is_a_fault(content: str, fault: str) -> None:
    with pytest.raises(AnswerFault) as caught:
        read_answer(content)

    assert caught.value.faults == (fault,)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("category", "Noise"),
        ("category", "noise "),
        ("category", "bruit"),
        ("category", ["noise"]),
        ("severity", "error"),
        ("severity", "CRITICAL"),
        ("severity", 17),
        ("is_actionable_for_oncall", "true"),
        ("is_actionable_for_oncall", 1),
        ("is_actionable_for_oncall", None),
        ("evidence", "glass broke"),
        ("evidence", [1]),
        ("evidence", ["x"] * 11),
        ("evidence", ["x" * 2001]),
        ("suggested_action", None),
        ("suggested_action", "x" * 2001),
        ("reasoning_trace", {"1": "x"}),
        ("reasoning_trace", ["x"] * 21),
        ("confidence", "high"),
        ("confidence", 1.7),
        ("confidence", -0.1),
        ("confidence", True),
        ("confidence", "0.9"),
    ],
)
def test_a_wrong_value_is_a_fault_that_names_its_key_and_not_its_text(key: str, value: object) -> None:
    with pytest.raises(AnswerFault) as caught:
        read_answer(_text(**{key: value}))

    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"`{key}` has to be ")


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key_is_a_fault(key: str) -> None:
    with pytest.raises(AnswerFault, match=key):
        read_answer(json.dumps({name: value for name, value in GOOD.items() if name != key}))


def test_an_unknown_key_is_a_fault_whose_name_is_not_told() -> None:
    with pytest.raises(AnswerFault) as caught:
        read_answer(_text(**{"obey me": 1}))

    assert caught.value.faults == ("a key stands in the reply that was not asked for",)


@pytest.mark.parametrize(("number", "probability"), [(0, 0.05), (0.93, 0.95), (1, 0.95), (0.6, 0.65), (0.59, 0.55)])
def test_a_number_is_put_into_its_bin(number: float, probability: float) -> None:
    assert read_answer(_text(confidence=number)).probability == probability


def test_the_schema_for_sellers_has_the_keys_of_an_answer() -> None:
    assert list(ANSWER_SCHEMA["properties"]) == list(Answer.model_fields) == ANSWER_SCHEMA["required"]


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("is_actionable", [True, False])
def test_settling_never_lowers_and_always_gives_a_valid_report(
    category: Category, severity: Severity, is_actionable: bool
) -> None:
    from logtriage.schema.report import TriageReport

    said = Verdict(category=category, severity=severity, confidence=0.9, is_actionable=is_actionable)

    settled = settle(said)

    TriageReport(
        category=settled.category,
        severity=settled.severity,
        confidence=settled.confidence,
        is_actionable_for_oncall=settled.is_actionable,
    )
    assert settle(settled) == settled
    assert settled.is_actionable or not is_actionable
    if not (category is Category.NOISE and settled.category is Category.NOISE):
        assert not settled.severity.is_less_urgent_than(severity)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ((Category.NOISE, Severity.DEBUG, True), (Category.CODE_BUG, Severity.ERROR, True)),
        ((Category.NOISE, Severity.FATAL, False), (Category.CODE_BUG, Severity.FATAL, True)),
        ((Category.NOISE, Severity.INFO, False), (Category.NOISE, Severity.DEBUG, False)),
        ((Category.UPSTREAM_OUTAGE, Severity.DEBUG, False), (Category.UPSTREAM_OUTAGE, Severity.ERROR, True)),
        ((Category.CODE_BUG, Severity.FATAL, False), (Category.CODE_BUG, Severity.FATAL, True)),
        ((Category.CODE_BUG, Severity.INFO, True), (Category.CODE_BUG, Severity.ERROR, True)),
        ((Category.TRANSIENT_NETWORK, Severity.DEBUG, False), (Category.TRANSIENT_NETWORK, Severity.INFO, False)),
        ((Category.TRANSIENT_NETWORK, Severity.WARN, False), (Category.TRANSIENT_NETWORK, Severity.WARN, False)),
    ],
)
def test_a_contradiction_is_settled_towards_the_more_urgent_side(
    said: tuple[Category, Severity, bool], wanted: tuple[Category, Severity, bool]
) -> None:
    settled = settle(Verdict(category=said[0], severity=said[1], confidence=0.9, is_actionable=said[2]))

    assert (settled.category, settled.severity, settled.is_actionable) == wanted
