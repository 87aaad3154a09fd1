"""Notice that our own output comes back to us: a Collector sends it to the receiver that feeds us.

The sign is the random ``service.instance.id`` of this very process on a resource. The name ``logtriage`` alone proves
nothing: there are replicas, chains and forgeries. A verdict event is what brings the sign back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from google.protobuf.message import DecodeError

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest, Resource
from logtriage.telemetry.rate_limited import RateLimitedLog

LOOP_SECONDS = 60.0
"""A loop that is not seen for so long counts as mended."""


class LoopWatch:
    """Looks for the sign in requests. Belongs to one event loop."""

    def __init__(
        self, instance_id: str, rate_limited_log: RateLimitedLog, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._instance_id = instance_id.encode()
        self._log = rate_limited_log
        self._clock = clock
        self._last_seen = float("-inf")

    @property
    def is_looping(self) -> bool:
        """True if our own output came in within the last minute."""
        return self._clock() - self._last_seen < LOOP_SECONDS

    def look(self, request: LogsRequest, data: bytes) -> None:
        """Look at a request; ``data`` are its bytes, searched first."""
        if self._instance_id not in data:
            return
        if any(self._is_ours(b"".join(resource_logs.resource)) for resource_logs in request.resource_logs):
            self._last_seen = self._clock()
            self._log.error(
                "loop",
                "our own output comes back to us: point the Collector's exporter behind LogTriage at a backend, or at "
                "a receiver that is in none of the pipelines that lead here",
                service_instance_id=self._instance_id.decode(),
            )

    def is_ours(self, pieces: Iterable[bytes]) -> bool:
        """Tell whether a resource, in pieces, is our own: its records are never judged."""
        return self.is_looping and self._is_ours(b"".join(pieces))

    def _is_ours(self, resource: bytes) -> bool:
        if self._instance_id not in resource:
            return False
        try:
            attributes = Resource.FromString(resource).attributes
        except DecodeError:
            return False
        return any(
            attribute.key == b"service.instance.id" and attribute.value.string_value == self._instance_id
            for attribute in attributes
        )
