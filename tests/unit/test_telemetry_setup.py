from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent import futures
from queue import SimpleQueue

import grpc
import pytest
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from prometheus_client import generate_latest

from logtriage.telemetry import metrics
from logtriage.telemetry.metrics import METRICS, Kind
from logtriage.telemetry.setup import MetricsPush, Telemetry
from logtriage.version import __version__


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    telemetry = Telemetry(max_source_services=500)
    yield telemetry
    telemetry.close()


def page_of(telemetry: Telemetry) -> str:
    return generate_latest(telemetry.registry).decode()


def test_the_table_names_metrics_as_the_prometheus_exporter_does(telemetry: Telemetry) -> None:
    for metric in METRICS:
        labels = dict.fromkeys(metric.labels, "x")
        match metric.kind:
            case Kind.COUNTER:
                telemetry.meter.add(metric, 1, **labels)
            case Kind.HISTOGRAM:
                telemetry.meter.record(metric, 1, **labels)
            case _:
                telemetry.meter.observe(metric, lambda: 1, **labels)

    page = page_of(telemetry)

    for metric in METRICS:
        kind = "counter" if metric.kind is Kind.OBSERVED_COUNTER else metric.kind.value
        assert f"# TYPE {metric.prometheus_name} {kind}\n" in page


def test_a_series_has_the_labels_of_the_table_and_no_others(telemetry: Telemetry) -> None:
    telemetry.meter.add(
        metrics.TRIAGED_RECORDS,
        3,
        source_service="checkout",
        category="code_bug",
        severity="ERROR",
        is_actionable_for_oncall="true",
    )

    assert (
        'logtriage_triaged_records_total{category="code_bug",is_actionable_for_oncall="true",severity="ERROR",'
        'source_service="checkout"} 3.0\n'
    ) in page_of(telemetry)


def test_every_promised_series_is_told_apart(telemetry: Telemetry) -> None:
    for number in range(500):
        for category in range(10):
            telemetry.meter.add(
                metrics.TRIAGED_RECORDS,
                1,
                source_service=f"service-{number}",
                category=f"category-{category}",
                severity="ERROR",
                is_actionable_for_oncall="true",
            )

    page = page_of(telemetry)

    assert page.count("\nlogtriage_triaged_records_total{") == 5000
    assert "overflow" not in page


def test_the_process_describes_itself(telemetry: Telemetry) -> None:
    page = page_of(telemetry)

    assert f'version="{__version__}"' in page
    assert f'service_instance_id="{telemetry.instance_id}"' in page
    for name in ("process_cpu_seconds_total", "process_memory_rss_bytes", "process_uptime_seconds_total"):
        assert f"\nlogtriage_{name} " in page


def test_every_process_has_an_instance_id_of_its_own(telemetry: Telemetry) -> None:
    other = Telemetry(max_source_services=500)
    other.close()

    assert telemetry.instance_id != other.instance_id


class MetricsSink(metrics_service_pb2_grpc.MetricsServiceServicer):
    """A downstream that takes metrics."""

    def __init__(self) -> None:
        self.requests: SimpleQueue[metrics_service_pb2.ExportMetricsServiceRequest] = SimpleQueue()
        self.metadata: dict[str, str | bytes] = {}

    def Export(
        self, request: metrics_service_pb2.ExportMetricsServiceRequest, context: grpc.ServicerContext
    ) -> metrics_service_pb2.ExportMetricsServiceResponse:
        self.metadata = dict(context.invocation_metadata())
        self.requests.put(request)
        return metrics_service_pb2.ExportMetricsServiceResponse()


def push_to(port: int) -> MetricsPush:
    return MetricsPush(
        target=f"127.0.0.1:{port}", is_plaintext=True, interval_seconds=3600, headers={"x-scope-orgid": "team"}
    )


def test_pushed_metrics_arrive_with_our_resource_and_headers() -> None:
    sink = MetricsSink()
    server = grpc.server(futures.ThreadPoolExecutor(1))
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(sink, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    telemetry = Telemetry(max_source_services=500, push=push_to(port))
    telemetry.meter.add(metrics.SELECTED_LOG_RECORDS, 7)

    telemetry.close()

    (resource_metrics,) = sink.requests.get(timeout=10).resource_metrics
    server.stop(None).wait()
    attributes = {pair.key: pair.value.string_value for pair in resource_metrics.resource.attributes}
    values = {
        metric.name: [point.as_int for point in metric.sum.data_points]
        for scope in resource_metrics.scope_metrics
        for metric in scope.metrics
    }
    assert attributes["service.name"] == "logtriage"
    assert attributes["service.instance.id"] == telemetry.instance_id
    assert values["logtriage.selected_log_records"] == [7]
    assert sink.metadata["x-scope-orgid"] == "team"


def test_closing_leaves_no_thread_though_downstream_refuses() -> None:
    before = set(threading.enumerate())
    telemetry = Telemetry(max_source_services=500, push=push_to(1))

    telemetry.close(timeout_seconds=0.5)

    assert set(threading.enumerate()) <= before


def test_closing_leaves_no_thread_though_downstream_hangs() -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        telemetry = Telemetry(max_source_services=500, push=push_to(silent.getsockname()[1]))

        telemetry.close(timeout_seconds=0.5)

        assert set(threading.enumerate()) <= before
