"""The envelope of a fingerprint: how long, for which service versions and up to which volume a verdict holds.

Outside it the old verdict serves while a new one is asked for; on a surge a verdict that is not actionable stops at
once. The volume is counted by the minute of the *event* time, weighted by `log_count` (the number of records that the
Collector's `log_dedup` processor put into one):

- The base is the rate that the verdict was given for, never taken below 60 records a minute. Ten times the base within
  one minute is a surge, until the next verdict. A first sighting is none.
- The ten minutes up to the newest are counted exactly, in whatever order they arrive.
- Older ones (a drained backlog, late senders) are counted minute by minute in four places beside them. A place that
  another minute needs loses as much as that one brings, so that nothing is ever counted twice: a backlog at its usual
  rate is no surge however fast it arrives, and a minute of twice the surge is always seen.
- A time ahead of its arrival is taken as the arrival (`event_minute`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

BASE_FLOOR_RECORDS: Final = 60
"""The rate a minute below which no base is taken."""
SURGE_FACTOR: Final = 10

_EXACT_OLDER_MINUTES = 9
_LATE_PLACES = 4
_LONG_AGO = -(1 << 62)
_MINUTE_NANO = 60_000_000_000

_MAX_VERSIONS = 4
MAX_VERSION_ASKS_AN_HOUR: Final = 4
"""New service versions that are a reason to ask again, within an hour: one version a host must not empty the budget."""
_HOUR_SECONDS = 3600.0

LOG_COUNT: Final = b"log_count"
"""Attribute of the Collector's `log_dedup` processor."""
_MAX_WEIGHT_DIGITS = 9


class Breach(StrEnum):
    """Why a verdict does not hold any more."""

    SURGE = "surge"
    SERVICE_VERSION = "service_version"
    TTL = "ttl"


def event_minute(time_unix_nano: int, arrival_unix_nano: int) -> int:
    """Give the minute a record is counted in: its own, never later than its arrival; the arrival if it has no time."""
    return (min(time_unix_nano, arrival_unix_nano) or arrival_unix_nano) // _MINUTE_NANO


def weight_of(attributes: Mapping[bytes, bytes]) -> int:
    """Give how many records one stands for: its `log_count`, else 1."""
    count = attributes.get(LOG_COUNT)
    if count is None or not count.isdigit() or len(count) > _MAX_WEIGHT_DIGITS:
        return 1
    return max(1, int(count))


class Envelope:
    """The envelope of one fingerprint. ``now`` is on the monotonic clock in seconds. Belongs to the event loop."""

    __slots__ = (
        "_count",
        "_expires_at",
        "_hour_began_at",
        "_late_counts",
        "_late_minutes",
        "_limit",
        "_newest_minute",
        "_older_counts",
        "_ttl_seconds",
        "_version_asks",
        "_versions",
        "is_surge",
    )

    def __init__(self, *, ttl_seconds: float, now: float, service_version: bytes = b"") -> None:
        self._ttl_seconds = ttl_seconds
        self._newest_minute = _LONG_AGO
        self._count = 0
        self._older_counts: list[int] | None = None
        self._late_minutes: list[int] | None = None
        self._late_counts: list[int] | None = None
        self._versions: tuple[int, ...] = ()
        self._version_asks = 0
        self._hour_began_at = now
        self.is_surge = False
        """Ten times the base was reached, and no new verdict was given since."""
        self._limit = SURGE_FACTOR * BASE_FLOOR_RECORDS
        self._expires_at = 0.0
        self.renew(now=now, service_version=service_version)

    def observe(self, event_minute: int, weight: int = 1) -> bool:
        """Count a record; tell whether there is a surge, found by this record or before."""
        if event_minute == self._newest_minute:
            self._count = count = self._count + weight
        else:
            count = self._observe_other_minute(event_minute, weight)
        if count >= self._limit:
            self.is_surge = True
        return self.is_surge

    def breach(self, *, now: float, service_version: bytes) -> Breach | None:
        """Say why a new verdict should be asked for, None while this one holds. Asking again is up to the scheduler."""
        if self.is_surge:
            return Breach.SURGE
        if now >= self._expires_at:
            return Breach.TTL
        is_other_version = service_version and self._versions and hash(service_version) not in self._versions
        if is_other_version and self._may_ask_for_version(now):
            return Breach.SERVICE_VERSION
        return None

    def renew(self, *, now: float, service_version: bytes) -> None:
        """Start anew with a verdict given now for a record of this version: the base is the present rate.

        The last four versions are remembered: while old and new instances run side by side neither asks again.
        """
        self._limit = SURGE_FACTOR * max(BASE_FLOOR_RECORDS, self.records_a_minute)
        self.is_surge = False
        self._expires_at = now + self._ttl_seconds
        version = hash(service_version)
        if service_version and version not in self._versions:
            if now - self._hour_began_at >= _HOUR_SECONDS:
                self._hour_began_at = now
                self._version_asks = 0
            self._version_asks += 1 if self._versions else 0
            self._versions = (*self._versions, version)[-_MAX_VERSIONS:]

    def _may_ask_for_version(self, now: float) -> bool:
        return now - self._hour_began_at >= _HOUR_SECONDS or self._version_asks < MAX_VERSION_ASKS_AN_HOUR

    @property
    def records_a_minute(self) -> int:
        """The present rate: the fullest of the last ten minutes, or of the late ones if that one is the surge."""
        fullest_late = max(self._late_counts or (0,))
        return max(self._count, *(self._older_counts or (0,)), fullest_late if fullest_late >= self._limit else 0)

    def _observe_other_minute(self, minute: int, weight: int) -> int:
        """Count into a minute that is not the newest so far; give its count."""
        age = self._newest_minute - minute
        if age < 0:
            self._advance(-age)
            self._newest_minute = minute
            self._count = weight
            return weight
        if age > _EXACT_OLDER_MINUTES:
            return self._count_late(minute, weight)
        if self._older_counts is None:
            self._older_counts = [0] * _EXACT_OLDER_MINUTES
        self._older_counts[age - 1] += weight
        return self._older_counts[age - 1]

    def _advance(self, minutes: int) -> None:
        """Move the exact minutes on. What a jump leaves behind goes on among the late ones: more of it may come."""
        if minutes > _EXACT_OLDER_MINUTES:
            if self._count:
                self._count_late(self._newest_minute, self._count)
            self._older_counts = None
            return
        older = self._older_counts or [0] * _EXACT_OLDER_MINUTES
        self._older_counts = ([0] * (minutes - 1) + [self._count] + older)[:_EXACT_OLDER_MINUTES]

    def _count_late(self, minute: int, weight: int) -> int:
        """Count into a place shared by many minutes, never too much (after Misra and Gries, 1982)."""
        minutes, counts = self._late_minutes, self._late_counts
        if minutes is None or counts is None:
            minutes = self._late_minutes = [_LONG_AGO] * _LATE_PLACES
            counts = self._late_counts = [0] * _LATE_PLACES
        place = minute % _LATE_PLACES
        if minutes[place] == minute:
            counts[place] += weight
            return counts[place]
        left = counts[place] - weight
        if left >= 0:
            counts[place] = left
            return 0
        minutes[place] = minute
        counts[place] = -left
        return -left
