"""What passes between the receiver and the pipeline, and between the pipeline and the exporter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Metadata = Sequence[tuple[str, str | bytes]]
"""The forwarded part of the metadata that came with a request: keys lower case."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told: the bytes of an ExportLogsServiceResponse, and how many records the request had.

    ``ended`` is called once the call has ended, with whether the sender can have taken the answer.
    """

    response: bytes
    records: int
    ended: Callable[[bool], None] | None = None
