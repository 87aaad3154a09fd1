"""Pipelines of data: change capture, collectors, coordination, and clients of message brokers."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="amqp_client.heartbeat_missed",
        patterns=(
            rb"amqpheartbeatmissedexception|missed server heartbeat",
            rb"have not received a heartbeat in \d",
            rb"missed heartbeats from (?:server|client|rabbitmq)",
        ),
        unless=(rb"uncaught",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.93,
        reason=("Client and broker did not hear of each other in time, so the connection is closed and opened anew."),
        action=("Nothing for one; if it comes back, the consumer works too long without answering the broker."),
        examples=("rabbitpy.channel0 - Have not received a heartbeat in 60 seconds",),
        near_misses=(
            "PHP Fatal error:  Uncaught AMQPHeartbeatMissedException: Missed server heartbeat",
            "etcd: failed to send out heartbeat on time",
        ),
    ),
    Signature(
        name="amqp_client.ended_by_heartbeat",
        patterns=(rb"uncaught [\w.\\]{0,60}amqp(?:heartbeatmissed|connectionclosed|timeout)exception",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="The program ended because the broker did not answer in time.",
        action="Start it again, and let it catch the closed connection and open another.",
        examples=(("PHP Fatal error:  Uncaught AMQPConnectionClosedException: Broken pipe or closed connection"),),
        near_misses=(
            "rabbitpy.channel0 - Have not received a heartbeat in 60 seconds",
            "Uncaught TypeError: Cannot read properties of undefined",
        ),
    ),
    Signature(
        name="telegraf.output_refuses_us",
        patterns=(rb"\[outputs\.\w{2,30}\][^\n]{0,200}(?:401 unauthorized|403 forbidden|unauthorized access)",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="The output does not take the token or the password: nothing is stored.",
        action="Correct token, organisation and bucket, or user and password, of the output.",
        examples=(
            (
                "E! [outputs.influxdb_v2] Failed to write metric to metrics_a (will be dropped: 401 "
                "Unauthorized): unauthorized access"
            ),
        ),
        near_misses=(
            (
                "E! [outputs.influxdb] Failed to write metric (will be dropped: 400 Bad Request): "
                "partial write: field type conflict"
            ),
            "D! [outputs.influxdb_v2] Wrote batch of 44 metrics in 9ms",
        ),
    ),
    Signature(
        name="program.default_will_change",
        patterns=(
            rb"the default value (?:of|for) [^\n]{1,80} will (?:change|be changed) (?:to|from|in) ",
            rb"if you need the current default behavio(?:u)?r, please explicitly set",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason="A program tells that a default will be another in a later version.",
        action="Set the value by hand before the next update.",
        examples=(("W! [agent] The default value of 'startup_error_behavior' will change to 'retry' with version 2"),),
        near_misses=(
            "Value of 'interval' changed from 10s to 5s",
            "invalid default value for 'created_at'",
        ),
    ),
    Signature(
        name="debezium.position_gone",
        patterns=(
            rb"is no longer available on the server\. reconfigure the connector",
            rb"could not find existing (?:redo log|binlog|oplog|wal) information while attempting",
            (
                rb"the connector is trying to read (?:binlog|change stream|oplog"
                rb"|log) starting at [^\n]{1,2000}no longer available"
            ),
            rb"the db history topic (?:or its content )?is (?:fully or partially )?missing",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.95,
        reason="The database has thrown away the place from which the connector would go on: it stops.",
        action=("Take a new snapshot, and keep the logs of the database longer than the connector may be away."),
        examples=(
            (
                "DebeziumException: Could not find existing binlog information while attempting "
                "schema only recovery snapshot"
            ),
        ),
        near_misses=(
            "INFO Snapshot ended with SnapshotResult [status=COMPLETED]",
            "WARN After applying the include/exclude list filters, no changes will be captured.",
        ),
    ),
    Signature(
        name="debezium.stopped_on_request",
        patterns=(
            rb"change event source executor was interrupted",
            rb"snapshot was interrupted before completion",
            rb"interrupted while snapshotting table",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason="The connector was told to stop and stops.",
        action="Nothing to do; see what stopped it, if nobody did.",
        examples=("WARN ChangeEventSourceCoordinator - Change event source executor was interrupted",),
        near_misses=(
            "ERROR Producer failure: io.debezium.DebeziumException: Failed to read next byte",
            "WARN Snapshot aborted: disk full",
        ),
    ),
    Signature(
        name="zookeeper.session_expired",
        patterns=(
            rb"keepererrorcode = session ?expired",
            rb"keeperexception\$sessionexpiredexception",
            rb"zookeeper session (?:has )?(?:been )?expired",
        ),
        unless=(rb"(?:new|another) session (?:was |has been )?(?:created|established)",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.94,
        reason="A program lost its session with ZooKeeper, and with it its locks and its membership.",
        action=(
            "See whether it stood still (garbage collection, disk) or the ensemble did not "
            "answer; start it again if it does not join by itself."
        ),
        examples=(
            (
                "ZKWatcher: master:16000 KeeperException$SessionExpiredException: KeeperErrorCode = "
                "Session expired for /hbase/master"
            ),
        ),
        near_misses=(
            "JWT rejected: session expired for this user",
            "Expiring session 0x1f, timeout of 4000ms exceeded",
        ),
    ),
    Signature(
        name="tidb.region_unavailable",
        patterns=(
            rb"error 9005\b",
            rb"region is unavail?able",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.94,
        settles=True,
        reason="Statements wait for a part of the data that no store serves, until their time is up.",
        action="Look at the stores: which are down, busy or without a leader.",
        examples=("ERROR 9005 (HY000): Region is unavailable",),
        near_misses=(
            ("[INFO] [region_cache.go:99] switch region leader to specific leader due to kv return NotLeader"),
            "AWS region us-east-9 is unknown",
        ),
    ),
    Signature(
        name="tidb.region_retried",
        patterns=(
            rb"throwing pseudo region error",
            rb"tikv reports .?(?:notleader|datanotready|dataisnotready|serverisbusy|epochnotmatch)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.93,
        reason="One copy of the data did not answer as wanted; the client asks another or again.",
        action="Nothing for one; if many, look at the stores.",
        examples=("[INFO] [region_request.go:77] tikv reports `ServerIsBusy`, retry later",),
        near_misses=(
            "ERROR 9005 (HY000): Region is unavailable",
            "[ERROR] [pd] region has no leader for 10m",
        ),
    ),
)
