"""How MiMo's service behaves when nothing is wrong, by seller: what it refuses, what it answers, what it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from logtriage.config.mimo_facts import MODELS, Seller
from support.mimo_http import Reply, Seen

AnswerFunction = Callable[[Seen], str]
"""From a request to the content of its answer."""

KEY = "sk-stand-in-0123456789"
REASONING = "The reset was followed by a successful retry, so the fault was brief."
_CHARACTERS_PER_TOKEN = 4
_REASONING_TOKENS = 20


def error(status: int, message: str, *, param: str | None = None, kind: str = "", **headers: str) -> Reply:
    """An error in the shape that the service gives it: the code is text."""
    inner = {"code": str(status), "message": message, "param": param, "type": kind}
    body = {"error": {key: value for key, value in inner.items() if value is not None}}
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status=status, body=json.dumps(body).encode(), headers=pairs)


def completion(
    content: object,
    *,
    finish_reason: object = "stop",
    message: Mapping[str, object] | None = None,
    usage: object = "default",
    **top: object,
) -> dict[str, Any]:
    """The body of a 200. ``message`` adds to, or replaces, fields of the message."""
    if usage == "default":
        usage = {
            "prompt_tokens": 138,
            "completion_tokens": 171,
            "total_tokens": 309,
            "completion_tokens_details": {"reasoning_tokens": 102},
            "prompt_tokens_details": {"cached_tokens": 110},
        }
    fields = {"role": "assistant", "content": content, "reasoning_content": None, "tool_calls": None}
    return {
        "id": hashlib.md5(repr((content, finish_reason)).encode()).hexdigest(),
        "object": "chat.completion",
        "created": 1795334400,
        "model": "mimo-v2.6-flash",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": {**fields, **(message or {})}}],
        "usage": usage,
        **top,
    }


def ok(body: object) -> Reply:
    return Reply(body=json.dumps(body).encode())


class FaithfulService:
    """Answers as the service does: refuses what it refuses, thinks by default, stops at the token budget.

    Of a seller other than Xiaomi it has that seller's switch and field for the reasoning; without the switch it shows
    the fault of early parsers: null content, all of it in the reasoning.
    """

    def __init__(self, answer: AnswerFunction, *, seller: Seller = Seller.XIAOMI, key: str = KEY) -> None:
        self.answer = answer
        self._seller = seller
        self._key = key

    def __call__(self, seen: Seen) -> Reply:
        refusal = self._refusal(seen)
        if refusal is not None:
            return refusal
        if seen.method == "GET":
            return ok({"object": "list", "data": [{"id": model, "object": "model"} for model in MODELS]})
        asked = seen.json
        thinks = self._thinks(asked)
        content = self.answer(seen)
        if thinks is None:
            return ok(completion(None, message={"reasoning_content": None, self._field: content}))
        return ok(self._within_budget(asked, content, REASONING if thinks else ""))

    def _within_budget(self, asked: dict[str, Any], content: str, reasoning: str) -> dict[str, Any]:
        budget = asked.get("max_completion_tokens") or asked.get("max_tokens") or 131_072
        spent = _REASONING_TOKENS if reasoning else 0
        if spent >= budget:
            content, reasoning, finish_reason, spent = "", reasoning[: budget * 4], "length", budget
        else:
            room = (budget - spent) * _CHARACTERS_PER_TOKEN
            finish_reason = "length" if len(content) > room else "stop"
            content = content[:room]
        output = spent + -(-len(content) // _CHARACTERS_PER_TOKEN)
        prompt = sum(len(message["content"]) for message in asked["messages"]) // _CHARACTERS_PER_TOKEN + 1
        message: dict[str, object] = {} if self._field == "reasoning_content" else {"reasoning_content": None}
        message[self._field] = reasoning or None
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "completion_tokens_details": {"reasoning_tokens": spent},
            "prompt_tokens_details": None,
        }
        return completion(content, finish_reason=finish_reason, message=message, usage=usage, model=asked["model"])

    @property
    def _field(self) -> str:
        return "reasoning" if self._seller in (Seller.VLLM, Seller.OPENROUTER) else "reasoning_content"

    def _thinks(self, asked: dict[str, Any]) -> bool | None:
        """Whether the request has thinking on; None if it does not say, and the seller gets that wrong."""
        match self._seller:
            case Seller.XIAOMI:
                return bool(asked.get("thinking", {}).get("type", "enabled") == "enabled")
            case Seller.OPENROUTER:
                return bool(asked.get("reasoning", {}).get("enabled", True))
            case _:
                switch = asked.get("chat_template_kwargs", {}).get("enable_thinking")
                return switch if isinstance(switch, bool) else None

    def _refusal(self, seen: Seen) -> Reply | None:
        if not seen.path.endswith(("/chat/completions", "/models")):
            return error(404, "Not Found")
        if self._seller in (Seller.XIAOMI, Seller.OPENROUTER):
            given = seen.headers.get("authorization", "").removeprefix("Bearer ")
            if given != self._key:
                return error(401, "Invalid API Key", param="Please provide valid API Key", kind="invalid_key")
        if seen.method == "GET" or self._seller is not Seller.XIAOMI:
            return None
        return _refusal_of_xiaomi(seen.json)


def _refusal_of_xiaomi(asked: dict[str, Any]) -> Reply | None:
    if asked.get("model") not in MODELS:
        return error(400, "Param Incorrect", param=f"model {asked.get('model')} does not exist")
    if not all(isinstance(message.get("content"), str) for message in asked["messages"]):
        return error(400, "Param Incorrect", param="`text` is not present/set")
    budget = asked.get("max_completion_tokens", 1)
    if not isinstance(budget, int) or not 1 <= budget <= 131_072:
        return error(400, "Param Incorrect", param="max_completion_tokens is out of range")
    if not 0 <= asked.get("temperature", 1.0) <= 1.5:
        return error(400, "Param Incorrect", param="temperature is out of range")
    if asked.get("response_format", {}).get("type", "text") not in ("text", "json_object"):
        return error(400, "Param Incorrect", param="response_format is not supported")
    return None
