"""Put the engine `mimo` together: client, redaction, budget, scheduler; and what it keeps over a restart."""

from __future__ import annotations

import logging
import os
import time

from opentelemetry.trace import Tracer

from logtriage.config.mimo import MimoSettings, Thinking
from logtriage.config.settings import Settings
from logtriage.engines.judgement import Engine
from logtriage.engines.mimo.budget import Budget
from logtriage.engines.mimo.budget_file import BudgetFile
from logtriage.engines.mimo.budget_levels import BudgetLimits
from logtriage.engines.mimo.client import MimoClient
from logtriage.engines.mimo.engine import MimoEngine, MimoOptions, random_token
from logtriage.engines.mimo.recording import Recording
from logtriage.engines.mimo.redaction.redact import Redactor
from logtriage.service.state import state_folder
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.services import SourceServices
from logtriage.triage.question import SchedulerLimits
from logtriage.triage.scheduler import Scheduler
from logtriage.triage.second_judgement import SecondJudgement

MAX_QUEUE_RECORDS = 5_000
MAX_QUEUE_BYTES = 32 * 1024 * 1024
PATIENCE_SECONDS = 120.0
"""A question that no budget admits in this time is given up: the records since then carry why."""
_JUDGEMENTS_A_QUESTION = 4
"""First answer and repair, and the same of the masked judgement that noise needs."""
_FIRST_EXPECTED_TOKENS = 4000.0
"""Of a question, until the first usage is known."""

_logger = logging.getLogger(__name__)


class Model:
    """The engine `mimo` and what belongs to it. Build, start and stop it on one event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        second_opinion: Engine,
        meter: Meter,
        tracer: Tracer | None,
        source_services: SourceServices,
    ) -> None:
        mimo = settings.mimo
        self.client = MimoClient(mimo, meter=meter, tracer=tracer, source_services=source_services)
        self.engine = SecondJudgement(engine_of(settings, self.client), second_opinion)
        limits = budget_limits(mimo)
        folder = state_folder(settings.state.directory, os.environ)
        file = BudgetFile(folder, limits) if folder is not None else None
        price = mimo.token_price
        self.budget = Budget(
            limits,
            first_expected_tokens=_FIRST_EXPECTED_TOKENS,
            first_expected_usd=_FIRST_EXPECTED_TOKENS * (price.output_usd if price else 0.0) / 1e6,
            now=time.monotonic(),
            levels=file.load() if file is not None else None,
        )
        self.scheduler = Scheduler(
            self.engine,
            self.budget,
            SchedulerLimits(
                max_queue_records=MAX_QUEUE_RECORDS,
                max_queue_bytes=MAX_QUEUE_BYTES,
                patience_seconds=PATIENCE_SECONDS,
                judge_timeout_seconds=mimo.timeout * _JUDGEMENTS_A_QUESTION + 5,
            ),
            is_open=lambda _: self.client.seconds_until_probe > 0,
            budget_file=file,
            meter=meter,
        )

    async def start(self) -> None:
        """Begin to ask."""
        await self.scheduler.start()

    async def stop(self) -> None:
        """Cut off what is asked, keep the budget, close the connections."""
        await self.scheduler.stop()
        await self.client.close()


def engine_of(settings: Settings, client: MimoClient, recording: Recording | None = None) -> MimoEngine:
    """Build the engine alone, for one record at a time. With a recording, a record makes the same prompt again."""
    mimo = settings.mimo
    redactor = Redactor(settings.redaction)
    return MimoEngine(
        client,
        options=MimoOptions(
            model=mimo.model,
            is_thinking=mimo.thinking is Thinking.ENABLED,
            max_completion_tokens=mimo.max_completion_tokens,
            timeout_seconds=mimo.timeout,
        ),
        new_redactor=redactor.session,
        new_token=random_token if recording is None else recording.canary,
        mark_of=None if recording is None else recording.mark_of,
    )


def budget_limits(mimo: MimoSettings) -> BudgetLimits:
    """Read the limits of the budget from the settings."""
    return BudgetLimits(
        requests_per_minute=mimo.requests_per_minute,
        tokens_per_minute=mimo.tokens_per_minute,
        usd_per_day=mimo.usd_per_day,
        max_concurrency=mimo.max_concurrency,
        reserve_share=mimo.reserve_share,
        cap_per_service_share=mimo.cap_per_service_share,
    )
