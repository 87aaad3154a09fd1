"""Several requests as one string of bytes: each behind its length."""

from __future__ import annotations

import struct
from collections.abc import Iterable


def framed(requests: Iterable[bytes]) -> bytes:
    """Join requests."""
    return b"".join(struct.pack("<I", len(one)) + one for one in requests)


def unframed(joined: bytes) -> list[bytes]:
    """Take joined requests apart."""
    requests, position = [], 0
    while position < len(joined):
        (size,) = struct.unpack_from("<I", joined, position)
        requests.append(joined[position + 4 : position + 4 + size])
        position += 4 + size
    return requests
