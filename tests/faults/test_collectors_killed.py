"""Collector, LogTriage, Collector, each killed under load: who loses what, with which settings of the Collectors.

Between the programs stand receivers of the test's own, which see what each of them acknowledged to the one before.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from e2e.programs import Program, free_port
from e2e.raw_receiver import RawReceiver
from e2e.stage import COLLECTOR_READY, WITHOUT_METRICS
from faults.corpus import ID_ATTRIBUTE
from faults.figures import Report
from faults.stage import Stage
from faults.tier import count

pytestmark = [pytest.mark.faults, pytest.mark.e2e]

HERE = Path(__file__).parent
KILLS = count("COLLECTOR_KILLS", ci=2, long=20)
BEFORE, LOGTRIAGE, BEHIND = "the Collector before", "LogTriage", "the Collector behind"
DOCUMENTED, DEFAULTS = "documented settings", "default settings"


@pytest.mark.parametrize(
    ("killed", "settings"),
    [(BEFORE, DOCUMENTED), (BEFORE, DEFAULTS), (LOGTRIAGE, DOCUMENTED), (BEHIND, DOCUMENTED), (BEHIND, DEFAULTS)],
)
def test_nothing_is_lost_between_collectors_that_logtriage_acknowledged(
    tmp_path: Path, report: Report, killed: str, settings: str
) -> None:
    with ExitStack() as stack:
        before_port, behind_port = free_port(), free_port()
        to_behind = RawReceiver(f"127.0.0.1:{behind_port}")
        stack.callback(to_behind.close)
        stage = stack.enter_context(
            Stage(
                tmp_path,
                exporter={"endpoint": to_behind.address},
                send_to=f"127.0.0.1:{before_port}",
                checks_metadata=False,
            )
        )
        to_logtriage = RawReceiver(stage.service.address)
        stack.callback(to_logtriage.close)
        has_defaults = settings == DEFAULTS
        before_file = "defaults.yaml" if has_defaults and killed == BEFORE else "before-documented.yaml"
        behind_file = "defaults.yaml" if has_defaults and killed == BEHIND else "after-documented.yaml"
        behind = _collector("behind", behind_file, tmp_path, behind_port, f"127.0.0.1:{stage.sink_port}")
        stack.callback(behind.kill)
        before = _collector("before", before_file, tmp_path, before_port, to_logtriage.address)
        stack.callback(before.kill)
        stage.behave(seconds=0.05)
        behind.start()
        stage.service.start()
        before.start()
        stage.load(rate=3_000.0, largest=100)
        for _ in range(KILLS):
            time.sleep(1.5)
            stage.behave(is_down=True)  # what a Collector has acknowledged waits in its queue
            time.sleep(1.0)
            if killed == LOGTRIAGE:
                stage.service.kill()
                stage.service.start()
            else:
                collector = before if killed == BEFORE else behind
                collector.kill()
                collector.start()
            stage.behave(seconds=0.05)
        time.sleep(1.0)
        stage.behave()
        settled = stage.settle(seconds=15.0 if has_defaults else 30.0, probes=False)
        acked_by_us, taken_behind = set(_ids(to_logtriage)), set(_ids(to_behind))
        delivered = set(stage.ledger.first_delivery)
        acked_before = {
            record_id for one in stage.ledger.sent.values() if one.acked_at is not None for record_id in one.ids
        }
        lost_by_us = acked_by_us - taken_behind
        lost_before, lost_behind = acked_before - acked_by_us, taken_behind - delivered
        report(
            f"{killed} killed, {settings}",
            settled.account,
            lost_by_logtriage=len(lost_by_us),
            lost_by_the_collector_before=len(lost_before),
            lost_by_the_collector_behind=len(lost_behind),
        )
        assert not lost_by_us
        assert settled.account.spurious == settled.account.corrupted == 0
        assert settled.account.issued > 1_000
        if not has_defaults:
            assert settled.account.lost == 0


def _collector(name: str, config: str, folder: Path, port: int, next_address: str) -> Program:
    """Give a Collector that listens on a port and sends to an address; not started."""
    environment = {
        "OTLP_ENDPOINT": f"127.0.0.1:{port}",
        "NEXT_ENDPOINT": next_address,
        "QUEUE_DIRECTORY": str(folder / f"queue-{name}"),
    }
    command = [_binaries() / "otelcol", "--config", HERE / "collectors" / config, "--config", WITHOUT_METRICS]
    return Program(name, command, folder / f"{name}.log", environment=environment, ready_text=COLLECTOR_READY)


def _binaries() -> Path:
    build = HERE.parent / "e2e" / "otelcol" / "build.sh"
    where = subprocess.run([build, "--where"], capture_output=True, text=True, check=True)
    folder = Path(where.stdout.strip())
    if not (folder / "build.txt").exists():
        pytest.fail(f"no Collector in {folder}: run `make otelcol` first")
    return folder


def _ids(receiver: RawReceiver) -> Iterator[int]:
    for data in receiver.requests():
        for resource_logs in ExportLogsServiceRequest.FromString(data).resource_logs:
            for scope_logs in resource_logs.scope_logs:
                for record in scope_logs.log_records:
                    yield from (int(one.value.string_value) for one in record.attributes if one.key == ID_ATTRIBUTE)
