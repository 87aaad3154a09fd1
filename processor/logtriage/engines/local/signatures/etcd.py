"""etcd."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
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
        unless=(
            rb"took too long \(\d{1,3}(?:\.\d{1,9})?ms\)",
            rb"\"took\":\"\d{1,3}(?:\.\d{1,9})?ms\"",
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
            rb"lost tcp streaming connection with remote peer",
            rb"cannot fetch cluster info from peer urls",
            rb"failed to publish local member to cluster",
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
            rb"peer became inactive",
            rb"leadership transfer failed",
        ),
        unless=(rb"failed to find local node",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason="The store has elected another leader; requests of that moment are tried again.",
        action="Nothing for one; if they are frequent, look at disk latency and the network between members.",
        examples=("etcdserver: leader changed",),
        near_misses=("etcdserver: no leader", "leader changed its name"),
    ),
    Signature(
        name="etcd.a_little_slow",
        patterns=(
            rb"took too long \(\d{1,3}(?:\.\d{1,9})?ms\)",
            rb"apply request took too long[^\n]{0,8}\"took\":\"\d{1,3}(?:\.\d{1,9})?ms\"",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="One request took longer than a tenth of a second, but less than one.",
        action="Nothing for one; if they are many, look at the disk's write latency.",
        examples=('read-only range request "key:x" with result "size:8" took too long (131.5ms) to execute',),
        near_misses=(
            'read-only range request "key:x" with result "size:8" took too long (2.31s) to execute',
            "slow fdatasync, took: 1.9s, expected-duration: 1s",
        ),
    ),
    Signature(
        name="etcd.stranger",
        patterns=(
            (
                rb"rejected connection[^\n]{0,200}\"error\":\"(?:eof|tls: first record|read tcp [^\n]{0,80}(?:reset"
                rb"|timeout)|tls: client (?:offered|didn't provide)|tls: unsupported)"
            ),
            rb"rejected connection from \"[^\"\n]{3,60}\" \(error \"(?:eof|tls: first record|read tcp)",
            rb"simple token is not cryptographically signed",
            rb"established tcp streaming connection with remote peer",
            rb"ignored a msg\w{3,20} message with lower term",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="Somebody knocked at the port without speaking the protocol, or a remark at the start.",
        action="Nothing to do.",
        examples=('rejected connection from "10.0.0.9:5102" (error "EOF", ServerName "")',),
        near_misses=(
            'rejected connection from "10.0.0.9:5102" (error "remote error: tls: bad certificate", ServerName "")',
            "lost TCP streaming connection with remote peer",
        ),
    ),
    Signature(
        name="etcd.answered_no",
        patterns=(
            rb"etcdserver: requested lease not found",
            rb"etcdserver: (?:user|role) name already exists",
            rb"etcdserver: duplicate key given in txn request(?= retry)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.89,
        reason="The client asked for what is already gone or already there.",
        action="Nothing to do.",
        examples=("rpc error: code = NotFound desc = etcdserver: requested lease not found",),
        near_misses=("etcdserver: root user does not exist", "vault: lease not found or not renewable"),
    ),
    Signature(
        name="etcd.token_outdated",
        patterns=(
            rb"etcdserver: invalid auth token",
            rb"etcdserver: revision of auth store is old",
        ),
        unless=(rb"code = unauthenticated",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="The client's token was forgotten by the store, as after a restart; clients log in again.",
        action="Nothing for one; if it lasts, let the client log in again or use signed tokens.",
        examples=("etcdserver: invalid auth token",),
        near_misses=("etcdserver: authentication failed, invalid user ID or password", "etcdserver: permission denied"),
    ),
    Signature(
        name="etcd.client_failed",
        patterns=(
            (
                rb"retrying of unary invoker failed[^\n]{0,400}(?:deadline ?exceeded|connection refused|code ="
                rb" unavailable)"
            ),
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        settles=True,
        reason="The client of the store tried again and got no answer in its time.",
        action="Check that the members of the store are up and reachable from here.",
        examples=(
            (
                'retrying of unary invoker failed target:10.0.0.7:2379 attempt:9 error:"rpc error: code = '
                'DeadlineExceeded"'
            ),
        ),
        near_misses=("retrying of unary invoker failed: requested lease not found", "unary invoker ready"),
    ),
    Signature(
        name="etcd.wrong_cluster",
        patterns=(
            rb"cluster id mismatch",
            rb"has already been bootstrapped",
            rb"member count is unequal",
            rb"couldn't find local name \"",
            rb"unmatched member while checking peerurls",
            rb"--initial-cluster (?:has|must|but)",
            rb"failed to find (?:local|remote) node\b",
            rb"has been permanently removed from the cluster",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="This member was started with the settings or the data of another cluster.",
        action=(
            "Check name, initial cluster and data folder of this member; remove and add it again with an empty folder."
        ),
        examples=("request cluster ID mismatch (got 9a want 7c)",),
        near_misses=("etcdserver: no leader", "cluster version is updated to 3.5"),
    ),
    Signature(
        name="etcd.data_damaged",
        patterns=(
            rb"found hash mismatch",
            rb"freepages: failed to get all reachable pages",
            rb"wal: crc mismatch",
            rb"found data inconsistency with peers",
            rb"failed to find database snapshot file",
            rb"tocommit\(\d{1,12}\) is out of range",
            rb"alarm:corrupt\b|corrupt_check",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        rank=Rank.CRITICAL,
        reason="The data of this member differs from the others', or its files are damaged.",
        action="Take the member out, keep its files, let it join again with an empty folder; check the disk.",
        examples=(
            "panic: tocommit(9120) is out of range [lastIndex(9118)]. Was the raft log corrupted, truncated, or lost?",
        ),
        near_misses=("saved snapshot at index 900", "compacted raft log at 800"),
    ),
    Signature(
        name="etcd.read_waits",
        patterns=(rb"waiting for readindex response took too long, retrying",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A read waited for the leader, mostly in an election; it is tried again.",
        action="Nothing for one; if they are many, look at disk latency and the network between members.",
        examples=("waiting for ReadIndex response took too long, retrying",),
        near_misses=("slow fdatasync, took: 1.9s, expected-duration: 1s", "etcdserver: no leader"),
    ),
)
