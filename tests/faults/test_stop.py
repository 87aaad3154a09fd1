"""SIGTERM under load, and a rolling restart: what waits leaves, nothing is lost, senders are told in time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from faults.figures import Report
from faults.service import Logtriage
from faults.stage import Stage
from faults.tier import bound, count
from faults.verdict import ENGINE, check, check_copies

pytestmark = pytest.mark.faults

STOPS = count("STOPS", ci=5, long=20)
EXIT_SECONDS = 25.0
AT_ONCE_SECONDS = bound(2.0)
SERVING, NOT_SERVING, NO_ANSWER = 1, 2, -1


class HealthWatch:
    """Asks for health all the time while entered; ``seen`` are the answers, those that repeat left out."""

    def __init__(self, service: Logtriage) -> None:
        self._service = service
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.seen: list[int] = []

    def __enter__(self) -> HealthWatch:
        self._thread.start()
        while not self.seen:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            status = self._service.health()
            if not self.seen or self.seen[-1] != status:
                self.seen.append(status)


def test_a_stop_under_load_loses_nothing_and_leaves_nothing_behind(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, hold_seconds=30.0, model_seconds=2.0) as stage:
        stage.behave(seconds=0.1)
        stage.service.start()
        stage.load(largest=200)
        took, seen, left_behind, ends = [], [], [], []
        for _ in range(STOPS):
            stage.wait_for_kinds()
            time.sleep(0.5)
            with HealthWatch(stage.service) as watch:
                code, seconds = stage.service.terminate()
            ends.append(stage.service.lives[-1].ended)
            assert code == 0, stage.service.log_tail()
            took.append(seconds)
            seen.append(watch.seen)
            stage.ledger.refresh()
            left_behind.append(len(stage.ledger.undelivered))
            stage.service.start()
        stage.behave()
        settled = stage.settle()
        flips = sum(NOT_SERVING in statuses for statuses in seen)
        report(
            f"SIGTERM under load, {STOPS} times",
            settled.account,
            exit_seconds_at_most=max(took),
            left_in_spool=max(left_behind),
            health_flips_first=f"{flips} of {STOPS}",
            reasons=dict(sorted((reason or status, n) for (status, reason), n in stage.ledger.why().items())),
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, ends)
        assert max(took) <= EXIT_SECONDS
        assert left_behind == [0] * STOPS
        assert all(statuses[:2] == [SERVING, NOT_SERVING] for statuses in seen), seen


def test_what_downstream_refuses_at_a_stop_stays_in_the_spool(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, hold_seconds=30.0) as stage:
        stage.model.hang()
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        stage.wait_for_kinds()
        stage.behave(is_down=True)
        time.sleep(1.0)
        code, seconds = stage.service.terminate()
        stage.behave()
        stage.model.behave(seconds=0.2)
        stage.service.start()
        settled = stage.settle()
        report("SIGTERM while downstream is down", settled.account, exit_seconds=seconds)
        account = check(stage, settled, kinds=("held", "forwarded", "replayed"))
        assert code == 0
        assert seconds <= EXIT_SECONDS
        assert account.replayed


def test_a_second_signal_ends_at_once_and_loses_nothing(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, hold_seconds=30.0) as stage:
        stage.model.hang()
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        stage.wait_for_kinds()
        stage.behave(is_down=True)
        time.sleep(0.5)
        stage.service.signal(15)
        time.sleep(0.5)
        code, seconds = stage.service.terminate()
        stage.behave()
        stage.model.behave(seconds=0.2)
        stage.service.start()
        settled = stage.settle()
        report("SIGTERM twice", settled.account, exit_seconds=seconds, exit_code=code)
        check(stage, settled, kinds=("held", "forwarded", "replayed"))
        assert code == 128 + 15
        assert seconds <= AT_ONCE_SECONDS


def test_a_rolling_restart_of_two_replicas_loses_nothing(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, replicas=2, hold_seconds=6.0, model_seconds=0.7) as stage:
        for service in stage.services:
            service.start()
        stage.load(rate=3000.0, largest=200)
        stage.wait_for_kinds()
        took = []
        for _ in range(count("ROLLS", ci=1, long=5)):
            for service in stage.services:
                time.sleep(1.0)
                code, seconds = service.terminate()
                assert code == 0, service.log_tail()
                took.append(seconds)
                service.start()
        settled = stage.settle()
        report("rolling restart of two replicas", settled.account, exit_seconds_at_most=max(took))
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [life.ended for service in stage.services for life in service.lives])
        assert max(took) <= EXIT_SECONDS
