"""The model is away, slow, silent or breaks on some records: every record leaves in time, none less urgent for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.embedded import too_mild
from faults.figures import Report, percentile
from faults.ledger import Ledger
from faults.model import Model
from faults.stage import Stage
from faults.tier import bound, size
from faults.verdict import ENGINE, check, check_copies
from support import mimo_answers

pytestmark = pytest.mark.faults

GOOD_SECONDS = 3.0
FAULT_SECONDS = size("ENGINE_SECONDS", ci=7.0, long=180.0)
LEAVES_AFTER_DEADLINE_SECONDS = bound(2.0)
ACK_P99_SECONDS = bound(0.25)
FAULTS: dict[str, Callable[[Model], None]] = {
    "down": Model.go_down,
    "slow, 10 s an answer": lambda model: model.behave(seconds=10.0),
    "hanging": Model.hang,
    "crashing on one record in ten": lambda model: model.fail_on(_is_bad, seconds=0.5),
}


def _is_bad(text: str) -> bool:
    return len(text) % 10 == 0


@pytest.mark.parametrize("fault", list(FAULTS))
def test_every_record_leaves_in_time_whatever_the_model_does(tmp_path: Path, report: Report, fault: str) -> None:
    # The model calls everything harmless: a record that left with a word of it after a failure would be too mild.
    with Stage(tmp_path, answer=mimo_answers.harmless, generation_records=4_000) as stage:
        stage.service.start()
        stage.load(rate=1000.0, largest=200)
        time.sleep(GOOD_SECONDS)
        began = time.monotonic()
        FAULTS[fault](stage.model)
        time.sleep(FAULT_SECONDS)
        ended = time.monotonic()
        stage.producer.ask("pause")
        stage.model.go_down()  # calls that hang end
        stage.model.come_up()
        settled = stage.settle()
        before, during = acks(stage.ledger, 0.0, began), acks(stage.ledger, began, ended)
        waited = [delivered - acked for _, acked, delivered in stage.ledger.held() if acked >= began]
        mild = too_mild(stage.ledger, stage.corpus)
        report(
            f"model {fault}",
            settled.account,
            held_seconds_at_most=max(waited, default=0.0),
            ack_p99_before_ms=1000 * percentile(before, 0.99),
            ack_p99_ms=1000 * percentile(during, 0.99),
            less_urgent=len(mild),
            reasons=dict(sorted((reason or status, n) for (status, reason), n in stage.ledger.why().items())),
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert max(waited, default=0.0) <= stage.hold_seconds + LEAVES_AFTER_DEADLINE_SECONDS
        assert percentile(during, 0.99) <= max(ACK_P99_SECONDS, percentile(before, 0.99))
        assert not mild, mild[:3]


def acks(ledger: Ledger, began: float, ended: float) -> list[float]:
    """Give how long each OK took whose call began in a span of time."""
    return [
        done - start
        for sent in ledger.sent.values()
        for start, done, code in sent.calls
        if code == "OK" and began <= start < ended
    ]
