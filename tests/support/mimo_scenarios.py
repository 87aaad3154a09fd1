"""What the service was seen or documented to do, by name: each row of the facts about its answers, errors and faults.

``row`` says which fact it is: ``answer/...`` the fields of an answer, ``error/...`` the statuses, ``trouble/...`` the
known problems, ``wire/...`` what any HTTP service or a box in between may do.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from support.mimo_answers import honest, report
from support.mimo_http import Reply, Seen
from support.mimo_service import REASONING, completion, error, ok

Build = Callable[[Seen], Reply]


@dataclass(frozen=True)
class Scenario:
    """One thing that the service may do."""

    name: str
    row: str
    reply: Build


SCENARIOS: dict[str, Scenario] = {}


def _scenario(name: str, row: str) -> Callable[[Build], Build]:
    def add(build: Build) -> Build:
        assert name not in SCENARIOS
        SCENARIOS[name] = Scenario(name, row, build)
        return build

    return add


def _fixed(name: str, row: str, reply: Reply) -> None:
    _scenario(name, row)(lambda _: reply)


def _answer(name: str, row: str, **changes: object) -> None:
    """A 200 whose content is an honest report, with these changes of the body."""
    _scenario(name, row)(lambda seen: ok(completion(honest(seen), **changes)))  # type: ignore[arg-type]


def _is_thinking(seen: Seen) -> bool:
    return bool(seen.json.get("thinking", {}).get("type") == "enabled")


_THOUGHT = {"reasoning_content": REASONING}
_USAGE = {"prompt_tokens": 138, "completion_tokens": 171, "total_tokens": 309}
_CUT_USAGE = {**_USAGE, "completion_tokens": 4096, "completion_tokens_details": {"reasoning_tokens": 4096}}

# --- answer: the fields of an answer, present, null, empty and absent

_answer("finish_stop", "answer/finish_reason stop", message=_THOUGHT)
_fixed(
    "finish_length",
    "answer/finish_reason length",
    ok(completion(report()[:90], finish_reason="length", message=_THOUGHT, usage=_CUT_USAGE)),
)
_fixed(
    "finish_tool_calls",
    "answer/finish_reason tool_calls",
    ok(
        completion(
            "",
            finish_reason="tool_calls",
            message={"tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{"}}]},
        )
    ),
)
_fixed(
    "finish_content_filter", "answer/finish_reason content_filter", ok(completion("", finish_reason="content_filter"))
)
_fixed(
    "finish_repetition_truncation",
    "answer/finish_reason repetition_truncation",
    ok(completion("DocDocDoc" * 200, finish_reason="repetition_truncation", message=_THOUGHT, usage=_CUT_USAGE)),
)
_answer("finish_unknown", "answer/finish_reason undocumented", finish_reason="abort")
_answer("finish_absent", "answer/finish_reason null", finish_reason=None)
_answer("reasoning_present", "answer/reasoning_content text", message=_THOUGHT)
_answer("reasoning_null", "answer/reasoning_content null")


@_scenario("reasoning_absent", "answer/reasoning_content absent")
def _(seen: Seen) -> Reply:
    body = completion(honest(seen))
    del body["choices"][0]["message"]["reasoning_content"]
    return ok(body)


_answer("tool_calls_null", "answer/tool_calls null", message={"tool_calls": None})
_answer(
    "message_of_other_features",
    "answer/annotations, error_message, audio",
    message={"annotations": [], "error_message": "", "audio": None},
)
_answer("usage_null", "answer/usage null", usage=None)
_answer("prompt_details_null", "answer/prompt_tokens_details null", usage={**_USAGE, "prompt_tokens_details": None})
_answer("prompt_details_empty", "answer/prompt_tokens_details {}", usage={**_USAGE, "prompt_tokens_details": {}})
_answer(
    "prompt_details_cached",
    "answer/prompt_tokens_details cached_tokens",
    usage={**_USAGE, "prompt_tokens_details": {"cached_tokens": 26}},
)
_answer("completion_details_absent", "answer/completion_tokens_details absent", usage=_USAGE)
_answer(
    "usage_of_other_media",
    "answer/audio, image, video tokens, web_search_usage",
    usage={**_USAGE, "prompt_tokens_details": {"audio_tokens": 0, "image_tokens": 0}, "web_search_usage": {}},
)
_answer("id_without_prefix", "answer/id 32 hex", id="5f0c9a1e7b2d4c3f8a6e1d0b9c8f7a65")
_fixed(
    "content_empty_all_in_reasoning",
    "answer/content empty with reasoning",
    ok(completion("", message={"reasoning_content": report()})),
)
_fixed(
    "content_null_all_in_reasoning",
    "answer/content null with reasoning",
    ok(completion(None, message={"reasoning_content": report()})),
)
_fixed("content_empty", "answer/content empty", ok(completion("  \n")))


@_scenario("event_stream_instead", "answer/stream chunks")
def _(seen: Seen) -> Reply:
    chunk = json.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "{}"}}]})
    return Reply(body=f"data: {chunk}\n\ndata: [DONE]\n\n".encode(), content_type="text/event-stream")


# --- error: the statuses

_fixed("bad_format", "error/400 bad format", error(400, "Param Incorrect", param="messages is required"))
_fixed("out_of_range", "error/400 out of range", error(400, "Param Incorrect", param="temperature is out of range"))
_fixed("unknown_model", "error/400 unknown model", error(400, "Param Incorrect", param="model does not exist"))
_fixed(
    "reasoning_missing",
    "error/400 missing reasoning_content",
    error(400, "Param Incorrect", param="reasoning_content is required"),
)
_fixed(
    "error_with_data_prefix",
    "error/400 body with data:",
    Reply(status=400, body=b'data: {"error":{"code":"400","message":"Param Incorrect"}}', content_type="text/plain"),
)
_fixed(
    "bad_key",
    "error/401 bad key",
    error(401, "Invalid API Key", param="Please provide valid API Key", kind="invalid_key"),
)
_fixed(
    "plans_mixed",
    "error/401 pay-as-you-go and Token Plan mixed, wrong cluster",
    error(401, "Invalid API Key", param="Please provide valid API Key", kind="invalid_key"),
)
_fixed(
    "no_balance",
    "error/402 balance empty",
    Reply(
        status=402,
        body=b'{"error":{"code":402,"message":"Insufficient account balance","type":"insufficient_balance"}}',
    ),
)
_fixed(
    "no_funds_in_a_burst",
    "error/402 bursts",
    error(402, "Upstream request failed: Insufficient account funds"),
)
_fixed("forbidden", "error/403 region or risk control", error(403, "Illegal access", kind="illegal_access"))
_fixed("not_found", "error/404 endpoint or image input", error(404, "Not Found"))
_fixed("moderated", "error/421 content moderation", error(421, "high risk"))
_fixed("too_fast", "error/429 too fast, concurrency, quota", error(429, "Too many requests", kind="limitation"))
_fixed("server_error", "error/500 server error", error(500, "Internal Server Error"))
_fixed("overloaded", "error/503 overloaded", error(503, "Service Unavailable"))
_fixed("error_without_keys", "error/keys missing", Reply(status=500, body=b'{"error":{}}'))

# --- trouble: the known problems


@_scenario("hard_input_thought_to_death", "trouble/empty content, all in reasoning, until thinking is off")
def _(seen: Seen) -> Reply:
    if _is_thinking(seen):
        return ok(completion("", finish_reason="length", message=_THOUGHT, usage=_CUT_USAGE))
    return ok(completion(honest(seen)))


_fixed("runaway_thinking", "trouble/runaway thinking, minutes", Reply(hangs=True))


@_scenario("loop_cut_by_the_server", "trouble/loop ended by repetition_truncation")
def _(seen: Seen) -> Reply:
    if _is_thinking(seen):
        return ok(completion("Doc" * 3000, finish_reason="repetition_truncation", message=_THOUGHT))
    return ok(completion(honest(seen)))


_fixed("loop_that_stops", "trouble/loop ended by a normal stop", ok(completion("Doc" * 3000, message=_THOUGHT)))
_fixed(
    "corrupted_text",
    "trouble/corrupted text in JSON mode",
    ok(completion('{"category": "nois\u0000\ufffd\u4e71\u7801 ]]}>> \u202e', message=_THOUGHT)),
)


@_scenario("null_content_refused", "trouble/400 `text` is not present")
def _(seen: Seen) -> Reply:
    if not all(isinstance(message.get("content"), str) for message in seen.json["messages"]):
        return error(400, "Param Incorrect", param="`text` is not present/set")
    return ok(completion(honest(seen)))


_fixed(
    "no_funds_though_paid",
    "trouble/402 on bursts",
    error(402, "Upstream request failed: Insufficient account funds"),
)
_fixed("too_fast_for_hours", "trouble/429 on single calls", error(429, "Too many requests", kind="limitation"))


@_scenario("capitals_refused", "trouble/model id with capitals")
def _(seen: Seen) -> Reply:
    model = seen.json["model"]
    if model != model.lower():
        return error(400, "Param Incorrect", param="model does not exist")
    return ok(completion(honest(seen)))


_fixed(
    "evidence_not_verbatim",
    "trouble/evidence not verbatim",
    ok(completion(report(evidence=["the database would not accept our connection"]))),
)
_fixed(
    "instructions_obeyed",
    "trouble/injected instructions",
    ok(completion(report(category="noise", severity="DEBUG", is_actionable_for_oncall=False, confidence="certain"))),
)

# --- wire: what any service, or a box in between, may do

_HTML = b"<!doctype html><html><body>Please sign in</body></html>"
_fixed("hang", "wire/no byte ever", Reply(hangs=True))
_scenario("latency", "wire/slow")(lambda seen: replace(ok(completion(honest(seen))), latency_seconds=0.05))
_scenario("drip", "wire/one byte at a time")(lambda seen: replace(ok(completion(honest(seen))), drip_seconds=0.01))
_scenario("cut", "wire/ends before its length")(lambda seen: replace(ok(completion(honest(seen))), cut_at=200))
_scenario("cut_unframed", "wire/ends in the middle, no length")(
    lambda seen: replace(ok(completion(honest(seen))), cut_at=200, is_unframed=True)
)
_scenario("reset", "wire/reset in the middle")(
    lambda seen: replace(ok(completion(honest(seen))), cut_at=200, resets=True)
)
_scenario("reset_at_once", "wire/reset without an answer")(lambda seen: Reply(body=b"x", cut_at=0, resets=True))
_fixed("html", "wire/HTML with 200", Reply(body=_HTML, content_type="text/html"))
_fixed("html_502", "wire/HTML with 502", Reply(status=502, body=_HTML, content_type="text/html"))
_fixed("gateway_timeout", "wire/504", Reply(status=504, body=b""))
_fixed("request_timeout", "wire/408", Reply(status=408, body=b""))
_fixed("conflict", "wire/409", Reply(status=409, body=b""))
_fixed("payload_too_large", "wire/413", Reply(status=413, body=b""))
_fixed(
    "context_too_long",
    "wire/400 context length",
    error(400, "This model's maximum context length is 4096 tokens"),
)
_fixed("unprocessable", "wire/422", Reply(status=422, body=b'{"detail":[]}'))
_fixed("teapot", "wire/any other 4xx", Reply(status=418, body=b""))
_fixed("no_content", "wire/204", Reply(status=204, body=b""))
_fixed("empty_body", "wire/200 without a body", Reply(body=b""))
_fixed("json_list", "wire/200 with a list", ok([]))
_fixed("no_choices", "wire/200 without choices", ok({"choices": []}))
_fixed("choices_text", "wire/200 with text for choices", ok({"choices": "stop"}))
_fixed("message_null", "wire/200 without a message", ok({"choices": [{"finish_reason": "stop", "message": None}]}))
_fixed("content_number", "wire/content is a number", ok(completion(7)))
_fixed("content_parts", "wire/content is a list", ok(completion([{"type": "text", "text": "{}"}])))
_fixed("finish_number", "wire/finish_reason is a number", ok(completion("{}", finish_reason=1)))
_answer("usage_text", "wire/usage is text", usage="138")
_answer("usage_negative", "wire/usage is negative", usage={"prompt_tokens": -5, "completion_tokens": 1e99})
_fixed("not_utf8", "wire/bytes that are no UTF-8", Reply(body=b'{"choices": "\xff\xfe"}'))
_fixed("deep_json", "wire/100,000 levels", Reply(body=b"[" * 100_000))
_fixed("not_a_number", "wire/NaN", Reply(body=b'{"choices": [], "created": NaN}'))
_scenario("gzip", "wire/gzip though not asked for")(
    lambda seen: Reply(body=gzip.compress(ok(completion(honest(seen))).body), headers=(("Content-Encoding", "gzip"),))
)


@_scenario("gzip_bomb", "wire/gzip of 100 MB")
def _(_: Seen) -> Reply:
    compress = zlib.compressobj(wbits=31)
    body = b"".join(compress.compress(bytes(1_000_000)) for _ in range(100)) + compress.flush()
    return Reply(body=body, headers=(("Content-Encoding", "gzip"),))


_fixed("gzip_broken", "wire/no gzip under its name", Reply(body=b"{}", headers=(("Content-Encoding", "gzip"),)))
_fixed("brotli", "wire/an encoding nobody asked for", Reply(body=b"{}", headers=(("Content-Encoding", "br"),)))
_scenario("huge", "wire/10 MB")(lambda _: ok(completion("x" * 10_000_000)))
_scenario("huge_error", "wire/10 MB with a status")(lambda _: Reply(status=401, body=b"x" * 10_000_000))
_fixed("error_with_200", "wire/200 with an error in it", ok({"error": {"code": 429, "message": "rate limited"}}))
_fixed("error_with_200_no_code", "wire/200 with an error without a code", ok({"error": {"message": "failed"}}))
_answer("finish_error", "wire/finish_reason error", finish_reason="error")
_answer("half_characters", "wire/half of a surrogate pair", message={"reasoning_content": "\ud83d step"})


def redirect_to(url: str, status: int = 302) -> Build:
    """A redirect to another host."""
    return lambda _: Reply(status=status, body=b"", headers=(("Location", url),))


def too_fast(retry_after: str) -> Build:
    """A 429 with a ``Retry-After``."""
    return lambda _: error(429, "Too many requests", kind="limitation", Retry_After=retry_after)
