"""One question to a model: what is asked, and how it is asked again after a try that gave no completion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from logtriage.engines.mimo.completion import Message
from logtriage.engines.mimo.outcomes import Again, Outcome

_LARGEST_BUDGET_TOKENS: Final = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and how in the next try. ``ends`` is a time on the client's clock."""

    messages: Sequence[Message]
    schema: Mapping[str, Any] | None
    is_thinking: bool
    max_completion_tokens: int
    ends: float
    attempts: int
    had_second_try: bool = False
    may_retry: Callable[[], bool] | None = None

    @property
    def is_worth_a_retry(self) -> bool:
        """False where nobody waits for the answer any more."""
        return self.may_retry is None or self.may_retry()

    @property
    def prompt_bytes(self) -> int:
        """The size of all messages."""
        return sum(len(message.content.encode("utf-8", "replace")) for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """One try that gave no completion."""

    outcome: Outcome
    detail: str
    status: int = 0
    retry_after_seconds: float | None = None


def asked_again(question: Question, outcome: Outcome) -> Question | None:
    """Give how the question is asked again after ``outcome``; None if it is not.

    A second try that changes the question is made once, whatever comes of it.
    """
    match outcome.again:
        case Again.NO:
            return None
        case Again.AFTER_A_DELAY:
            return question
        case _ if question.had_second_try:
            return None
        case Again.ONCE:
            return replace(question, had_second_try=True)
        case _ if question.is_thinking:
            return replace(question, had_second_try=True, is_thinking=False)
        case Again.ONCE_SHORTER_OR_LARGER:
            larger = min(question.max_completion_tokens * 2, _LARGEST_BUDGET_TOKENS)
            return replace(question, had_second_try=True, max_completion_tokens=larger)
        case _:
            return None
