"""Brokers, shippers and jobs: remarks that need nobody."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="librdkafka.version_probe",
        patterns=(
            rb"protocol parse failure for apiversion",
            rb"apiversionrequest failed: [^\n]{0,60}probably due to (?:old|incorrect) broker",
            rb"apiarraycnt -?\d{1,12} out of range",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason=("The client library asks a broker which versions it speaks, gets an older answer and falls back."),
        action="Nothing to do.",
        examples=("PROTOERR [thrd:b2:9092/2]: b2:9092/2: ApiArrayCnt -1 out of range",),
        near_misses=(
            "rdkafka#consumer-3: 3/3 brokers are down",
            "Protocol parse failure for Produce v7 (incorrect checksum)",
        ),
    ),
    Signature(
        name="logstash.remark",
        patterns=(
            rb"restored connection to es instance",
            rb"detected a \d{1,2}\.x and above cluster: the .type. event field",
            rb"relying on default value of .pipeline\.ecs_compatibility",
            rb"ignoring the 'pipelines\.yml' file because",
            rb"ignoring unexpected state (?:file )?in",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="Logstash found its output again, or speaks of a default.",
        action="Nothing to do.",
        examples=(
            ('[logstash.outputs.elasticsearch][audit] Restored connection to ES instance {:url=>"http://es3:9200/"}'),
        ),
        near_misses=(
            (
                "[logstash.outputs.elasticsearch] Attempted to resurrect connection to dead ES "
                "instance, but got an error"
            ),
            "[logstash.agent] Failed to execute action",
        ),
    ),
    Signature(
        name="beats.remark",
        patterns=(
            rb"is unable to load the (?:ingest )?pipelines? for the configured modules",
            rb"log input \(deprecated\)|deprecated: log input",
            rb"dns lookup failure [^\n]{0,80}: lookup localhost",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason=("A Beat without an Elasticsearch output says that it cannot set that one up; it ships as it is told."),
        action="Nothing to do.",
        examples=(
            (
                "WARN beater/filebeat.go:178 Filebeat is unable to load the ingest pipelines for the "
                "configured modules because no such output is set up"
            ),
        ),
        near_misses=(
            "ERROR instance/beat.go:1015 Exiting: error loading config file",
            "Exiting: couldn't connect to any of the configured Elasticsearch hosts",
        ),
    ),
    Signature(
        name="pulsar.remark",
        patterns=(
            rb"an opaddentry's ledger is empty",
            rb"topic level policies are not enabled",
            (
                rb"failed to get (?:topic )?polic(?:y"
                rb"|ies) for [^\n]{1,120}because the policies cache is not initialized"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="A broker remarks on a default or on an entry that it writes to the next ledger.",
        action="Nothing to do.",
        examples=(("WARN ManagedLedgerImpl - [public/main/persistent/orders] An OpAddEntry's ledger is empty."),),
        near_misses=(
            "ERROR ManagedLedgerImpl - [public/main/persistent/orders] Failed to create new ledger",
            "WARN BookieWatcherImpl - Not enough non-faulty bookies",
        ),
    ),
    Signature(
        name="spark.recompute_remark",
        patterns=(
            rb"no more replicas available for (?:rdd|broadcast)_\d",
            rb"truncated the string representation of a plan",
            rb"service 'sparkui' could not bind on port",
            rb"task of very large size",
            rb"attempted to (?:request|get) executor[^\n]{0,60}before the am has registered",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="Spark computes a lost part again, or takes the next port.",
        action="Nothing to do; if parts are lost all the time, look why executors go.",
        examples=("WARN BlockManagerMasterEndpoint: No more replicas available for rdd_7_3 !",),
        near_misses=(
            ("ERROR TaskSchedulerImpl: Lost executor 9 on node4: Container killed by YARN for exceeding memory limits"),
            "Service 'sparkDriver' failed after 16 retries",
        ),
    ),
    Signature(
        name="flink.checkpoint_not_yet",
        patterns=(
            rb"checkpointdeclinetasknotreadyexception",
            rb"received late message for now expired checkpoint attempt",
            (
                rb"checkpoint triggering task [^\n]{1,160} is not (?:being executed|running) at the moment"
                rb"|not all required tasks are currently running"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="A checkpoint was due while tasks were still starting; the next one is taken.",
        action="Nothing to do, unless no checkpoint is ever completed.",
        examples=(
            (
                "CheckpointCoordinator - Failed to trigger checkpoint for job 77aa since Checkpoint "
                "triggering task Source: clicks (2/4) is not being executed at the moment"
            ),
        ),
        near_misses=(
            "Exceeded checkpoint tolerable failure threshold.",
            "CheckpointException: Could not complete snapshot 9 for operator Map (2/4)",
        ),
    ),
    Signature(
        name="artemis.default_remark",
        patterns=(
            rb"amq2221(?:65|66):",
            rb"no (?:dead letter|expiry) address configured for queue",
            rb"amq222061: client connection failed",
            (
                rb"amq212037: connection failure to [^\n]{1,120} has been detected: amq[^\n]{0,80}(?:will be"
                rb"|connection) (?:closed|disconnected)"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="Artemis says that a queue has no dead letter address, or that a client left.",
        action="Give the queue an address for messages nobody can take, when there is time.",
        examples=("AMQ222166: No Expiry Address configured for queue tickets in AddressSettings",),
        near_misses=(
            "AMQ222210: Free storage space is at 0 bytes of 9.9GB total. Usage rate is 100%",
            ("AMQ222149: Message has reached maximum delivery attempts, sending it to Dead Letter Address"),
        ),
    ),
    Signature(
        name="ranch.client_left",
        patterns=(
            (
                rb"ranch listener [^\n]{1,80} connection process [^\n]{1,120} exit(?:ed)? with reason:"
                rb" \{(?:error|shutdown),\{?(?:remote|closed|einval|enotconn|timeout|tcp_closed|ssl_closed)"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason="An Erlang server ends the process of a connection that its client has closed.",
        action="Nothing to do.",
        examples=(
            (
                "[error] Ranch listener 'wss:8084' had connection process started with "
                "cowboy_tls:start_link/4 at <0.9.0> exit with reason: {error,closed}"
            ),
        ),
        near_misses=(
            ("[error] Failed to start Ranch listener 'wss:8084' for reason eaddrinuse (address already in use)"),
            (
                "[error] Ranch listener web had connection process started with a:b/4 at <0.9.0> "
                "exit with reason: {badmatch,undefined}"
            ),
        ),
    ),
)
