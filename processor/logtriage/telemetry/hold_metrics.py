"""The metrics of what is held: who waits and leaves, the spool, the dead letters."""

from __future__ import annotations

from typing import Final

from logtriage.telemetry.metric import Kind, Metric

_COMMIT_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

HOLD_WAITING_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.waiting_log_records",
    unit="{record}",
    description="Records that wait for the model's verdict or for their deadline.",
    kind=Kind.GAUGE,
)
HOLD_QUEUE_SIZE: Final = Metric(
    name="logtriage.hold.queue_size",
    unit="{record}",
    description="Records that wait no longer and are to be sent; grows while downstream does not take them.",
    kind=Kind.GAUGE,
)
HOLD_HELD_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.held_log_records",
    unit="{record}",
    description="Records that were kept back after their sender had its OK, in the spool.",
    kind=Kind.COUNTER,
)
HOLD_RECOVERED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.recovered_log_records",
    unit="{record}",
    description="Records found in the spool that a process before this one had stored.",
    kind=Kind.COUNTER,
)
HOLD_RELEASED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.released_log_records",
    unit="{record}",
    description=(
        "Held records that wait no longer, by why: `answered` (the model's verdict is here), `partly_accepted` (they "
        "never waited: downstream took a part of their request), else the reason that is in `logtriage.reason`."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
HOLD_DELIVERED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.delivered_log_records",
    unit="{record}",
    description=(
        "Held records that left: `annotated`, `as_received` (downstream refused them annotated, or a fault of ours), "
        "`dead_letter` (refused for good), `unreadable` (the spool could not give them back), `rejected` (of those "
        "annotated or as received, what downstream's partial success names)."
    ),
    kind=Kind.COUNTER,
    labels=("outcome",),
)
HOLD_SUPPRESSED_LOG_RECORDS: Final = Metric(
    name="logtriage.hold.suppressed_log_records",
    unit="{record}",
    description="Records of requests that came again because their answer was lost, and that were held already.",
    kind=Kind.COUNTER,
)
HOLD_FAULTS: Final = Metric(
    name="logtriage.hold.faults",
    unit="{fault}",
    description=(
        "Exceptions of ours around held records, which are tried again, in the end sent as received; and while "
        "incoming `logtriage.*` is taken out of what is sent as received, which then keeps it."
    ),
    kind=Kind.COUNTER,
)
SPOOL_RECORDS: Final = Metric(
    name="logtriage.spool.log_records",
    unit="{record}",
    description="Records that are held, against `hold.max_records`.",
    kind=Kind.GAUGE,
)
SPOOL_SIZE: Final = Metric(
    name="logtriage.spool.size",
    unit="By",
    description="What is held, against `hold.max_mib`.",
    kind=Kind.GAUGE,
)
SPOOL_FILE_SIZE: Final = Metric(
    name="logtriage.spool.file_size",
    unit="By",
    description="What the spool's database and its log take on the disk; 0 in memory.",
    kind=Kind.GAUGE,
)
SPOOL_HAS_ROOM: Final = Metric(
    name="logtriage.spool.has_room",
    unit="",
    description="0 while nothing more is held: over a mark, the disk nearly full, or broken; else 1.",
    kind=Kind.GAUGE,
)
SPOOL_BROKEN: Final = Metric(
    name="logtriage.spool.broken",
    unit="",
    description="1 while nothing can be held because of the disk or the file, else 0. Alert on it.",
    kind=Kind.GAUGE,
)
SPOOL_FAULTS: Final = Metric(
    name="logtriage.spool.faults",
    unit="{fault}",
    description=(
        "Faults of the spool's disk or file: `disk_full`, `read_only`, `io_error`, `locked`, `corrupt`, `exception`."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SPOOL_LOST_LOG_RECORDS: Final = Metric(
    name="logtriage.spool.lost_log_records",
    unit="{record}",
    description=(
        "Acknowledged records that were lost: `corrupt` (cannot be read), `missing` (the spool's file or its log fell "
        "back or was deleted), `memory` (in memory when the service ended: `hold.mode: memory`). Alert on it."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SPOOL_COMMIT_DURATION: Final = Metric(
    name="logtriage.spool.commit.duration",
    unit="s",
    description="Time that one commit of the spool took, synced; it may serve many requests.",
    kind=Kind.HISTOGRAM,
    buckets=_COMMIT_BUCKETS,
)
DEAD_LETTER_REQUESTS: Final = Metric(
    name="logtriage.dead_letter.requests",
    unit="{request}",
    description="Requests in the dead letter folder (`logtriage deadletter list`). Alert on it.",
    kind=Kind.GAUGE,
)
DEAD_LETTER_WAITING_LOG_RECORDS: Final = Metric(
    name="logtriage.dead_letter.waiting_log_records",
    unit="{record}",
    description=(
        "Records that downstream refuses for good and whose dead letter cannot be written for now: they stay in the "
        "spool and are tried again. Alert on it."
    ),
    kind=Kind.GAUGE,
)
DEAD_LETTER_LOG_RECORDS: Final = Metric(
    name="logtriage.dead_letter.log_records",
    unit="{record}",
    description="Records that downstream refused for good after their sender had its OK: `kept` or `dropped`.",
    kind=Kind.COUNTER,
    labels=("outcome",),
)

HOLD_METRICS: Final[tuple[Metric, ...]] = (
    HOLD_WAITING_LOG_RECORDS,
    HOLD_QUEUE_SIZE,
    HOLD_HELD_LOG_RECORDS,
    HOLD_RECOVERED_LOG_RECORDS,
    HOLD_RELEASED_LOG_RECORDS,
    HOLD_DELIVERED_LOG_RECORDS,
    HOLD_SUPPRESSED_LOG_RECORDS,
    HOLD_FAULTS,
    SPOOL_RECORDS,
    SPOOL_SIZE,
    SPOOL_FILE_SIZE,
    SPOOL_HAS_ROOM,
    SPOOL_BROKEN,
    SPOOL_FAULTS,
    SPOOL_LOST_LOG_RECORDS,
    SPOOL_COMMIT_DURATION,
    DEAD_LETTER_REQUESTS,
    DEAD_LETTER_WAITING_LOG_RECORDS,
    DEAD_LETTER_LOG_RECORDS,
)
