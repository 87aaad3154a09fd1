from __future__ import annotations

import socket
import threading
import time
from concurrent import futures

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource

from logtriage.telemetry.setup import MetricsPush
from logtriage.telemetry.spans import Spans

EXPORT = ("opentelemetry.proto.collector.trace.v1.TraceService", "Export")


def push_to(port: int) -> MetricsPush:
    return MetricsPush(target=f"127.0.0.1:{port}", is_plaintext=True, interval_seconds=60, headers={"x-key": "k"})


def test_without_an_endpoint_no_span_is_made_and_no_thread_started() -> None:
    before = threading.active_count()
    spans = Spans(Resource({}), None)

    with spans.tracer.start_as_current_span("chat") as span:
        assert not span.is_recording()
    assert threading.active_count() == before
    spans.close()


def test_spans_arrive_at_the_endpoint_of_telemetry_with_our_resource() -> None:
    received: list[bytes] = []
    server = grpc.server(futures.ThreadPoolExecutor(1))
    handler = grpc.unary_unary_rpc_method_handler(lambda request, context: received.append(request) or b"")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(EXPORT[0], {EXPORT[1]: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    spans = Spans(Resource({"service.name": "logtriage"}), push_to(port))

    spans.tracer.start_span("chat mimo-v2.6-flash").end()
    spans.close()
    server.stop(0).wait()

    (request,) = [ExportTraceServiceRequest.FromString(item) for item in received]
    assert request.resource_spans[0].resource.attributes[0].value.string_value == "logtriage"
    assert request.resource_spans[0].scope_spans[0].spans[0].name == "chat mimo-v2.6-flash"


@pytest.mark.slow
def test_an_endpoint_that_is_not_there_does_not_keep_the_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    before = set(threading.enumerate())
    spans = Spans(Resource({}), push_to(port))
    spans.tracer.start_span("chat").end()
    began = time.monotonic()

    spans.close()

    assert time.monotonic() - began < 15
    assert set(threading.enumerate()) - before == set()
