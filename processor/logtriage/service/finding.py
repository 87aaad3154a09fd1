"""What one check of ``logtriage doctor`` found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """The service runs, but not as its owner may expect."""
    FAULT = "fault"
    """Something does not work."""
    SKIPPED = "skipped"
    """Not checked: not wanted, not needed, or because of an earlier fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check. ``found`` and ``advice`` hold no secret. ``cost_usd``: what the check spent."""

    check: str
    state: State
    found: str
    advice: str = ""
    seconds: float | None = None
    cost_usd: float = 0.0
