"""A record that leaves without a verdict: a fault of ours, no time, or more in it than is looked at."""

from __future__ import annotations

from logtriage.pipeline.fragment import skipped_bytes
from logtriage.pipeline.known_resources import KnownResource
from logtriage.pipeline.select import Selected
from logtriage.pipeline.tally import Tally, TriagedKey
from logtriage.schema.provenance import Reason, Status
from logtriage.schema.severity import Severity
from logtriage.verdicts.fingerprint import exact_digest


def skipped(
    raw: bytes, one: Selected, resource: KnownResource, reason: Reason, tally: Tally, digest: bytes = b""
) -> bytes:
    """Append what a record without a verdict carries: it is actionable if it calls itself ERROR or worse."""
    says_error = not one.level.is_less_urgent_than(Severity.ERROR)
    digest = digest or exact_digest(resource.key, raw)
    tally.records[Status.SKIPPED.value, reason.value] += 1
    actionable = "true" if says_error else "false"
    tally.triaged[TriagedKey(resource.source_service, "none", one.level.value, actionable)] += 1
    return raw + skipped_bytes(reason, is_actionable=says_error, fingerprint=digest)
