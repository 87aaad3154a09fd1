"""The ledger sees what a fault test looks for: it is fed runs in which something went wrong, record by record."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from e2e.field_order import COLLECTOR_ORDER, follows, order_of, records_as_written
from faults.corpus import Corpus
from faults.deliveries import Delivery, DeliveryFile
from faults.figures import line_of, percentile
from faults.ledger import Account, Ledger, Life
from faults.texts import ERRORS
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.severity import Severity
from support.annotating import annotate, annotator
from support.scripted_engine import judgement

COUNT = 60
ISSUED, ACKED = 10.0, 11.0


class Run:
    """One request of 60 records, six of them errors, as the ledger's files tell of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = Corpus(time.time_ns())
        self.request = self.corpus.request(0, COUNT)
        self.sink = DeliveryFile(folder / "delivered.bin")
        self.ledger = Ledger(folder, self.corpus)
        self.tell("issued.jsonl", f'{{"request": 0, "first": 0, "count": {COUNT}, "tenant": "a", "at": {ISSUED}}}')

    def tell(self, name: str, line: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(line + "\n")

    def answer(
        self, code: str = "OK", *, at: float = ACKED, is_kept: bool = True, retry_info: str = "null", rejected: int = 0
    ) -> None:
        kept = "true" if is_kept else "false"
        self.tell(
            "answers.jsonl",
            f'{{"request": 0, "began": {ISSUED}, "at": {at}, "code": "{code}", "is_kept": {kept}, '
            f'"retry_info": {retry_info}, "rejected": {rejected}}}',
        )

    def deliver(self, data: bytes, *, at: float = 10.5, rejected: int = 0, tenant: str = "a") -> None:
        self.sink.append(Delivery(at=at, rejected=rejected, tenant=tenant, data=data))

    def account(self, *lives: Life) -> Account:
        self.ledger.refresh()
        return self.ledger.account(lives)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def judged(data: bytes) -> bytes:
    """Give a request as the service would forward it; errors become FATAL, so that their severity is overridden."""
    return annotate(annotator(lambda _: judgement(severity=Severity.FATAL)), data)


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1
    assert len(old) == len(new)
    return data.replace(old, new, 1)


def without(data: bytes, record: int) -> bytes:
    request = ExportLogsServiceRequest.FromString(data)
    del request.resource_logs[0].scope_logs[0].log_records[record]
    return request.SerializeToString()


def test_a_run_without_a_fault_has_none(run: Run) -> None:
    run.deliver(judged(run.request))
    run.answer()
    account = run.account()
    assert (account.issued, account.acked, account.delivered, account.forwarded) == (COUNT,) * 4
    assert (account.lost, account.spurious, account.corrupted, account.duplicated, account.held) == (0,) * 5
    assert account.untriaged == 0
    assert len(run.ledger.judged) == COUNT // 10


def test_the_verdicts_of_the_embedded_engine_are_no_corruption(run: Run) -> None:
    run.deliver(annotate(annotator(engine=LocalEngine()), run.request))
    assert run.account().corrupted == 0


def test_a_record_that_was_acknowledged_and_never_came_is_lost(run: Run) -> None:
    run.deliver(without(judged(run.request), 3))
    run.answer()
    assert run.account().lost == 1
    assert len(run.ledger.undelivered) == 1


def test_a_record_that_was_never_acknowledged_is_not_lost(run: Run) -> None:
    run.answer("UNAVAILABLE", retry_info="1.0")
    assert run.account().lost == 0


def test_a_request_that_the_collector_throws_away_is_lost(run: Run) -> None:
    run.answer("UNKNOWN", is_kept=False)
    account = run.account()
    assert (account.lost, account.dropped) == (COUNT, COUNT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"job amber", b"job ambex"),
        (b"checkout", b"checkouT"),
        (b"worker-7", b"worker-8"),
        (b"INFO", b"WARN"),
        (b"node-17", b"node-18"),
    ],
    ids=["body", "service", "attribute", "severity", "resource"],
)
def test_one_byte_that_changed_is_seen(run: Run, old: bytes, new: bytes) -> None:
    run.deliver(changed(judged(run.request), old, new))
    assert run.account().corrupted >= 1


def test_a_severity_that_changed_without_its_original_is_seen(run: Run) -> None:
    request = ExportLogsServiceRequest.FromString(judged(run.request))
    error = request.resource_logs[0].scope_logs[0].log_records[0]
    kept = [one for one in error.attributes if not one.key.startswith("logtriage.original")]
    del error.attributes[:]
    error.attributes.extend(kept)
    run.deliver(request.SerializeToString())
    assert run.account().corrupted == 1


def test_a_wrong_original_severity_is_seen(run: Run) -> None:
    request = ExportLogsServiceRequest.FromString(judged(run.request))
    for one in request.resource_logs[0].scope_logs[0].log_records[0].attributes:
        if one.key == "logtriage.original_severity_number":
            one.value.int_value = 18
    run.deliver(request.SerializeToString())
    assert run.account().corrupted == 1


def test_metadata_of_another_request_is_seen(run: Run) -> None:
    run.deliver(judged(run.request), tenant="b")
    assert run.account().corrupted == COUNT


def test_a_record_that_nobody_sent_is_spurious(run: Run) -> None:
    run.deliver(run.corpus.request(COUNT, 1))
    run.deliver(changed(run.request, b"lt.test.id", b"lt.test.ix"))
    assert run.account().spurious == 2


def test_each_delivery_after_the_first_is_a_copy(run: Run) -> None:
    run.deliver(run.request)
    run.deliver(run.request)
    run.deliver(run.request)
    assert run.account().duplicated == 2 * COUNT


def test_copies_are_explained_by_a_kill_while_they_were_under_way_or_by_a_lost_answer_only(run: Run) -> None:
    run.deliver(run.request)
    run.deliver(run.request)
    run.answer()
    run.account()
    assert len(run.ledger.unexplained_copies([])) == COUNT
    assert len(run.ledger.unexplained_copies([ACKED + 1])) == COUNT
    assert not run.ledger.unexplained_copies([ACKED - 0.5])
    run.answer("UNAVAILABLE", retry_info="1.0")
    run.account()
    assert len(run.ledger.unexplained_copies([])) == COUNT, "a refusal of the service says that nothing was accepted"
    run.answer("UNAVAILABLE")
    run.account()
    assert not run.ledger.unexplained_copies([])


def test_held_forwarded_and_replayed_are_told_by_when_a_record_came(run: Run) -> None:
    request = ExportLogsServiceRequest.FromString(judged(run.request))
    early, late = request.resource_logs
    run.deliver(ExportLogsServiceRequest(resource_logs=[early]).SerializeToString(), at=ACKED - 0.1)
    run.answer(at=ACKED)
    run.deliver(ExportLogsServiceRequest(resource_logs=[late]).SerializeToString(), at=ACKED + 2)
    account = run.account(Life(0, 100))
    assert (account.forwarded, account.held, account.replayed) == (COUNT // 2, COUNT // 2, 0)
    assert run.account(Life(0, ACKED + 0.5), Life(ACKED + 1, 100)).replayed == COUNT // 2
    assert run.account(Life(0, 1), Life(2, 100)).replayed == 0


def test_what_is_in_flight_is_what_has_no_answer_or_waits(run: Run) -> None:
    run.answer()
    run.deliver(run.request, at=ACKED + 3)
    run.account()
    assert not run.ledger.in_flight(ISSUED - 1)
    assert len(run.ledger.in_flight(ISSUED + 0.5)) == COUNT
    assert len(run.ledger.in_flight(ACKED + 2)) == COUNT
    assert not run.ledger.in_flight(ACKED + 10)


def test_records_that_downstream_rejects_are_counted(run: Run) -> None:
    run.deliver(run.request, rejected=7)
    assert run.account().rejected == 7


def test_what_an_answer_with_ok_refuses_is_told_and_not_lost_and_no_more_than_that(run: Run) -> None:
    request = ExportLogsServiceRequest.FromString(run.request)
    del request.resource_logs[0].scope_logs[0].log_records[:]
    run.deliver(request.SerializeToString())
    run.answer(rejected=COUNT // 2 - 1)
    account = run.account()
    assert (account.lost, account.told) == (1, COUNT // 2 - 1)


def test_a_half_written_frame_or_line_is_read_once_it_is_whole(run: Run) -> None:
    run.deliver(run.request)
    whole = (run.folder / "delivered.bin").read_bytes()
    (run.folder / "delivered.bin").write_bytes(whole[:-1])
    with (run.folder / "answers.jsonl").open("a") as file:
        file.write('{"request": 0, "began": 1')
    assert run.account().delivered == 0
    (run.folder / "delivered.bin").write_bytes(whole)
    assert run.account().delivered == COUNT


def test_the_records_are_as_a_collector_writes_them_and_of_hundreds_of_kinds() -> None:
    corpus = Corpus(1_795_000_000_000_000_000)
    assert len(ERRORS) >= 300
    assert all(follows(order_of(record), COLLECTOR_ORDER) for record in records_as_written(corpus.request(0, 200)))
    bodies = {
        record.body.string_value
        for resource_logs in ExportLogsServiceRequest.FromString(corpus.request(0, 5_000)).resource_logs
        for record in resource_logs.scope_logs[0].log_records
    }
    assert len(bodies) == 5_000


def test_figures_are_laid_out_in_one_line() -> None:
    assert line_of("kill", None, {"start_seconds": 1.23456}).endswith("start seconds 1.23")
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([], 0.99) == 0.0
