"""The embedded engine and the lines around a record."""

from __future__ import annotations

import pytest

from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.category import Category
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity
from logtriage.triage.entry import Entry
from logtriage.triage.judge import Judge

_ENGINE = LocalEngine()


def judged(body: str, *, before: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> TriageReport:
    judge = Judge(_ENGINE, ttl_seconds=60)
    verdict = judge.judge(
        view_of_line(body, severity_text="ERROR"),
        b"12345678",
        now=0.0,
        first_seen=0,
        context=Context(before=before, after=after),
    )
    return verdict.report


POOL_EMPTY = "backend pool 'invoices' has no server available"


def test_a_recovery_of_the_same_thing_makes_it_a_blip() -> None:
    report = judged(POOL_EMPTY, after=("health check: server invoices/inv-3 is UP again",))
    assert (report.category, report.severity, report.is_actionable_for_oncall) == (
        Category.TRANSIENT_NETWORK,
        Severity.WARN,
        False,
    )


def test_without_the_recovery_the_same_record_is_actionable() -> None:
    assert judged(POOL_EMPTY).is_actionable_for_oncall


@pytest.mark.parametrize(
    "after",
    [
        "health check: server payments/pay-1 is UP again",
        "health check: server invoices/inv-3 is still not ready",
        "waiting until server invoices/inv-3 is up",
    ],
)
def test_a_recovery_of_another_thing_or_a_denied_one_changes_nothing(after: str) -> None:
    assert judged(POOL_EMPTY, after=(after,)).is_actionable_for_oncall


def test_a_recovery_that_did_not_last_changes_nothing() -> None:
    after = ("server invoices/inv-3 is UP", "server invoices/inv-3 is DOWN, connection refused")
    assert judged(POOL_EMPTY, after=after).is_actionable_for_oncall


def test_another_host_of_the_same_kind_is_another_thing() -> None:
    report = judged("lost connection to broker mq-07", after=("connection to broker mq-08 re-established",))
    assert report.is_actionable_for_oncall


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("lookup inbox.corp.lan on 10.1.0.2:53: i/o timeout", "lookup ok: inbox.corp.lan is 10.9.8.7"),
        ("[netty-worker-1-4] lost connection to stock-db", "[netty-worker-1-7] reconnected to stock-db"),
        ("connection refused by the message broker", "connect attempt 3 ok"),
        ("node mq-4 not responding", "node 'mq-4' up"),
    ],
)
def test_a_recovery_is_known_by_host_by_name_and_by_the_next_try(body: str, after: str) -> None:
    assert not judged(body, after=(after,)).is_actionable_for_oncall


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("connection refused by inbox.corp.lan", "lookup ok: outbox.corp.lan is 10.9.8.7"),
        ("connection refused by broker mq-1", "connect attempt 3 to mq-2 ok"),
        ("disk full: no space left on device", "connect attempt 3 ok"),
    ],
)
def test_a_next_try_of_another_thing_changes_nothing(body: str, after: str) -> None:
    assert judged(body, after=(after,)).is_actionable_for_oncall


def test_a_line_that_tries_again_lends_its_names_to_the_recovery() -> None:
    after = ("deadlock on invoices, retrying job nightly-7", "job nightly-7 finished in 3 s")
    assert not judged("Deadlock found when trying to get lock", after=after).is_actionable_for_oncall


def test_what_a_requested_stop_looks_like_is_noise() -> None:
    report = judged(
        "consumer loop ended: connection closed by peer", before=("received SIGTERM, shutting down gracefully",)
    )
    assert (report.category, report.is_actionable_for_oncall) == (Category.NOISE, False)


def test_a_stop_does_not_excuse_lost_data() -> None:
    report = judged(
        "connection closed by peer: 14 events not persisted", before=("received SIGTERM, shutting down gracefully",)
    )
    assert report.is_actionable_for_oncall


def test_a_start_ends_the_excuse_of_a_stop() -> None:
    before = ("received SIGTERM, shutting down gracefully", "worker started, listening on :9000")
    report = judged("consumer loop ended: connection closed by peer", before=before)
    assert report.category is Category.TRANSIENT_NETWORK


def test_a_symptom_takes_the_category_of_the_cause_beside_it() -> None:
    report = judged(
        "renderer process is gone, exit status unknown",
        before=("kernel: Out of memory: Killed process 4711 (renderer) total-vm:91823kB",),
    )
    assert (report.category, report.is_actionable_for_oncall) == (Category.RESOURCE_EXHAUSTION, True)


@pytest.mark.parametrize(
    "before",
    [
        "runtime upgraded: was 17.0.2, is 21.0.1",
        "migration 12_add_colour skipped: lock is held",
        "rollout of stage 2 to all done",
    ],
)
def test_a_name_that_is_not_known_after_a_change_is_drift(before: str) -> None:
    report = judged("option 'colour' is unknown", before=(before,))
    assert (report.category, report.is_actionable_for_oncall) == (Category.DEPLOYMENT_DRIFT, True)


def test_a_change_does_not_make_drift_of_every_failure() -> None:
    report = judged("permission denied for user till-4", before=("runtime upgraded: was 17.0.2, is 21.0.1",))
    assert report.category is Category.AUTH_AUTHZ


def test_what_would_be_noise_is_not_when_a_later_line_names_the_outage() -> None:
    body = "server pool_geo/geo-1 changed its IP from 10.1.1.2 to 10.1.1.3 by DNS"
    report = judged(body, after=("backend pool_geo has no server available!",))
    assert (report.category, report.is_actionable_for_oncall) == (Category.UPSTREAM_OUTAGE, True)


def test_a_protected_condition_is_not_lowered_by_context() -> None:
    report = judged("FATAL: data file of table ledger is corrupted", after=("table ledger recovered successfully",))
    assert report.is_actionable_for_oncall


def test_a_verdict_of_the_context_is_never_kept_for_its_fingerprint() -> None:
    verdict = Judge(_ENGINE, ttl_seconds=60).judge(
        view_of_line(POOL_EMPTY, severity_text="ERROR"),
        b"12345678",
        now=0.0,
        first_seen=0,
        context=Context(after=("server invoices/inv-3 is UP again",)),
    )
    assert verdict.rests_on_context
    with pytest.raises(ValueError, match="serves no other"):
        Entry(verdict)
