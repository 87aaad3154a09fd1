"""What goes to a model and what comes back: messages, a completion, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from logtriage.schema.provenance import Reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt. ``content`` is always text: null or parts are refused by some sellers."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An answer that finished normally and has content. Whether the content is a report is for others to say.

    ``reasoning``: the model's own steps where the seller gives them, else empty; never part of ``content``.
    ``cached_tokens`` are part of ``input_tokens``, ``reasoning_tokens`` of ``output_tokens``. Tokens and cost are the
    sum over the ``calls`` HTTP calls that it took, discarded answers included.
    ``is_usage_estimated``: a call did not say what it used; tokens and cost are then an upper estimate.
    ``is_thinking``: false if the answer was asked for with thinking off, which a second try may do.
    """

    content: str
    reasoning: str = ""
    finish_reason: str = "stop"
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float = 0.0
    model: str = ""
    response_id: str = ""
    calls: int = 1
    is_thinking: bool = False
    is_usage_estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailure:
    """Why there is no completion. ``detail`` is for our own log: it never holds text of a prompt or of an answer.

    ``is_retryable``: another try later may succeed as it is. ``http_status`` is 0 where there was no answer.
    ``cost_usd``: what was or may have been spent: a call that was cut off is counted as if it had used all it might.
    ``outcome``: the low-cardinality name under which metrics and spans count it.
    """

    reason: Reason
    is_retryable: bool
    detail: str
    outcome: str = ""
    retry_after_seconds: float | None = None
    http_status: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    calls: int = 0
