"""etcd."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="etcd.slow_disk",
        patterns=(
            rb"sync duration of [\d.]{1,12}\w{1,3}, expected less than",
            rb"slow fdatasync",
            rb"failed to send out heartbeat on time",
            rb"server is likely overloaded",
            rb"mvcc: database space exceeded",
            rb"etcdserver: too many requests",
            rb"apply request took too long",
            rb"with result \"[^\"\n]{0,80}\" took too long \(",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The store's disk is too slow, or its space is used up: elections and the API suffer.",
        action="Look at the disk's write latency and at what shares it; compact and defragment if space is short.",
        examples=("slow fdatasync, took: 1.9s, expected-duration: 1s", "mvcc: database space exceeded"),
        near_misses=("saved snapshot at index 900", "compacted raft log at 800"),
    ),
    Signature(
        name="etcd.no_quorum",
        patterns=(
            rb"etcdserver: (?:no leader|request timed out)",
            rb"lost the tcp streaming connection with peer",
            rb"health check for peer [^\n]{1,40} could not connect",
            rb"prober detected unhealthy status",
            rb"raft[^\n]{0,40} lost leader",
            rb"is unhealthy: failed to commit proposal",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="Members of the store do not reach each other: it may have no leader.",
        action="Check which members are up and the network and clocks between them.",
        examples=("etcdserver: request timed out, possibly due to connection lost",),
        near_misses=("etcdserver: mvcc: required revision has been compacted", "request cluster ID mismatch"),
    ),
    Signature(
        name="etcd.leader_changed",
        patterns=(
            rb"peer \w{1,20} became inactive",
            rb"memberlist: [^\n]{0,80}(?:failed|timeout|suspect)",
            rb"eventmemberfailed",
            rb"etcdserver: leader changed",
            rb"raft[^\n]{0,60}elected leader",
            rb"dropped internal raft message",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason="The store has elected another leader; requests of that moment are tried again.",
        action="Nothing for one; if they are frequent, look at disk latency and the network between members.",
        examples=("etcdserver: leader changed",),
        near_misses=(
            "etcdserver: no leader",
            "leader changed its name",
        ),
    ),
)
