"""All settings, as one frozen tree. Every default stands here and in the sections below it, and nowhere else."""

from __future__ import annotations

from pydantic import Field, field_validator

from logtriage.config.durations import Seconds
from logtriage.config.exporter import ExporterSettings
from logtriage.config.judging import Detail, EngineChoice, SelectionSettings, SeveritySettings, VerdictsSettings
from logtriage.config.receiver import ReceiverSettings
from logtriage.config.section import Flag, Section
from logtriage.config.telemetry import TelemetrySettings
from logtriage.schema.provenance import EngineName


class ShutdownSettings(Section):
    """How the service stops."""

    grace: Seconds = Field(
        8.0,
        ge=0,
        description=(
            "After SIGTERM, requests in work get this long to finish. "
            "Keep it below the time after which the platform kills (30s in Kubernetes)."
        ),
    )


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
        description="Who judges: `local` is the embedded table of signatures. `auto` means `local` in this release.",
    )
    verdicts: VerdictsSettings = Field(default_factory=VerdictsSettings, description="How long a verdict serves.")
    telemetry: TelemetrySettings = Field(
        default_factory=TelemetrySettings, description="What LogTriage says about itself."
    )
    shutdown: ShutdownSettings = Field(default_factory=ShutdownSettings, description="How the service stops.")

    @field_validator("engine")
    @classmethod
    def _refuse_what_is_not_there(cls, engine: EngineChoice) -> EngineChoice:
        if engine is EngineChoice.MIMO:
            raise ValueError("is not available in this release: use `local`, or `auto`, which means `local`")
        return engine

    @property
    def engine_name(self) -> EngineName:
        """The engine that judges, `auto` resolved."""
        return EngineName.LOCAL
