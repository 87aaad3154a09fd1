"""MySQL and MariaDB: the server itself, its files and its replicas; Oracle where it differs."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="mysql.too_many_connections",
        patterns=(
            rb"\btoo many connections\b",
            rb"max_user_connections",
            rb"is blocked because of many connection errors",
            rb"ora-00020: maximum number of processes",
            rb"ora-12516",
            rb"ora-12519",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The server takes no further connections.",
        action="Find who holds the connections, end idle ones, size the pools below the server's limit.",
        examples=("ERROR 1040 (HY000): Too many connections",),
        near_misses=(
            "Aborted connection 88 to db: 'shop' user: 'svc' (Got timeout reading communication packets)",
            "Too many arguments to CONCAT_WS",
        ),
    ),
    Signature(
        name="mysql.client_aborted",
        patterns=(
            rb"aborted connection \d{1,12} to db",
            rb"got (?:an error|timeout) (?:reading|writing) communication packets",
            rb"host name '[^'\n]{1,80}' could not be resolved",
            rb"ip address '[^'\n]{1,60}' could not be resolved",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A client left without saying goodbye; the server only notes it.",
        action="Nothing to do.",
        examples=(
            "[Note] Aborted connection 907 to db: 'shop' user: 'svc' (Got an error reading communication packets)",
        ),
        near_misses=("Lost connection to MySQL server during query", "[ERROR] Aborting"),
    ),
    Signature(
        name="mysql.replica_connecting",
        patterns=(rb"error (?:re)?connecting to (?:master|source) '[^'\n]{0,120}' - retry-time",),
        settles=True,
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The replica cannot reach its source now and tries again by itself.",
        action="If it goes on, check that the source is up, its address and the replication user's secret.",
        examples=(
            (
                "[ERROR] Replica I/O for channel '': error connecting to source 'repl@db-0:3306' - "
                "retry-time: 60 retries: 2"
            ),
        ),
        near_misses=(
            "[ERROR] Slave SQL: Error executing row event: Table 'shop.seats' doesn't exist",
            "[ERROR] Slave I/O: Got fatal error 1236 from master when reading data from binary log",
        ),
    ),
    Signature(
        name="mysql.replication_broken",
        patterns=(
            rb"got fatal error 1236",
            rb"could not execute (?:write|update|delete)_rows event",
            rb"(?:slave|replica) sql[^\n]{0,40}: (?:error|worker)",
            rb"member was expelled from the group",
            rb"the (?:slave|replica) coordinator and worker threads are stopped",
            rb"relay log read failure",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        settles=True,
        reason="The replica cannot apply what the source did: their data has parted, and the replica has stopped.",
        action="Take the replica out of reads, compare it with the source, rebuild it.",
        examples=("Could not execute Update_rows event on table shop.seats; Can't find record in 'seats'",),
        near_misses=(
            "Replica I/O: error connecting to source 'repl@db-0:3306' - retry-time: 60 retries: 1",
            "Slave I/O thread: connected to master, replication started",
        ),
    ),
    Signature(
        name="mysql.config",
        patterns=(
            rb"unknown database '",
            rb"public key retrieval is not allowed",
            rb"unknown variable '",
            rb"packet for query is too large",
            rb"got a packet bigger than 'max_allowed_packet'",
            rb"found option without preceding group",
            rb"ora-12154",
            rb"ora-12505",
            rb"ora-12514",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="A setting of the connection or of the server is wrong.",
        action="Correct the database name, option or size limit that the record names.",
        examples=("ERROR 1049 (42000): Unknown database 'shop'",),
        near_misses=("ERROR 1146 (42S02): Table 'shop.seats' doesn't exist", "Unknown column 'a' in 'field list'"),
    ),
    Signature(
        name="mysql.damaged",
        patterns=(
            rb"file is not a database",
            rb"is marked as crashed",
            rb"innodb: database page corruption",
            rb"corrupted page [^\n]{0,60}",
            rb"innodb: assertion failure",
            rb"ora-00600",
            rb"ora-07445",
            rb"database disk image is malformed",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.8,
        rank=Rank.CRITICAL,
        reason="The server's files are damaged: data may be lost.",
        action="Stop writes, save the files, check the disk, restore from backup or a replica.",
        examples=("Table './shop/seats' is marked as crashed and should be repaired",),
        near_misses=("InnoDB: page_cleaner: 1000ms intended loop took 4220ms", "InnoDB: Starting crash recovery."),
    ),
    Signature(
        name="mysql.table_full",
        patterns=(
            rb"the table '[^'\n]{1,80}' is full",
            rb"got error 28 from storage engine",
            rb"ora-0165[0-9]",
            rb"ora-01555",
            rb"ora-04031",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        rank=Rank.CRITICAL,
        reason="The server has no room left to write.",
        action="Free or add disk or tablespace at once; then find what grew.",
        examples=("The table '/tmp/#sql_1_0' is full",),
        near_misses=("The table 'seats' is not locked for writing", "Got error 168 from storage engine"),
    ),
)
