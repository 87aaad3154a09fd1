"""Databases: remarks of the server or of its driver that need nobody."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="patroni.remark",
        patterns=(
            rb"loop time exceeded, rescheduling immediately",
            rb"could not activate linux watchdog device",
            rb"warning: killed \[[^\n]{1,300}because it was still running",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="Patroni says that one turn of its loop was late, or that a helper is absent.",
        action="Nothing to do; if turns are late all the time, look at the store of the cluster state.",
        examples=("WARNING: Loop time exceeded, rescheduling immediately.",),
        near_misses=(
            "ERROR: failed to update leader lock",
            "watchdog: BUG: soft lockup - CPU#3 stuck for 22s!",
        ),
    ),
    Signature(
        name="galera.start_up_remark",
        patterns=(
            rb"wsrep: access file\([^\n]{1,200}gvwstate\.dat",
            rb"wsrep: could not open (?:saved )?state file",
            rb"wsrep: restore pc from disk failed",
            rb"wsrep: no persistent state found",
            rb"turning message relay requesting o(?:n|ff)",
        ),
        unless=(rb"permission denied|read-only file system|no space",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="Galera starts without a saved view of the cluster, as on every first start.",
        action="Nothing to do.",
        examples=("[Warning] WSREP: Could not open state file for reading: '/srv/my/grastate.dat'",),
        near_misses=(
            "[ERROR] WSREP: Will never receive state. Need to abort.",
            "[Warning] WSREP: no nodes coming from prim view, prim not possible",
        ),
    ),
    Signature(
        name="sentinel.remark",
        patterns=(
            rb"next failover delay: i will not start a failover before",
            rb"waitpid\(\) returned a pid [^\n]{1,40} we can't find in our scripts",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="Sentinel says when it may try again.",
        action="Nothing to do.",
        examples=("# Next failover delay: I will not start a failover before Mon Mar  2 03:04:05 2026",),
        near_misses=(
            "# -failover-abort-no-good-slave master prod 10.4.4.4 6379",
            "# +odown master prod 10.4.4.4 6379 #quorum 2/2",
        ),
    ),
    Signature(
        name="mongodb.session_cache",
        patterns=(
            rb"failed to (?:refresh|reap|create) session(?:s)?(?: cache| records)?[^\n]{0,60}will try again",
            rb"sessions collection is not set up",
            rb"failed to reap transaction table",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason="MongoDB keeps its list of sessions later; it tries again at the next turn.",
        action="Nothing to do, unless the replica set is never set up.",
        examples=(
            (
                '"msg":"Failed to refresh session cache, will try again at the next refresh '
                'interval","attr":{"error":"NotYetInitialized"}'
            ),
        ),
        near_misses=(
            (
                '"msg":"Failed to unlink socket '
                'file","attr":{"path":"/tmp/mongodb.sock","error":"Operation not permitted"}'
            ),
            '"msg":"Replica set state transition to REMOVED"',
        ),
    ),
    Signature(
        name="cassandra_driver.schema_remark",
        patterns=(
            rb"received an? (?:dropped|created|updated) notification for (?:table|keyspace|type|function)",
            rb"this keyspace is unknown in our metadata",
            rb"not using advanced port-based shard awareness",
            rb"re-preparing already prepared query",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="A driver was told of a change of the schema that it does not track.",
        action="Nothing to do.",
        examples=(
            (
                "Cluster - Received an UPDATED notification for TABLE shop.carts, but this keyspace "
                "is unknown in our metadata"
            ),
        ),
        near_misses=(
            "NoHostAvailableException: All host(s) tried for query failed",
            "InvalidQueryException: unconfigured table carts",
        ),
    ),
    Signature(
        name="etcd.default_remark",
        patterns=(
            rb"'data-dir' was empty; using default",
            rb"the server is already initialized as member before",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="etcd tells which default or which old file it takes.",
        action="Nothing to do.",
        examples=("W | etcdmain: 'data-dir' was empty; using default path from the name",),
        near_misses=(
            "C | etcdmain: cannot access data directory: permission denied",
            "etcdserver: mvcc: database space exceeded",
        ),
    ),
    Signature(
        name="clickhouse.tidying_remark",
        patterns=(
            rb"<warning> [^\n]{1,160}removing (?:temporary|empty|outdated|old) (?:directory|part)",
            rb"<warning> [^\n]{1,120}(?:will be detached|going to) [^\n]{0,60}as it (?:is covered|has been)",
            rb"<warning> (?:access\(|application: (?:logging|calculated checksum|integrity check))",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="The server tidies up what an earlier run left.",
        action="Nothing to do.",
        examples=(
            (
                "<Warning> shop.orders (Data): Removing temporary directory "
                "/srv/ch/data/shop/orders/tmp_insert_all_9_9_0"
            ),
        ),
        near_misses=(
            "<Error> shop.orders: Cannot quickly remove directory: Permission denied",
            "<Warning> shop.orders: The set of parts restored in place of broken looks incomplete",
        ),
    ),
    Signature(
        name="go_mysql.idle_closed",
        patterns=(rb"closing bad idle connection",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="The driver found that the server had closed an idle connection, and opens another.",
        action="Set the lifetime of pooled connections below the idle limit of the server.",
        examples=(
            ("[mysql] packets.go:122: closing bad idle connection: read tcp 10.1.1.1:55: connection reset by peer"),
        ),
        near_misses=(
            "panic: driver: bad connection",
            "[mysql] packets.go:36: unexpected EOF",
        ),
    ),
)
