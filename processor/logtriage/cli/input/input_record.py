"""One record of an input, or why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from logtriage.schema.record import Context, RecordView


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """``where`` is the number of its first line; ``view`` is None and ``problem`` says why if it cannot be read."""

    id: str
    where: int
    view: RecordView | None = None
    context: Context = field(default_factory=Context)
    problem: str = ""
