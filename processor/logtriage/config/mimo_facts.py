"""Facts of the sellers of a model and of the models, as data. Nothing here was tried against a paid endpoint.

How sure each fact is: A the seller's own page; B two dated third-party readings that agree; C one of them; V seen in
the code of the server or of a package; D inferred. Sources are named per entry; facts as of November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Seller(StrEnum):
    """Whose endpoint it is: decides how thinking is switched and where the reasoning appears."""

    XIAOMI = "xiaomi"
    VLLM = "vllm"
    SGLANG = "sglang"
    LLAMA_CPP = "llama_cpp"
    OPENROUTER = "openrouter"


class ThinkingSwitch(StrEnum):
    """How a request says whether the model thinks first."""

    THINKING_TYPE = "thinking.type"
    """``{"thinking": {"type": "enabled" | "disabled"}}``"""
    TEMPLATE_KWARG = "chat_template_kwargs.enable_thinking"
    """``{"chat_template_kwargs": {"enable_thinking": true | false}}``, always sent: defaults differ by template, and
    without it some parsers put the whole answer into the reasoning field."""
    REASONING_ENABLED = "reasoning.enabled"
    """``{"reasoning": {"enabled": true | false}}``"""


class Structured(StrEnum):
    """What a request asks of the form of the content."""

    JSON_OBJECT = "json_object"
    JSON_SCHEMA = "json_schema"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerFacts:
    """What differs between sellers of the same protocol.

    ``reasoning_fields``: where the reasoning may stand in a message, tried in this order. ``<think>`` at the head of
    the content is looked for with every seller.
    ``token_limit_fields``: what limits thinking and answer together; all are sent.
    """

    base_url: str
    thinking_switch: ThinkingSwitch
    reasoning_fields: tuple[str, ...]
    structured: frozenset[Structured]
    needs_key: bool
    is_paid: bool
    model_prefix: str = ""
    token_limit_fields: tuple[str, ...] = ("max_completion_tokens",)
    certainty: str
    source: str


_ALL_FORMS: Final = frozenset(Structured)
_BOTH_REASONING_FIELDS: Final = ("reasoning", "reasoning_content")

SELLERS: Final[Mapping[Seller, SellerFacts]] = {
    Seller.XIAOMI: SellerFacts(
        base_url="https://api.xiaomimimo.com/v1",
        thinking_switch=ThinkingSwitch.THINKING_TYPE,
        reasoning_fields=("reasoning_content",),
        structured=frozenset({Structured.JSON_OBJECT, Structured.NONE}),
        needs_key=True,
        is_paid=True,
        certainty="A",
        source="Xiaomi's chat completions page (copy of May 2026), readings of September and October 2026",
    ),
    Seller.VLLM: SellerFacts(
        base_url="http://localhost:8000/v1",
        thinking_switch=ThinkingSwitch.TEMPLATE_KWARG,
        reasoning_fields=_BOTH_REASONING_FIELDS,
        structured=_ALL_FORMS,
        needs_key=False,
        is_paid=False,
        certainty="B",
        source="vLLM 0.19 and later (`reasoning`), vllm-project/recipes issue 425 (null content without the kwarg)",
    ),
    Seller.SGLANG: SellerFacts(
        base_url="http://localhost:30000/v1",
        thinking_switch=ThinkingSwitch.TEMPLATE_KWARG,
        reasoning_fields=("reasoning_content", "reasoning"),
        structured=_ALL_FORMS,
        needs_key=False,
        is_paid=False,
        certainty="V",
        source="SGLang 0.5.23: reasoning_parser.py, protocol.py; `thinking` is taken there and ignored for MiMo",
    ),
    Seller.LLAMA_CPP: SellerFacts(
        base_url="http://localhost:8080/v1",
        thinking_switch=ThinkingSwitch.TEMPLATE_KWARG,
        reasoning_fields=("reasoning_content", "reasoning"),
        structured=_ALL_FORMS,
        needs_key=False,
        is_paid=False,
        token_limit_fields=("max_completion_tokens", "max_tokens"),
        certainty="C",
        source="ggml-org/llama.cpp pull 13196 (template kwargs), 19831 (`max_completion_tokens` since February 2026, "
        "ignored before); reasoning of MiMo there not verified",
    ),
    Seller.OPENROUTER: SellerFacts(
        base_url="https://openrouter.ai/api/v1",
        thinking_switch=ThinkingSwitch.REASONING_ENABLED,
        reasoning_fields=_BOTH_REASONING_FIELDS,
        structured=_ALL_FORMS,
        needs_key=True,
        is_paid=True,
        model_prefix="xiaomi/",
        certainty="C",
        source="OpenRouter's model list, September 2026; its schema support contradicts Xiaomi's own pages",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens."""

    cached_input_usd: float
    input_usd: float
    output_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What is known of one model."""

    price: Price
    context_tokens: int = 1_048_576
    max_output_tokens: int = 131_072
    thinks_by_default: bool = True
    certainty: str = "B"
    source: str = "readings of Xiaomi's price page, September 2026; LiteLLM 1.109.1 has the same prices"


MODELS: Final[Mapping[str, ModelFacts]] = {
    "mimo-v2.6-flash": ModelFacts(price=Price(cached_input_usd=0.0028, input_usd=0.14, output_usd=0.28)),
    "mimo-v2.6-pro": ModelFacts(price=Price(cached_input_usd=0.0036, input_usd=0.435, output_usd=0.87)),
    "mimo-v2.6-pro-ultraspeed": ModelFacts(price=Price(cached_input_usd=0.036, input_usd=4.35, output_usd=8.70)),
}
"""By Xiaomi's id, which is lower case (capitals are refused)."""

_DEAD: Final = re.compile(r"mimo-v2-|mimo-v2\.5(?:-|$)")
"""`mimo-v2-*` ended on 30 June 2026, `mimo-v2.5*` was announced to end on 21 October 2026, without a redirect (B)."""
_TOKEN_PLAN_KEY: Final = re.compile(r"t{1,2}p-")
_TOKEN_PLAN_HOST: Final = re.compile(r"token-plan-[a-z0-9-]+\.xiaomimimo\.com")


def replacement_of(model: str) -> str | None:
    """Give the id to use instead of one that Xiaomi serves no more; None if it is not known to have ended."""
    if not _DEAD.match(model):
        return None
    if "ultraspeed" in model:
        return "mimo-v2.6-pro-ultraspeed"
    return "mimo-v2.6-pro" if "pro" in model else "mimo-v2.6-flash"


def is_token_plan_key(key: str) -> bool:
    """Recognise a key of Xiaomi's Token Plan: its terms forbid scripts and backends, and it works on other hosts."""
    return _TOKEN_PLAN_KEY.match(key) is not None


def is_token_plan_host(host: str) -> bool:
    """Recognise a host of Xiaomi's Token Plan."""
    return _TOKEN_PLAN_HOST.fullmatch(host) is not None


def model_facts(seller: Seller, model: str) -> ModelFacts | None:
    """Give what is known of a model under the id that this seller has for it; None if nothing is."""
    return MODELS.get(model.removeprefix(SELLERS[seller].model_prefix))
