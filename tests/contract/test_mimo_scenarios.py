from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from logtriage.engines.mimo.completion import CallFailure, Completion
from logtriage.schema.provenance import Reason
from support.mimo_asking import Asking
from support.mimo_scenarios import SCENARIOS
from support.mimo_service import completion, ok
from support.mimo_standin import MimoStandin

ANSWER_ROWS = 23
ERROR_ROWS = 16
TROUBLE_ROWS = 11
"""Rows of the facts about the fields of an answer, the statuses, and the known problems, each state one row."""


@dataclass(frozen=True)
class Expected:
    """``reason`` None: a completion. ``calls``: HTTP calls that the stand-in saw, of three allowed."""

    reason: Reason | None
    calls: int
    is_retryable: bool = False
    is_thinking: bool = True


DONE = Expected(None, 1)
DONE_WITHOUT_THINKING = Expected(None, 2, is_thinking=False)
INVALID = Expected(Reason.INVALID_OUTPUT, 1)
INVALID_TWICE = Expected(Reason.INVALID_OUTPUT, 2)
NO_MODEL = Expected(Reason.NO_MODEL, 1)
NO_MODEL_AFTER_RETRIES = Expected(Reason.NO_MODEL, 3, is_retryable=True)
RATE_LIMIT_AFTER_RETRIES = Expected(Reason.RATE_LIMIT, 3, is_retryable=True)
FILTERED = Expected(Reason.CONTENT_FILTER, 1)
TOO_LARGE = Expected(Reason.TOO_LARGE, 1)
LATE = Expected(Reason.DEADLINE, 1, is_retryable=True)

EXPECTED = {
    "finish_stop": DONE,
    "finish_length": INVALID_TWICE,
    "finish_tool_calls": INVALID,
    "finish_content_filter": FILTERED,
    "finish_repetition_truncation": INVALID_TWICE,
    "finish_unknown": INVALID,
    "finish_absent": INVALID,
    "reasoning_present": DONE,
    "reasoning_null": DONE,
    "reasoning_absent": DONE,
    "tool_calls_null": DONE,
    "message_of_other_features": DONE,
    "usage_null": DONE,
    "prompt_details_null": DONE,
    "prompt_details_empty": DONE,
    "prompt_details_cached": DONE,
    "completion_details_absent": DONE,
    "usage_of_other_media": DONE,
    "id_without_prefix": DONE,
    "content_empty_all_in_reasoning": INVALID_TWICE,
    "content_null_all_in_reasoning": INVALID_TWICE,
    "content_empty": INVALID_TWICE,
    "event_stream_instead": INVALID_TWICE,
    "bad_format": NO_MODEL,
    "out_of_range": NO_MODEL,
    "unknown_model": NO_MODEL,
    "reasoning_missing": NO_MODEL,
    "error_with_data_prefix": NO_MODEL,
    "bad_key": NO_MODEL,
    "plans_mixed": NO_MODEL,
    "no_balance": NO_MODEL,
    "no_funds_in_a_burst": NO_MODEL,
    "forbidden": NO_MODEL,
    "not_found": NO_MODEL,
    "moderated": FILTERED,
    "too_fast": RATE_LIMIT_AFTER_RETRIES,
    "server_error": NO_MODEL_AFTER_RETRIES,
    "overloaded": NO_MODEL_AFTER_RETRIES,
    "error_without_keys": NO_MODEL_AFTER_RETRIES,
    "hard_input_thought_to_death": DONE_WITHOUT_THINKING,
    "runaway_thinking": LATE,
    "loop_cut_by_the_server": DONE_WITHOUT_THINKING,
    # Finished normally: whether the content is a report is for the engine to say.
    "loop_that_stops": DONE,
    "corrupted_text": DONE,
    "null_content_refused": DONE,
    "no_funds_though_paid": NO_MODEL,
    "too_fast_for_hours": RATE_LIMIT_AFTER_RETRIES,
    "capitals_refused": DONE,
    "evidence_not_verbatim": DONE,
    "instructions_obeyed": DONE,
    "hang": LATE,
    "latency": DONE,
    "drip": LATE,
    "cut": NO_MODEL_AFTER_RETRIES,
    "cut_unframed": INVALID_TWICE,
    "reset": NO_MODEL_AFTER_RETRIES,
    "reset_at_once": NO_MODEL_AFTER_RETRIES,
    "html": INVALID_TWICE,
    "html_502": NO_MODEL_AFTER_RETRIES,
    "gateway_timeout": NO_MODEL_AFTER_RETRIES,
    "request_timeout": NO_MODEL_AFTER_RETRIES,
    "conflict": NO_MODEL_AFTER_RETRIES,
    "payload_too_large": TOO_LARGE,
    "context_too_long": TOO_LARGE,
    "unprocessable": NO_MODEL,
    "teapot": NO_MODEL,
    "no_content": INVALID_TWICE,
    "empty_body": INVALID_TWICE,
    "json_list": INVALID_TWICE,
    "no_choices": INVALID_TWICE,
    "choices_text": INVALID_TWICE,
    "message_null": INVALID_TWICE,
    "content_number": INVALID_TWICE,
    "content_parts": INVALID_TWICE,
    "finish_number": INVALID_TWICE,
    "usage_text": DONE,
    "usage_negative": DONE,
    "not_utf8": INVALID_TWICE,
    "deep_json": INVALID_TWICE,
    "not_a_number": INVALID_TWICE,
    "gzip": DONE,
    "gzip_bomb": INVALID,
    "gzip_broken": INVALID_TWICE,
    "brotli": INVALID_TWICE,
    "huge": INVALID,
    "huge_error": NO_MODEL,
    "error_with_200": RATE_LIMIT_AFTER_RETRIES,
    "error_with_200_no_code": NO_MODEL_AFTER_RETRIES,
    "finish_error": NO_MODEL_AFTER_RETRIES,
    "half_characters": DONE,
}


@pytest.mark.parametrize(("part", "rows"), [("answer", ANSWER_ROWS), ("error", ERROR_ROWS), ("trouble", TROUBLE_ROWS)])
def test_each_row_of_the_facts_is_one_scenario(part: str, rows: int) -> None:
    found = [scenario.row for scenario in SCENARIOS.values() if scenario.row.startswith(f"{part}/")]

    assert len(set(found)) == len(found) == rows


def test_every_scenario_has_its_expected_outcome() -> None:
    assert set(EXPECTED) == set(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_has_its_defined_outcome_and_no_more_calls_than_allowed(name: str) -> None:
    expected = EXPECTED[name]
    with MimoStandin() as standin:
        standin.play(name)
        timeout = 0.25 if expected.reason is Reason.DEADLINE else 60.0
        with Asking(standin.settings(timeout=timeout, max_attempts=3)) as asking:
            made = asking.ask()

        assert standin.calls == expected.calls
        assert made.calls == expected.calls
    if expected.reason is None:
        assert isinstance(made, Completion), made
        assert made.is_thinking is expected.is_thinking
        assert made.content
    else:
        assert isinstance(made, CallFailure), made
        assert made.reason is expected.reason
        assert made.is_retryable is expected.is_retryable
        assert made.detail


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected == DONE_WITHOUT_THINKING])
def test_a_second_try_asks_with_thinking_off(name: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play(name)

        asking.ask()

        assert [seen.json["thinking"]["type"] for seen in standin.seen] == ["enabled", "disabled"]
        assert ["temperature" in seen.json for seen in standin.seen] == [False, True]


def test_an_answer_cut_for_length_with_thinking_off_is_asked_for_with_a_larger_budget() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("finish_length")

        asking.ask(thinking=False, max_completion_tokens=1024)

        assert [seen.json["max_completion_tokens"] for seen in standin.seen] == [1024, 2048]


def test_a_loop_with_thinking_off_is_not_asked_for_again() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("finish_repetition_truncation")

        asking.ask(thinking=False)

        assert standin.calls == 1


def test_nothing_is_ever_read_out_of_the_reasoning() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("content_null_all_in_reasoning")

        made = asking.ask()

        assert isinstance(made, CallFailure)
        assert made.outcome == "empty"


@pytest.mark.parametrize("is_unframed", [False, True], ids=["framed", "unframed"])
def test_an_answer_cut_at_any_byte_is_no_completion(is_unframed: bool) -> None:
    whole = ok(completion("{}", usage=None))
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=1)) as asking:
        for at in range(len(whole.body)):
            cut = replace(whole, cut_at=at, is_unframed=is_unframed)
            standin.play(lambda _, cut=cut: cut)
            asking.clock.now += 60.0

            made = asking.ask()

            assert isinstance(made, CallFailure), at
            assert made.calls == 1, at
