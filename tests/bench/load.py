"""The load: requests as a Collector writes them, cheap to make, in which no record repeats.

Each template is serialised once, with placeholders as wide as what goes there; a request is templates with their
placeholders written anew. Fields stand in the Collector's order, also inside attributes (value before key).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from bench.templates import ERRORS, OTHERS, SERVICES, SHARES, SLOTS, Template, Trace
from logtriage.pipeline.fields import fields, length_delimited
from support.records import in_collector_order, records_of

BATCH_SIZES = (200, 1_000, 8_192)
ERROR_PERCENTS = (0, 5, 100)

_NUMBERS = {"INFO": 9, "WARN": 13, "ERROR": 17}
_WIDTHS = {**SLOTS, "span": 8, "trac": 16, "tick": 8}
_PLACEHOLDERS = {kind: f"\x1e{kind}".ljust(width, "\x1e") for kind, width in _WIDTHS.items()}
_ANY_PLACEHOLDER = re.compile("|".join(_PLACEHOLDERS.values()).encode())
_FIRST_NANO = 1_795_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """One Export request and what is in it."""

    data: bytes
    records: int
    errors: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """A serialised template, framed as `scope_logs.log_records`: a format string and what fills it."""

    service: str
    pattern: bytes
    fillers: tuple[Callable[[], bytes], ...]

    def framed(self) -> bytes:
        return self.pattern % tuple([fill() for fill in self.fillers])


class Load:
    """Makes requests. One per run of the bench: its ids go on, whatever is asked of it."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._errors = {kind: [self._shape(one) for one in ERRORS[kind]] for kind in ERRORS}
        self._others = {kind: [self._shape(one) for one in OTHERS[kind]] for kind in OTHERS}
        self._envelopes = {service: _envelope(service) for service in SERVICES}

    def requests(self, records: int, *, batch: int, error_percent: int) -> list[Request]:
        """Make whole batches of at least so many records together."""
        return [self._request(self._drawn(batch, error_percent)) for _ in range(-(-records // batch))]

    def each_error_once(self) -> Request:
        """Make one request with a record of each template that is selected: afterwards their verdicts are known."""
        return self._request([(shape, True) for shapes in self._errors.values() for shape in shapes])

    def never_seen(self, records: int) -> Iterator[Request]:
        """Make requests of one error each, whose body holds a word that no other record has."""
        shapes = [shape for shapes in self._errors.values() for shape in shapes]
        bodies = [template for templates in ERRORS.values() for template in templates]
        for i in range(records):
            word = "".join(self._random.choices("ghijklmnopqrstuvwxyz", k=12))
            template = bodies[i % len(shapes)]
            changed = Template(template.service, template.severity, f"{word}: {template.body}", template.trace)
            yield self._request([(self._shape(changed), True)])

    def mean_record_bytes(self) -> dict[str, int]:
        """Give the mean size of a record of each kind, errors and others."""
        sizes = {}
        for name, kinds in (("error", self._errors), ("other", self._others)):
            for kind, shapes in kinds.items():
                records = [records_of(self._request([(shape, False)]).data)[0] for shape in shapes]
                sizes[f"{kind} {name}"] = round(sum(map(len, records)) / len(records))
        return sizes

    def _drawn(self, batch: int, error_percent: int) -> list[tuple[_Shape, bool]]:
        errors = batch * error_percent // 100
        drawn = []
        for shapes, is_error, count in ((self._errors, True, errors), (self._others, False, batch - errors)):
            kinds = self._random.choices([k for k, _ in SHARES], [share for _, share in SHARES], k=count)
            drawn += [(self._random.choice(shapes[kind]), is_error) for kind in kinds]
        self._random.shuffle(drawn)
        return drawn

    def _request(self, drawn: list[tuple[_Shape, bool]]) -> Request:
        by_service: dict[str, list[bytes]] = {}
        for shape, _ in drawn:
            by_service.setdefault(shape.service, []).append(shape.framed())
        parts = []
        for service, records in by_service.items():
            scope, resource = self._envelopes[service]
            scope_logs = length_delimited(2, b"".join(records) + scope)
            parts.append(length_delimited(1, scope_logs + resource))
        return Request(b"".join(parts), len(drawn), sum(is_error for _, is_error in drawn))

    def _shape(self, template: Template) -> _Shape:
        framed = length_delimited(2, _record(template))
        pattern = _ANY_PLACEHOLDER.sub(b"%b", framed.replace(b"%", b"%%"))
        fillers = tuple(self._filler(found.decode().strip("\x1e")) for found in _ANY_PLACEHOLDER.findall(framed))
        return _Shape(template.service, pattern, fillers)

    def _filler(self, kind: str) -> Callable[[], bytes]:
        """Give what writes one slot. Hex starts with a letter and a digit: one in 1,800 would be digits alone, which
        masks rightly take for a number, and the verdict would not be known.
        """
        bits, number_up_to = self._random.getrandbits, self._random.randrange
        match kind:
            case "h16":
                return lambda: b"a7%014x" % bits(56)
            case "h32":
                return lambda: b"a7%030x" % bits(120)
            case "uuid":
                return lambda: b"a7%06x-%04x-4%03x-9%03x-%012x" % (bits(24), bits(16), bits(12), bits(12), bits(48))
            case "n9":
                return lambda: b"%d" % self._next_nine_digits()
            case "n5":
                return lambda: b"%d" % number_up_to(32_768, 61_000)
            case "ms":
                return lambda: b"%d" % number_up_to(100, 1_000)
            case "ip":
                return lambda: b"10.%d.%d.%d" % (number_up_to(10, 100), number_up_to(10, 100), number_up_to(10, 100))
            case "time":
                return lambda: (
                    b"2026-%02d-%02dT%02d:%02d:%02d.%03dZ"
                    % (
                        *(number_up_to(10, 13), number_up_to(10, 29), number_up_to(24)),
                        *(number_up_to(60), number_up_to(60), number_up_to(1_000)),
                    )
                )
            case "span":
                return lambda: bits(64).to_bytes(8, "little")
            case "trac":
                return lambda: bits(128).to_bytes(16, "little")
        now = _FIRST_NANO
        return lambda: (now + self._number * 1000).to_bytes(8, "little")

    def _next_nine_digits(self) -> int:
        """Walk through all numbers of nine digits in an order that looks like none: a step coprime to their count."""
        self._number += 1
        return 100_000_000 + self._number * 618_033_989 % 900_000_000


def _with_placeholders(text: str) -> str:
    return re.sub(r"~([a-z0-9]+)~", lambda found: _PLACEHOLDERS[found[1]], text)


def _record(template: Template) -> bytes:
    tick = int.from_bytes(_PLACEHOLDERS["tick"].encode(), "little")
    item = LogRecord(
        time_unix_nano=tick,
        observed_time_unix_nano=tick,
        severity_number=_NUMBERS[template.severity],  # type: ignore[arg-type]
        severity_text=template.severity,
        body=AnyValue(string_value=_with_placeholders(template.body)),
        attributes=[
            KeyValue(key=key, value=AnyValue(string_value=_with_placeholders(value)))
            for key, value in _attributes(template.trace).items()
        ],
        trace_id=_PLACEHOLDERS["trac"].encode(),
        span_id=_PLACEHOLDERS["span"].encode(),
    )
    raw = item.SerializeToString()
    parts = [
        length_delimited(6, _value_first(raw[field.value : field.end]))
        if field.number == 6
        else raw[field.start : field.end]
        for field in fields(raw)
    ]
    return in_collector_order(b"".join(parts))


def _attributes(trace: Trace | None) -> dict[str, str]:
    if trace is None:
        return {
            "http.route": "/api/v2/{resource}/{id}",
            "thread.name": "worker-7",
            "code.function.name": "handle",
            "request.id": "~h16~",
        }
    return {
        "exception.type": trace.type,
        "exception.message": trace.message,
        "exception.stacktrace": trace.stack,
        "thread.name": "worker-7",
    }


def _value_first(key_value: bytes) -> bytes:
    key, value = (key_value[field.start : field.end] for field in fields(key_value))
    return value + key


def _envelope(service: str) -> tuple[bytes, bytes]:
    """Give scope and resource as fields of ScopeLogs and ResourceLogs."""
    attributes = {
        "service.name": service,
        "service.version": "4.17.2",
        "service.namespace": "shop",
        "k8s.pod.name": f"{service}-7d9f6b5c8-x2x4z",
        "host.name": "node-17",
        "deployment.environment.name": "production",
        "cloud.region": "eu-central-1",
    }
    resource = b"".join(length_delimited(1, _value_first(_key_value(key, value))) for key, value in attributes.items())
    return length_delimited(1, length_delimited(1, f"com.shop.{service}".encode())), length_delimited(1, resource)


def _key_value(key: str, value: str) -> bytes:
    return KeyValue(key=key, value=AnyValue(string_value=value)).SerializeToString()
