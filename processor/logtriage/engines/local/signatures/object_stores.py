"""Object stores, block stores and network file systems."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="objectstore.drive_full",
        patterns=(
            rb"drive (?:path )?(?:is )?full",
            rb"minimum free drive threshold",
            rb"(?:xminio)?storagefull",
            rb"(?:osds?|pool\(s\)|osd\.\d{1,4}) [^\n]{0,30}(?:near|backfill)?full\b",
            rb"no available disk candidates",
            rb"insufficient storage; precheck",
            rb"disk (?:usage|space) (?:is )?(?:above|over|below) [^\n]{0,30}(?:watermark|threshold)",
            rb"reached (?:the )?disk (?:limit|quota)",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The disks behind the store are full or nearly.",
        action="Free space or add disks.",
        examples=("Error: drive path full (cmd.StorageErr)",),
        near_misses=(
            "drive replaced",
            "the path of the till",
        ),
    ),
    Signature(
        name="objectstore.drives_away",
        patterns=(
            rb"storage resources are insufficient for the (?:read|write) operation",
            rb"insufficient number of (?:drives|disks) online",
            rb"(?:drive|disk) [^\n]{0,60}(?:is offline|not found|went offline|marked offline)",
            rb"unable to initialize backend",
            rb"heartbeat_check: no reply from",
            rb"mons? (?:is |are )?down",
            rb"out of quorum",
            rb"replica [^\n]{0,80}(?:is )?faulted",
            rb"backup storage location [^\n]{0,60}(?:unavailable|not available)",
            rb"transport endpoint is not connected",
            rb"nfs: server [^\n]{1,60} not responding",
            rb"stale (?:nfs )?file handle",
            rb"failed smart usage attribute",
            rb"nvrm: xid",
            rb"all paths (?:down|failed|dead)",
        ),
        unless=(
            rb"removed from cluster on purpose",
            rb"cd-?rom",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="Drives, nodes or the server of a store are away.",
        action="Look at the drives and nodes that the record names.",
        examples=("nfs: server store-4 not responding, timed out",),
        near_misses=(
            "nfs: server store-4 OK",
            "drive formatted",
        ),
    ),
    Signature(
        name="objectstore.slow",
        patterns=(
            rb"\d{1,9} slow (?:ops|requests)",
            rb"slow (?:ops|requests)[^\n]{0,40}(?:oldest|blocked)",
            rb"(?:blocked|waiting) for > ?\d{1,6} ?sec",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="Requests of the store wait for a slow disk or network.",
        action="Find the disk or node that the slow requests share.",
        examples=("12 slow requests at the store of carts",),
        near_misses=(
            "slow start of the till",
            "all ops done",
        ),
    ),
    Signature(
        name="objectstore.setting",
        patterns=(
            rb"clock skew detected",
            rb"too (?:many|few) pgs per osd",
            rb"is there a repository at the following location",
            rb"repository does not exist",
            rb"error connecting to the cluster",
            rb"insecure global_id",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The clock, the layout or the address of the store is not as it must be.",
        action="Correct what the record names.",
        examples=("Fatal: unable to open config file: Is there a repository at the following location?",),
        near_misses=(
            "clock of the till set",
            "repository opened",
        ),
    ),
)
