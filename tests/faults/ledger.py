"""The ledger: what was sent, what was answered OK and what arrived, and what follows from it.

It reads the files of producer and sink, which are only ever appended to; times are of the monotonic clock, which all
processes of a machine share. Nothing in it asks the service under test.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from faults.annotated import Judged, difference, judged_of
from faults.corpus import ID_ATTRIBUTE, SERVICES, Corpus, resource_bytes
from faults.deliveries import Delivery, DeliveryReader

_RESOURCES = {service: Resource.FromString(resource_bytes(service)) for service in SERVICES}
_UNDER_WAY_SECONDS = 1.0
"""A held record may be removed from the spool so long after it was delivered."""


@dataclass(slots=True)
class Sent:
    """One request, and how it went."""

    number: int
    first: int
    count: int
    tenant: str
    issued_at: float
    acked_at: float | None = None
    dropped_by: str = ""
    rejected: int = 0
    """Refused for good by an answer with OK: the sender was told, and drops them."""
    lost_answers: int = 0
    calls: list[tuple[float, float, str]] = field(default_factory=list)
    """Began, ended, code."""

    @property
    def ids(self) -> range:
        """The records in it."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True)
class Life:
    """One process of the service: from its start to its end."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a run amounts to, in records."""

    issued: int
    acked: int
    delivered: int
    """Distinct."""
    lost: int
    """Acknowledged and never delivered, or dropped by the Collector's rules."""
    dropped: int
    """Of these: dropped by the Collector's rules."""
    spurious: int
    corrupted: int
    duplicated: int
    """Deliveries beyond the first."""
    rejected: int
    """Refused by downstream in a partial success."""
    told: int
    """Refused for good by an answer with OK (partial success): the sender knows."""
    held: int
    """Delivered after they were acknowledged: in between they stood in the spool and nowhere else."""
    forwarded: int
    """Delivered before they were acknowledged."""
    replayed: int
    """Acknowledged by a process that ended before a later one delivered them."""
    untriaged: int
    """Errors that arrived without attributes of ours."""


class Ledger:
    """Reads on with `refresh`; the rest looks at what was read."""

    def __init__(self, folder: Path, corpus: Corpus, *, checks_metadata: bool = True) -> None:
        self._corpus = corpus
        self._checks_metadata = checks_metadata
        self._issued, self._answers = _Lines(folder / "issued.jsonl"), _Lines(folder / "answers.jsonl")
        self._deliveries = DeliveryReader(folder / "delivered.bin")
        self.sent: dict[int, Sent] = {}
        self._request_of: dict[int, Sent] = {}
        self.first_delivery: dict[int, float] = {}
        self.later_deliveries: dict[int, list[float]] = {}
        self.judged: dict[int, Judged] = {}
        """By the first delivery, of errors only."""
        self.untriaged: set[int] = set()
        self.rejected: set[int] = set()
        self.corrupted: dict[int, str] = {}
        self.spurious: list[str] = []

    def refresh(self) -> None:
        """Read what was written since the last time."""
        # A request is written down before it is sent: who reads the later files first knows each request they name.
        deliveries, answers, issued = list(self._deliveries.new()), self._answers.new(), self._issued.new()
        for row in issued:
            sent = Sent(row["request"], row["first"], row["count"], row["tenant"], row["at"])
            self.sent[sent.number] = sent
            self._request_of.update(dict.fromkeys(sent.ids, sent))
        for row in answers:
            self._take_answer(self.sent[row["request"]], row)
        for delivery in deliveries:
            self._take_delivery(delivery)

    def _take_answer(self, sent: Sent, row: dict[str, Any]) -> None:
        code = str(row["code"])
        sent.calls.append((row["began"], row["at"], code))
        if code == "OK":
            sent.acked_at = row["at"]
            sent.rejected = row.get("rejected", 0)
        elif not row["is_kept"]:
            sent.dropped_by = code
        elif code != "UNAVAILABLE" or row["retry_info"] is None:
            sent.lost_answers += 1  # a refusal of the service carries RetryInfo: this one nobody decided

    def _take_delivery(self, delivery: Delivery) -> None:
        left = delivery.rejected
        request = ExportLogsServiceRequest.FromString(delivery.data)
        for resource_logs in request.resource_logs:
            for scope_logs in resource_logs.scope_logs:
                for record in scope_logs.log_records:
                    record_id = _id_of(record.attributes)
                    if record_id is None or record_id not in self._request_of:
                        self.spurious.append(record.body.string_value[:200])
                        continue
                    if left:
                        left -= 1
                        self.rejected.add(record_id)
                    self._take_record(record_id, record, resource_logs.resource, delivery)

    def _take_record(self, record_id: int, record: LogRecord, resource: Resource, delivery: Delivery) -> None:
        if record_id in self.first_delivery:
            self.later_deliveries.setdefault(record_id, []).append(delivery.at)
        else:
            self.first_delivery[record_id] = delivery.at
            if self._corpus.is_error(record_id):
                judged = judged_of(record)
                if judged is None:
                    self.untriaged.add(record_id)
                else:
                    self.judged[record_id] = judged
        what = difference(record, LogRecord.FromString(self._corpus.record(record_id)))
        if resource != _RESOURCES[self._corpus.service_of(record_id)]:
            what += " another resource"
        if self._checks_metadata and delivery.tenant != self._request_of[record_id].tenant:
            what += f" metadata of another request ({delivery.tenant!r})"
        if what:
            self.corrupted[record_id] = what

    @property
    def undelivered(self) -> list[int]:
        """Records that were acknowledged and have not arrived; but for so many as their sender was told are refused."""
        found: list[int] = []
        for sent in self.sent.values():
            if sent.acked_at is None:
                continue
            missing = [record_id for record_id in sent.ids if record_id not in self.first_delivery]
            if sent.rejected:  # which ones is not said: what needs no model was refused, what waits was not
                missing = sorted(missing, key=self._corpus.is_error)[sent.rejected :]
            found += missing
        return found

    def held(self) -> Iterator[tuple[int, float, float]]:
        """Yield the records that were held: id, acknowledged, delivered."""
        for sent in self.sent.values():
            if sent.acked_at is None:
                continue
            for record_id in sent.ids:
                delivered = self.first_delivery.get(record_id)
                if delivered is not None and delivered > sent.acked_at:
                    yield record_id, sent.acked_at, delivered

    def in_flight(self, at: float) -> set[int]:
        """Give the records that were in the service at a moment: under way, held, or on their way out of the spool."""
        found: set[int] = set()
        for sent in self.sent.values():
            if sent.issued_at > at:
                continue
            if sent.acked_at is None or sent.acked_at > at:
                found.update(sent.ids)
                continue
            for record_id in sent.ids:
                delivered = self.first_delivery.get(record_id)
                if delivered is None or (delivered > sent.acked_at and delivered > at - _UNDER_WAY_SECONDS):
                    found.add(record_id)
        return found

    def unexplained_copies(self, ends: Iterable[float]) -> set[int]:
        """Give the records delivered twice that neither an end of the service nor a lost answer accounts for."""
        copies = set(self.later_deliveries)
        for sent in self.sent.values():
            if sent.lost_answers:
                copies.difference_update(sent.ids)
        for at in ends:
            copies -= self.in_flight(at)
        return copies

    def account(self, lives: Sequence[Life]) -> Account:
        """Sum up. ``lives``: the processes of the service, in their order."""
        acked = [sent for sent in self.sent.values() if sent.acked_at is not None]
        dropped = sum(sent.count for sent in self.sent.values() if sent.dropped_by)
        held = {record_id for record_id, _, _ in self.held()}
        acked_records = sum(sent.count for sent in acked)
        acked_and_delivered = sum(1 for sent in acked for record_id in sent.ids if record_id in self.first_delivery)
        return Account(
            issued=sum(sent.count for sent in self.sent.values()),
            acked=acked_records,
            delivered=len(self.first_delivery),
            lost=len(self.undelivered) + dropped,
            dropped=dropped,
            spurious=len(self.spurious),
            corrupted=len(self.corrupted),
            duplicated=sum(map(len, self.later_deliveries.values())),
            rejected=len(self.rejected),
            told=sum(sent.rejected for sent in acked),
            held=len(held),
            forwarded=acked_and_delivered - len(held),
            replayed=sum(1 for sent in acked for record_id in sent.ids if self._is_replayed(record_id, sent, lives)),
            untriaged=len(self.untriaged),
        )

    def _is_replayed(self, record_id: int, sent: Sent, lives: Sequence[Life]) -> bool:
        assert sent.acked_at is not None
        times = [self.first_delivery.get(record_id, 0.0), *self.later_deliveries.get(record_id, ())]
        for life, next_life in pairwise(lives):
            if sent.acked_at <= life.ended:
                return any(at >= next_life.began for at in times)
        return False

    def why(self) -> Counter[tuple[str, str]]:
        """Count the errors that arrived by status and reason."""
        return Counter((judged.status, judged.reason) for judged in self.judged.values())


class _Lines:
    """Whole lines of a file that grows, as JSON, from where it stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self._offset += len(data)
        return [json.loads(line) for line in data.splitlines()]


def _id_of(attributes: Iterable[KeyValue]) -> int | None:
    for attribute in attributes:
        if attribute.key == ID_ATTRIBUTE and attribute.value.string_value.isdecimal():
            return int(attribute.value.string_value)
    return None
