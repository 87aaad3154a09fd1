from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.cli.input.input_record import InputRecord
from logtriage.cli.input.reading import read_records
from logtriage.cli.input.source import IDLE, lines_of, opened
from logtriage.pipeline.select import Selector
from logtriage.pipeline.views import view_of_record, view_of_resource
from logtriage.pipeline.wire import parse_request
from logtriage.schema.severity import Severity
from support.records import record, request

CRI = "2031-01-02T10:00:00.123456789Z"


def read(text: str, **options: str) -> list[InputRecord]:
    return list(read_records(text.splitlines(keepends=True), **options))


def bodies(text: str) -> list[str]:
    return [item.view.body.decode("utf-8", "surrogateescape") for item in read(text) if item.view is not None]


def test_lines_of_the_container_runtime_lose_their_prefix_and_are_joined_by_stream() -> None:
    text = (
        f"{CRI} stderr F ERROR checkout failed\n"
        f"{CRI} stdout F INFO ready\n"
        f"{CRI} stderr F \tat shop.Cart.pay(Cart.java:12)\n"
        f"{CRI} stderr F ERROR second\n"
    )

    assert sorted(bodies(text)) == [
        "ERROR checkout failed\n\tat shop.Cart.pay(Cart.java:12)",
        "ERROR second",
        "INFO ready",
    ]


def test_a_line_that_the_runtime_wrote_in_parts_is_one() -> None:
    assert bodies(f"{CRI} stderr P ERROR no sto\n{CRI} stderr F ck of pears\n") == ["ERROR no stock of pears"]


def test_docker_json_lines_are_unwrapped_and_joined() -> None:
    lines = ["ERROR checkout failed\n", "\tat shop.Cart.pay(Cart.java:12)\n", "ERROR a very lo", "ng line\n"]
    text = "".join(json.dumps({"log": line, "stream": "stderr", "time": CRI}) + "\n" for line in lines)

    assert bodies(text) == ["ERROR checkout failed\n\tat shop.Cart.pay(Cart.java:12)", "ERROR a very long line"]


def test_compose_and_kubectl_prefixes_tell_sources_apart() -> None:
    text = "web-1  | ERROR a\nweb-2  | ERROR b\nweb-1  |     at x (y.js:1:2)\n[pod/shop-1/app] ERROR c\n"

    assert sorted(bodies(text)) == ["ERROR a\n    at x (y.js:1:2)", "ERROR b", "ERROR c"]


def test_a_bar_behind_a_level_is_no_prefix() -> None:
    assert bodies("ERROR | shop | no stock\n") == ["ERROR | shop | no stock"]


def test_json_lines_of_a_container_are_bodies_as_they_stand() -> None:
    line = '{"level":"error","msg":"no stock"}'

    (item,) = read(line + "\n", service_name="shop")

    assert item.view is not None
    assert item.view.body == line.encode()
    assert item.view.level is Severity.ERROR
    assert item.view.resource.source_service == "shop"


def test_records_of_a_data_set_keep_id_service_severity_and_context() -> None:
    value = {
        "id": "a7",
        "body": "no stock",
        "severity_text": "WARN",
        "service_name": "cart",
        "attributes": {"error.type": "NoStock"},
        "context_before": ["INFO ready"],
        "context_after": ["INFO done"],
    }

    (item,) = read(json.dumps(value), service_name="other")

    assert item.view is not None
    assert (item.id, item.view.level, item.view.resource.service_name) == ("a7", Severity.WARN, b"cart")
    assert item.view.attributes == {b"error.type": b"NoStock"}
    assert (item.context.before, item.context.after) == (("INFO ready",), ("INFO done",))


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_read() -> None:
    items = read('{"body":"a"}\n{"body":\n\n{"body":"b"}\n')

    assert [(item.where, bool(item.problem)) for item in items] == [(1, False), (2, True), (4, False)]


@pytest.mark.parametrize("first", ['{"body": "a" x}', '{"body": "never closed', '{"body": ', "{{{"])
def test_a_bad_first_line_does_not_cost_the_rest(first: str) -> None:
    items = read(first + '\n{"body":"b"}\n')

    assert items[0].where == 1
    assert items[0].problem
    assert [item.view.body for item in items if item.view is not None] == [b"b"]


@pytest.mark.parametrize("line", ['{"body":"\\ud800"}', '{"body":"a","attributes":{"x":"\\udfff"}}'])
def test_half_a_surrogate_pair_costs_its_record_alone(line: str) -> None:
    items = read(f'{line}\n{{"body":"b"}}\n')

    assert [bool(item.problem) for item in items] == [True, False]
    assert "surrogate" in items[0].problem


@pytest.mark.parametrize("line", ["[" * 100_000, '{"severity_number":' + "9" * 5000 + "}"])
def test_json_that_the_parser_refuses_is_told(line: str) -> None:
    items = read('{"body":"a"}\n' + line + "\n")

    assert [bool(item.problem) for item in items] == [False, True]


def test_bytes_that_are_no_utf8_are_kept_in_text(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"ERROR \xff\xfe bad\n")

    with opened(str(path)) as lines:
        (item,) = read_records(lines)

    assert item.view is not None
    assert item.view.body == b"ERROR \xff\xfe bad"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_records(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"\xef\xbb\xbfERROR a\r\nERROR b\r\n")

    with opened(str(path)) as lines:
        assert [item.view.body for item in read_records(lines) if item.view] == [b"ERROR a", b"ERROR b"]


def test_a_pipe_gives_each_line_as_soon_as_it_is_whole() -> None:
    ours, theirs = os.pipe()
    lines = lines_of(ours)

    os.write(theirs, b"first\nsec")
    assert next(lines) == "first\n"
    os.write(theirs, b"ond")
    os.close(theirs)
    assert next(lines) == "second"
    assert next(lines, None) is None
    os.close(ours)


def test_a_pause_ends_a_record_and_counts_as_no_line() -> None:
    lines = ["ERROR a\n", "\tat x.y(Z.java:1)\n", IDLE, "ERROR b\n"]
    records = read_records(lines)

    assert next(records).view == read("ERROR a\n\tat x.y(Z.java:1)")[0].view
    assert next(records).where == 3


def test_a_silent_pipe_tells_of_the_pause() -> None:
    ours, theirs = os.pipe()
    lines = lines_of(ours, idle_seconds=0.0)

    assert next(lines) == IDLE
    os.close(theirs)
    assert next(lines, None) is None
    os.close(ours)


@pytest.mark.parametrize("text", ["", "\n\n", "   \n"])
def test_an_empty_input_has_no_records(text: str) -> None:
    assert read(text) == []


def as_otlp(*raw: bytes, indent: int | None = None) -> str:
    return "\n".join(json.dumps(MessageToDict(ExportLogsServiceRequest.FromString(one)), indent=indent) for one in raw)


REQUESTS = (
    request(record("dial tcp: connection refused", attributes={"n": 5, "d": 1.5, "error.type": "X"}), record("second")),
    request(record("third", number=0, text="warn"), service="other"),
)


@pytest.mark.parametrize("indent", [None, 2])
def test_otlp_json_gives_the_views_that_the_service_makes_of_the_same_requests(indent: int | None) -> None:
    items = read(as_otlp(*REQUESTS, indent=indent))

    selector = Selector(min_severity=Severity.DEBUG, read_body=True)
    wanted = [
        (
            view_of_record(
                Record.FromString(scope.log_records[chosen.place]),
                level=chosen.level,
                resource=view_of_resource([resource.resource[0]], []),
                tenant=b"",
            )
        )
        for raw in REQUESTS
        for resource in parse_request(raw).resource_logs
        for scope in resource.scope_logs
        for chosen in selector.select(list(scope.log_records))
    ]
    assert [item.view for item in items] == wanted
    assert len(items) == 3


def test_severities_by_name_and_null_fields_of_otlp_json_are_taken() -> None:
    document = {
        "resourceLogs": [
            {
                "resource": None,
                "scopeLogs": [
                    {
                        "logRecords": [
                            {
                                "severityNumber": "SEVERITY_NUMBER_ERROR",
                                "body": {"stringValue": "a"},
                                "traceId": "ab12",
                            },
                            {"body": None, "attributes": None},
                        ]
                    }
                ],
            }
        ]
    }

    items = read(json.dumps(document), service_name="shop")

    assert [item.view.level if item.view else item.problem for item in items] == [Severity.ERROR, None]
    assert items[0].view is not None
    assert items[0].view.resource.source_service == "shop"


def test_a_bad_record_of_a_request_costs_itself_alone() -> None:
    records = [{"body": {"intValue": "many"}}, 7, {"body": {"stringValue": "good"}}]

    items = read(json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}))

    assert [bool(item.problem) for item in items] == [True, True, False]
    assert [item.id for item in items] == ["1.0", "1.1", "1.2"]


@pytest.mark.parametrize("value", ["x", None, 5])
def test_resource_logs_that_are_no_list_are_told(value: object) -> None:
    (item,) = read(json.dumps({"resourceLogs": value}))

    assert "resourceLogs" in item.problem


def test_an_array_of_records_is_read_over_several_lines() -> None:
    items = read(json.dumps([{"body": "a"}, {"body": "b"}, {"other": 1}], indent=1))

    assert [item.view.body if item.view else item.problem for item in items] == [
        b"a",
        b"b",
        "is an object without a `body`",
    ]


def test_text_that_begins_with_a_bracketed_time_is_no_array() -> None:
    assert bodies("[2031-01-02 10:00:00] ERROR a\n[2031-01-02 10:00:01] ERROR b\n") == [
        "[2031-01-02 10:00:00] ERROR a",
        "[2031-01-02 10:00:01] ERROR b",
    ]
