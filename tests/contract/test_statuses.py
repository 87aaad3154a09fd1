"""What the Collector is told, row by row (DESIGN section 3): over real gRPC, with a real sink behind."""

from __future__ import annotations

import asyncio
import gzip

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from logtriage.pipeline.wire import response_bytes
from support.records import attributes_of, record, records_of, request
from support.running import running
from support.sink import Refuse

RETRYABLE = ("CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS")
OURS_TO_MEND = ("UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED", "NOT_FOUND")
PERMANENT = ("UNKNOWN", "INVALID_ARGUMENT", "ALREADY_EXISTS", "FAILED_PRECONDITION", "INTERNAL", "RESOURCE_EXHAUSTED")


def retry_info(seconds: float) -> bytes:
    packed = Any()
    packed.Pack(RetryInfo(retry_delay=Duration(seconds=int(seconds))))
    return Status(code=8, details=[packed]).SerializeToString()


def retry_after(error: grpc.aio.AioRpcError) -> float | None:
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in Status.FromString(value).details:
                info = RetryInfo()
                if detail.Unpack(info):
                    return info.retry_delay.ToTimedelta().total_seconds()
    return None


def test_a_delivered_request_is_answered_ok_without_partial_success() -> None:
    async def scenario() -> None:
        async with running() as service:
            assert await service.export(request(record("boom"), record("fine", number=9, text="INFO"))) == b""
            assert [item.body.string_value for item in service.sink.records] == ["boom", "fine"]
            assert (
                service.metric("logtriage_receiver_accepted_log_records_total", receiver="otlp", transport="grpc") == 2
            )

    asyncio.run(scenario())


def test_an_empty_request_is_answered_ok_and_not_forwarded() -> None:
    async def scenario() -> None:
        async with running() as service:
            assert await service.export(b"") == b""
            assert await service.export(request()) == b""
            assert service.sink.calls == []

    asyncio.run(scenario())


def test_a_partial_success_of_downstream_is_passed_on() -> None:
    answer = response_bytes(3, b"three are too old")

    async def scenario() -> None:
        async with running(lambda number, data: answer) as service:
            three = request(record("a"), record("b"), record("c"))
            response = ExportLogsServiceResponse.FromString(await service.export(three))
            assert response.partial_success.rejected_log_records == 3
            assert response.partial_success.error_message == "three are too old"

    asyncio.run(scenario())


@pytest.mark.parametrize("code", RETRYABLE)
def test_a_passing_fault_of_downstream_is_unavailable_with_retry_info(code: str) -> None:
    async def scenario() -> None:
        async with running(lambda number, data: Refuse(grpc.StatusCode[code])) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert 1 <= (retry_after(error) or 0) <= 15
            assert len(service.sink.calls) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(("asked", "told"), [(5, 5), (120, 15), (0, 1)])
def test_retry_info_of_downstream_is_passed_on_between_1_and_15_seconds(asked: int, told: int) -> None:
    async def scenario() -> None:
        refuse = Refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, details=retry_info(asked))
        async with running(lambda number, data: refuse) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_after(error) == told

    asyncio.run(scenario())


@pytest.mark.parametrize("code", OURS_TO_MEND)
def test_a_refused_token_or_address_of_ours_keeps_the_batch_with_the_sender(code: str) -> None:
    async def scenario() -> None:
        async with running(lambda number, data: Refuse(grpc.StatusCode[code])) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_after(error) is not None
            assert "`exporter.endpoint`" in (error.details() or "")

    asyncio.run(scenario())


def test_nobody_downstream_is_unavailable_with_retry_info() -> None:
    async def scenario() -> None:
        async with running(exporter={"endpoint": "127.0.0.1:1"}) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_after(error) is not None

    asyncio.run(scenario())


@pytest.mark.parametrize("code", PERMANENT)
def test_what_downstream_refuses_annotated_is_sent_once_more_as_received(code: str) -> None:
    def script(number: int, data: bytes) -> bytes | Refuse:
        return Refuse(grpc.StatusCode[code], "no") if number == 0 else b""

    async def scenario() -> None:
        async with running(script) as service:
            data = request(record())
            assert await service.export(data) == b""
            assert service.sink.calls[0] != data
            assert service.sink.calls[1] == data
            assert service.metric("logtriage_untriaged_log_records_total", reason="refused_annotated") == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("code", PERMANENT)
def test_a_permanent_refusal_of_what_was_received_is_passed_on(code: str) -> None:
    async def scenario() -> None:
        refuse = Refuse(
            grpc.StatusCode[code], "too old", b"" if code != "INTERNAL" else Status(code=13).SerializeToString()
        )
        async with running(lambda number, data: refuse) as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode[code]
            assert error.details() == "too old"
            assert len(service.sink.calls) == 2
            quiet = await service.refusal(request(record("fine", number=9, text="INFO")))
            assert quiet.code() is grpc.StatusCode[code]
            assert len(service.sink.calls) == 3

    asyncio.run(scenario())


def test_what_is_sent_as_received_still_loses_incoming_attributes_of_ours() -> None:
    def script(number: int, data: bytes) -> bytes | Refuse:
        return Refuse(grpc.StatusCode.INVALID_ARGUMENT) if number == 0 else b""

    async def scenario() -> None:
        async with running(script) as service:
            await service.export(request(record(attributes={"logtriage.category": "noise", "kept": "yes"})))
            (item,) = service.sink.records
            assert attributes_of(item) == {"kept": "yes"}

    asyncio.run(scenario())


def test_bytes_that_are_no_protobuf_are_an_invalid_argument() -> None:
    async def scenario() -> None:
        async with running() as service:
            error = await service.refusal(b"\xff\xff\xff not a request")
            assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert service.sink.calls == []

    asyncio.run(scenario())


def test_a_request_over_the_size_limit_is_resource_exhausted() -> None:
    async def scenario() -> None:
        async with running(receiver={"max_recv_msg_size_mib": 1}) as service:
            error = await service.refusal(request(record("x" * (1024 * 1024 + 1))))
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED

    asyncio.run(scenario())


def test_a_request_over_the_record_cap_is_forwarded_untriaged_and_cleaned() -> None:
    async def scenario() -> None:
        async with running(receiver={"max_request_records": 3}) as service:
            plain = [record(f"boom {i}") for i in range(3)]
            forged = record("boom 3", attributes={"logtriage.is_actionable_for_oncall": False, "kept": 1})
            assert await service.export(request(*plain, forged)) == b""
            assert [item.body.string_value for item in service.sink.records] == [f"boom {i}" for i in range(4)]
            assert [attributes_of(item) for item in service.sink.records] == [{}, {}, {}, {"kept": 1}]
            assert service.metric("logtriage_untriaged_log_records_total", reason="record_cap") == 4

    asyncio.run(scenario())


def test_an_exception_of_ours_forwards_the_received_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    from logtriage.pipeline.annotator import Annotator

    async def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret body")

    monkeypatch.setattr(Annotator, "annotate", explode)

    async def scenario() -> None:
        async with running() as service:
            data = request(record())
            assert await service.export(data) == b""
            assert service.sink.calls == [data]
            assert service.metric("logtriage_untriaged_log_records_total", reason="exception") == 1

    asyncio.run(scenario())


def test_an_exception_of_ours_is_unavailable_only_if_forwarding_fails_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from logtriage.pipeline.router import Router

    async def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret body")

    monkeypatch.setattr(Router, "route", explode)

    async def scenario() -> None:
        async with running() as service:
            error = await service.refusal(request(record()))
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_after(error) is not None
            assert "secret" not in (error.details() or "")

    asyncio.run(scenario())


def test_an_exception_on_one_record_skips_that_record_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from logtriage.engines.local.engine import LocalEngine

    judge = LocalEngine.judge

    def explode_on_poison(self: LocalEngine, view, *context):  # type: ignore[no-untyped-def]
        if b"poison" in view.body:
            raise RecursionError
        return judge(self, view, *context)

    monkeypatch.setattr(LocalEngine, "judge", explode_on_poison)

    async def scenario() -> None:
        async with running() as service:
            await service.export(request(record("one"), record("poison"), record("three")))
            told = [attributes_of(item) for item in service.sink.records]
            assert [attributes["logtriage.status"] for attributes in told] == ["fresh", "skipped", "fresh"]
            assert told[1]["logtriage.reason"] == "internal_error"
            assert told[1]["logtriage.is_actionable_for_oncall"] is True
            assert len(str(told[1]["logtriage.fingerprint"])) == 16
            assert (
                service.metric(
                    "logtriage_triaged_records_total",
                    source_service="checkout",
                    category="none",
                    severity="ERROR",
                    is_actionable_for_oncall="true",
                )
                == 1
            )

    asyncio.run(scenario())


def test_over_the_bytes_in_flight_the_sender_keeps_its_request() -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        async with running(receiver={"max_in_flight_mib": 1, "max_recv_msg_size_mib": 1}) as service:
            big = request(record("x" * 700_000))
            original = service.service._exporter.export

            async def held(*args: object, **kwargs: object) -> bytes:
                await gate.wait()
                return await original(*args, **kwargs)  # type: ignore[arg-type]

            service.service._exporter.export = held  # type: ignore[method-assign,assignment]
            first = asyncio.ensure_future(service.export(big))
            while not service.metric("logtriage_receiver_in_flight_bytes"):
                await asyncio.sleep(0.005)
            error = await service.refusal(big)
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_after(error) is not None
            assert "`receiver.max_in_flight_mib`" in (error.details() or "")
            gate.set()
            assert await first == b""

    asyncio.run(scenario())


@pytest.mark.parametrize("signal", ["trace.v1.TraceService", "metrics.v1.MetricsService"])
def test_traces_and_metrics_are_unimplemented_with_a_hint(signal: str) -> None:
    async def scenario() -> None:
        async with running() as service:
            call = service.channel.unary_unary(f"/opentelemetry.proto.collector.{signal}/Export")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(b"", timeout=5)
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
            assert "logs only" in (caught.value.details() or "")

    asyncio.run(scenario())


def test_a_gzip_bomb_is_refused_by_its_size_when_unpacked() -> None:
    async def scenario() -> None:
        async with running(receiver={"max_recv_msg_size_mib": 1}) as service:
            call = service.channel.unary_unary("/opentelemetry.proto.collector.logs.v1.LogsService/Export")
            data = request(record("x" * (8 * 1024 * 1024)))
            assert len(gzip.compress(data)) < 64 * 1024
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(data, timeout=5, compression=grpc.Compression.Gzip)
            assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED

    asyncio.run(scenario())


@pytest.mark.parametrize("compression", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_requests_are_taken(compression: grpc.Compression) -> None:
    async def scenario() -> None:
        async with running(exporter={"compression": "gzip"}) as service:
            call = service.channel.unary_unary("/opentelemetry.proto.collector.logs.v1.LogsService/Export")
            assert await call(request(record("boom")), timeout=5, compression=compression) == b""
            assert [item.body.string_value for item in service.sink.records] == ["boom"]

    asyncio.run(scenario())


def test_only_metadata_on_the_allow_list_is_forwarded() -> None:
    async def scenario() -> None:
        async with running(
            receiver={"metadata": {"forward": ["x-scope-orgid"]}}, exporter={"headers": {"x-token": "t"}}
        ) as service:
            await service.export(request(record()), x_scope_orgid="tenant-1", x_other="secret")
            (metadata,) = service.sink.metadata
            assert metadata["x-scope-orgid"] == "tenant-1"
            assert metadata["x-token"] == "t"
            assert "x-other" not in metadata
            assert str(metadata["user-agent"]).startswith("LogTriage/")

    asyncio.run(scenario())


def test_tenants_do_not_share_verdicts() -> None:
    async def scenario() -> None:
        async with running(receiver={"metadata": {"forward": ["x-scope-orgid"]}}) as service:
            for tenant in ("a", "b", "a"):
                await service.export(request(record()), x_scope_orgid=tenant)
            told = [attributes_of(item) for item in service.sink.records]
            assert [attributes["logtriage.status"] for attributes in told] == ["fresh", "fresh", "cached"]
            assert told[0]["logtriage.fingerprint"] != told[1]["logtriage.fingerprint"]

    asyncio.run(scenario())


def test_a_large_request_is_forwarded_in_parts_below_the_limit_in_order() -> None:
    async def scenario() -> None:
        async with running(exporter={"max_request_size_mib": 1}) as service:
            bodies = [f"{i} " + "x" * 50_000 for i in range(60)]
            data = request(*(record(body, number=9 if i % 2 else 17) for i, body in enumerate(bodies)))
            assert await service.export(data) == b""
            assert len(service.sink.requests) > 2
            assert all(len(part) <= 1024 * 1024 for part in service.sink.requests)
            assert [item.body.string_value for item in service.sink.records] == bodies

    asyncio.run(scenario())


def test_a_retryable_failure_of_a_later_part_makes_the_answer_retryable() -> None:
    def script(number: int, data: bytes) -> bytes | Refuse:
        return Refuse(grpc.StatusCode.UNAVAILABLE) if number == 1 else b""

    async def scenario() -> None:
        async with running(script, exporter={"max_request_size_mib": 1}) as service:
            data = request(*(record(f"{i} " + "x" * 300_000, number=9, text="INFO") for i in range(8)))
            assert (await service.refusal(data)).code() is grpc.StatusCode.UNAVAILABLE
            assert await service.export(data) == b""
            delivered = {item.body.string_value.split()[0] for item in service.sink.records}
            assert delivered == {str(i) for i in range(8)}

    asyncio.run(scenario())


def test_a_large_request_without_a_selected_record_keeps_each_record_as_it_came() -> None:
    async def scenario() -> None:
        async with running(exporter={"max_request_size_mib": 1}) as service:
            data = request(*(record(f"{i} " + "x" * 300_000, number=9, text="INFO") for i in range(8)))
            await service.export(data)
            assert [item for part in service.sink.requests for item in records_of(part)] == records_of(data)

    asyncio.run(scenario())
