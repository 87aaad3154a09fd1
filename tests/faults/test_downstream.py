"""Downstream is away, comes and goes, is slow, or refuses: what was acknowledged arrives, once it can."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from faults.children import environment
from faults.figures import Report, percentile
from faults.service import COMMAND
from faults.stage import Stage
from faults.test_engine import acks
from faults.tier import count, size
from faults.verdict import ENGINE, check, check_copies

pytestmark = pytest.mark.faults

OUTAGE_SECONDS = size("OUTAGE_SECONDS", ci=30.0, long=180.0)
FLAP_SECONDS = size("FLAP_SECONDS", ci=2.5, long=10.0)
FLAPS = count("FLAPS", ci=2, long=10)
FAULT_SECONDS = size("DOWNSTREAM_SECONDS", ci=6.0, long=60.0)
MAX_RSS_MIB = 300.0
RATE = 1000.0
TOKEN = {"authorization": "Bearer right"}


def test_an_outage_of_downstream_loses_nothing(tmp_path: Path, report: Report) -> None:
    # Errors only, and ever new ones: most requests wait as a whole and are acknowledged while downstream is down.
    only_errors = {"error_every": 1, "generation_records": 1_000, "producer": ("--consumers=400", "--queue=50")}
    with Stage(tmp_path, hold_seconds=6.0, **only_errors) as stage:
        stage.service.start()
        stage.load(rate=300.0, largest=30)
        stage.wait_for_kinds()
        stage.behave(is_down=True)
        time.sleep(OUTAGE_SECONDS)
        stage.behave()
        settled = stage.settle(seconds=3 * OUTAGE_SECONDS)
        rss = stage.service.peak_rss_mib()
        report(
            f"downstream down for {OUTAGE_SECONDS:.0f} s",
            settled.account,
            drained_seconds=settled.drained_seconds,
            peak_rss_mib=rss,
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert settled.drained_seconds <= 2 * OUTAGE_SECONDS
        assert rss <= MAX_RSS_MIB


def test_a_flapping_downstream_loses_nothing(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.load(rate=RATE)
        stage.wait_for_kinds()
        for _ in range(FLAPS):
            stage.behave(is_down=True)
            time.sleep(FLAP_SECONDS)
            stage.behave()
            time.sleep(FLAP_SECONDS)
        settled = stage.settle()
        report(
            f"downstream flapping, {FLAP_SECONDS:.1f} s each, {FLAPS} times",
            settled.account,
            drained_seconds=settled.drained_seconds,
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])


def test_a_downstream_that_refuses_seven_calls_in_ten_gets_every_record(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.behave(code="UNAVAILABLE", probability=0.7)
        stage.load(rate=RATE, largest=5_000)
        time.sleep(FAULT_SECONDS)
        stage.producer.ask("pause")
        stage.wait_for(lambda: bool(stage.producer.ask("status")["is_idle"]), "all are answered", 60.0)
        stage.wait_for(lambda: not stage.is_holding, "all are delivered while it still refuses", 60.0)
        copies = max((len(times) for times in stage.ledger.later_deliveries.values()), default=0)
        stage.behave()
        settled = stage.settle()
        report("downstream 70 % UNAVAILABLE", settled.account, deliveries_a_record_at_most=1 + copies)
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert 1 + copies <= 2


def test_a_downstream_that_takes_five_seconds_a_request_loses_nothing(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.load(rate=RATE)
        stage.wait_for_kinds()
        stage.behave(seconds=5.0)
        time.sleep(max(FAULT_SECONDS, 12.0))
        rss = stage.service.peak_rss_mib()
        stage.behave()
        settled = stage.settle()
        report(
            "downstream takes 5 s a request", settled.account, peak_rss_mib=rss, drained_seconds=settled.drained_seconds
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert rss <= MAX_RSS_MIB


def test_a_partial_success_is_a_success(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.behave(rejected=2)
        stage.load(rate=RATE)
        time.sleep(FAULT_SECONDS / 2)
        stage.behave()
        settled = stage.settle()
        report("downstream partial success", settled.account, rejected_by_downstream=settled.account.rejected)
        account = check(stage, settled, kinds=ENGINE)
        assert account.rejected
        assert account.told, "what downstream answered is passed on"
        assert account.duplicated == 0, "what was answered by partial success is not sent again"


def test_a_downstream_whose_answers_are_lost_gets_copies_and_loses_nothing(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.behave(loses_answers=0.3)
        stage.load(rate=RATE)
        time.sleep(FAULT_SECONDS / 2)
        stage.behave()
        settled = stage.settle()
        report("downstream loses three answers in ten", settled.account)
        account = check(stage, settled, kinds=ENGINE)
        assert account.duplicated


def test_what_downstream_refuses_for_good_is_kept_in_the_dead_letters(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path) as stage:
        stage.service.start()
        stage.load(rate=RATE, largest=100)
        stage.wait_for_kinds()
        stage.behave(code="INVALID_ARGUMENT")
        time.sleep(FAULT_SECONDS / 2)
        stage.producer.ask("pause")
        stage.wait_for(lambda: bool(stage.producer.ask("status")["is_idle"]), "all are answered", 30.0)
        time.sleep(stage.hold_seconds + 2.0)
        stage.ledger.refresh()
        in_dead_letters = len(stage.ledger.undelivered)
        files = len(list((stage.state / "deadletter").glob("*")))
        stage.behave()
        sent = subprocess.run(
            [COMMAND, "deadletter", "send", "--all", "--config", stage.service.config_file],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert sent.returncode == 0, sent.stderr
        settled = stage.settle()
        told_to_sender = sum(one.count for one in stage.ledger.sent.values() if one.dropped_by == "INVALID_ARGUMENT")
        report(
            "downstream refuses for good",
            settled.account,
            refused_to_the_sender=told_to_sender + settled.account.told,
            in_dead_letters=in_dead_letters,
            files=files,
        )
        account = check(stage, settled, kinds=ENGINE, may_drop=True)
        assert account.dropped == told_to_sender, "nothing is refused for good that downstream did not refuse for good"
        assert in_dead_letters > 0
        assert files > 0


def test_a_wrong_token_keeps_everything_until_it_is_right(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, exporter={"headers": TOKEN}) as stage:
        stage.service.start()
        stage.load(rate=RATE)
        stage.wait_for_kinds()
        stage.behave(token="Bearer another")
        time.sleep(FAULT_SECONDS / 2)
        began = time.monotonic()
        stage.behave(token=TOKEN["authorization"])
        settled = stage.settle()
        report(
            "downstream refuses our token",
            settled.account,
            drained_seconds=settled.drained_seconds,
            ack_p99_after_ms=1000 * percentile(acks(stage.ledger, began, float("inf")), 0.99),
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        dead_letters = stage.state / "deadletter"
        assert not dead_letters.exists() or not list(dead_letters.glob("*")), "a token is no fault of the records"
