"""Send spans of our own over OTLP/gRPC, where telemetry has an endpoint; without one, none is made."""

from __future__ import annotations

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NoOpTracer, Tracer

from logtriage.telemetry.setup import MetricsPush
from logtriage.version import __version__

_SCOPE = "logtriage"


class Spans:
    """The spans of one process. ``tracer`` makes none if there is nowhere to send them to."""

    def __init__(self, resource: Resource, push: MetricsPush | None, *, exporter: SpanExporter | None = None) -> None:
        self._provider: TracerProvider | None = None
        self.tracer: Tracer = NoOpTracer()
        if exporter is None and push is not None:
            exporter = _exporter_of(push)
        if exporter is None:
            return
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self._provider.get_tracer(_SCOPE, __version__)

    def close(self) -> None:
        """Send what is left and end the thread; blocks for as long as the endpoint takes, at most 5 s."""
        if self._provider is not None:
            self._provider.shutdown()


def _exporter_of(push: MetricsPush) -> SpanExporter:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=push.target, insecure=push.is_plaintext, headers=dict(push.headers), timeout=5)
