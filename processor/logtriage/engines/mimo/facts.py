"""Say how one question is put to the seller at hand, out of the facts in ``config/mimo_facts.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import SELLERS, Price, SellerFacts, Structured, ThinkingSwitch
from logtriage.engines.mimo.completion import Message

_TOKENS_PER_PRICE = 1_000_000
_BYTES_PER_TOKEN = 2
"""Text has three to four bytes a token; an estimate for a budget must not be too low."""
_SCHEMA_NAME = "triage_report"


def request_body(
    settings: MimoSettings,
    messages: Sequence[Message],
    *,
    is_thinking: bool,
    max_completion_tokens: int,
    schema: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the JSON body of one call: what the seller's facts name, and nothing else.

    With thinking on no temperature is sent: Xiaomi ignores it, and the checkpoints are made for 1.0.
    ``schema`` is sent only with ``structured: json_schema``, which without one asks for a JSON object.
    """
    facts = SELLERS[settings.seller]
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": [{"role": message.role, "content": _encodable(message.content)} for message in messages],
        "stream": False,
    }
    for name in facts.token_limit_fields:
        body[name] = max_completion_tokens
    body.update(_thinking(facts, is_thinking))
    if not is_thinking:
        body["temperature"] = 0
    match settings.structured:
        case Structured.JSON_SCHEMA if schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": _SCHEMA_NAME, "schema": dict(schema), "strict": True},
            }
        case Structured.JSON_OBJECT | Structured.JSON_SCHEMA:
            body["response_format"] = {"type": "json_object"}
        case Structured.NONE:
            pass
    return body


def _encodable(text: str) -> str:
    """Replace what UTF-8 cannot carry: half characters, as a body that is no UTF-8 may leave them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _thinking(facts: SellerFacts, is_thinking: bool) -> dict[str, Any]:
    match facts.thinking_switch:
        case ThinkingSwitch.THINKING_TYPE:
            return {"thinking": {"type": "enabled" if is_thinking else "disabled"}}
        case ThinkingSwitch.TEMPLATE_KWARG:
            return {"chat_template_kwargs": {"enable_thinking": is_thinking}}
        case ThinkingSwitch.REASONING_ENABLED:
            return {"reasoning": {"enabled": is_thinking}}


def cost_usd(price: Price, *, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
    """Give what a call cost; thinking is part of the output, cached tokens part of the input."""
    fresh = max(0, input_tokens - cached_tokens)
    return (
        fresh * price.input_usd
        + min(cached_tokens, input_tokens) * price.cached_input_usd
        + output_tokens * price.output_usd
    ) / _TOKENS_PER_PRICE


def estimated_tokens(text_bytes: int) -> int:
    """Estimate the tokens of a text, rather too high than too low."""
    return -(-text_bytes // _BYTES_PER_TOKEN)
