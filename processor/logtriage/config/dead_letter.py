"""Settings of the dead letter: requests that downstream refused for good after their sender had its OK."""

from __future__ import annotations

from pydantic import Field

from logtriage.config.receiver import MIB
from logtriage.config.section import Count, Section


class DeadLetterSettings(Section):
    """What is kept of the requests that downstream refused for good."""

    max_requests: Count = Field(
        1000,
        ge=0,
        le=1_000_000,
        description=(
            "At most so many requests are kept in `<state.directory>/deadletter`, one file each; the oldest are "
            "dropped beyond it, which is counted. `0`: none is kept, all are dropped. `logtriage deadletter` lists and "
            "sends them."
        ),
    )
    max_mib: Count = Field(100, ge=1, le=1_000_000, description="At most so many MiB are kept.")

    @property
    def max_bytes(self) -> int:
        """`max_mib` in bytes."""
        return self.max_mib * MIB
