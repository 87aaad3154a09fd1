"""The Collector behind LogTriage dies under a trickle of records: the queue before LogTriage keeps them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from urllib.request import urlopen

import pytest

from e2e.applications import Row, rows
from e2e.programs import POLL_SECONDS, free_port, wait_until
from e2e.raw_receiver import RawReceiver
from e2e.stage import RELAY_CONFIG, Service, Stage
from e2e.test_log_files import start_agent
from e2e.transit import identity_of, records_of

pytestmark = pytest.mark.e2e

OUTAGE_SECONDS = 4.0


def test_every_record_arrives_although_the_collector_downstream_was_killed(stage: Stage) -> None:
    backend = stage.receiver()
    relay_port = free_port()
    environment = {"OTLP_ENDPOINT": f"127.0.0.1:{relay_port}", "BACKEND_ENDPOINT": backend.address}
    relay = stage.collector("relay", [RELAY_CONFIG], environment, newest=True)
    service = stage.logtriage(f"127.0.0.1:{relay_port}")
    agent = start_agent(stage, service.address)
    trickle = _trickle(stage)

    written = [next(trickle) for _ in range(20)]
    wait_until(lambda: _ids(backend) >= {row.id for row in written}, "the records before the outage")
    relay.kill()
    outage_ends = time.monotonic() + OUTAGE_SECONDS
    while time.monotonic() < outage_ends:
        written.append(next(trickle))
        time.sleep(POLL_SECONDS)
    wait_until(lambda: "Will retry the request after interval" in agent.log(), "a retry by the agent")
    in_outage = {row.id for row in written[20:]}
    assert not in_outage & _ids(backend)
    relay.start()
    written += [next(trickle) for _ in range(20)]

    wait_until(lambda: _ids(backend) >= {row.id for row in written}, "all records", seconds=60)
    assert _ids(backend) == {row.id for row in written}
    assert _metric(service, "logtriage_receiver_refused_log_records_total") > 0
    assert _metric(service, "logtriage_receiver_failed_log_records_total") == 0
    assert "Throttle (" in agent.log(), "the answer carries RetryInfo"
    assert "Dropping data" not in agent.log()


def _trickle(stage: Stage) -> Iterator[Row]:
    """Append a line to a log file for each row asked for."""
    with (stage.folder / "trickle.json.log").open("w", buffering=1) as log:
        for number in count():
            (row,) = rows("trickle", 1, start=number)
            log.write(f"{row.json_line()}\n")
            yield row


def _ids(backend: RawReceiver) -> set[str]:
    return {identity_of(passed.record) for passed in records_of(backend.parsed())}


def _metric(service: Service, name: str) -> float:
    """Sum a counter over its labels."""
    with urlopen(service.metrics_url, timeout=5) as page:
        lines = page.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name}{{", f"{name} ")))
