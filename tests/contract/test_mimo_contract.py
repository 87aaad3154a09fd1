"""What every endpoint must do with our client: the stand-in always, a real server where one is named.

``LOGTRIAGE_LIVE_BASE_URL`` (and ``LOGTRIAGE_LIVE_API_KEY``, ``_MODEL``, ``_SELLER``) name the real one; then tests of
this file reach it, and only what a real server can be asked is asked. A small model may judge badly: it must not
matter.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import Seller
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.schema.provenance import Reason
from support.mimo_asking import Asking
from support.mimo_standin import MimoStandin

LIVE_URL = os.environ.get("LOGTRIAGE_LIVE_BASE_URL", "")
LIVE_SECONDS = float(os.environ.get("LOGTRIAGE_LIVE_SECONDS", "120"))
SELLERS = [*Seller, *(["live"] if LIVE_URL else [])]
PROMPT = (
    Message("system", 'Reply with only one JSON object such as {"category": "code_bug", "confidence": "probable"}.'),
    Message("user", '{"body": "connection reset, retry attempt 1 succeeded"}'),
)

if LIVE_URL:

    @pytest.fixture(autouse=True)
    def _reach_loopback_only() -> None:
        """Let this file reach the server that the environment names."""


def live_settings() -> MimoSettings:
    seller = Seller(os.environ.get("LOGTRIAGE_LIVE_SELLER", "llama_cpp"))
    return MimoSettings.model_validate(
        {
            "api_key": os.environ.get("LOGTRIAGE_LIVE_API_KEY", ""),
            "base_url": LIVE_URL,
            "seller": seller,
            "model": os.environ.get("LOGTRIAGE_LIVE_MODEL", "mimo-v2.6-flash"),
            "timeout": LIVE_SECONDS,
        }
    )


@pytest.fixture(params=SELLERS, ids=str)
def asking(request: pytest.FixtureRequest) -> Iterator[Asking]:
    with ExitStack() as stack:
        if request.param == "live":
            settings = live_settings()
        else:
            standin = stack.enter_context(MimoStandin(seller=request.param))
            settings = standin.settings(seller=request.param)
        yield stack.enter_context(Asking(settings))


@pytest.mark.parametrize("thinking", [False, True], ids=["thinking off", "thinking on"])
def test_a_question_has_a_completion_or_a_reason(asking: Asking, thinking: bool) -> None:
    made = asking.ask(messages=PROMPT, thinking=thinking, max_completion_tokens=512)

    if isinstance(made, CallFailure):
        assert made.reason is Reason.INVALID_OUTPUT, made
        return
    assert made.content == made.content.strip() != ""
    assert "<think>" not in made.content
    assert made.finish_reason == "stop"
    assert 1 <= made.calls <= asking.settings.max_attempts


def test_with_thinking_off_the_content_is_json(asking: Asking) -> None:
    made = asking.ask(messages=PROMPT, thinking=False, max_completion_tokens=512)

    if isinstance(made, Completion):
        assert isinstance(json.loads(made.content), dict)
    else:
        assert made.reason is Reason.INVALID_OUTPUT, made


def test_tokens_are_counted_and_the_budget_is_kept(asking: Asking) -> None:
    made = asking.ask(messages=PROMPT, thinking=False, max_completion_tokens=16)

    assert made.input_tokens > 0
    assert 0 < made.output_tokens <= 16 + 32
    assert made.calls <= 2


def test_a_budget_of_one_token_is_a_reason_and_no_crash(asking: Asking) -> None:
    made = asking.ask(messages=PROMPT, thinking=True, max_completion_tokens=1, max_attempts=1)

    assert isinstance(made, CallFailure)
    assert made.reason is Reason.INVALID_OUTPUT


def test_time_that_does_not_suffice_is_kept(asking: Asking) -> None:
    began = time.monotonic()

    made = asking.ask(messages=PROMPT, thinking=True, seconds=0.06, max_completion_tokens=4096)

    assert time.monotonic() - began < 1.5
    assert isinstance(made, Completion) or made.reason in (Reason.DEADLINE, Reason.INVALID_OUTPUT)


def test_connections_serve_several_questions(asking: Asking) -> None:
    for _ in range(3):
        made = asking.ask(messages=PROMPT, thinking=False, max_completion_tokens=64)
        assert isinstance(made, Completion) or made.reason is Reason.INVALID_OUTPUT, made


@pytest.mark.skipif(bool(LIVE_URL), reason="a real key is not put at risk")
@pytest.mark.parametrize("seller", [Seller.XIAOMI, Seller.OPENROUTER])
def test_a_wrong_key_is_no_model(seller: Seller) -> None:
    with MimoStandin(seller=seller) as standin, Asking(standin.settings(api_key="sk-wrong")) as asking:
        made = asking.ask()

    assert isinstance(made, CallFailure)
    assert (made.reason, made.http_status) == (Reason.NO_MODEL, 401)


@pytest.mark.parametrize("model", ["mimo-v2.5", "MiMo-V2.6-Flash"])
def test_a_model_that_the_service_does_not_have_is_no_model(model: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings(model=model)) as asking:
        made = asking.ask()

    assert isinstance(made, CallFailure)
    assert (made.reason, made.http_status) == (Reason.NO_MODEL, 400)
