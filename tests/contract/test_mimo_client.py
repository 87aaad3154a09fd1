from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import ssl
import subprocess
import sys
import time
import tracemalloc
from email.utils import formatdate
from pathlib import Path

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from logtriage.config.mimo_facts import Seller
from logtriage.engines.mimo.breaker import State
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.schema.provenance import Reason
from logtriage.telemetry.spans import Spans
from support.mimo_asking import PROMPT, Asking
from support.mimo_scenarios import SCENARIOS, redirect_to, too_fast
from support.mimo_service import KEY, REASONING
from support.mimo_standin import MimoStandin

SECRET = "hunter2-of-peer-7"
SECRET_PROMPT = (Message("system", "Judge."), Message("user", f'{{"body":"password={SECRET}"}}'))


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_request_has_what_the_service_documents_and_nothing_else() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        asking.ask(thinking=True)
        asking.ask(thinking=False, max_completion_tokens=1024)

    thinking, plain = (seen.json for seen in standin.seen)
    common = {
        "model": "mimo-v2.6-flash",
        "messages": [{"role": message.role, "content": message.content} for message in PROMPT],
        "stream": False,
        "response_format": {"type": "json_object"},
    }
    assert thinking == {**common, "thinking": {"type": "enabled"}, "max_completion_tokens": 4096}
    assert plain == {**common, "thinking": {"type": "disabled"}, "max_completion_tokens": 1024, "temperature": 0}


def test_the_headers_say_nothing_of_this_machine_or_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/elsewhere")
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        asking.ask()

        (seen,) = standin.seen
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert set(seen.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "user-agent",
    }
    assert b"elsewhere" not in seen.raw


def test_a_prompt_with_half_a_character_is_asked_all_the_same() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        made = asking.ask(messages=(Message("user", "a\udc80b"),))

        assert standin.seen[0].json["messages"][0]["content"] == "a?b"
    assert isinstance(made, Completion)


@pytest.mark.parametrize("seller", Seller)
@pytest.mark.parametrize("thinking", [True, False])
def test_every_seller_is_asked_in_its_own_way_and_its_reasoning_is_found(seller: Seller, thinking: bool) -> None:
    with MimoStandin(seller=seller) as standin, Asking(standin.settings(seller=seller)) as asking:
        made = asking.ask(thinking=thinking)

    assert isinstance(made, Completion), made
    assert made.reasoning == (REASONING if thinking else "")
    assert json.loads(made.content)["category"] == "code_bug"


def test_reasoning_in_the_content_is_split_off() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.answer_with(lambda _: '<think>First {"category": "noise"}.</think>\n{"a": 1}')

        made = asking.ask(thinking=False)

    assert isinstance(made, Completion)
    assert made.content == '{"a": 1}'
    assert made.reasoning == 'First {"category": "noise"}.'


def test_a_redirect_is_not_followed_and_neither_key_nor_prompt_reach_the_other_host() -> None:
    with MimoStandin() as other, MimoStandin() as standin, Asking(standin.settings()) as asking:
        for status in (301, 302, 303, 307, 308):
            standin.play(redirect_to(f"{other.base_url}/chat/completions", status))

            made = asking.ask()

            assert isinstance(made, CallFailure)
            assert made.reason is Reason.NO_MODEL
            assert made.outcome == "redirect"
            asking.clock.now += 60.0
        assert standin.calls == 5
        assert other.calls == 0


def test_a_proxy_is_used_where_the_settings_name_one() -> None:
    with MimoStandin() as proxy:
        settings = proxy.settings(
            base_url="http://model.example/v1",
            allow_plaintext=True,
            proxy_url=proxy.base_url.removesuffix("/v1"),
        )
        with Asking(settings) as asking:
            made = asking.ask()

        assert isinstance(made, Completion)
        assert [seen.path for seen in proxy.seen] == ["http://model.example/v1/chat/completions"]


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        asking.ask()
        bomb = SCENARIOS["gzip_bomb"].reply(standin.seen[0])
        standin.play(lambda _: bomb)
        tracemalloc.start()
        try:
            made = asking.ask()
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert isinstance(made, CallFailure)
    assert made.outcome == "answer_too_large"
    assert peak_bytes < 8_000_000


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_of_ones_own_is_trusted_where_named_and_refused_else(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made_with = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*made_with, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with MimoStandin(tls=context) as standin:
        with Asking(standin.settings(tls={"ca_file": str(certificate)})) as asking:
            trusted = asking.ask()
        with Asking(standin.settings(max_attempts=1)) as asking:
            refused = asking.ask()

        assert standin.calls == 1
    assert isinstance(trusted, Completion)
    assert isinstance(refused, CallFailure)
    assert (refused.reason, refused.outcome) == (Reason.NO_MODEL, "connect")


def test_connections_are_reused() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        for name in ("well", "server_error", "well"):
            standin.play(name)
            asking.ask(max_attempts=1)

        assert {seen.connection for seen in standin.seen} == {1}


def test_questions_at_once_use_no_more_connections_than_allowed() -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_concurrency=2)) as asking:

        async def ask_eight() -> list[Completion | CallFailure]:
            ends = asking.clock.now + 60.0
            calls = [
                asking.client.complete(PROMPT, thinking=False, max_completion_tokens=99, deadline=ends)
                for _ in range(8)
            ]
            return list(await asyncio.gather(*calls))

        made = asking.run(ask_eight())

        assert all(isinstance(one, Completion) or one.outcome == "length" for one in made)
        assert len({seen.connection for seen in standin.seen}) <= 2


@pytest.mark.parametrize("name", ["hang", "drip"])
def test_a_call_ends_at_the_caller_s_deadline_however_the_answer_comes(name: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings(timeout=60.0)) as asking:
        standin.play(name)
        began = time.monotonic()

        made = asking.ask(seconds=0.2)

        assert time.monotonic() - began < 1.2
    assert isinstance(made, CallFailure)
    assert made.reason is Reason.DEADLINE


def test_no_call_is_made_when_the_deadline_has_passed() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        made = asking.ask(seconds=0.0)

        assert standin.calls == 0
    assert isinstance(made, CallFailure)
    assert (made.reason, made.calls, made.cost_usd) == (Reason.DEADLINE, 0, 0.0)


def test_nobody_listening_is_no_model_and_costs_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with MimoStandin() as standin, Asking(standin.settings(base_url=f"http://127.0.0.1:{port}/v1")) as asking:
        made = asking.ask()

    assert isinstance(made, CallFailure)
    assert (made.reason, made.outcome, made.calls, made.cost_usd) == (Reason.NO_MODEL, "connect", 3, 0.0)


def test_delays_have_full_jitter_and_double() -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=5), random=lambda: 0.5) as asking:
        standin.play("server_error")

        asking.ask()

        assert asking.clock.slept == [0.5, 1.0, 2.0, 4.0][: len(asking.clock.slept)]
        assert len(asking.clock.slept) == 4


@pytest.mark.parametrize(
    ("header", "waited"),
    [("0", 0.5), ("2", 2.5), ("120", 60.5), ("1e9", 60.5), ("-5", 0.5), ("soon", 0.5), ("inf", 0.5), ("", 0.5)],
)
def test_what_the_endpoint_asks_for_is_waited_for_up_to_a_minute(header: str, waited: float) -> None:
    with MimoStandin() as standin, Asking(standin.settings(), random=lambda: 0.5) as asking:
        standin.play(too_fast(header), "well")

        made = asking.ask()

    assert isinstance(made, Completion)
    assert asking.clock.slept == [waited]


def test_a_date_to_retry_after_is_understood() -> None:
    with (
        MimoStandin() as standin,
        Asking(standin.settings(), random=lambda: 0.5, wall_clock=lambda: 1_700_000_000.0) as asking,
    ):
        standin.play(too_fast(formatdate(1_700_000_030, usegmt=True)), "well")

        asking.ask()

    assert asking.clock.slept == [30.5]


def test_there_is_no_retry_that_the_deadline_leaves_no_time_for() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play(too_fast("30"))

        made = asking.ask(seconds=20.0)

        assert standin.calls == 1
    assert asking.clock.slept == []
    assert isinstance(made, CallFailure)
    assert (made.reason, made.retry_after_seconds) == (Reason.RATE_LIMIT, 30.0)


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_there_are_never_more_attempts_than_the_setting_allows(attempts: int) -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=attempts)) as asking:
        standin.play("server_error", "finish_length", "server_error")

        made = asking.ask()

        assert standin.calls == made.calls == attempts


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_after_the_last_attempt_nobody_waits(attempts: int) -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=attempts), random=lambda: 0.5) as asking:
        standin.play("server_error")

        asking.ask()

        assert len(asking.clock.slept) == attempts - 1


def test_a_caller_may_allow_fewer_attempts_and_not_more() -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=2)) as asking:
        standin.play("server_error")

        assert asking.ask(max_attempts=1).calls == 1
        assert asking.ask(max_attempts=9).calls == 2


def test_an_endpoint_in_trouble_gets_a_tenth_more_calls_at_most() -> None:
    questions = 400
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        # One question in three fails at first: too few to open the breaker, more than the budget has retries for.
        for number in range(questions):
            standin.play("server_error" if number % 3 == 0 else "well", "well")
            asking.ask()

        assert standin.calls - questions <= questions * 0.1 + 10
        assert standin.calls > questions


def test_while_the_breaker_is_open_no_call_is_made_and_one_probe_closes_it_within_15_seconds() -> None:
    with MimoStandin() as standin, Asking(standin.settings(max_attempts=1)) as asking:
        standin.play("server_error")
        for _ in range(5):
            asking.ask()
        assert asking.client.breaker_state is State.OPEN

        refused = [asking.ask() for _ in range(100)]

        assert standin.calls == 5
        assert {one.reason for one in refused if isinstance(one, CallFailure)} == {Reason.BREAKER_OPEN}
        assert all(one.calls == 0 for one in refused)
        standin.play("well")
        asking.clock.now += 15.0
        assert isinstance(asking.ask(), Completion)
        assert asking.client.breaker_state is State.CLOSED
        assert standin.calls == 6


def test_a_probe_that_fails_opens_the_breaker_again() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("no_balance")
        asking.ask()
        asking.clock.now += 10.0

        asking.ask()
        asking.ask()

        assert standin.calls == 2


@pytest.mark.parametrize("name", ["bad_key", "no_balance"])
def test_a_refused_key_or_an_empty_account_stops_all_calls_at_once(name: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play(name)

        made = [asking.ask() for _ in range(10)]

        assert standin.calls == 1
    assert isinstance(made[0], CallFailure)
    assert made[0].reason is Reason.NO_MODEL
    assert {one.reason for one in made[1:] if isinstance(one, CallFailure)} == {Reason.BREAKER_OPEN}


@pytest.mark.parametrize("name", ["moderated", "finish_content_filter", "context_too_long", "finish_length"])
def test_a_record_that_the_model_cannot_judge_does_not_open_the_breaker(name: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play(name)
        for _ in range(30):
            asking.ask()

        assert asking.client.breaker_state is State.CLOSED


def test_hanging_calls_open_the_breaker() -> None:
    with MimoStandin() as standin, Asking(standin.settings(timeout=0.1)) as asking:
        standin.play("hang")
        for _ in range(7):
            asking.ask()

        assert standin.calls == 5


def test_a_probe_that_is_given_up_leaves_room_for_the_next() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("bad_key", "hang")
        asking.ask()
        asking.clock.now += 10.0

        async def give_up() -> None:
            task = asyncio.create_task(
                asking.client.complete(PROMPT, thinking=True, max_completion_tokens=99, deadline=asking.clock.now + 60)
            )
            while standin.calls < 2:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asking.run(give_up())
        standin.play("well")
        assert isinstance(asking.ask(), Completion)


def test_the_cost_of_every_call_is_counted_thinking_and_discarded_answers_too() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("finish_length", "finish_stop")

        made = asking.ask()

    assert isinstance(made, Completion)
    assert (made.calls, made.input_tokens, made.output_tokens) == (2, 276, 4096 + 171)
    fresh, cached, output = 138 + 28, 110, 4096 + 171
    assert made.cost_usd == pytest.approx((fresh * 0.14 + cached * 0.0028 + output * 0.28) / 1e6)
    assert not made.is_usage_estimated


@pytest.mark.parametrize("name", ["hang", "reset", "huge"])
def test_a_call_that_is_cut_off_is_counted_at_the_most_it_may_cost(name: str) -> None:
    with MimoStandin() as standin, Asking(standin.settings(timeout=0.5, max_attempts=1)) as asking:
        standin.play(name)

        made = asking.ask(max_completion_tokens=1000)

    assert isinstance(made, CallFailure)
    assert made.output_tokens == 1000
    assert made.cost_usd > 1000 * 0.28 / 1e6


def test_an_answer_without_usage_is_estimated_rather_too_high() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("usage_null")

        made = asking.ask()

    assert isinstance(made, Completion)
    assert made.is_usage_estimated
    assert made.output_tokens >= len(made.content) / 4
    assert made.input_tokens >= sum(len(message.content) for message in PROMPT) / 4
    assert made.cost_usd > 0


def test_each_question_is_counted_once_and_each_call_by_what_came_of_it() -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("server_error", "finish_stop")
        asking.ask(service="checkout")
        standin.play("bad_key")
        asking.ask(service="checkout")

        calls = {dict(labels)["outcome"]: value for labels, value in asking.metric("logtriage.model.calls").items()}
        durations = asking.metric("gen_ai.client.operation.duration")
        usage = asking.metric("gen_ai.client.token.usage")
        tokens = {dict(labels)["type"]: value for labels, value in asking.metric("logtriage.model.tokens").items()}
        cost = asking.metric("logtriage.model.cost_usd")
        is_open = asking.metric("logtriage.model.breaker_open")

    assert calls == {"http_500": 1, "ok": 1, "http_401": 1}
    assert {dict(labels)["error.type"]: count for labels, count in durations.items()} == {"": 1, "http_401": 1}
    assert {dict(labels)["gen_ai.provider.name"] for labels in durations} == {"xiaomi_mimo"}
    assert {dict(labels)["gen_ai.token.type"]: count for labels, count in usage.items()} == {"input": 1, "output": 1}
    assert tokens == {"input": 138, "output": 171, "cached_input": 110, "reasoning": 102}
    ((labels, dollars),) = cost.items()
    assert dict(labels) == {"model": "mimo-v2.6-flash", "source_service": "checkout"}
    assert dollars == pytest.approx((28 * 0.14 + 110 * 0.0028 + 171 * 0.28) / 1e6)
    assert list(is_open.values()) == [1.0]


def test_a_question_is_one_span_without_content() -> None:
    exporter = InMemorySpanExporter()
    spans = Spans(Resource.create({}), None, exporter=exporter)
    with MimoStandin() as standin, Asking(standin.settings(), tracer=spans.tracer) as asking:
        standin.play("server_error", "finish_stop", "bad_key")
        asking.ask(messages=SECRET_PROMPT)
        asking.ask(messages=SECRET_PROMPT)
    spans.close()

    done, failed = exporter.get_finished_spans()
    assert done.name == "chat mimo-v2.6-flash"
    assert done.attributes is not None
    assert failed.attributes is not None
    assert done.attributes["gen_ai.usage.output_tokens"] == 171
    assert done.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert done.attributes["server.address"] == "127.0.0.1"
    assert "error.type" not in done.attributes
    assert failed.attributes["error.type"] == "http_401"
    assert not failed.status.is_ok
    assert SECRET not in done.to_json() + failed.to_json()
    assert KEY not in done.to_json() + failed.to_json()


def test_neither_key_nor_prompt_nor_answer_stands_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    names = ["bad_key", "html", "not_utf8", "finish_length", "well", "reset", "context_too_long", "unknown_model"]
    with (
        caplog.at_level(logging.DEBUG),
        MimoStandin(lambda seen: json.dumps({"echo": seen.body.decode()})) as standin,
        Asking(standin.settings(max_attempts=1)) as asking,
    ):
        for name in names:
            standin.play(name)
            made = asking.ask(messages=SECRET_PROMPT)
            asking.clock.now += 60.0
            assert isinstance(made, Completion) or SECRET not in repr(made)

    written = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert standin.calls == len(names)
    assert "no model" in written
    assert SECRET not in written
    assert KEY not in written


def test_the_client_s_own_debug_log_stays_off_whatever_the_environment_says() -> None:
    program = (
        "import asyncio, sys\n"
        "from support.mimo_asking import Asking\n"
        "from support.mimo_standin import MimoStandin\n"
        "with MimoStandin() as standin, Asking(standin.settings()) as asking:\n"
        "    asking.ask()\n"
        "assert standin.calls == 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path), "OPENAI_LOG": "debug"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout + done.stderr == ""


def test_an_alarm_is_raised_once_and_names_the_setting(caplog: pytest.LogCaptureFixture) -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        standin.play("bad_key")
        for _ in range(100):
            asking.ask()
            asking.clock.now += 20.0

    (alarm,) = errors_in(caplog)
    assert "`mimo.api_key`" in alarm


def test_an_endpoint_that_is_well_by_turns_is_told_of_every_ten_minutes_at_most(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MimoStandin() as standin, Asking(standin.settings()) as asking:
        for minute in range(60):
            standin.play("forbidden" if minute % 2 else "well")
            asking.ask()
            asking.clock.now += 60.0

    assert len(errors_in(caplog)) == 6


def test_the_openai_package_is_not_imported_before_a_client_is_made() -> None:
    program = "import sys, logtriage.engines.mimo.client; sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=False)

    assert done.returncode == 0


def test_a_schema_is_sent_only_where_the_settings_say_so() -> None:
    schema = {"type": "object"}
    for structured, expected in (
        (
            "json_schema",
            {"type": "json_schema", "json_schema": {"name": "triage_report", "schema": schema, "strict": True}},
        ),
        ("json_object", {"type": "json_object"}),
        ("none", None),
    ):
        with (
            MimoStandin(seller=Seller.VLLM) as standin,
            Asking(standin.settings(structured=structured)) as asking,
        ):
            asking.ask(schema=schema)

            assert standin.seen[0].json.get("response_format") == expected
