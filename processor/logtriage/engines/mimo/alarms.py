"""Tell the operator once what to mend; again only after the endpoint was well in between, and not every minute."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from logtriage.engines.mimo.outcomes import Outcome
from logtriage.telemetry.logs import fields

_BREAKER: Final = "breaker"
REPEAT_SECONDS: Final = 600.0
"""An endpoint that is well and unwell by turns is told of this often at most; metrics have every turn."""


class Alarms:
    """The alarms of one endpoint and model."""

    def __init__(self, logger: logging.Logger, *, endpoint: str, model: str, clock: Callable[[], float]) -> None:
        self._logger = logger
        self._endpoint = endpoint
        self._model = model
        self._clock = clock
        self._raised: set[str] = set()
        self._told_at: dict[str, float] = {}

    def raise_for(self, outcome: Outcome, *, status: int, has_opened: bool) -> None:
        """Log what somebody must mend, and that the breaker opened."""
        if outcome.alarm and self._is_news(outcome.name):
            self._logger.error(f"no model: {outcome.alarm}", extra=self._fields(outcome, status))
        if has_opened and self._is_news(_BREAKER):
            self._logger.warning(
                "the model's endpoint fails: it is not asked for a while, `local` judges",
                extra=self._fields(outcome, status),
            )

    def clear(self) -> None:
        """The endpoint answered."""
        if _BREAKER in self._raised:
            self._logger.info("the model's endpoint is well again", extra=fields(endpoint=self._endpoint))
        self._raised.clear()

    def _is_news(self, name: str) -> bool:
        now = self._clock()
        if name in self._raised or now - self._told_at.get(name, float("-inf")) < REPEAT_SECONDS:
            return False
        self._raised.add(name)
        self._told_at[name] = now
        return True

    def _fields(self, outcome: Outcome, status: int) -> dict[str, object]:
        values: dict[str, object] = {"endpoint": self._endpoint, "model": self._model, "outcome": outcome.name}
        return dict(fields(**values, **({"http_status": status} if status else {})))
