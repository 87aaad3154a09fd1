"""Where the attributes of a record come from: status, engine, reason. Closed sets of DESIGN section 2."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How a record got its attributes."""

    FRESH = "fresh"
    """Judged for this record."""
    CACHED = "cached"
    """Judged for an earlier record of the fingerprint."""
    FALLBACK = "fallback"
    """The model was configured and did not answer in time, so `local` did."""
    SKIPPED = "skipped"
    """No verdict."""


class EngineName(StrEnum):
    """Who judged."""

    MIMO = "mimo"
    LOCAL = "local"
    HUMAN = "human"


class Reason(StrEnum):
    """Why not the model, or why not lowered; in order of precedence when several apply."""

    INTERNAL_ERROR = "internal_error"
    PROTECTED = "protected"
    SURGE = "surge"
    GUARDED = "guarded"
    PENDING = "pending"
    DEADLINE = "deadline"
    NO_ROOM = "no_room"
    DRAINING = "draining"
    BUDGET = "budget"
    RATE_LIMIT = "rate_limit"
    BREAKER_OPEN = "breaker_open"
    NO_MODEL = "no_model"
    INVALID_OUTPUT = "invalid_output"
    CONTENT_FILTER = "content_filter"
    TOO_LARGE = "too_large"
