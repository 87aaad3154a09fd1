"""The file of what the sink accepted: one frame a request, appended before the answer leaves."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<dIHI")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request that was accepted. ``rejected``: so many of its first records were refused by partial success."""

    at: float
    rejected: int
    tenant: str
    data: bytes


class DeliveryFile:
    """Appends frames."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def append(self, delivery: Delivery) -> None:
        """Write one frame; it is in the kernel when this returns."""
        tenant = delivery.tenant.encode()
        header = _HEADER.pack(delivery.at, delivery.rejected, len(tenant), len(delivery.data))
        os.write(self._file, header + tenant + delivery.data)


class DeliveryReader:
    """Reads on where it stopped last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new(self) -> Iterator[Delivery]:
        """Yield the frames that are whole and were not given before."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            while len(header := file.read(_HEADER.size)) == _HEADER.size:
                at, rejected, tenant_size, size = _HEADER.unpack(header)
                rest = file.read(tenant_size + size)
                if len(rest) < tenant_size + size:
                    return
                self._offset = file.tell()
                yield Delivery(at, rejected, rest[:tenant_size].decode(), rest[tenant_size:])
