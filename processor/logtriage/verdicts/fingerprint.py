"""The fingerprint: the key under which one verdict may serve many records.

Stateless: it is a function of the record alone, the same on every replica, after a restart, in any order. What goes in
(DESIGN section 4): tenant, namespace, service, environment, severity, event name, exception type and masked message,
the attributes that carry codes or a cause, the masked body. What is masked: `logtriage.verdicts.masks`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from logtriage.schema.line import view_of_line
from logtriage.schema.record import RecordView, ResourceView, judged_text
from logtriage.schema.severity import Severity
from logtriage.verdicts.masks import MASKS_VERSION, mask

CODE_ATTRIBUTES: tuple[bytes, ...] = (
    b"http.response.status_code",
    b"http.status_code",
    b"rpc.response.status_code",
    b"rpc.status_code",
    b"rpc.grpc.status_code",
    b"rpc.connect_rpc.error_code",
    b"db.response.status_code",
    b"process.exit.code",
    b"error.type",
    b"error.code",
)
"""Attributes whose value decides: it stays exact. Semantic conventions v1.44 and the deprecated names still seen."""

_EXCEPTION_ATTRIBUTES = (b"exception.type", b"exception.message", b"exception.stacktrace")

CAUSE_ATTRIBUTES: frozenset[bytes] = frozenset(
    (
        *(b"error", b"err", b"error.message", b"error.kind", b"error.stack", b"error.stack_trace"),
        *(b"message", b"msg", b"reason", b"cause", b"detail", b"details"),
        *(b"stack", b"stacktrace", b"stack_trace"),
    )
)
"""Attributes in which structured loggers put the cause; any letter case. An engine may judge by them, so they are part
of the key: a verdict reaches no further than its reasons."""

MAX_MASKED_CAUSE_BYTES = 8192
"""Cause attributes beyond this, together, are part of the key as they are: they split more, and cost no masking."""

_FINGERPRINT_ATTRIBUTES = frozenset((*CODE_ATTRIBUTES, *_EXCEPTION_ATTRIBUTES, *CAUSE_ATTRIBUTES))


def is_in_fingerprint(name: bytes) -> bool:
    """Tell whether a fingerprint reads the attribute of this name."""
    return name in _FINGERPRINT_ATTRIBUTES or name.lower() in CAUSE_ATTRIBUTES


_PERSON = b"logtriage-fp" + bytes((48 + MASKS_VERSION // 10, 48 + MASKS_VERSION % 10))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A fingerprint and the masked text behind it."""

    digest: bytes
    masked: str

    @property
    def hex(self) -> str:
        """16 hex digits, as on the record."""
        return self.digest.hex()


def resource_key(resource: ResourceView, tenant: bytes = b"") -> bytes:
    """Give the part of the key that the resource and the tenant decide; compute it once a resource, not a record."""
    return _framed(
        (tenant, resource.service_namespace, resource.service_name or resource.workload, resource.environment)
    )


def digest_of(
    *,
    resource_key: bytes,
    level: Severity | None,
    body: bytes,
    event_name: bytes = b"",
    attributes: Mapping[bytes, bytes] | None = None,
    mask: Callable[[bytes], bytes] = mask,
) -> bytes:
    """Give the eight bytes of a fingerprint. ``attributes`` needs only those that `is_in_fingerprint` names.

    ``mask``: `masks.mask`, or what gives the same bytes sooner.
    """
    parts = parts_of(
        resource_key=resource_key, level=level, body=body, event_name=event_name, attributes=attributes, mask=mask
    )
    return blake2b(_framed(parts), digest_size=8, person=_PERSON).digest()


def parts_of(
    *,
    resource_key: bytes,
    level: Severity | None,
    body: bytes,
    event_name: bytes,
    attributes: Mapping[bytes, bytes] | None,
    mask: Callable[[bytes], bytes],
) -> list[bytes]:
    """Give what a fingerprint is made of: name and value by turns, always in the same order."""
    parts = [b"resource", resource_key, b"level", level.encode() if level else b"", b"event_name", event_name]
    parts += (b"body", mask(judged_text(body)))
    if attributes:
        for name in CODE_ATTRIBUTES:
            value = attributes.get(name)
            if value is not None:
                parts += (name, value)
        for name in _EXCEPTION_ATTRIBUTES:
            value = attributes.get(name)
            if value is not None:
                parts += (name, value if name == b"exception.type" else mask(judged_text(value)))
        parts += _causes(attributes, mask)
    return parts


def _causes(attributes: Mapping[bytes, bytes], mask: Callable[[bytes], bytes]) -> list[bytes]:
    """Give name and masked value of each cause attribute, by name: their order on the record says nothing."""
    parts: list[bytes] = []
    left = MAX_MASKED_CAUSE_BYTES
    for name in sorted(name for name in attributes if name.lower() in CAUSE_ATTRIBUTES):
        value = attributes[name]
        left -= len(value)
        parts += (name, mask(value) if left >= 0 else value)
    return parts


def _framed(parts: Sequence[bytes]) -> bytes:
    """Join parts so that no byte in one of them can stand for an edge between two."""
    return struct.pack(f"<{len(parts)}I", *map(len, parts)) + b"".join(parts)


def exact_digest(resource_key: bytes, record: bytes) -> bytes:
    """Give eight bytes for a record that could not be fingerprinted: the same only for the same bytes."""
    return blake2b(resource_key + b"\x1f" + record, digest_size=8, person=b"logtriage-exact").digest()


def level_in_fingerprint(record: RecordView) -> Severity | None:
    """Give the severity that is part of the key: FATAL if any field says so."""
    return Severity.FATAL if record.fields_say_fatal else record.level


def fingerprint_of(record: RecordView) -> Fingerprint:
    """Fingerprint a view; the masked text is that of the body."""
    digest = digest_of(
        resource_key=resource_key(record.resource, record.tenant),
        level=level_in_fingerprint(record),
        body=record.body,
        event_name=record.event_name,
        attributes={name: value for name, value in record.attributes.items() if is_in_fingerprint(name)},
    )
    return Fingerprint(digest, mask(judged_text(record.body)).decode("utf-8", "replace"))


def fingerprint_of_line(
    body: str,
    *,
    severity_text: str = "",
    severity_number: int = 0,
    resource: Mapping[str, object] | None = None,
    attributes: Mapping[str, object] | None = None,
) -> Fingerprint:
    """Fingerprint one line as `serve` would a record with these fields; for commands and tests."""
    return fingerprint_of(
        view_of_line(
            body, severity_text=severity_text, severity_number=severity_number, resource=resource, attributes=attributes
        )
    )
