"""What passes between the receiver and the pipeline, and between the pipeline and the exporter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Metadata = Sequence[tuple[str, str | bytes]]
"""The forwarded part of the metadata that came with a request: keys lower case."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told: the bytes of an ExportLogsServiceResponse, and how many records the request had."""

    response: bytes
    records: int
