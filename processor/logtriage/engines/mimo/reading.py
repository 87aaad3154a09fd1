"""Read the body of a 200 as a chat completion. Everything in it may be missing, null, or of another type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from logtriage.config.mimo_facts import SellerFacts

_MAX_TOKENS: Final = 100_000_000
_SHORT: Final = re.compile(r"[\w./:@+-]{1,128}")
_THINK: Final = "<think>"
_THINK_END: Final = "</think>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a body says. Tokens are None where it does not say."""

    content: str
    reasoning: str
    finish_reason: str
    model: str
    response_id: str
    input_tokens: int | None
    cached_tokens: int
    output_tokens: int | None
    reasoning_tokens: int


@dataclass(frozen=True, slots=True)
class ErrorInBody:
    """A 200 whose body is an error, as gateways send it. ``status`` is 0 if it names none."""

    status: int


class MalformedAnswerError(Exception):
    """The body is no chat completion. The message says what is wrong without any of its text."""


def read_answer(body: bytes, facts: SellerFacts) -> Answer | ErrorInBody:
    """Read one body.

    Raises:
        MalformedAnswerError: it is no chat completion.
    """
    tree = _parsed(body)
    choices = tree.get("choices")
    if not choices and isinstance(tree.get("error"), dict):
        return ErrorInBody(_status_of(tree["error"]))
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise MalformedAnswerError("the answer has no choice")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise MalformedAnswerError("the answer has no message")
    content, finish_reason = message.get("content"), choice.get("finish_reason")
    if content is not None and not isinstance(content, str):
        raise MalformedAnswerError("the content of the answer is no text")
    if finish_reason is not None and not isinstance(finish_reason, str):
        raise MalformedAnswerError("the finish reason of the answer is no text")
    reasoning = next((text for name in facts.reasoning_fields if (text := _text(message.get(name)))), "")
    content = _without_surrogates(content or "")
    if not reasoning:
        reasoning, content = _inline_reasoning(content)
    usage = _mapping(tree.get("usage"))
    return Answer(
        content=content.strip(),
        reasoning=reasoning,
        finish_reason=finish_reason or "",
        model=_short(tree.get("model")),
        response_id=_short(tree.get("id")),
        input_tokens=_tokens(usage.get("prompt_tokens")),
        cached_tokens=_tokens(_mapping(usage.get("prompt_tokens_details")).get("cached_tokens")) or 0,
        output_tokens=_tokens(usage.get("completion_tokens")),
        reasoning_tokens=_tokens(_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")) or 0,
    )


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise MalformedAnswerError("the answer is not UTF-8") from None
    except (ValueError, RecursionError):
        raise MalformedAnswerError("the answer is no JSON") from None
    if not isinstance(tree, dict):
        raise MalformedAnswerError("the answer is no JSON object")
    return tree


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _status_of(error: dict[str, Any]) -> int:
    code = error.get("code")
    text = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else ""
    return int(text) if re.fullmatch(r"[345][0-9][0-9]", text) else 0


def _inline_reasoning(content: str) -> tuple[str, str]:
    """Split reasoning that a server without a parser leaves at the head of the content; a template may open it."""
    head = content.lstrip()
    if head.startswith(_THINK):
        reasoning, _, rest = head[len(_THINK) :].partition(_THINK_END)
        return reasoning.strip(), rest
    if _THINK_END in head and not head.startswith(("{", "[", "`")):
        reasoning, _, rest = head.partition(_THINK_END)
        return reasoning.strip(), rest
    return "", content


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return _without_surrogates(value.strip()) if isinstance(value, str) else ""


def _without_surrogates(text: str) -> str:
    """Replace half characters, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _short(value: object) -> str:
    """Give an identifier if it looks like one: it goes into spans and logs."""
    return value if isinstance(value, str) and _SHORT.fullmatch(value) else ""


def _tokens(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_TOKENS
    return value if is_count and isinstance(value, int) else None
