"""Count, record and observe: the only way by which the rest of LogTriage touches its metrics.

Counters are kept in tables of our own, which the SDK reads when somebody asks: 0.9 µs an `add` where the SDK's own
counter takes 6 µs, which is more than a whole record may cost (DESIGN 8).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.metrics import CallbackOptions, Histogram, MeterProvider, Observation

from logtriage.telemetry.metrics import METRICS, Kind, Metric
from logtriage.version import __version__

_SCOPE = "logtriage"


class Meter:
    """All metrics of the table on one provider. Safe to use from any thread."""

    def __init__(self, provider: MeterProvider) -> None:
        self._meter = provider.get_meter(_SCOPE, __version__)
        self._lock = threading.Lock()
        self._cells: dict[str, dict[tuple[str, ...], float]] = {}
        self._histograms: dict[str, Histogram] = {}
        self._observed: dict[str, list[tuple[Mapping[str, str], Callable[[], float]]]] = {}
        for metric in METRICS:
            if metric.kind is Kind.COUNTER:
                self._create_counter(metric)
            elif metric.kind is Kind.HISTOGRAM:
                self._histograms[metric.name] = self._meter.create_histogram(
                    metric.name,
                    metric.unit,
                    metric.description,
                    explicit_bucket_boundaries_advisory=metric.buckets,
                )

    def add(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Count ``amount`` more.

        Raises:
            ValueError: the labels are not those of the table, or the metric is no counter.
        """
        cells = self._cells.get(metric.name)
        if cells is None:
            raise ValueError(f"`{metric.name}` is a {metric.kind}: it cannot be added to")
        key = _label_values(metric, labels)
        with self._lock:
            cells[key] = cells.get(key, 0) + amount

    def record(self, metric: Metric, value: float, **labels: str) -> None:
        """Record one value of a histogram, in the metric's unit.

        Raises:
            ValueError: the labels are not those of the table, or the metric is no histogram.
        """
        histogram = self._histograms.get(metric.name)
        if histogram is None:
            raise ValueError(f"`{metric.name}` is a {metric.kind}: it cannot be recorded")
        _label_values(metric, labels)
        histogram.record(value, labels)

    def observe(self, metric: Metric, callback: Callable[[], float], **labels: str) -> None:
        """Read a gauge or an observed counter by ``callback`` whenever somebody asks, on that reader's thread.

        A later call with the same labels replaces the callback.

        Raises:
            ValueError: the labels are not those of the table, or the metric is counted or recorded.
        """
        if metric.kind not in (Kind.GAUGE, Kind.OBSERVED_COUNTER):
            raise ValueError(f"`{metric.name}` is a {metric.kind}: it cannot be observed")
        _label_values(metric, labels)
        observed = self._observed.setdefault(metric.name, [])
        is_first = not observed
        observed[:] = [(others, kept) for others, kept in observed if others != labels]
        observed.append((labels, callback))
        if is_first:
            self._create_observed(metric)

    def _create_counter(self, metric: Metric) -> None:
        cells: dict[tuple[str, ...], float] = {}
        self._cells[metric.name] = cells

        def read(_: CallbackOptions) -> Iterable[Observation]:
            with self._lock:
                rows = list(cells.items())
            return [Observation(amount, dict(zip(metric.labels, key, strict=True))) for key, amount in rows]

        self._meter.create_observable_counter(metric.name, [read], metric.unit, metric.description)

    def _create_observed(self, metric: Metric) -> None:
        observed = self._observed[metric.name]

        def read(_: CallbackOptions) -> Iterable[Observation]:
            return [Observation(callback(), labels) for labels, callback in tuple(observed)]

        if metric.kind is Kind.GAUGE:
            self._meter.create_observable_gauge(metric.name, [read], metric.unit, metric.description)
        else:
            self._meter.create_observable_counter(metric.name, [read], metric.unit, metric.description)


def _label_values(metric: Metric, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Give the values in the table's order; the labels must be exactly the table's."""
    try:
        values = tuple([labels[name] for name in metric.labels])
    except KeyError as missing:
        raise ValueError(f"`{metric.name}` needs the label {missing}") from None
    if len(labels) != len(values):
        extra = ", ".join(f"`{name}`" for name in labels if name not in metric.labels)
        raise ValueError(f"`{metric.name}` has no label {extra}")
    return values
