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
    Signature(
        name="redis.files_not_writable",
        patterns=(
            rb"failed opening [^\n]{0,200}(?:rdb|aof|rewrite)[^\n]{0,160} for saving: ",
            (
                rb"failed opening the (?:temp )?(?:rdb|aof) file [^\n]{0,160}(?:permission denied|read-only|operation"
                rb" not permitted)"
            ),
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason=(
            "The server may not write its data file: rights or path are wrong, or somebody has changed where it saves."
        ),
        action=(
            "Check owner and rights of the directory; a file name you never set means a stranger's hand: see who "
            "can reach the port."
        ),
        examples=(
            (
                "88:C 06 Jul 10:53:01.001 # Failed opening the RDB file crontab (in server root dir /srv/r) for "
                "saving: Permission denied"
            ),
        ),
        near_misses=("Background saving terminated with success", "DB saved on disk"),
    ),
    Signature(
        name="redis.cluster_down",
        patterns=(
            rb"cluster state changed: fail",
            rb"\* fail message received from [0-9a-f]{8,40} about",
            rb"marking node [0-9a-f]{8,40}[^\n]{0,80}as failing \(quorum reached\)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The cluster holds one of its nodes for lost; slots may be without a server.",
        action="See which node it is and whether its replica has taken over.",
        examples=("9:S 19 Jul 2031 17:06:35.981 # Cluster state changed: fail",),
        near_misses=(
            "9:M 17 Nov 21:11:28.852 # Cluster state changed: ok",
            "Clear FAIL state for node 1e86ea78: is reachable again",
        ),
    ),
    Signature(
        name="redis.cluster_well",
        patterns=(
            rb"cluster state changed: ok",
            rb"clear fail state for node",
            rb"failover auth (?:denied|granted) to [0-9a-f]{8,40}",
            rb"configuration change detected\. reconfiguring myself",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The cluster votes or is well again; it does that by itself.",
        action="Nothing to do.",
        examples=("9:M 19 Jul 2031 16:41:43.658 # Failover auth denied to a5bd685ec34d176f: its master is up",),
        near_misses=("9:S 19 Jul 2031 17:06:35.981 # Cluster state changed: fail", "Failover attempt expired."),
    ),
    Signature(
        name="redis.client_settings",
        patterns=(
            rb"err db index is out of range",
            rb"err this instance has cluster support disabled",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The client asks for a database number or a cluster mode that this server does not have.",
        action="Correct the client's settings for this server, or the server's.",
        examples=("ERR DB index is out of range",),
        near_misses=(
            "ERR unknown command 'FOO'",
            "Cluster state changed: ok",
        ),
    ),
)
