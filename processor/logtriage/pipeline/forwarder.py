"""Forward one request: split to size, one try for each part within the caller's time, one answer out of theirs."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsResponse
from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.pipeline.outgoing import Part, parts_of
from logtriage.pipeline.wire import response_bytes
from logtriage.schema.transit import Metadata

_MAX_MESSAGE_BYTES = 1024
"""Of downstream's partial success message, passed on in the answer."""


class Exporter(Protocol):
    """Sends one request downstream, once."""

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        """Give downstream's ExportLogsServiceResponse.

        Raises:
            RetryableDeliveryError: worth another try.
            PermanentDeliveryError: refused for good.
        """
        ...


class Forwarder:
    """Sends requests of any size through one exporter."""

    def __init__(self, exporter: Exporter, *, max_request_bytes: int) -> None:
        self._exporter = exporter
        self._max_request_bytes = max_request_bytes

    async def forward(
        self, data: bytes, records: int, *, metadata: Metadata, deadline: float, split: bool = True
    ) -> bytes:
        """Send a request and give the answer's bytes. ``deadline`` is on the monotonic clock.

        ``split=False`` sends it in one piece, whatever its size: downstream decides about it.

        Of a split request all parts are tried until one is refused in a retryable way; then the answer is retryable and
        the parts already accepted arrive twice. A part that is refused for good does not keep back the others.

        Raises:
            RetryableDeliveryError: some part may be accepted later.
            PermanentDeliveryError: some part was refused for good, and no part is worth another try.
        """
        parts = [Part(data, records)]
        if split and len(data) > self._max_request_bytes:
            parts = await asyncio.to_thread(parts_of, data, records, self._max_request_bytes)
        if len(parts) == 1:
            return _joined([(await self._send(parts[0], metadata, deadline), parts[0].records)])
        refused: PermanentDeliveryError | None = None
        answers: list[tuple[bytes, int]] = []
        for part in parts:
            try:
                answers.append((await self._send(part, metadata, deadline), part.records))
            except PermanentDeliveryError as error:
                refused = refused or error
        if refused is not None:
            raise refused
        return _joined(answers)

    async def _send(self, part: Part, metadata: Metadata, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise RetryableDeliveryError("no time is left to forward the request", code="DEADLINE_EXCEEDED")
        return await self._exporter.export(part.data, records=part.records, metadata=metadata, timeout_seconds=left)


def _joined(answers: list[tuple[bytes, int]]) -> bytes:
    """Add up the partial successes of the parts; empty if there is none.

    An answer that cannot be read still came with OK: the records are delivered, and a sender that cannot read it either
    would take them for lost. No more can be rejected than was sent.
    """
    rejected, messages = 0, []
    for answer, records in answers:
        if not answer:
            continue
        try:
            partial = LogsResponse.FromString(answer).partial_success
        except DecodeError:
            continue
        rejected += min(max(partial.rejected_log_records, 0), records)
        if partial.error_message:
            messages.append(partial.error_message)
    message = b"; ".join(dict.fromkeys(messages))[:_MAX_MESSAGE_BYTES]
    return response_bytes(rejected, message.decode("utf-8", "ignore").encode())
