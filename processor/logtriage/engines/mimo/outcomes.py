"""The tables of what may go wrong with a call: HTTP statuses, finish reasons, faults of the connection.

Each row says which reason a record gets, whether another try may help, and what the breaker makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from logtriage.schema.provenance import Reason


class Effect(StrEnum):
    """What an outcome tells about the endpoint."""

    WELL = "well"
    """The endpoint answered; what is wrong is this prompt, or this answer."""
    FAILED = "failed"
    """One failure; several of them open the breaker."""
    OPENS = "opens"
    """The next call will fail too, until somebody mends it: the breaker opens at once."""


class Again(StrEnum):
    """Whether the same question may be asked again within the same call of `MimoClient.complete`."""

    NO = "no"
    AFTER_A_DELAY = "after a delay"
    """As it is, after a delay with jitter; takes from the retry budget."""
    ONCE = "once"
    """As it is, at once, one time."""
    ONCE_WITHOUT_THINKING = "once, thinking off"
    """One time, with thinking off. With thinking off already: not at all."""
    ONCE_SHORTER_OR_LARGER = "once, thinking off or a larger budget"
    """One time, with thinking off; with thinking off already, with a larger token budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row. ``name`` is the label in metrics; ``alarm`` is what to tell the operator, empty for passing faults."""

    name: str
    reason: Reason
    again: Again
    effect: Effect
    alarm: str = ""

    @property
    def is_retryable(self) -> bool:
        """True if another question, later, may fare better without anybody mending anything."""
        return self.again is Again.AFTER_A_DELAY or self.reason in (Reason.DEADLINE, Reason.BREAKER_OPEN)


def _status(
    status: int, reason: Reason, again: Again = Again.NO, effect: Effect = Effect.FAILED, alarm: str = ""
) -> tuple[int, Outcome]:
    return status, Outcome(name=f"http_{status}", reason=reason, again=again, effect=effect, alarm=alarm)


_SEND_LESS: Final = (
    "the endpoint refuses the form of our requests: check `mimo.model` (a model that ended or is unknown gives this), "
    "`mimo.seller`, `mimo.structured` and `mimo.max_completion_tokens`"
)

STATUSES: Final[Mapping[int, Outcome]] = dict(
    [
        _status(400, Reason.NO_MODEL, alarm=_SEND_LESS),
        _status(
            401,
            Reason.NO_MODEL,
            effect=Effect.OPENS,
            alarm="the endpoint does not know the key: check `mimo.api_key` and that it belongs to `mimo.base_url`",
        ),
        _status(
            402,
            Reason.NO_MODEL,
            effect=Effect.OPENS,
            alarm="the account behind `mimo.api_key` has no balance: recharge it",
        ),
        _status(
            403,
            Reason.NO_MODEL,
            alarm="the endpoint refuses this region or this key: check `mimo.base_url` and `mimo.api_key`",
        ),
        _status(
            404,
            Reason.NO_MODEL,
            alarm="the endpoint has no such address or model: check `mimo.base_url` (up to `/v1`) and `mimo.model`",
        ),
        _status(408, Reason.NO_MODEL, Again.AFTER_A_DELAY),
        _status(409, Reason.NO_MODEL, Again.AFTER_A_DELAY),
        _status(413, Reason.TOO_LARGE, effect=Effect.WELL),
        _status(421, Reason.CONTENT_FILTER, effect=Effect.WELL),
        _status(422, Reason.NO_MODEL, alarm=_SEND_LESS),
        _status(425, Reason.NO_MODEL, Again.AFTER_A_DELAY),
        _status(429, Reason.RATE_LIMIT, Again.AFTER_A_DELAY),
    ]
)
"""Statuses with a meaning of their own. All others: `outcome_of_status`."""

CONTEXT_TOO_LONG: Final = Outcome(name="context_too_long", reason=Reason.TOO_LARGE, again=Again.NO, effect=Effect.WELL)
"""A 400 that says that the prompt does not fit the model's context."""
_CONTEXT_WORDS: Final = re.compile(
    rb"context[ _](?:length|window|size)|maximum context|max_model_len|prompt is too long|exceed_context", re.IGNORECASE
)
_MAX_SEARCHED_BYTES: Final = 4096


def outcome_of_status(status: int, body: bytes) -> Outcome:
    """Give the row of a status other than 200. The body only tells apart kinds of 400; its text goes nowhere."""
    if status == 400 and _CONTEXT_WORDS.search(body[:_MAX_SEARCHED_BYTES]):
        return CONTEXT_TOO_LONG
    known = STATUSES.get(status)
    if known is not None:
        return known
    if status >= 500:
        return Outcome(name=f"http_{status}", reason=Reason.NO_MODEL, again=Again.AFTER_A_DELAY, effect=Effect.FAILED)
    if 300 <= status < 400:
        return Outcome(
            name="redirect",
            reason=Reason.NO_MODEL,
            again=Again.NO,
            effect=Effect.FAILED,
            alarm="the endpoint sends us to another address, which is never followed: check `mimo.base_url`",
        )
    if 400 <= status < 500:
        return Outcome(
            name=f"http_{status}", reason=Reason.NO_MODEL, again=Again.NO, effect=Effect.FAILED, alarm=_SEND_LESS
        )
    return MALFORMED


CONNECT: Final = Outcome(name="connect", reason=Reason.NO_MODEL, again=Again.AFTER_A_DELAY, effect=Effect.FAILED)
"""Refused, no such host, TLS, or no connection within `mimo.connect_timeout`."""
CUT: Final = Outcome(name="cut", reason=Reason.NO_MODEL, again=Again.AFTER_A_DELAY, effect=Effect.FAILED)
"""The connection ended before the answer did."""
TIMEOUT: Final = Outcome(name="timeout", reason=Reason.DEADLINE, again=Again.NO, effect=Effect.FAILED)
"""No whole answer within `mimo.timeout`, or by the caller's deadline."""
TIMEOUT_OF_CALLER: Final = Outcome(name="timeout", reason=Reason.DEADLINE, again=Again.NO, effect=Effect.WELL)
"""The caller left too little time to tell anything about the endpoint."""
ANSWER_TOO_LARGE: Final = Outcome(
    name="answer_too_large", reason=Reason.INVALID_OUTPUT, again=Again.NO, effect=Effect.FAILED
)
"""The answer was longer than `mimo.max_answer_kib`."""
MALFORMED: Final = Outcome(name="malformed", reason=Reason.INVALID_OUTPUT, again=Again.ONCE, effect=Effect.FAILED)
"""A 200 whose body is no chat completion: HTML, cut JSON, no choices, wrong types."""
BREAKER_OPEN: Final = Outcome(name="breaker_open", reason=Reason.BREAKER_OPEN, again=Again.NO, effect=Effect.WELL)
"""No call was made."""
NO_TIME: Final = Outcome(name="no_time", reason=Reason.DEADLINE, again=Again.NO, effect=Effect.WELL)
"""The deadline had passed before a call was made."""
NOT_RECORDED: Final = Outcome(name="not_recorded", reason=Reason.NO_MODEL, again=Again.NO, effect=Effect.WELL)
"""Answers come from a recording, and it has none to this request. No call was made."""

EMPTY: Final = Outcome(
    name="empty", reason=Reason.INVALID_OUTPUT, again=Again.ONCE_WITHOUT_THINKING, effect=Effect.WELL
)
"""Finished normally, without content: all of it went into the reasoning, out of which nothing is ever read."""
FINISH_REASONS: Final[Mapping[str, Outcome]] = {
    "length": Outcome(
        name="length", reason=Reason.INVALID_OUTPUT, again=Again.ONCE_SHORTER_OR_LARGER, effect=Effect.WELL
    ),
    "repetition_truncation": Outcome(
        name="repetition_truncation",
        reason=Reason.INVALID_OUTPUT,
        again=Again.ONCE_WITHOUT_THINKING,
        effect=Effect.WELL,
    ),
    "content_filter": Outcome(name="content_filter", reason=Reason.CONTENT_FILTER, again=Again.NO, effect=Effect.WELL),
    "tool_calls": Outcome(name="tool_calls", reason=Reason.INVALID_OUTPUT, again=Again.NO, effect=Effect.WELL),
    "error": Outcome(name="error", reason=Reason.NO_MODEL, again=Again.AFTER_A_DELAY, effect=Effect.FAILED),
}
"""Every finish reason but `stop`. `error` is OpenRouter's word for a seller behind it that failed half-way."""
UNKNOWN_FINISH: Final = Outcome(
    name="unknown_finish_reason", reason=Reason.INVALID_OUTPUT, again=Again.NO, effect=Effect.WELL
)
"""A finish reason that nobody documents, or none."""
