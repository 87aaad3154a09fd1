"""Show what a model would be sent for a record, without sending it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from logtriage.config.mimo import Thinking
from logtriage.config.settings import Settings
from logtriage.engines.judgement import NoJudgement
from logtriage.engines.mimo.answer import ANSWER_SCHEMA
from logtriage.engines.mimo.completion import CallFailure, Completion, Message
from logtriage.engines.mimo.engine import MimoEngine, MimoOptions
from logtriage.engines.mimo.facts import request_body
from logtriage.engines.mimo.prompt import Prompt, TooLarge
from logtriage.engines.mimo.redaction.redact import Redactor
from logtriage.schema.provenance import Reason
from logtriage.schema.record import Context, RecordView


class ShownPrompts:
    """Builds the bodies of calls. ``new_token`` gives the boundary of each call and the canary of a process."""

    def __init__(self, settings: Settings, *, new_token: Callable[[], str] = lambda: secrets.token_hex(8)) -> None:
        mimo = settings.mimo
        self._mimo = mimo
        self._engine = MimoEngine(
            _NoClient(),
            options=MimoOptions(model=mimo.model, is_thinking=mimo.thinking is Thinking.ENABLED),
            new_redactor=Redactor(settings.redaction).session,
            new_token=new_token,
        )

    def prompt_of(self, record: RecordView, context: Context) -> Prompt:
        """Build the prompt for a record. Raises `TooLarge`."""
        return self._engine.prompt(record, context)

    def body_of(self, record: RecordView, context: Context) -> bytes | NoJudgement:
        """Give the body of the first call that `mimo` would make for a record, byte for byte as the client sends it.

        The boundary around the record is random in each call; the canary in each process.
        """
        try:
            prompt = self.prompt_of(record, context)
        except TooLarge:
            return NoJudgement(reason=Reason.TOO_LARGE, detail="does not fit a prompt even when cut")
        body = request_body(
            self._mimo,
            prompt.messages,
            is_thinking=self._mimo.thinking is Thinking.ENABLED,
            max_completion_tokens=self._mimo.max_completion_tokens,
            schema=ANSWER_SCHEMA,
        )
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


class _NoClient:
    async def complete(
        self,
        messages: Sequence[Message],
        *,
        thinking: bool,
        max_completion_tokens: int,
        deadline: float,
        service: str = "",
        schema: Mapping[str, Any] | None = None,
        may_retry: Callable[[], bool] | None = None,
    ) -> Completion | CallFailure:
        raise AssertionError("a prompt that is only shown is never sent")
