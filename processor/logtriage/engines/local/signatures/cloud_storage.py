"""Storage operators: Ceph, Longhorn, Velero."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="storage.remark",
        patterns=(
            rb"transitioned to mode rw after it was last healthy",
            rb"unexpected mode [^\n]{0,20}for the current replica [^\n]{1,120}, will ignore it",
            rb"lost track of (?:its|the corresponding) snapshot ?info",
            rb"replica is running but storage ip is empty",
            rb"health check cleared: ",
            rb"\bcluster is now healthy\b",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="The storage operator remarks a state on its way, which is expected.",
        action="Nothing to do.",
        examples=(
            ('level=error msg="Failed to check if replica v-1 transitioned to mode RW after it was last healthy"'),
            "cluster [INF] Health check cleared: OSD_DOWN",
        ),
        near_misses=(
            "the replica was last healthy at noon",
            "lost track of the parcel",
        ),
    ),
    Signature(
        name="ceph.settles",
        patterns=(
            rb"\bcalling (?:new |monitor )?election\b",
            rb"monclient: hunting for new mon",
            rb"wrongly marked me down",
            rb"\blease_timeout -- calling new election",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="A daemon of the storage cluster lost sight of its peers for a moment and looks for them again.",
        action="Nothing for one; look at the network and the load of the named daemon if it repeats.",
        examples=(
            (
                "log_channel(cluster) log [WRN] : Monitor daemon marked osd.9 down, but it is still "
                "running; map e7 wrongly marked me down"
            ),
        ),
        near_misses=(
            "the election of the works council is over",
            "the general election was called",
        ),
    ),
    Signature(
        name="ceph.data_inconsistent",
        patterns=(
            rb"\bpg [0-9a-f.]{3,12} is (?:active\+)?[\w+]{0,60}inconsistent",
            rb"(?:possible data damage|pg_damaged|osd_scrub_errors)",
            rb"deep-scrub [1-9]\d{0,5} errors",
            rb"\b\d{1,6} scrub errors\b",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="Copies of the same data differ, or a copy cannot be read.",
        action="Find the placement group, look at the disks under it, and repair it when the disks are sound.",
        examples=("cluster [ERR] Health check failed: Possible data damage: 1 pg inconsistent (PG_DAMAGED)",),
        near_misses=(
            "the page numbers are inconsistent",
            "deep-scrub ok",
        ),
    ),
    Signature(
        name="ceph.short_of_room",
        patterns=(
            rb"\d{1,6} (?:near|backfill)?full osd",
            rb"\bosd_(?:near|backfill)?full\b|\bpool_(?:near)?full\b",
            rb"slow ops, oldest (?:one blocked|is)",
            rb"slow requests are blocked",
            rb"failing to respond to cache pressure",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The storage cluster is full or cannot keep up with what is asked of it.",
        action="Look at the named daemons: room, latency of the disks, recovery under way.",
        examples=(
            "cluster [WRN] Health check failed: 2 nearfull osd(s) (OSD_NEARFULL)",
            "get_health_metrics reporting 3 slow ops, oldest is osd_op(client.9)",
        ),
        near_misses=(
            "full name of the customer missing",
            "the osd is half full",
        ),
    ),
    Signature(
        name="velero.backup_failed",
        patterns=(
            rb"pod volume backup failed",
            rb'level=error msg="error backing up item"',
            rb"\bdata path (?:backup|restore) (?:failed|canceled)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="A backup was not finished: some of what it should hold is missing.",
        action=(
            "Read the log of the node agent for the named volume or object; run the backup again when "
            "the cause is mended."
        ),
        examples=(
            (
                'level=error msg="pod volume backup failed: data path backup canceled: PVB is canceled" '
                "backup=velero/nightly"
            ),
        ),
        near_misses=(
            "Backup completed, 4 items",
            "backup of the data path is not enabled",
        ),
    ),
)
