"""All settings, as one frozen tree. Every default stands here and in the sections below it, and nowhere else."""

from __future__ import annotations

from typing import assert_never

from pydantic import Field

from logtriage.config.dead_letter import DeadLetterSettings
from logtriage.config.durations import Seconds
from logtriage.config.exporter import ExporterSettings
from logtriage.config.hold import HoldSettings
from logtriage.config.judging import Detail, EngineChoice, SelectionSettings, SeveritySettings, VerdictsSettings
from logtriage.config.mimo import MimoSettings
from logtriage.config.receiver import ReceiverSettings
from logtriage.config.redaction import RedactionSettings
from logtriage.config.section import Flag, Section
from logtriage.config.state import StateSettings
from logtriage.config.telemetry import TelemetrySettings
from logtriage.schema.provenance import EngineName

_RESERVED_SECONDS = 8.0
"""Of `shutdown.timeout`, but no more than half: to close the spool, for the last events, metrics and spans."""


class ShutdownSettings(Section):
    """How the service stops."""

    grace: Seconds = Field(
        8.0,
        ge=0,
        description=("After SIGTERM, requests in work get this long to finish. Keep it below `timeout`."),
    )
    timeout: Seconds = Field(
        25.0,
        gt=0,
        description=(
            "After SIGTERM, the service is gone within this time. Until then it delivers what is held; the rest stays "
            "in the spool and is delivered after the next start. "
            "Keep it below the time after which the platform kills (30s in Kubernetes)."
        ),
    )

    @property
    def delivery_seconds(self) -> float:
        """What of `timeout` is for calls under way and what is held; the rest is for closing."""
        return self.timeout - min(_RESERVED_SECONDS, self.timeout / 2)


class Settings(Section):
    """The settings of LogTriage. ``Settings()`` is what runs without a file."""

    receiver: ReceiverSettings = Field(default_factory=ReceiverSettings, description="Where records come in.")
    exporter: ExporterSettings = Field(default_factory=ExporterSettings, description="Where records go.")
    selection: SelectionSettings = Field(default_factory=SelectionSettings, description="Which records are judged.")
    severity: SeveritySettings = Field(
        default_factory=SeveritySettings, description="What happens to the severity of a judged record."
    )
    detail: Detail = Field(
        Detail.AUTO,
        description=(
            "How much of a verdict a record carries. `full`: all; `slim`: neither reasoning, evidence nor action, for "
            "backends billed by the byte; `auto`: all on fresh records and now and then, else all but the reasoning."
        ),
    )
    trust_incoming: Flag = Field(
        False,
        description=(
            "Believe `logtriage.*` attributes that come in. Only for chained instances: an application could declare "
            "itself noise."
        ),
    )
    engine: EngineChoice = Field(
        EngineChoice.AUTO,
        description=(
            "Who judges what no verdict is known for: `mimo` asks a model, `local` is the embedded table of "
            "signatures. `auto`: `mimo` if there is a key (`mimo.api_key` or the environment variable `MIMO_API_KEY`), "
            "else `local`."
        ),
    )
    mimo: MimoSettings = Field(
        default_factory=MimoSettings, description="The engine `mimo`: which model, how it is asked, what it may cost."
    )
    redaction: RedactionSettings = Field(
        default_factory=RedactionSettings, description="What is taken out of a text before a model sees it."
    )
    verdicts: VerdictsSettings = Field(default_factory=VerdictsSettings, description="How long a verdict serves.")
    hold: HoldSettings = Field(
        default_factory=HoldSettings, description="How long records wait for the model, and where (`docs/holding.md`)."
    )
    dead_letter: DeadLetterSettings = Field(
        default_factory=DeadLetterSettings,
        description="What is kept of held records that downstream refuses for good.",
    )
    state: StateSettings = Field(default_factory=StateSettings, description="What is kept over a restart.")
    telemetry: TelemetrySettings = Field(
        default_factory=TelemetrySettings, description="What LogTriage says about itself."
    )
    shutdown: ShutdownSettings = Field(default_factory=ShutdownSettings, description="How the service stops.")

    @property
    def may_hold(self) -> bool:
        """True if records may wait: a model is asked, and there is time to wait for it."""
        return self.engine_name is EngineName.MIMO and self.hold.deadline > 0

    @property
    def engine_name(self) -> EngineName:
        """The engine that judges, `auto` resolved."""
        match self.engine:
            case EngineChoice.AUTO:
                return EngineName.MIMO if self.mimo.has_key else EngineName.LOCAL
            case EngineChoice.MIMO:
                return EngineName.MIMO
            case EngineChoice.LOCAL:
                return EngineName.LOCAL
            case _:
                assert_never(self.engine)
