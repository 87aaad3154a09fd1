"""Tell the operator once what to mend, and again only after the endpoint was well in between."""

from __future__ import annotations

import logging

from logtriage.engines.mimo.outcomes import Outcome
from logtriage.telemetry.logs import fields


class Alarms:
    """The alarms of one endpoint and model."""

    def __init__(self, logger: logging.Logger, *, endpoint: str, model: str) -> None:
        self._logger = logger
        self._endpoint = endpoint
        self._model = model
        self._raised: set[str] = set()

    def raise_for(self, outcome: Outcome, *, status: int, has_opened: bool) -> None:
        """Log what somebody must mend, and that the breaker opened; each once."""
        if outcome.alarm and outcome.name not in self._raised:
            self._raised.add(outcome.name)
            self._logger.error(f"no model: {outcome.alarm}", extra=self._fields(outcome, status))
        if has_opened and "breaker" not in self._raised:
            self._raised.add("breaker")
            self._logger.warning(
                "the model's endpoint fails: it is not asked for a while, `local` judges",
                extra=self._fields(outcome, status),
            )

    def clear(self) -> None:
        """The endpoint answered."""
        if "breaker" in self._raised:
            self._logger.info("the model's endpoint is well again", extra=fields(endpoint=self._endpoint))
        self._raised.clear()

    def _fields(self, outcome: Outcome, status: int) -> dict[str, object]:
        values: dict[str, object] = {"endpoint": self._endpoint, "model": self._model, "outcome": outcome.name}
        return dict(fields(**values, **({"http_status": status} if status else {})))
