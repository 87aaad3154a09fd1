"""Write ``docs/metrics.md`` from the table of metrics."""

from __future__ import annotations

from logtriage.telemetry.metrics import METRICS, Metric

_HEAD = """\
# Metrics

This page is written from the table in `processor/logtriage/telemetry/metrics.py`; a test holds it equal to the code.

The names are those on `/metrics` (`telemetry.metrics.endpoint`). Pushed over OTLP (`telemetry.metrics.otlp`), a metric
has the name in the last column. A series appears with its first value: an alert on `increase()` alone misses the first
record of a service, the shipped rules do not. Labels are text: `is_actionable_for_oncall` is `"true"` or `"false"`.
A restart begins all counters at 0.

| metric | kind | labels | meaning | OTLP name, unit |
|---|---|---|---|---|
"""


def write_metrics_page() -> str:
    """Give the text of the page."""
    return _HEAD + "".join(_row(metric) for metric in METRICS)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.prometheus_labels) or "-"
    unit = f", `{metric.unit}`" if metric.unit else ""
    kind = metric.kind.value.removeprefix("observed ")
    return f"| `{metric.prometheus_name}` | {kind} | {labels} | {metric.description} | `{metric.name}`{unit} |\n"
