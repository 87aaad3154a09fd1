"""Settings of holding: how long a record may wait for the model, and where."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from logtriage.config.durations import Seconds
from logtriage.config.receiver import MIB
from logtriage.config.section import Count, Section


class HoldMode(StrEnum):
    """Where held records are kept."""

    DISK = "disk"
    MEMORY = "memory"


class HoldSettings(Section):
    """Which records wait, and where."""

    deadline: Seconds = Field(
        30.0,
        ge=0,
        le=3600,
        description=(
            "With `engine: mimo`, a record that the model could make less urgent waits this long for it, then leaves "
            "with the verdict of the embedded engine. `0s`: nothing waits, nothing is written to disk."
        ),
    )
    mode: HoldMode = Field(
        HoldMode.DISK,
        description=(
            "`disk`: held records are committed and synced in `<state.directory>/spool` before their sender gets its "
            "OK. `memory`: they are not, and a crash loses records that were acknowledged; only where there is no "
            "disk."
        ),
    )
    max_records: Count = Field(
        100_000,
        ge=1,
        le=10_000_000,
        description=(
            "At most so many records wait. From 80 % of this or of `max_mib` on, until both are below 60 %, nothing "
            "more is held: records leave at once with `logtriage.reason` `no_room`."
        ),
    )
    max_mib: Count = Field(512, ge=1, le=1_000_000, description="At most so many MiB of records wait.")
    min_free_mib: Count = Field(
        256,
        ge=0,
        description=(
            "While the disk of `state.directory` has less than this many MiB free, nothing more is held. "
            "Needs at least `max_mib` beside it: a damaged file is set aside and its records are copied."
        ),
    )
    num_consumers: Count = Field(4, ge=1, le=64, description="So many requests of held records are sent at once.")

    @property
    def max_bytes(self) -> int:
        """`max_mib` in bytes."""
        return self.max_mib * MIB

    @property
    def min_free_bytes(self) -> int:
        """`min_free_mib` in bytes."""
        return self.min_free_mib * MIB
