"""Redis: replicas and Sentinel."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="redis.sentinel_sees_down",
        patterns=(
            rb"\+[so]down (?:master|slave|replica|sentinel) ",
            rb"-failover-abort-",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=True,
        confidence=0.78,
        reason="Sentinel gets no answer from a server of the set.",
        action="See whether a failover followed; check that server and the network to it.",
        examples=("# +odown master shopcache 10.0.0.7 6379 #quorum 2/2",),
        near_misses=(
            "# -sdown slave 10.0.0.9:6379 10.0.0.9 6379 @ shopcache 10.0.0.7 6379",
            "# +switch-master shopcache 10.0.0.7 6379 10.0.0.9 6379",
        ),
    ),
    Signature(
        name="redis.failover_done",
        patterns=(
            rb"\+switch-master ",
            rb"-[so]down (?:master|slave|replica|sentinel) ",
            rb"\+failover-end\b",
            rb"\+config-update-from sentinel",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="Sentinel has made another server the primary, or sees one again.",
        action="Nothing, if clients follow; look why the old primary went away.",
        examples=("# +switch-master shopcache 10.0.0.7 6379 10.0.0.9 6379",),
        near_misses=(
            "# +sdown master shopcache 10.0.0.7 6379",
            "# -failover-abort-no-good-slave master shopcache 10.0.0.7 6379",
        ),
    ),
    Signature(
        name="redis.replication_link_lost",
        patterns=(
            rb"connection with (?:slave|replica|master)[^\n]{0,80} lost\b",
            rb"master timeout: no data nor ping received",
            rb"disconnecting timed ?out (?:slave|replica)",
            rb"sync with (?:master|slave|replica)[^\n]{0,60} (?:lost|timed out)\b",
            rb"caching the disconnected master state",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.76,
        reason="The link between a primary and a replica broke; the replica connects again.",
        action="Nothing for one; if they are many, look at output buffer limits, the network and long pauses.",
        examples=("# Connection with replica 10.0.0.9:6379 lost.",),
        near_misses=("MASTERDOWN Link with MASTER is down", "* MASTER <-> REPLICA sync: Finished with success"),
    ),
    Signature(
        name="redis.replica_cannot_sync",
        patterns=(
            rb"-nomasterlink\b",
            rb"can't sync while not connected with my master",
            rb"error condition on socket for sync",
            rb"failed trying to load the master synchronization db",
            rb"i/o error (?:trying to sync|reading bulk count|writing to)[^\n]{0,20}master",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The replica gets no copy from its primary.",
        action="Check that the primary is up, its address and password, and whether its own link is up.",
        examples=("# Error condition on socket for SYNC: No route to host",),
        near_misses=("* MASTER <-> REPLICA sync started", "# Connection with replica 10.0.0.9:6379 lost."),
    ),
    Signature(
        name="redis.output_buffer_full",
        patterns=(rb"closed (?:asap )?for overcoming of output buffer limits",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=True,
        confidence=0.84,
        reason="A client or replica reads slower than the server writes for it, and was cut off.",
        action="Find the slow reader; raise client-output-buffer-limit for replicas if full copies are that large.",
        examples=("Client id=7 addr=10.0.0.9:5 scheduled to be closed ASAP for overcoming of output buffer limits.",),
        near_misses=("# Connection with replica 10.0.0.9:6379 lost.", "client output buffer limit set to 64mb"),
    ),
)
