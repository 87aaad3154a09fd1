"""Put the telemetry of one process together, and take it apart again without leaving a thread behind."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider, ObservableCounter, ObservableGauge
from opentelemetry.sdk.metrics.export import CardinalityLimits, MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.process import observe_process
from logtriage.version import __version__

SERVICE_NAME = "logtriage"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsPush:
    """Where metrics are pushed to over OTLP/gRPC. ``target`` is ``host:port`` or what else gRPC takes."""

    target: str
    is_plaintext: bool
    interval_seconds: float
    headers: Mapping[str, str]


class Telemetry:
    """The metrics of one process.

    ``instance_id`` is the random ``service.instance.id`` of this process: a record that carries it came from here.
    """

    def __init__(self, *, max_source_services: int, push: MetricsPush | None = None) -> None:
        self.instance_id = str(uuid.uuid4())
        self.registry = CollectorRegistry()
        limits = _cardinality_limits(max_source_services)
        readers: list[MetricReader] = [
            PrometheusMetricReader(registry=self.registry, scope_info_enabled=False, cardinality_limits=limits)
        ]
        self._push_thread: threading.Thread | None = None
        if push is not None:
            pushing = _push_reader(push, limits)
            readers.append(pushing)
            self._push_thread = getattr(pushing, "_daemon_thread", None)
        self._provider = _provider_of(self.resource, readers)
        self.meter = Meter(self._provider)
        observe_process(self.meter)

    @property
    def resource(self) -> Resource:
        """Who we are, on all that we send about ourselves."""
        return Resource(
            {
                "service.name": SERVICE_NAME,
                "service.version": __version__,
                "service.instance.id": self.instance_id,
            }
        )

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Push a last time if metrics are pushed, and end all threads; blocks for at most twice the timeout."""
        self._provider.shutdown(timeout_millis=timeout_seconds * 1000)
        if self._push_thread is not None:
            # The SDK waits for its thread only before it cancels the push that the thread is in.
            self._push_thread.join(timeout_seconds)


def _provider_of(resource: Resource, readers: Sequence[MetricReader]) -> MeterProvider:
    return MeterProvider(metric_readers=readers, resource=resource, shutdown_on_exit=False)


def _cardinality_limits(max_source_services: int) -> CardinalityLimits:
    """Allow what the table can produce: the SDK's own limit of 2,000 would merge services that we promise to tell."""
    series = (max_source_services + 1) * (len(Category) + 1) * (len(Severity) + 1) * 2
    return {Counter: series, ObservableCounter: series, ObservableGauge: series, Histogram: 2000}


def _push_reader(push: MetricsPush, limits: CardinalityLimits) -> PeriodicExportingMetricReader:
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter

    exporter = OTLPMetricExporter(
        endpoint=push.target, insecure=push.is_plaintext, headers=dict(push.headers), timeout=5
    )
    return PeriodicExportingMetricReader(
        exporter, export_interval_millis=push.interval_seconds * 1000, cardinality_limits=limits
    )
