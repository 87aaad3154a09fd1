"""Exporters of other makers deliver through the service unharmed.

A receiver in front of the service keeps what the exporter sent and passes it on as the same bytes; a receiver behind it
keeps what left. Between the two, every record must be there once and equal in every field that triage does not touch.
"""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest

from e2e.applications import rows, send_by_sdk
from e2e.attribute_rules import assert_judged, assert_untouched
from e2e.programs import Program, free_port, wait_until
from e2e.raw_receiver import RawReceiver
from e2e.stage import Stage
from e2e.transit import assert_same_records, identity_of, records_of

pytestmark = pytest.mark.e2e

COUNT = 500
ERROR = 17


def _path_through_logtriage(stage: Stage) -> tuple[RawReceiver, RawReceiver]:
    behind = stage.receiver()
    service = stage.logtriage(behind.address)
    return stage.receiver(forward_to=service.address), behind


def _arrived(receiver: RawReceiver) -> int:
    return sum(1 for _ in records_of(receiver.parsed()))


def test_the_python_sdk_delivers_every_record(stage: Stage) -> None:
    before, behind = _path_through_logtriage(stage)
    sent = rows("order", COUNT)

    send_by_sdk(sent, [before.address])

    assert Counter(identity_of(p.record) for p in records_of(behind.parsed())) == Counter(row.id for row in sent)
    _assert_unharmed(before, behind)


def test_the_go_sdk_delivers_every_record(stage: Stage) -> None:
    before, behind = _path_through_logtriage(stage)

    for severity_text, number, body in (
        ("Error", ERROR, "write /var/lib/shop/orders.db: disk quota exceeded"),
        ("Info", 9, "listening on :8080"),
        ("FATAL2", 22, "panic: runtime error: invalid memory address or nil pointer dereference"),
    ):
        command = stage.telemetrygen(before.address, COUNT, severity_text, number, body)
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    assert _arrived(before) == 3 * COUNT
    _assert_unharmed(before, behind)


def test_the_rotel_agent_delivers_every_record(stage: Stage) -> None:
    before, behind = _path_through_logtriage(stage)
    grpc_port, http_port = free_port(), free_port()
    stage.start(
        Program(
            "rotel",
            [
                *(stage.binaries / "rotel-agent", "start"),
                *("--otlp-grpc-endpoint", f"127.0.0.1:{grpc_port}"),
                *("--otlp-http-endpoint", f"127.0.0.1:{http_port}"),
                *("--pid-file", stage.folder / "rotel.pid"),
                *("--exporter", "otlp", "--otlp-exporter-endpoint", f"http://{before.address}"),
            ],
            stage.folder / "rotel.log",
            ports=(grpc_port,),
        )
    )
    sent = rows("order", COUNT)

    send_by_sdk(sent, [f"127.0.0.1:{grpc_port}"])

    wait_until(lambda: _arrived(behind) >= COUNT, "all records behind LogTriage")
    stage.stop()
    assert Counter(identity_of(p.record) for p in records_of(behind.parsed())) == Counter(row.id for row in sent)
    _assert_unharmed(before, behind)


def _assert_unharmed(before: RawReceiver, behind: RawReceiver) -> None:
    arrived = list(records_of(behind.parsed()))
    assert_same_records(records_of(before.parsed()), arrived)
    severe = Counter(
        passed.record.body.string_value
        for passed in records_of(before.parsed())
        if passed.record.severity_number >= ERROR
    )
    judged: Counter[str] = Counter()
    for passed in arrived:
        if passed.record.body.string_value in severe:
            assert_judged(passed.record)
            judged[passed.record.body.string_value] += 1
        else:
            assert_untouched(passed.record)
    assert judged == severe
    assert judged.total() >= COUNT // 3
