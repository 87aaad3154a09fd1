"""Find the names of ours that stand in configuration files and documents, in every spelling that a backend has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from logtriage.schema.attributes import ALL_ATTRIBUTES
from logtriage.telemetry.metrics import METRICS, Kind

FILE_NAMES = frozenset({"logtriage.yaml", "logtriage.example.yaml", "logtriage.schema.json"})
EVENT_NAMES = frozenset({"logtriage.verdict"})

_DOTTED = re.compile(r"(?<![\w/-])logtriage\.[a-z][a-z_]*(?:\.[a-z][a-z_]*)*")
_UNDERSCORED = re.compile(r"(?<![\w/-])logtriage_[a-z][a-z_]*[a-z]")


def attribute_spellings() -> frozenset[str]:
    """Attributes as OTLP and Datadog spell them, and as Loki does."""
    return frozenset(ALL_ATTRIBUTES) | {name.replace(".", "_") for name in ALL_ATTRIBUTES}


def metric_spellings() -> frozenset[str]:
    """Metrics as OpenTelemetry and as Prometheus spell them."""
    names: set[str] = set()
    for metric in METRICS:
        names |= {metric.name, metric.prometheus_name}
        if metric.kind is Kind.HISTOGRAM:
            names |= {f"{metric.prometheus_name}_{part}" for part in ("bucket", "sum", "count")}
    return frozenset(names)


def names_of_ours(text: str) -> Iterator[str]:
    """Give every attribute or metric name in a text. Endpoints, component ids and Python modules are none."""
    for pattern in (_DOTTED, _UNDERSCORED):
        for match in pattern.finditer(text):
            name = match.group()
            if name not in FILE_NAMES and not _is_a_module(name):
                yield name


def _is_a_module(dotted: str) -> bool:
    source = Path(__file__).parent.parent.parent / "processor"
    path = source.joinpath(*dotted.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()
