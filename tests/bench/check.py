"""Hold what the sink received against what was sent: a fast service that loses or spoils records is not fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from bench.load import Request
from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.fields import length_delimited
from logtriage.pipeline.fragment import attributes_bytes
from logtriage.schema import attributes as names
from support.records import attributes_of, records_of

IDENTITY_BYTES = 28
"""Span id and trace id are the first fields of a record of the load, and no edit touches them."""
SAMPLE_EVERY = 97

VERDICT_EVENT = length_delimited(12, b"logtriage.verdict")
"""The `event_name` of the records by which the service tells of new verdicts: they come beside those that were sent."""


class WrongOutputError(AssertionError):
    """What arrived is not what was sent."""


class Bodies:
    """Remembers the bodies of a run, to prove that none came twice."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, requests: Iterable[Request]) -> None:
        """Take the bodies of all records.

        Raises:
            WrongOutputError: a body was seen before.
        """
        for request in requests:
            for raw in records_of(request.data):
                self._seen.add(hash(Record.FromString(raw).body.string_value))
                self._count += 1
        if len(self._seen) != self._count:
            raise WrongOutputError(f"{self._count - len(self._seen)} bodies of the load were seen before")


def check_relayed(sent: Sequence[Request], received: Sequence[bytes]) -> None:
    """Hold the relay's output equal to its input."""
    if sorted(request.data for request in sent) != sorted(received):
        raise WrongOutputError(f"the relay was sent {len(sent)} requests; not the same {len(received)} arrived")


def check_annotated(sent: Sequence[Request], received: Sequence[bytes], *, status: str) -> int:
    """Hold the service's output against its input; give how many records were annotated.

    Each record arrived once; those that are no error byte for byte; each error annotated with ``status``; of a sample
    all but the severity and our own attributes as sent.
    """
    before = {raw[:IDENTITY_BYTES]: raw for request in sent for raw in records_of(request.data)}
    arrivals = [raw for request in received for raw in records_of(request) if VERDICT_EVENT not in raw]
    after = {raw[:IDENTITY_BYTES]: raw for raw in arrivals}
    total, arrived = sum(request.records for request in sent), len(arrivals)
    if not (total == arrived == len(before) == len(after) and before.keys() == after.keys()):
        raise WrongOutputError(f"{total} records were sent, {arrived} arrived, {len(after)} of them distinct")
    changed = [identity for identity, raw in after.items() if raw != before[identity]]
    errors = sum(request.errors for request in sent)
    if len(changed) != errors:
        raise WrongOutputError(f"{errors} errors were sent, {len(changed)} records were changed")
    wanted = attributes_bytes({names.STATUS: status})
    wrong = [identity for identity in changed if wanted not in after[identity]]
    if wrong:
        raise WrongOutputError(f"{len(wrong)} of {errors} errors are not `{status}`: {after[wrong[0]]!r}")
    for identity in changed[::SAMPLE_EVERY]:
        _check_one(before[identity], after[identity], status)
    return len(changed)


def _check_one(before: bytes, after: bytes, status: str) -> None:
    sent, received = LogRecord.FromString(before), LogRecord.FromString(after)
    ours = attributes_of(received)
    for name in (names.CATEGORY, names.SEVERITY, names.IS_ACTIONABLE_FOR_ONCALL, names.FINGERPRINT):
        if name not in ours:
            raise WrongOutputError(f"an error left without `{name}`")
    if ours[names.STATUS] != status:
        raise WrongOutputError(f"an error left with status `{ours[names.STATUS]}`, expected `{status}`")
    if received.severity_text != ours[names.SEVERITY]:
        raise WrongOutputError("the severity does not follow the verdict")
    received.severity_number, received.severity_text = sent.severity_number, sent.severity_text
    kept = [attribute for attribute in received.attributes if not attribute.key.startswith("logtriage.")]
    del received.attributes[:]
    received.attributes.extend(kept)
    if received != sent:
        raise WrongOutputError(f"a record left spoiled: {sent} became {received}")
