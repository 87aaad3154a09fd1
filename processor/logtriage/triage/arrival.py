"""What comes to the desk with a record, and whether it is worth waiting for the model because of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logtriage.schema.provenance import Reason
from logtriage.schema.record import MAX_JUDGED_BYTES, RecordView
from logtriage.schema.severity import Severity
from logtriage.schema.transit import Metadata
from logtriage.triage.protected import is_cut
from logtriage.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the desk needs of a selected record beside its fingerprint.

    ``view`` builds the whole view, only where somebody judges. ``event_minute`` and ``weight`` as in `Envelope`.
    ``size_bytes``: of the whole record.
    """

    level: Severity
    view: Callable[[], RecordView]
    service_version: bytes = b""
    event_minute: int = 0
    weight: int = 1
    metadata: Metadata = ()
    size_bytes: int = 0


def could_leave_less_urgent(verdict: Verdict, arrival: Arrival) -> bool:
    """Tell whether a verdict of the model could do that: never of what is protected, on a surge, or seen in part."""
    if verdict.is_protected or verdict.reason in (Reason.PROTECTED, Reason.SURGE) or arrival.level is Severity.DEBUG:
        return False
    return arrival.size_bytes <= MAX_JUDGED_BYTES or not is_cut(arrival.view())
