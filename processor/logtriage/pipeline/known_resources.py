"""Remember what resources say: they come again with every request."""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.pipeline.limits import plenty_below_bytes
from logtriage.pipeline.views import view_of_resource
from logtriage.schema.record import ResourceView
from logtriage.verdicts.fingerprint import resource_key
from logtriage.verdicts.memory import LeastRecentlyUsed

_MAX_RESOURCES = 2048
_MAX_IDENTITY_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class KnownResource:
    """A resource as triage sees it, with its part of the fingerprint."""

    view: ResourceView
    key: bytes
    source_service: str
    plenty_below_bytes: int


class KnownResources:
    """A bounded memory of resources with their scopes and tenants. Belongs to one event loop."""

    def __init__(self) -> None:
        self._resources: LeastRecentlyUsed[KnownResource] = LeastRecentlyUsed(_MAX_RESOURCES)

    def known(self, pieces: list[bytes], scope_pieces: list[bytes], tenant: bytes) -> KnownResource:
        """Give what a resource and a scope, each in pieces, say."""
        lengths = f"{len(pieces)} of {[len(piece) for piece in (tenant, *pieces, *scope_pieces)]}"
        identity = b"".join((lengths.encode(), tenant, *pieces, *scope_pieces))
        known = self._resources.get(identity)
        if known is None:
            view = view_of_resource(pieces, scope_pieces)
            known = KnownResource(view, resource_key(view, tenant), view.source_service, plenty_below_bytes(view))
            if len(identity) <= _MAX_IDENTITY_BYTES:
                self._resources.put(identity, known)
        return known
