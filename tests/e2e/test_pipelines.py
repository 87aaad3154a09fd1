"""One Collector around LogTriage: errors take the hop, the rest goes straight out, and everything arrives."""

from __future__ import annotations

from collections import Counter

import pytest

from e2e.applications import rows, send_by_sdk
from e2e.attribute_rules import assert_judged, assert_untouched
from e2e.programs import free_port, wait_until
from e2e.stage import COLLECTOR_CONFIG, Stage
from e2e.transit import assert_same_records, identity_of, records_of

pytestmark = pytest.mark.e2e

COUNT = 500


@pytest.mark.parametrize(
    ("config", "newest"),
    [("routing.yaml", False), ("core-filter.yaml", False), ("core-filter.yaml", True)],
    ids=["routing-full", "core-filter-full", "core-filter-newest"],
)
def test_errors_take_the_hop_and_every_record_arrives_once(stage: Stage, config: str, newest: bool) -> None:
    sent = rows("order", COUNT)
    backend, reference = stage.receiver(), stage.receiver()
    otlp_port, triaged_port = free_port(), free_port()
    service = stage.logtriage(f"127.0.0.1:{triaged_port}")
    hop = stage.receiver(forward_to=service.address)
    stage.collector(
        "collector",
        [COLLECTOR_CONFIG / config],
        {
            "OTLP_ENDPOINT": f"127.0.0.1:{otlp_port}",
            "TRIAGED_ENDPOINT": f"127.0.0.1:{triaged_port}",
            "LOGTRIAGE_ENDPOINT": hop.address,
            "BACKEND_ENDPOINT": backend.address,
            "TRIAGE_QUEUE_DIRECTORY": str(stage.folder / "queue"),
        },
        newest=newest,
    )

    send_by_sdk(sent, [f"127.0.0.1:{otlp_port}", reference.address])

    wait_until(lambda: len({identity_of(p.record) for p in records_of(backend.parsed())}) == COUNT, "all records")
    stage.stop()
    errors = {row.id for row in sent if row.is_error}
    assert Counter(identity_of(passed.record) for passed in records_of(hop.parsed())) == Counter(errors)
    arrived = list(records_of(backend.parsed()))
    assert Counter(identity_of(passed.record) for passed in arrived) == Counter(row.id for row in sent)
    for passed in arrived:
        if identity_of(passed.record) in errors:
            assert_judged(passed.record)
        else:
            assert_untouched(passed.record)
    assert_same_records(records_of(reference.parsed()), arrived)
