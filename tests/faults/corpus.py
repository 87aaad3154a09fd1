"""The records of a run: each is a function of its id, as the bytes that a Collector would send.

Whoever knows the id knows every byte of the record, so a record that arrives changed, or that was never sent, is seen.
One record in ten is an error (``error_every``), one error in fifty says FATAL. Every ``generation_records`` ids all
fingerprints are new.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from faults.texts import ERRORS, OTHERS, job_word
from logtriage.pipeline.fields import length_delimited

ID_ATTRIBUTE = "lt.test.id"
ID_WIDTH = 12
SERVICES = ("checkout", "payments")
_NUMBERS = {"DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17, "FATAL": 21}
_NANOS_PER_RECORD = 1_000_000
_OBSERVED_AFTER_NANOS = 1_500
_FATAL_EVERY_ERROR = 50


@dataclass(frozen=True, slots=True)
class Corpus:
    """All records that a run can have. Times begin at ``first_unix_nano`` and go on by a millisecond a record."""

    first_unix_nano: int
    error_every: int = 10
    generation_records: int = 20_000
    _patterns: dict[tuple[str, str, bool], bytes] = field(default_factory=dict, repr=False, compare=False)

    def is_error(self, record_id: int) -> bool:
        """Whether a record is an error, and so gets attributes of ours."""
        return record_id % self.error_every == 0

    def service_of(self, record_id: int) -> str:
        """Which service wrote a record."""
        return SERVICES[record_id // 5 % len(SERVICES)]

    def record(self, record_id: int) -> bytes:
        """Give a record as the Collector writes it."""
        severity, text, has_level = self._kind(record_id)
        pattern = self._patterns.get((severity, text, has_level))
        if pattern is None:
            pattern = self._patterns[severity, text, has_level] = _pattern(severity, text, has_level)
        mixed = record_id * 0x9E37_79B9_7F4A_7C15 + 0x1234_5678_9ABC_DEF1 & 2**64 - 1
        time = self.first_unix_nano + record_id * _NANOS_PER_RECORD
        slots = {
            b"id": b"%0*d" % (ID_WIDTH, record_id),
            b"job": job_word(record_id // self.generation_records).encode(),
            b"hex": b"a7%014x" % (mixed >> 8),
            b"number": b"%d" % (100_000_000 + record_id * 618_033_989 % 900_000_000),
            b"ip": b"10.%d.%d.%d" % (10 + mixed % 90, 10 + (mixed >> 8) % 90, 10 + (mixed >> 16) % 90),
            b"span": mixed.to_bytes(8, "little"),
            b"trace": (mixed << 64 | record_id).to_bytes(16, "little"),
            b"observed": (time + _OBSERVED_AFTER_NANOS).to_bytes(8, "little"),
            b"time": time.to_bytes(8, "little"),
        }
        return pattern % slots

    def request(self, first: int, count: int) -> bytes:
        """Give the request with the records ``first`` to ``first + count - 1``, one resource a service."""
        by_service: dict[str, list[bytes]] = {}
        for record_id in range(first, first + count):
            framed = length_delimited(2, self.record(record_id))
            by_service.setdefault(self.service_of(record_id), []).append(framed)
        return b"".join(
            length_delimited(1, length_delimited(2, b"".join(records) + _SCOPE) + _RESOURCES[service])
            for service, records in by_service.items()
        )

    def _kind(self, record_id: int) -> tuple[str, str, bool]:
        if not self.is_error(record_id):
            severity, text = OTHERS[record_id % self.error_every % len(OTHERS)]
            return severity, text, False
        number = record_id // self.error_every
        severity = "FATAL" if number % _FATAL_EVERY_ERROR == _FATAL_EVERY_ERROR - 1 else "ERROR"
        return severity, ERRORS[number * 211 % len(ERRORS)], number % 7 == 0


def resource_bytes(service: str) -> bytes:
    """Give the Resource message of a service."""
    return length_delimited(1, _attribute("service.name", service)) + length_delimited(
        1, _attribute("host.name", "node-17")
    )


def _attribute(key: str, value: str) -> bytes:
    """Give a KeyValue as the Collector writes it: the value first."""
    raw = KeyValue(value=AnyValue(string_value=value)).SerializeToString()
    return raw + KeyValue(key=key).SerializeToString()


_SCOPE = length_delimited(1, length_delimited(1, b"faults.load"))
_RESOURCES = {service: length_delimited(1, resource_bytes(service)) for service in SERVICES}
_WIDTHS = {"id": ID_WIDTH, "job": 11, "hex": 16, "number": 9, "ip": 11}
_SIZED_SLOTS = {name: f"\x1e{name}".ljust(width, "\x1e") for name, width in _WIDTHS.items()}


def _pattern(severity: str, text: str, has_level: bool) -> bytes:
    """Lay a record out in the Collector's order of fields: 10, 9, 6, 5, 3, 2, 11, 1; its slots are left open."""
    body = AnyValue(string_value=text.format(**_SIZED_SLOTS)).SerializeToString()
    attributes = [_attribute(ID_ATTRIBUTE, _SIZED_SLOTS["id"]), _attribute("thread.name", "worker-7")]
    if has_level:
        attributes.append(_attribute("level", "error"))
    raw = b"".join(
        (
            b"\x52\x08%(span)b\x4a\x10%(trace)b",
            *(length_delimited(6, attribute) for attribute in reversed(attributes)),
            length_delimited(5, body),
            length_delimited(3, severity.encode()),
            bytes((0x10, _NUMBERS[severity])),
            b"\x59%(observed)b\x09%(time)b",
        )
    )
    for name, placeholder in _SIZED_SLOTS.items():
        raw = raw.replace(placeholder.encode(), b"%%(%s)b" % name.encode())
    return raw
