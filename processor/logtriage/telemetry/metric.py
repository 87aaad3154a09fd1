"""The form of a metric: name, unit, description, kind, labels; and its name on ``/metrics``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    """Only grows; counted by `Meter.add`."""
    OBSERVED_COUNTER = "observed counter"
    """Only grows; read by a callback when somebody asks."""
    GAUGE = "gauge"
    """Goes up and down; read by a callback when somebody asks."""
    HISTOGRAM = "histogram"
    """Distribution of values; recorded by `Meter.record`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. ``unit`` is UCUM: ``s``, ``By``, or a noun in braces, which Prometheus leaves out."""

    name: str
    unit: str
    description: str
    kind: Kind
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram's buckets, in the unit."""

    @property
    def prometheus_labels(self) -> tuple[str, ...]:
        """The labels on ``/metrics``, where no dot may stand."""
        return tuple(re.sub(r"[^A-Za-z0-9]+", "_", label) for label in self.labels)

    @property
    def prometheus_name(self) -> str:
        """The name on ``/metrics``; a histogram's series add ``_bucket``, ``_sum`` and ``_count`` to it."""
        name = re.sub(r"[^A-Za-z0-9]+", "_", self.name)
        suffix = _SUFFIX_OF_UNIT.get(self.unit, "")
        if suffix and not name.endswith(suffix):
            name += suffix
        is_counter = self.kind in (Kind.COUNTER, Kind.OBSERVED_COUNTER)
        return f"{name}_total" if is_counter and not name.endswith("_total") else name


_SUFFIX_OF_UNIT = {"s": "_seconds", "By": "_bytes"}
