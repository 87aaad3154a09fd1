"""One call on its way through the router: what came in, what was made of it, and its records as they were received."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest
from logtriage.pipeline.held import Held, take_out
from logtriage.pipeline.outgoing import slice_of
from logtriage.pipeline.tally import Tally
from logtriage.pipeline.wire import parse_request
from logtriage.schema.provenance import Reason
from logtriage.schema.transit import Metadata


@dataclass(slots=True)
class Call:
    """One Export call. ``deadline`` is on the monotonic clock; ``received_at`` too, ``received_unix_nano`` is not."""

    data: bytes
    metadata: Metadata
    tenant: bytes
    deadline: float
    received_at: float
    received_unix_nano: int
    records: int = 0
    has_changed: bool = False
    tally: Tally = field(default_factory=Tally)
    held: Held | None = None
    has_stored: bool = False
    """True if some of the records are in the spool: they are not forwarded."""
    left_over: bytes = b""
    """The records that were to wait and found no room, as they were received: they are forwarded behind the others."""
    why_not_wait: Reason | None = None
    """Why nothing of it may wait, if that is so."""
    is_untriaged: bool = False
    """True if it is forwarded as received."""
    is_gone: bool = False
    forwarding: asyncio.Task[Any] | None = None

    def untriaged(self, records: int) -> Call:
        """Give the same call as if nothing had been made of it yet: it is forwarded as received."""
        return Call(
            self.data,
            self.metadata,
            self.tenant,
            self.deadline,
            self.received_at,
            self.received_unix_nano,
            records=records,
            is_untriaged=True,
        )

    def give_up(self) -> None:
        """Note that the sender has gone: what is being forwarded is cut off, nothing else."""
        self.is_gone = True
        if self.forwarding is not None:
            self.forwarding.cancel()

    def as_received(self, first: int, records: int) -> bytes:
        """Give some of the records that were to be forwarded, as they were received, ``first`` counted among these."""
        if first == 0 and records == self.records and not self.has_stored:
            return self.data
        request = parse_request(self.data)
        self.take_out_held(request)
        if self.left_over:
            request.MergeFromString(self.left_over)
        return slice_of(request, first, records).SerializeToString()

    def take_out_held(self, request: LogsRequest) -> None:
        """Take what was to wait out of a request that was split from the same bytes."""
        if self.held is not None:
            take_out(request, self.held.records, self.held.fingerprints)
