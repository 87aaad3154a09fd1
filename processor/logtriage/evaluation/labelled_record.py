"""One record of a labelled data set, ready to be judged."""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.evaluation.expectation import Expectation
from logtriage.schema.record import Context, RecordView


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRecord:
    """A record, the lines around it, and its label. ``id`` is as the data set has it: text or a number.

    ``where``: the number of its line.
    """

    id: str | int
    where: int
    view: RecordView
    context: Context
    expect: Expectation
