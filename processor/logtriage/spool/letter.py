"""One dead letter as a file: a line of JSON that says what and why, the request's bytes, a checksum over both.

The line can be read with any tool (`head -n 1 FILE`); the bytes after it are an ExportLogsServiceRequest. The metadata
that went on downstream is part of it, values and all, since the request cannot be sent again without: what is a secret
there is a secret here. Mode 0600.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from logtriage.schema.transit import Metadata

VERSION: Final = 1
_CHECKSUM_BYTES: Final = 16
_MAX_MESSAGE_CHARACTERS: Final = 1000
_MAX_HEADER_BYTES: Final = 1 << 20


class LetterError(ValueError):
    """The file is not a dead letter, not whole, or of a newer version; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is known of a dead letter without its request."""

    refused_at: str
    """UTC, RFC 3339."""
    records: int
    size_bytes: int
    """Of the request."""
    code: str
    """gRPC status that downstream gave."""
    message: str
    """What it said: a word of downstream, which may quote a record."""
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request that downstream refused for good, as it was sent last."""

    header: Header
    request: bytes


def write_letter(letter: Letter) -> bytes:
    """Give the content of the file."""
    header = letter.header
    line = {
        "version": VERSION,
        "refused_at": header.refused_at,
        "records": header.records,
        "bytes": len(letter.request),
        "code": header.code,
        "message": header.message[:_MAX_MESSAGE_CHARACTERS],
        "metadata": [_pair(key, value) for key, value in header.metadata],
    }
    content = json.dumps(line, separators=(",", ":")).encode() + b"\n" + letter.request
    return content + _checksum(content)


def read_letter(data: bytes) -> Letter:
    """Read a file's content.

    Raises:
        LetterError: it is not what `write_letter` gave.
    """
    header = read_header(data)
    content, checksum = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    request = content[content.index(b"\n") + 1 :]
    if len(request) != header.size_bytes or checksum != _checksum(content):
        raise LetterError("is damaged: its checksum does not fit")
    return Letter(header=header, request=request)


def read_header(data: bytes) -> Header:
    """Read the first line only; what follows it is not looked at.

    Raises:
        LetterError: the line is not what `write_letter` gave.
    """
    line, found, _ = data[:_MAX_HEADER_BYTES].partition(b"\n")
    if not found:
        raise LetterError("is damaged: it has no first line")
    try:
        fields = json.loads(line)
        if isinstance(fields, dict) and isinstance(fields.get("version"), int) and fields["version"] > VERSION:
            raise LetterError(f"was written by a newer LogTriage (version {fields['version']})")
        return _header(fields)
    except LetterError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LetterError("is damaged: its first line cannot be read") from None


def _header(fields: Any) -> Header:
    header = Header(
        refused_at=fields["refused_at"],
        records=fields["records"],
        size_bytes=fields["bytes"],
        code=fields["code"],
        message=fields["message"],
        metadata=tuple((key, _value(text, in_base64)) for key, text, in_base64 in fields["metadata"]),
    )
    texts = (header.refused_at, header.code, header.message, *(key for key, _ in header.metadata))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("no text")
    if not all(isinstance(number, int) and number >= 0 for number in (header.records, header.size_bytes)):
        raise ValueError("no number")
    return header


def _pair(key: str, value: str | bytes) -> tuple[str, str, bool]:
    return (key, base64.b64encode(value).decode(), True) if isinstance(value, bytes) else (key, value, False)


def _value(text: str, in_base64: bool) -> str | bytes:
    if not isinstance(text, str):
        raise TypeError("no text")
    try:
        return base64.b64decode(text, validate=True) if in_base64 else text
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _checksum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES).digest()
