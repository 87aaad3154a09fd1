"""Add up what the calls of one question used and cost; where a call does not say, assume what it may have used."""

from __future__ import annotations

from logtriage.config.mimo_facts import Price
from logtriage.engines.mimo.facts import cost_usd, estimated_tokens
from logtriage.engines.mimo.reading import Answer


class Spending:
    """The tokens and the cost of one question.

    Each call is begun with the most that it may use, and ended with what it did use: a call that is cut off, times
    out or is given up stays counted at its most, because the seller may charge for it.
    """

    def __init__(self, price: Price) -> None:
        self._price = price
        self.calls = 0
        self.input_tokens = 0
        self.cached_tokens = 0
        self.output_tokens = 0
        self.reasoning_tokens = 0
        self.cost_usd = 0.0
        self.is_estimated = False
        self._before = (0, 0, 0.0)
        self._was_estimated = False

    def begin(self, *, prompt_bytes: int, max_completion_tokens: int) -> None:
        """Count one call at the most that it may use."""
        self.calls += 1
        self._before = (self.input_tokens, self.output_tokens, self.cost_usd)
        self._was_estimated = self.is_estimated
        self._add(estimated_tokens(prompt_bytes), 0, max_completion_tokens)
        self.is_estimated = True

    def end_unused(self) -> None:
        """The call was refused or never arrived: it used nothing."""
        self._take_back()

    def end(self, answer: Answer) -> None:
        """Count what the answer says; where it says nothing, what was assumed for the prompt, and its own length."""
        assumed_input = self.input_tokens - self._before[0]
        self._take_back()
        known_output = answer.output_tokens
        text_bytes = len(answer.content.encode()) + len(answer.reasoning.encode())
        self.is_estimated |= answer.input_tokens is None or known_output is None
        self._add(
            assumed_input if answer.input_tokens is None else answer.input_tokens,
            answer.cached_tokens,
            estimated_tokens(text_bytes) if known_output is None else known_output,
        )
        self.cached_tokens += answer.cached_tokens
        self.reasoning_tokens += answer.reasoning_tokens

    def _take_back(self) -> None:
        self.input_tokens, self.output_tokens, self.cost_usd = self._before
        self.is_estimated = self._was_estimated

    def _add(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> None:
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        self.cost_usd += cost_usd(
            self._price, input_tokens=input_tokens, cached_tokens=cached_tokens, output_tokens=output_tokens
        )
