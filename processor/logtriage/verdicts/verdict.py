"""A verdict: a report with its origin and its envelope, kept for a fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.report import TriageReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One report, after the policy, for all records of a fingerprint.

    ``pieces`` are the report's evidence as bytes. ``lowering_pieces`` are those without which the verdict may not make
    a record less urgent; empty if it lowers nothing. ``reason`` says why a lowering was refused, None if none was.
    ``is_protected``: the record says FATAL or speaks of a protected condition, whatever the engine made of it.
    ``expires_at`` is on the monotonic clock, in seconds. ``rests_on_context``: lines around the record decided, so it
    serves that record alone and is never kept for its fingerprint.
    """

    fingerprint: bytes
    report: TriageReport
    pieces: tuple[bytes, ...]
    lowering_pieces: tuple[bytes, ...]
    lowers: bool
    reason: Reason | None
    engine: EngineName
    engine_version: str
    signature: str
    first_seen_unix_nano: int
    expires_at: float
    is_protected: bool = False
    model: str = ""
    prompt_version: str = ""
    rests_on_context: bool = False

    @property
    def verdict_id(self) -> str:
        """The same report of the same engine for the same fingerprint has the same id, on every replica."""
        content = f"{self.engine}|{self.engine_version}|{self.reason}|{self.report.model_dump_json()}"
        return f"{self.fingerprint.hex()}-{blake2b(content.encode(), digest_size=4).hexdigest()}"

    @property
    def first_seen(self) -> str:
        """RFC 3339, UTC, to the microsecond."""
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.first_seen_unix_nano // 1000)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
