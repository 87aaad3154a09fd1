from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, MetricsData, NumberDataPoint

from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.metrics import METRICS, Kind
from logtriage.telemetry.services import OTHER, SourceServices
from support.tables import each_row


class Readings:
    """What an SDK reader sees of a meter."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self.provider = MeterProvider([self._reader], shutdown_on_exit=False)
        self.meter = Meter(self.provider)

    def points(self, name: str) -> list[NumberDataPoint | HistogramDataPoint]:
        data = self._reader.get_metrics_data()
        if not isinstance(data, MetricsData):
            return []
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
            if isinstance(point, NumberDataPoint | HistogramDataPoint)
        ]

    def values(self, name: str) -> dict[tuple[tuple[str, object], ...], float]:
        return {
            tuple(sorted((point.attributes or {}).items())): point.value
            for point in self.points(name)
            if isinstance(point, NumberDataPoint)
        }


@pytest.fixture
def readings() -> Iterator[Readings]:
    readings = Readings()
    yield readings
    readings.provider.shutdown()


class SlowOne(int):
    """One, whose addition takes long enough for other threads to get in between."""

    def __radd__(self, other: int) -> int:
        for _ in range(20):
            pass
        return other + 1


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let threads take turns as often as the interpreter can, so that a race shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_a_counter_adds_up_by_labels(readings: Readings) -> None:
    readings.meter.add(metrics.VERDICTS_LOOKUPS, 2, result="hit")
    readings.meter.add(metrics.VERDICTS_LOOKUPS, result="miss")
    readings.meter.add(metrics.VERDICTS_LOOKUPS, 3, result="hit")

    assert readings.values("logtriage.verdicts.lookups") == {(("result", "hit"),): 5, (("result", "miss"),): 1}


def test_labels_count_as_the_same_in_any_order(readings: Readings) -> None:
    readings.meter.add(metrics.RECORDS, 1, status="fresh", reason="")
    readings.meter.add(metrics.RECORDS, 1, reason="", status="fresh")

    assert readings.values("logtriage.records") == {(("reason", ""), ("status", "fresh")): 2}


def test_a_counter_that_never_counted_has_no_series(readings: Readings) -> None:
    assert readings.values("logtriage.selected_log_records") == {}


def test_a_counter_keeps_what_it_had_between_readings(readings: Readings) -> None:
    readings.meter.add(metrics.SELECTED_LOG_RECORDS, 4)
    readings.values("logtriage.selected_log_records")
    readings.meter.add(metrics.SELECTED_LOG_RECORDS, 1)

    assert readings.values("logtriage.selected_log_records") == {(): 5}


def test_no_count_is_lost_between_threads(readings: Readings, eager_threads: None) -> None:
    def count() -> None:
        for _ in range(2000):
            readings.meter.add(metrics.SELECTED_LOG_RECORDS, SlowOne(1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert readings.values("logtriage.selected_log_records") == {(): 8000}


def test_a_histogram_has_the_buckets_of_the_table(readings: Readings) -> None:
    readings.meter.record(metrics.JUDGE_DURATION, 0.0004, engine="local")

    (point,) = readings.points("logtriage.judge.duration")
    assert isinstance(point, HistogramDataPoint)
    assert tuple(point.explicit_bounds) == metrics.JUDGE_DURATION.buckets
    assert point.bucket_counts[2] == 1


def test_a_gauge_is_read_when_somebody_asks(readings: Readings) -> None:
    sizes = [7.0, 9.0]
    readings.meter.observe(metrics.VERDICTS_SIZE, lambda: sizes.pop(0))

    assert readings.values("logtriage.verdicts.size") == {(): 7.0}
    assert readings.values("logtriage.verdicts.size") == {(): 9.0}


def test_a_later_callback_replaces_the_one_with_the_same_labels(readings: Readings) -> None:
    readings.meter.observe(metrics.VERDICTS_SIZE, lambda: 1)
    readings.meter.observe(metrics.VERDICTS_SIZE, lambda: 2)

    assert readings.values("logtriage.verdicts.size") == {(): 2}


@each_row("metric", METRICS)
def test_a_label_that_the_table_does_not_have_is_refused(readings: Readings, metric: metrics.Metric) -> None:
    labels = {**dict.fromkeys(metric.labels, "x"), "body": "x"}

    with pytest.raises(ValueError, match="has no label `body`"):
        touch(readings.meter, metric, labels)


@each_row("metric", [metric for metric in METRICS if metric.labels])
def test_a_label_of_the_table_must_be_given(readings: Readings, metric: metrics.Metric) -> None:
    with pytest.raises(ValueError, match=f"needs the label '{metric.labels[0]}'"):
        touch(readings.meter, metric, {})


def test_each_kind_is_touched_in_its_own_way(readings: Readings) -> None:
    with pytest.raises(ValueError, match="is a gauge: it cannot be added to"):
        readings.meter.add(metrics.VERDICTS_SIZE)
    with pytest.raises(ValueError, match="is a counter: it cannot be recorded"):
        readings.meter.record(metrics.SELECTED_LOG_RECORDS, 1)
    with pytest.raises(ValueError, match="is a histogram: it cannot be observed"):
        readings.meter.observe(metrics.JUDGE_DURATION, lambda: 1, engine="local")


def touch(meter: Meter, metric: metrics.Metric, labels: dict[str, str]) -> None:
    match metric.kind:
        case Kind.COUNTER:
            meter.add(metric, 1, **labels)
        case Kind.HISTOGRAM:
            meter.record(metric, 1.0, **labels)
        case _:
            meter.observe(metric, lambda: 1, **labels)


def test_services_past_the_limit_are_counted_together() -> None:
    services = SourceServices(2)

    labels = [services.label_of(name) for name in ("cart", "checkout", "late", "cart", "later", "checkout")]

    assert labels == ["cart", "checkout", OTHER, "cart", OTHER, "checkout"]


def test_a_long_name_of_a_service_is_cut() -> None:
    assert SourceServices(1).label_of("x" * 5000) == "x" * 128
