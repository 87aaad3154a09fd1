"""Storage engines, SQLite and databases of many nodes."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="engine.stored_data_damaged",
        patterns=(
            rb"connection: read checksum error",
            rb"database disk image is malformed",
            rb"corruption: (?:block|bad|corrupted|missing|checksum|not an sstable|sst)",
            rb"rocksdb[^\n]{0,80}corruption",
            rb"file is not a database",
            rb"(?:segment|page|block|ledger|log segment|index) (?:is|was|seems|appears) (?:corrupt|damaged)",
            rb"index corruption",
            rb"(?:bad|invalid|wrong) page (?:checksum|header)",
            rb"there (?:appears|may be|seems) to be a gap in the edit log",
            rb"csum (?:failed|mismatch|bad)",
            rb"split-?brain detected",
        ),
        rank=Rank.CRITICAL,
        category=Category.DATA_QUALITY,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The store read back other data than it wrote.",
        action="Stop writing to it, check the disk, restore from a copy or the backup.",
        examples=("Corruption: block checksum mismatch: stored = 77, computed = 99",),
        near_misses=(
            "checksum of the upload ok",
            "malformed request body",
        ),
    ),
    Signature(
        name="cockroach.node_or_disk_away",
        patterns=(
            rb"disk stall detected",
            rb"node liveness heartbeat",
            rb"heartbeat failed on (?:epoch|liveness)",
            rb"region is unavailable",
            rb"tikv server timeout",
            rb"(?:tikv|pd) (?:server )?is (?:busy|not leader|down)",
            rb"slow heartbeat took",
            rb"result is ambiguous",
        ),
        unless=(
            rb"shutting down",
            rb"drain",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A node or disk of the database cluster does not answer.",
        action="Look at the node and its disk.",
        examples=("W failed node liveness heartbeat: operation timed out",),
        near_misses=(
            "heartbeat of the till ok",
            "region eu opened",
        ),
    ),
    Signature(
        name="cockroach.range_moved",
        patterns=(
            rb"peer is not leader for region",
            rb"region (?:\d{1,12} )?(?:is )?(?:not found|not exist)[^\n]{0,60}",
            rb"epoch_?not_?match",
            rb"notservingregionexception",
            rb"regionmiss\b",
            rb"(?:not_leader|notleader|stale_?epoch|stale command)",
            rb"range [^\n]{1,40} (?:was not found|key mismatch)",
            rb"failed with trying to scan regions",
        ),
        also=(
            rb"\.rs:\d",
            rb"\.go:\d",
            rb"hbase",
            rb"tikv",
            rb"tidb",
            rb"raft",
        ),
        unless=(rb"gave up|giving up|exceeded|exhausted",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="A part of the key space moved to another node; the caller asks again there.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=('[WARN] [ferry.rs:5] [error-response] [err="peer is not leader for region 77"]',),
        near_misses=(
            "region eu-west-9 does not exist: check AWS_REGION",
            "leader of the band",
        ),
    ),
    Signature(
        name="liquibase.change_set_differs",
        patterns=(
            rb"changesets? check ?sum",
            rb"liquibase\.exception\.validationfailed",
            rb"(?:migration|change ?set) checksum mismatch",
            rb"applied to database[^\n]{0,60}resolved locally",
            rb"detected (?:applied|resolved|failed) migration",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="A migration that was applied is not the one of this release.",
        action="Compare the two files; never change what was applied, write a new one.",
        examples=("ValidationFailedException: 1 changesets check sum db/ferry.xml was: 8:aa but is now: 8:bb",),
        near_misses=(
            "changeset applied",
            "check sum of the ticket",
        ),
    ),
    Signature(
        name="sqlite.locked",
        patterns=(
            rb"database (?:table )?is locked",
            rb"sqlite_busy",
            rb"unable to open database file",
        ),
        unless=(rb"sleeping then retrying",),
        rank=Rank.CAUSE,
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.7,
        reason="Another writer holds the file of SQLite, or the file cannot be opened.",
        action="Let one process write, set a busy timeout, or move to a server.",
        examples=("cart: SQLITE_BUSY: another writer holds the file",),
        near_misses=(
            "database is up",
            "the till is locked",
        ),
    ),
    Signature(
        name="sqlite.locked_and_trying_again",
        patterns=(rb"database locked, sleeping then retrying",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A short wait for the lock of SQLite; the write is tried again.",
        action="Nothing to do.",
        examples=('level=info msg="Database locked, sleeping then retrying" retry=0',),
        near_misses=(
            "database is locked: save failed",
            "retrying the lock of the till",
        ),
    ),
)
