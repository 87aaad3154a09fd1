"""Databases and brokers: members that lose their part in the cluster, or cannot take more."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="patroni.leadership_lost",
        patterns=(
            rb"failed to update leader lock",
            rb"demot(?:ed|ing) self (?:because|\()",
            rb"error communicating with dcs",
            rb"dcs is not accessible",
            rb"demoting self because dcs",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="The primary could not renew its lock in the store of the cluster state and steps down.",
        action=("Look at etcd, Consul or ZooKeeper behind Patroni, and whether another member has taken over."),
        examples=("ERROR: failed to update leader lock",),
        near_misses=(
            "INFO: Lock owner: pg-2; I am pg-1",
            "WARNING: Loop time exceeded, rescheduling immediately.",
        ),
    ),
    Signature(
        name="galera.state_transfer_failed",
        patterns=(
            rb"wsrep: [^\n]{0,80}state transfer to [^\n]{1,80} failed",
            rb"will never receive state\. need to abort",
            (
                rb"wsrep: (?:failed to prepare for .?incremental state transfer"
                rb"|[^\n]{0,60}sst (?:script aborted|failed|request callback failed))"
            ),
            rb"wsrep: process completed with error: wsrep_sst",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.95,
        reason="A joining node was not sent the state of the cluster, and cannot take part.",
        action=("Read the log of the state transfer on donor and joiner: user and secret, tool, port 4444, disk."),
        examples=("[ERROR] WSREP: gcs_group.cpp:781: Will never receive state. Need to abort.",),
        near_misses=(
            "[Note] WSREP: Member 1.0 (db2) requested state transfer from '*any*'",
            "[Note] WSREP: 0.0 (db1): State transfer to 1.0 (db2) complete.",
        ),
    ),
    Signature(
        name="mongodb.member_not_seen",
        patterns=(
            rb"host failed in replica set",
            rb"replicasetmonitor[^\n]{0,120}(?:is down|marked (?:as )?(?:failed|down))",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.92,
        reason="One check of one member failed; the monitor asks again.",
        action="Nothing for one; if the member stays away, look at its host.",
        examples=(
            (
                '"ctx":"ReplicaSetMonitor-TaskExecutor","msg":"Host failed in replica '
                'set","attr":{"replicaSet":"main","host":"m3:27017"}'
            ),
        ),
        near_misses=(
            '"msg":"Could not find member to sync from"',
            '"msg":"No primary detected for set","attr":{"replicaSet":"main"}',
        ),
    ),
    Signature(
        name="cassandra.no_space_to_compact",
        patterns=(
            rb"(?:not enough space|insufficient (?:disk )?space) (?:for|to) compact",
            rb"not enough space to write \d[^\n]{0,30} to [^\n]{1,120}data",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="The node has too little disk to merge its files; reads slow down and the disk fills.",
        action="Free disk (snapshots first) or add a node before it fills up.",
        examples=(
            ("WARN CompactionTask.java:91 - insufficient space to compact all requested files. 93.5GiB required"),
        ),
        near_misses=(
            "INFO CompactionTask.java:241 - Compacted 4 sstables",
            "WARN Small commitlog volume detected at /srv/c/commitlog",
        ),
    ),
    Signature(
        name="seastar.overloaded",
        patterns=(
            rb"seastar::named_semaphore_timed_out",
            rb"semaphore timed out: (?:smp_service_group|_[a-z_]{0,30}read_concurrency_sem)",
            rb"semaphore _?[a-z_]{0,40}: timed out, dumping permit diagnostics",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="Requests waited for their turn on a shard until their time was up.",
        action=("Look at load and latency of the named shard and of its disk; then at hot or large partitions."),
        examples=(
            (
                "[shard 2:stmt] storage_proxy - Exception when communicating with 10.4.0.2: "
                "seastar::named_semaphore_timed_out"
            ),
        ),
        near_misses=(
            "[shard 0] seastar - Exceptional future ignored: seastar::sleep_aborted",
            "[shard 0] gossip - InetAddress 10.4.0.2 is now UP",
        ),
    ),
    Signature(
        name="elasticsearch.pipeline_missing",
        patterns=(rb"pipeline with id \[[^\]\n]{1,80}\] does not exist",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason=("Documents name an ingest pipeline that the cluster does not have: all of them are refused."),
        action="Load the pipeline (setup of the shipper) or correct its name at the sender.",
        examples=('"reason":"pipeline with id [nginx-7.9-access] does not exist"',),
        near_misses=(
            '"type":"mapper_parsing_exception","reason":"failed to parse field [took]"',
            "pipeline with id [nginx] was loaded",
        ),
    ),
    Signature(
        name="opensearch.no_manager",
        patterns=(
            rb"cluster[-_ ]manager not discovered",
            rb"master[_ ]?not[_ ]?discovered(?:_?exception)?",
            rb"security not initialized[^\n]{0,40}cluster manager not present",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.94,
        reason="The cluster has no manager: it takes neither reads nor writes.",
        action="See which manager-eligible nodes run and reach each other on the transport port.",
        examples=(
            (
                "ClusterFormationFailureHelper - cluster-manager not discovered or elected yet, an "
                "election requires a node with id [q1]"
            ),
        ),
        near_misses=(
            "MasterService - elected-as-cluster-manager ([1] nodes joined)",
            "NodeJoinController - cluster-manager node changed",
        ),
    ),
    Signature(
        name="zookeeper.not_serving",
        patterns=(
            rb"zookeeperserver not running",
            rb"this zookeeper instance is not currently serving requests",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="This member does not serve: no leader has been elected.",
        action="See whether most members run and reach each other on the election port.",
        examples=(("WARN NIOServerCnxn - Close of session 0x0 java.io.IOException: ZooKeeperServer not running"),),
        near_misses=(
            (
                "WARN NIOServerCnxn - Unable to read additional data from client sessionid 0x2, "
                "likely client has closed socket"
            ),
            "INFO LEADING - LEADER ELECTION TOOK - 40 MS",
        ),
    ),
    Signature(
        name="zookeeper.election_waits",
        patterns=(rb"notification time ?out: \d{3,6}",),
        also=(rb"fastleaderelection|quorumpeer",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.92,
        reason="A member waits for votes of the others.",
        action="Nothing for one; if it goes on, the others do not answer on the election port.",
        examples=("INFO [QuorumPeer:FastLeaderElection] - Notification time out: 3200",),
        near_misses=(
            "WARN NIOServerCnxn - ZooKeeperServer not running",
            "Push notification timed out for device 7",
        ),
    ),
    Signature(
        name="etcd.peer_stream_lost",
        patterns=(
            rb"lost the tcp streaming connection with peer",
            rb"lost tcp streaming connection with remote peer",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.93,
        reason="One stream to one peer broke; it is opened again.",
        action="Nothing for one; if the peer stays inactive, look at its host.",
        examples=("W | rafthttp: lost the TCP streaming connection with peer 77aa (stream Message writer)",),
        near_misses=(
            "W | etcdserver: failed to send out heartbeat on time; server is likely overloaded",
            "E | etcdserver: publish error: etcdserver: request timed out",
        ),
    ),
)
