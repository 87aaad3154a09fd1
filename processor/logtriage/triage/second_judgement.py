"""Ask a model again, with all values masked, when it calls a record noise: two judgements have to agree.

The second call is spared where a named noise signature agrees already.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from logtriage.engines.judgement import Engine, Judgement, ModelEngine, NoJudgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import EngineName
from logtriage.schema.record import Context, RecordView


class SecondJudgement:
    """A model engine whose `noise` is judged twice."""

    def __init__(self, engine: ModelEngine, second_opinion: Engine) -> None:
        self._engine = engine
        self._second_opinion = second_opinion

    @property
    def name(self) -> EngineName:
        """Who judges."""
        return self._engine.name

    @property
    def version(self) -> str:
        """Model and prompt version."""
        return self._engine.version

    async def judge(
        self,
        record: RecordView,
        context: Context,
        *,
        is_masked: bool = False,
        may_retry: Callable[[], bool] | None = None,
    ) -> Judgement | NoJudgement:
        """Judge; for noise that no signature names, judge the masked record too. A second call that fails disagrees."""
        retries = {} if may_retry is None else {"may_retry": may_retry}
        first = await self._engine.judge(record, context, is_masked=is_masked, **retries)
        if is_masked or isinstance(first, NoJudgement) or first.report.category is not Category.NOISE:
            return first
        if self._second_opinion.judge(record).is_named_noise:
            return first
        second = await self._engine.judge(record, Context(), is_masked=True, **retries)
        if isinstance(second, NoJudgement):
            return dataclasses.replace(
                first, calls=first.calls + second.calls, cost_usd=first.cost_usd + second.cost_usd
            )
        return dataclasses.replace(
            first,
            is_agreed_noise=second.report.category is Category.NOISE,
            calls=first.calls + second.calls,
            cost_usd=first.cost_usd + second.cost_usd,
            input_tokens=first.input_tokens + second.input_tokens,
            output_tokens=first.output_tokens + second.output_tokens,
        )
