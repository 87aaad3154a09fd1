"""The small frozen view of a log record that triage sees: received bytes, decoded only where needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from logtriage.schema.body_level import level_of_body
from logtriage.schema.severity import Severity, severity_of_word

MAX_JUDGED_BYTES = 8192
"""Of a longer body only its head and its tail are looked at (`judged_text`); the record itself leaves whole."""
JUDGED_HEAD_BYTES = 6144
_EDGE_BYTES = 256
_EDGE = re.compile(rb"[\s\",{}<>]")
"""Bytes that stand in no identifier: a cut at one of them leaves none half, which no mask would know."""


LEVEL_NAMES: frozenset[bytes] = frozenset(
    (b"level", b"log.level", b"severity", b"severitytext", b"severity_text", b"lvl", b"status", b"syslog.severity")
)
"""Attributes that backends take for a record's level, lower case. Loki: level, log.level, severity, SeverityText, lvl,
severity_text; Datadog: status, severity, level, syslog.severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """What triage knows of a resource; strings as the bytes received, empty where absent."""

    service_name: bytes = b""
    service_namespace: bytes = b""
    service_version: bytes = b""
    environment: bytes = b""
    workload: bytes = b""
    entries: int = 0
    """How many attributes resource and scope carry: they count towards the backends' limits."""
    size_bytes: int = 0

    @property
    def source_service(self) -> str:
        """The service's name for people and metrics; ``unknown_service`` if the resource names none."""
        return (self.service_name or self.workload or b"unknown_service").decode("utf-8", "replace")


_SERVICE_VERSION = (b"service.version",)
_NAMESPACES = (b"service.namespace", b"k8s.namespace.name")
_ENVIRONMENTS = (b"deployment.environment.name", b"deployment.environment")
_WORKLOADS = (
    b"k8s.deployment.name",
    b"k8s.statefulset.name",
    b"k8s.daemonset.name",
    b"k8s.cronjob.name",
    b"k8s.job.name",
    b"k8s.container.name",
    b"container.name",
)


def resource_view(attributes: Mapping[bytes, bytes], *, entries: int = 0, size_bytes: int = 0) -> ResourceView:
    """Read what triage knows of a resource from its attributes (names of the semantic conventions v1.44)."""

    def first(names: tuple[bytes, ...]) -> bytes:
        return next((attributes[name] for name in names if attributes.get(name)), b"")

    return ResourceView(
        service_name=attributes.get(b"service.name", b""),
        service_namespace=first(_NAMESPACES),
        service_version=first(_SERVICE_VERSION),
        environment=first(_ENVIRONMENTS),
        workload=first(_WORKLOADS),
        entries=entries,
        size_bytes=size_bytes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One log record as triage sees it.

    ``body``: the text of the record as received bytes; of a map or array body the texts of its leaves, one a line.
    ``verbatim_spans``: of a map or array body, the spans that stand in the record as they are; None: all of it.
    ``attributes``: string form of the record's own attributes by name, as received bytes; first of duplicates.
    ``level``: the severity as read by selection (number, then text, then body), None if nothing tells.
    """

    resource: ResourceView
    body: bytes
    verbatim_spans: tuple[tuple[int, int], ...] | None = None
    attributes: Mapping[bytes, bytes] = field(default_factory=dict)
    severity_number: int = 0
    severity_text: bytes = b""
    level: Severity | None = None
    event_name: bytes = b""
    time_unix_nano: int = 0
    tenant: bytes = b""

    @property
    def says_fatal(self) -> bool:
        """True if severity number or text, a level attribute, or the head of the body says FATAL."""
        return self.fields_say_fatal or level_of_body(self.body) is Severity.FATAL

    @property
    def fields_say_fatal(self) -> bool:
        """True if severity number or text, or a level attribute, says FATAL: part of the fingerprint."""
        return (
            self.level is Severity.FATAL
            or severity_of_word(self.severity_text.decode("utf-8", "replace")) is Severity.FATAL
            or any(
                severity_of_word(value.decode("utf-8", "replace")) is Severity.FATAL
                for key, value in self.attributes.items()
                if key.lower() in LEVEL_NAMES
            )
        )

    @property
    def exception_type(self) -> bytes:
        """``exception.type``, else ``error.type``, else empty."""
        return self.attributes.get(b"exception.type") or self.attributes.get(b"error.type", b"")

    @property
    def exception_message(self) -> bytes:
        """``exception.message``, else empty."""
        return self.attributes.get(b"exception.message", b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Lines before and after a record, of the same source, oldest first."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


NO_CONTEXT: Final = Context()


def judged_text(text: bytes) -> bytes:
    """Cap a text before any pattern sees it: its head, and its tail, both cut at the edge of a word if there is one."""
    if len(text) <= MAX_JUDGED_BYTES:
        return text
    tail = len(text) - (MAX_JUDGED_BYTES - JUDGED_HEAD_BYTES - 1)
    edge = _EDGE.search(text, tail, tail + _EDGE_BYTES)
    return text[: judged_head_bytes(text)] + b"\n" + text[edge.start() if edge else tail :]


def judged_head_bytes(text: bytes) -> int:
    """Give how many bytes of the text stand in `judged_text` where they stand in the text itself."""
    if len(text) <= MAX_JUDGED_BYTES:
        return len(text)
    edges = [found.end() for found in _EDGE.finditer(text, JUDGED_HEAD_BYTES - _EDGE_BYTES, JUDGED_HEAD_BYTES)]
    return edges[-1] if edges else JUDGED_HEAD_BYTES
