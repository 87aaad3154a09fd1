"""A row as bytes that stand for themselves: whoever finds them in a damaged file can tell that they are whole."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from typing import Final

from logtriage.schema.transit import Metadata
from logtriage.spool.row import Row

_CHECKSUM_BYTES: Final = 8
_FIXED: Final = struct.Struct("<qqI")
_LENGTH: Final = struct.Struct("<I")
_TEXT, _BYTES = b"s", b"b"


def write_row(row: Row, row_id: int) -> bytes:
    """Give the bytes of a row: checksum, numbers, then each field behind its length; the payload comes last."""
    fields = [row.fingerprint, row.tenant, row.request_hash, _write_metadata(row.metadata), row.payload]
    body = _FIXED.pack(row.received_unix_nano, row.deadline_unix_nano, row.records) + b"".join(_prefixed(fields))
    return _checksum(body, row_id) + body


def read_row(data: bytes, row_id: int) -> Row | None:
    """Read a row back; None if the bytes are not those that were written under this id."""
    body = data[_CHECKSUM_BYTES:]
    if len(body) < _FIXED.size or data[:_CHECKSUM_BYTES] != _checksum(body, row_id):
        return None
    received, deadline, records = _FIXED.unpack_from(body)
    fingerprint, tenant, request_hash, metadata, payload = _split(body, _FIXED.size)
    return Row(
        payload=payload,
        records=records,
        fingerprint=fingerprint,
        metadata=_read_metadata(metadata),
        tenant=tenant,
        received_unix_nano=received,
        deadline_unix_nano=deadline,
        request_hash=request_hash,
    )


def _checksum(body: bytes, row_id: int) -> bytes:
    return hashlib.blake2b(body, digest_size=_CHECKSUM_BYTES, key=row_id.to_bytes(8, "little")).digest()


def _prefixed(fields: Iterable[bytes]) -> Iterable[bytes]:
    for field in fields:
        yield _LENGTH.pack(len(field))
        yield field


def _split(data: bytes, at: int) -> list[bytes]:
    fields = []
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        fields.append(data[at : at + length])
        at += length
    return fields


def _write_metadata(metadata: Metadata) -> bytes:
    fields = []
    for key, value in metadata:
        is_bytes = isinstance(value, bytes)
        text = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
        fields += [key.encode(), (_BYTES if is_bytes else _TEXT) + text]
    return b"".join(_prefixed(fields))


def _read_metadata(data: bytes) -> Metadata:
    fields = _split(data, 0)
    return tuple(
        (key.decode(), value[1:] if value[:1] == _BYTES else value[1:].decode("utf-8", "surrogateescape"))
        for key, value in zip(fields[::2], fields[1::2], strict=True)
    )
