"""A request larger than a Collector takes by default (4 MiB) leaves LogTriage in parts that it does take."""

from __future__ import annotations

from collections import Counter

import pytest

from e2e.applications import rows, send_by_sdk
from e2e.programs import free_port
from e2e.stage import RELAY_CONFIG, Stage
from e2e.transit import assert_same_records, identity_of, records_of

pytestmark = pytest.mark.e2e

COUNT = 40_000
COLLECTOR_DEFAULT_BYTES = 4 * 1024 * 1024


def test_a_request_of_nine_mebibytes_passes_a_collector_with_default_limits(stage: Stage) -> None:
    backend = stage.receiver()
    relay_port = free_port()
    environment = {"OTLP_ENDPOINT": f"127.0.0.1:{relay_port}", "BACKEND_ENDPOINT": backend.address}
    stage.collector("relay", [RELAY_CONFIG], environment, newest=True)
    service = stage.logtriage(f"127.0.0.1:{relay_port}")
    before = stage.receiver(forward_to=service.address)
    sent = rows("order", COUNT)

    send_by_sdk(sent, [before.address], batch_size=COUNT)

    assert max(map(len, before.requests())) > 2 * COLLECTOR_DEFAULT_BYTES
    assert max(map(len, backend.requests())) < COLLECTOR_DEFAULT_BYTES
    arrived = list(records_of(backend.parsed()))
    assert Counter(identity_of(passed.record) for passed in arrived) == Counter(row.id for row in sent)
    assert_same_records(records_of(before.parsed()), arrived)
