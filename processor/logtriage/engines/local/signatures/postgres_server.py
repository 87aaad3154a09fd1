"""PostgreSQL: the server itself, its files and its replicas."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="postgres.too_many_clients",
        patterns=(
            rb"sorry, too many clients already",
            rb"remaining connection slots are reserved",
            rb"too many connections for (?:role|database)",
            rb"no more connections allowed",
            rb"query_wait_timeout",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="All connection slots of the server are taken: new clients are turned away.",
        action="Find who holds the connections, end idle ones, then size pools below max_connections or use a pooler.",
        examples=(
            "FATAL:  sorry, too many clients already",
            "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        ),
        near_misses=(
            "LOG:  connection received: host=10.0.0.9 port=51612",
            'FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "svc", database "app", no encryption',
        ),
    ),
    Signature(
        name="postgres.starting_or_stopping",
        patterns=(
            rb"the database system is (?:starting up|in recovery mode|not yet accepting connections)",
            rb"the database system is shutting down",
            rb"terminating connection due to administrator command",
            rb"terminating (?:walreceiver|autovacuum|background worker) [^\n]{0,40}due to administrator command",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The server is restarting; clients get in again when it is done.",
        action="Nothing if a restart was meant; else look at why the server went down.",
        examples=(
            "FATAL:  the database system is starting up",
            "FATAL:  terminating connection due to administrator command",
        ),
        near_misses=(
            "LOG:  database system was interrupted; last known up at 2031-01-01 00:00:00 UTC",
            "WARNING:  terminating connection because of crash of another server process",
        ),
    ),
    Signature(
        name="postgres.damaged",
        patterns=(
            rb"invalid page in block",
            rb"could not read block \d{1,10} in file",
            rb"could not locate a valid checkpoint record",
            rb"missing chunk number \d{1,10} for toast value",
            rb"page verification failed, calculated checksum",
            rb"\bpanic:  could not (?:write|fsync|open|read)",
            rb"because of crash of another server process",
            rb"\bserver process \(pid \d{1,10}\) was terminated by signal (?:11|6|7)\b",
            rb"could not locate required checkpoint record",
            rb"aborting startup due to startup process failure",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.85,
        rank=Rank.CRITICAL,
        reason="The server crashed or its files are damaged: data may be lost.",
        action="Stop writes, save the data directory, check disk and memory, restore from backup or a replica.",
        examples=(
            "ERROR:  invalid page in block 1402 of relation base/16384/24601",
            "PANIC:  could not locate a valid checkpoint record",
        ),
        near_misses=(
            "LOG:  checkpoint complete: wrote 44 buffers (0.3%)",
            "ERROR:  could not open relation with OID 16404",
        ),
    ),
    Signature(
        name="postgres.replication_broken",
        patterns=(
            rb"could not receive data from wal stream",
            rb"could not connect to the primary server",
            rb"replication slot [\"'][^\"'\n]{1,60}[\"'] (?:does not exist|is active for)",
            rb"highest timeline \d{1,8} of the primary is behind",
            rb"archive command failed with exit code",
            rb"is not a child of this server's history",
            rb"forked off (?:from )?current database system timeline",
            rb"could not start wal streaming: ",
            rb"could not send end-of-streaming message to primary",
        ),
        unless=(rb"requested wal segment \w{8,30} has already been removed",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        settles=True,
        reason="The standby does not get the primary's log any more: it falls behind, and a failover would lose data.",
        action="Check that the primary is up and keeps the segments; re-clone the standby if they are gone.",
        examples=("FATAL:  could not connect to the primary server: timeout expired",),
        near_misses=(
            "LOG:  started streaming WAL from primary at 0/5000000 on timeline 2",
            "LOG:  could not receive data from client: Connection reset by peer",
        ),
    ),
    Signature(
        name="postgres.files_of_another_version",
        patterns=(
            rb"database files are incompatible with server",
            rb"was initialized by postgresql version",
            rb"the data directory was initialized by",
            rb"could not access file [\"'][^\"'\n]{1,60}[\"']: no such file",
            rb"server version mismatch",
            rb"collation version mismatch",
            rb"extension [\"'][^\"'\n]{1,60}[\"'] (?:has no installation script|already exists)",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.85,
        reason="The binaries and what they find on disk are of different versions.",
        action="Go back to the server version that wrote the files, or upgrade them with the proper tool.",
        examples=("FATAL:  database files are incompatible with server",),
        near_misses=(
            "LOG:  database system is ready to accept connections",
            'FATAL:  data directory "/var/lib/pg/data" has wrong ownership',
        ),
    ),
    Signature(
        name="postgres.wal_gone",
        patterns=(
            rb"requested wal segment \w{8,30} has already been removed",
            rb"can no longer get changes from replication slot",
            rb"invalidating (?:obsolete replication )?slot \"",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The primary kept too little of its log for this standby, which can never catch up by itself.",
        action="Re-clone the standby or restore the segments from the archive; raise wal_keep_size or use a slot.",
        examples=("ERROR:  requested WAL segment 0000000200000A0100000044 has already been removed",),
        near_misses=(
            "LOG:  started streaming WAL from primary at 0/5000000 on timeline 2",
            'LOG:  restored log file "000000090000013200000032" from archive',
        ),
    ),
    Signature(
        name="postgres.wraparound",
        patterns=(
            rb"must be vacuumed within \d",
            rb"not accepting commands (?:that assign new [^\n]{1,40})?to avoid (?:wraparound|[^\n]{1,30}wraparound)",
            rb"multixact[^\n]{0,40}members limit exceeded",
            rb"oldest xmin is far in the past",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The database runs out of transaction numbers: vacuum does not keep up, and writes will stop.",
        action=(
            "Find what holds vacuum back (long transactions, dead slots, prepared transactions), then vacuum that "
            "database."
        ),
        examples=('WARNING:  database "ledger" must be vacuumed within 9820119 transactions',),
        near_misses=(
            'automatic vacuum of table "ledger.public.lines": index scans: 1',
            "LOG:  checkpoint complete: wrote 44 buffers (0.3%)",
        ),
    ),
    Signature(
        name="postgres.recovering",
        patterns=(
            rb"database system was interrupted; last known up",
            rb"database system was interrupted while in recovery",
            rb"was not properly shut down; automatic recovery in progress",
            rb"due to unexpected postmaster exit",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.76,
        reason="The server starts after it did not stop cleanly, and reads its log to be consistent again.",
        action="Nothing if it comes up; find out why it ended (memory, power, a kill).",
        examples=("LOG:  database system was interrupted; last known up at 2031-01-01 00:00:00 UTC",),
        near_misses=(
            "PANIC:  could not locate a valid checkpoint record",
            "LOG:  database system was shut down at 2031-01-01 00:00:00 UTC",
        ),
    ),
)
