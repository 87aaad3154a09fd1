"""What one step of the engine found: a condition by name, and the spans of text that show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

Span = tuple[int, int]


class Source(StrEnum):
    """What decided the category: how much a category may be trusted depends on it (`calibration.py`)."""

    DAMAGE = "damage"
    SPECIFIC = "specific"
    CAUSE = "cause"
    SYMPTOM = "symptom"
    CODE = "code"
    CLASS = "class"
    VAGUE = "vague"
    """A code or class that says little, alone or with the words beside it."""
    WORD = "word"
    UNKNOWN = "unknown"
    OUTCOME = "outcome"
    CIRCUMSTANCE = "circumstance"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code, a class name or a word stands for. ``is_decisive``: outweighs others that only wrap it."""

    category: Category
    severity: Severity = Severity.ERROR
    is_actionable: bool = True
    is_decisive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A condition found in a record. All texts are static: a finding is stored for other records of a fingerprint."""

    name: str
    category: Category
    severity: Severity
    is_actionable: bool
    confidence: float
    action: str
    steps: tuple[str, ...]
    source: Source = Source.UNKNOWN
    spans: tuple[Span, ...] = ()
    lowering_spans: tuple[Span, ...] = ()
    attribute: bytes = b""
    """The value of an attribute outside the text that decided: quoted as it stands."""
    is_network: bool = False
    """Outcome words may change it."""
    is_named_noise: bool = False
    is_symptom: bool = False
    """It says what failed, not why: words beside the record may know more."""
    is_damage: bool = False
    """Memory, disk, data, a crash: nothing around the record talks it away."""
    context_quotes: tuple[str, ...] = ()
    """Lines around the record that the finding rests on."""


def most_urgent(severity: Severity, level: Severity | None) -> Severity:
    """Give the more urgent of a severity and a record's level, if it has one."""
    return level if level is not None and severity.is_less_urgent_than(level) else severity
