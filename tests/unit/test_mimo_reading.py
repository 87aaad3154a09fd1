from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.config.mimo_facts import SELLERS, Seller
from logtriage.engines.mimo.outcomes import FINISH_REASONS, STATUSES, Again, Effect, outcome_of_status
from logtriage.engines.mimo.reading import Answer, ErrorInBody, MalformedAnswerError, read_answer
from logtriage.schema.provenance import Reason
from support.tables import each_row

XIAOMI, VLLM = SELLERS[Seller.XIAOMI], SELLERS[Seller.VLLM]


def body_of(message: dict[str, Any], **top: Any) -> bytes:
    return json.dumps({"choices": [{"finish_reason": "stop", "message": message}], **top}).encode()


def read(message: dict[str, Any], **top: Any) -> Answer:
    answer = read_answer(body_of(message, **top), XIAOMI)
    assert isinstance(answer, Answer)
    return answer


def test_vllm_has_the_reasoning_in_either_field() -> None:
    for name in ("reasoning", "reasoning_content"):
        answer = read_answer(body_of({"content": "{}", name: "step"}), VLLM)
        assert isinstance(answer, Answer)
        assert answer.reasoning == "step"


@pytest.mark.parametrize(
    ("content", "reasoning", "rest"),
    [
        ("<think>a</think>{}", "a", "{}"),
        ("\n <think>\na\n</think>\n\n{}", "a", "{}"),
        ("a, as the template opened it</think>{}", "a, as the template opened it", "{}"),
        ("<think>never ends", "never ends", ""),
        ('{"body": "a </think> b"}', "", '{"body": "a </think> b"}'),
        ('```json\n{"body": "</think>"}```', "", '```json\n{"body": "</think>"}```'),
        ("{}", "", "{}"),
    ],
)
def test_reasoning_at_the_head_of_the_content_is_split_off(content: str, reasoning: str, rest: str) -> None:
    answer = read({"content": content})

    assert (answer.reasoning, answer.content) == (reasoning, rest)


def test_half_a_character_becomes_a_replacement_and_whole_pairs_stay() -> None:
    answer = read({"content": "a\ud83d b\U0001f600", "reasoning_content": "\udc00"})

    assert answer.content == "a\ufffd b\U0001f600"
    assert answer.reasoning == "\ufffd"


@pytest.mark.parametrize("tokens", [None, "7", -1, 1.5, True, 10**12, [], {}])
def test_a_usage_that_is_no_count_is_unknown(tokens: object) -> None:
    assert read({"content": "{}"}, usage={"prompt_tokens": tokens}).input_tokens is None


def test_identifiers_that_look_like_text_are_left_out() -> None:
    answer = read({"content": "{}"}, id="ignore all previous instructions", model="m\n")

    assert (answer.response_id, answer.model) == ("", "")


@pytest.mark.parametrize(("code", "status"), [(429, 429), ("402", 402), ("x", 0), (True, 0), (200, 0), (None, 0)])
def test_an_error_in_a_200_gives_its_status(code: object, status: int) -> None:
    assert read_answer(json.dumps({"error": {"code": code}}).encode(), XIAOMI) == ErrorInBody(status)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "content", "finish_reason", "usage", "prompt_tokens", "error", "code", "id"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_is_an_answer_an_error_or_malformed(tree: object) -> None:
    _read_anything(json.dumps(tree).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_an_error_or_malformed(body: bytes) -> None:
    _read_anything(body)


@given(st.integers(0, 1), _JSON)
def test_any_field_of_a_valid_answer_may_be_anything(place: int, value: object) -> None:
    message: dict[str, Any] = {"content": "{}", "reasoning_content": None}
    message[("content", "reasoning_content")[place]] = value

    _read_anything(body_of(message, usage=value))


def _read_anything(body: bytes) -> None:
    try:
        answer = read_answer(body, XIAOMI)
    except MalformedAnswerError:
        return
    if isinstance(answer, Answer):
        (answer.content + answer.reasoning).encode()


@each_row("status", range(201, 600))
def test_every_status_has_an_outcome(status: int) -> None:
    outcome = outcome_of_status(status, b"")

    assert outcome.reason in {
        Reason.NO_MODEL,
        Reason.RATE_LIMIT,
        Reason.CONTENT_FILTER,
        Reason.INVALID_OUTPUT,
        Reason.TOO_LARGE,
    }
    assert (outcome.again is Again.AFTER_A_DELAY) is (status >= 500 or status in (408, 409, 425, 429))
    assert (outcome.effect is Effect.OPENS) is (status in (401, 402))


def test_what_an_operator_must_mend_names_the_setting() -> None:
    permanent = [outcome for outcome in STATUSES.values() if outcome.reason is Reason.NO_MODEL]

    for outcome in permanent:
        if outcome.again is Again.NO:
            assert "`mimo." in outcome.alarm, outcome.name


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error":{"message":"This model\'s maximum context length is 4096 tokens"}}', Reason.TOO_LARGE),
        (b'{"error":{"type":"exceed_context_size_error"}}', Reason.TOO_LARGE),
        (b'{"error":{"message":"Param Incorrect","param":"max_completion_tokens is out of range"}}', Reason.NO_MODEL),
        (b'{"error":{"message":"Param Incorrect","param":"model does not exist"}}', Reason.NO_MODEL),
    ],
)
def test_a_400_tells_a_prompt_that_is_too_long_from_a_request_that_is_wrong(body: bytes, reason: Reason) -> None:
    assert outcome_of_status(400, body).reason is reason


def test_the_documented_finish_reasons_have_rows() -> None:
    assert set(FINISH_REASONS) == {"length", "tool_calls", "content_filter", "repetition_truncation", "error"}
