"""What came of the records of one call, over all tries: accepted, refused for good, worth another try."""

from __future__ import annotations

from dataclasses import dataclass, field

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError


@dataclass(slots=True)
class Outcome:
    """What came of all records that were to be forwarded, in all tries. ``rest``: as received, worth another try."""

    accepted: int = 0
    accepted_annotated: int = 0
    rejected: int = 0
    refusal: PermanentDeliveryError | None = None
    rest: list[bytes] = field(default_factory=list)
    rest_records: int = 0
    error: RetryableDeliveryError | None = None

    def refuse(self, error: PermanentDeliveryError, records: int) -> None:
        """Add records that downstream refuses for good."""
        self.refusal = self.refusal or error
        self.rejected += records

    def keep_back(self, error: RetryableDeliveryError, payload: bytes, records: int) -> None:
        """Add records that downstream may accept later."""
        self.error = self.error or error
        self.rest.append(payload)
        self.rest_records += records
