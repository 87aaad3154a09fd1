"""Forward one request: split to size, one try for each part within the caller's time, one answer out of theirs."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.pipeline.outgoing import Part, parts_of
from logtriage.pipeline.wire import partial_success_of, response_bytes
from logtriage.schema.transit import Metadata

MAX_MESSAGE_BYTES = 1024
"""Of downstream's partial success message, passed on in the answer."""
_ANY_NUMBER = 1 << 62


class Exporter(Protocol):
    """Sends one request downstream, once."""

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        """Give downstream's ExportLogsServiceResponse.

        Raises:
            RetryableDeliveryError: worth another try.
            PermanentDeliveryError: refused for good.
        """
        ...


class Refused(NamedTuple):
    """Records that downstream refuses for good: ``records`` of them from the ``first`` of the request on."""

    first: int
    records: int
    error: PermanentDeliveryError


@dataclass(slots=True)
class Forwarded:
    """What came of one request: what was accepted, what was refused for good, what may be accepted later.

    ``response``: what downstream said to what it accepted. ``rest`` are the parts from the first that was refused in a
    retryable way (``error``) on: the records from the ``accepted`` and refused ones on.
    """

    response: bytes = b""
    accepted: int = 0
    refused: list[Refused] = field(default_factory=list)
    rest: list[Part] = field(default_factory=list)
    error: RetryableDeliveryError | None = None

    @property
    def refused_records(self) -> int:
        """How many records were refused for good."""
        return sum(refused.records for refused in self.refused)


class Forwarder:
    """Sends requests of any size through one exporter. ``timeout_seconds`` bounds each try."""

    def __init__(self, exporter: Exporter, *, max_request_bytes: int, timeout_seconds: float = math.inf) -> None:
        self._exporter = exporter
        self._max_request_bytes = max_request_bytes
        self._timeout_seconds = timeout_seconds

    async def forward(
        self, data: bytes, records: int, *, metadata: Metadata, deadline: float, split: bool = True
    ) -> bytes:
        """Send a request and give the answer's bytes. ``deadline`` is on the monotonic clock.

        ``split=False`` sends it in one piece, whatever its size: downstream decides about it.

        Raises:
            RetryableDeliveryError: some part may be accepted later; parts already accepted would arrive twice.
            PermanentDeliveryError: some part was refused for good, and no part is worth another try.
        """
        parts = await self.parts_of(data, records) if split else [Part(data, records)]
        forwarded = await self.send(parts, metadata=metadata, deadline=deadline)
        if forwarded.error is not None:
            raise forwarded.error
        if forwarded.refused:
            raise forwarded.refused[0].error
        return forwarded.response

    async def parts_of(self, data: bytes, records: int) -> list[Part]:
        """Cut a request into parts that downstream takes by their size."""
        if len(data) <= self._max_request_bytes:
            return [Part(data, records)]
        return await asyncio.to_thread(parts_of, data, records, self._max_request_bytes)

    async def send(self, parts: Sequence[Part], *, metadata: Metadata, deadline: float) -> Forwarded:
        """Send parts in their order, each once, until one is refused in a retryable way.

        A part that is refused for good does not keep back the others. ``deadline`` is on the monotonic clock.
        """
        forwarded = Forwarded()
        answers: list[tuple[bytes, int]] = []
        first = 0
        for i, part in enumerate(parts):
            try:
                answers.append((await self._send(part, metadata, deadline), part.records))
                forwarded.accepted += part.records
            except PermanentDeliveryError as error:
                forwarded.refused.append(Refused(first, part.records, error))
            except RetryableDeliveryError as error:
                forwarded.rest = list(parts[i:])
                forwarded.error = error
                break
            first += part.records
        forwarded.response = _joined(answers)
        return forwarded

    async def _send(self, part: Part, metadata: Metadata, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise RetryableDeliveryError("no time is left to forward the request", code="DEADLINE_EXCEEDED")
        return await self._exporter.export(
            part.data, records=part.records, metadata=metadata, timeout_seconds=min(left, self._timeout_seconds)
        )


def joined(one: bytes, other: bytes) -> bytes:
    """Add up the partial successes of two answers."""
    return _joined([(one, _ANY_NUMBER), (other, _ANY_NUMBER)]) if one and other else one or other


def _joined(answers: list[tuple[bytes, int]]) -> bytes:
    """Add up the partial successes of the parts; empty if there is none. No more can be rejected than was sent."""
    rejected, messages = 0, []
    for answer, records in answers:
        if not answer:
            continue
        partial = partial_success_of(answer)
        rejected += min(max(partial.rejected_log_records, 0), records)
        if partial.error_message:
            messages.append(partial.error_message)
    message = b"; ".join(dict.fromkeys(messages))[:MAX_MESSAGE_BYTES]
    return response_bytes(rejected, message.decode("utf-8", "ignore").encode())
