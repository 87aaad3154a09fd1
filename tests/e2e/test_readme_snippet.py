"""The ten lines of the README, as they stand, merged into a Collector configuration that was there before."""

from __future__ import annotations

from collections import Counter

import pytest

from e2e.applications import rows, send_by_sdk
from e2e.attribute_rules import assert_judged, assert_untouched
from e2e.programs import free_port, wait_until
from e2e.stage import COLLECTOR_CONFIG, HERE, Stage
from e2e.transit import assert_same_records, identity_of, records_of

pytestmark = pytest.mark.e2e

COUNT = 400


@pytest.mark.parametrize("newest", [True, False], ids=["newest", "full"])
def test_the_ten_lines_put_logtriage_into_an_existing_pipeline(stage: Stage, newest: bool) -> None:
    sent = rows("order", COUNT)
    backend, reference = stage.receiver(), stage.receiver()
    otlp_port, triaged_port = free_port(), free_port()
    service = stage.logtriage(f"127.0.0.1:{triaged_port}")
    stage.collector(
        "collector",
        [HERE / "existing.yaml", COLLECTOR_CONFIG / "readme-snippet.yaml"],
        {
            "OTLP_ENDPOINT": f"127.0.0.1:{otlp_port}",
            "TRIAGED_ENDPOINT": f"127.0.0.1:{triaged_port}",
            "LOGTRIAGE_ENDPOINT": service.address,
            "BACKEND_ENDPOINT": backend.address,
        },
        newest=newest,
    )

    send_by_sdk(sent, [f"127.0.0.1:{otlp_port}", reference.address])

    wait_until(lambda: len({identity_of(p.record) for p in records_of(backend.parsed())}) == COUNT, "all records")
    stage.stop()
    arrived = list(records_of(backend.parsed()))
    by_id = {row.id: row for row in sent}
    assert Counter(identity_of(passed.record) for passed in arrived) == Counter(by_id.keys())
    for passed in arrived:
        if by_id[identity_of(passed.record)].is_error:
            assert_judged(passed.record)
        else:
            assert_untouched(passed.record)
    assert_same_records(records_of(reference.parsed()), arrived)
