"""Poolers, drivers and clients of databases and brokers: connections that break or are not to be had."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="pgbouncer.no_server",
        patterns=(
            rb"pgbouncer cannot connect to server",
            rb"server login (?:has been )?failing, try again later",
            rb"pooler error: (?:query_wait_timeout|server conn crashed|no more connections allowed)",
        ),
        unless=(rb"client close request",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason="The pooler has no server to pass its clients to.",
        action=("Look whether PostgreSQL runs and takes logins from the pooler; then at the size of its pools."),
        examples=(("WARNING C-0x55d0: shop/app@10.7.0.3:5123 pooler error: pgbouncer cannot connect to server"),),
        near_misses=(
            "LOG C-0x55d0: shop/app@10.7.0.3:5123 closing because: client close request (age=4s)",
            "LOG S-0x55d0: shop/app@10.7.0.9:5432 closing because: server lifetime over (age=3600s)",
        ),
    ),
    Signature(
        name="pgbouncer.stray_packet",
        patterns=(rb"got packet '.' from server when not linked",),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.93,
        reason=("The server answered a client that the pooler had let go; the server connection is thrown away."),
        action="Nothing for a few; else update the pooler.",
        examples=("WARNING S-0x55d1: shop/app@10.7.0.9:5432 got packet 'Z' from server when not linked",),
        near_misses=(
            "ERROR S-0x55d1: FATAL @src/server.c:583: server in bad state: 11",
            "WARNING pooler error: pgbouncer cannot connect to server",
        ),
    ),
    Signature(
        name="spring_kafka.send_failed",
        patterns=(rb"exception thrown when sending a message with key=",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.95,
        reason=(
            "A message was not taken by the broker after all tries of the producer: it is lost "
            "unless the program keeps it."
        ),
        action="See the error behind it and the state of the named topic.",
        examples=(("LoggingProducerListener : Exception thrown when sending a message with key='7' to topic bills:"),),
        near_misses=(
            (
                "[Producer clientId=p-1] Got error produce response with correlation id 5 on "
                "topic-partition bills-0, retrying (2 attempts left). Error: NOT_LEADER_OR_FOLLOWER"
            ),
            "Sent message with key=7",
        ),
    ),
    Signature(
        name="librdkafka.connection_lost",
        patterns=(
            rb"local: broker transport failure",
            rb"(?:producerequest|fetchrequest|metadatarequest) failed: [^\n]{0,80}actions (?:refresh|retry)",
            rb"%\d\|\d{5,12}\.\d{1,4}\|fail\|[^\n]{1,200}(?:disconnected|connection reset|timed out) ",
        ),
        unless=(
            rb"delivery failed|message (?:is )?lost|messages? (?:were )?dropped",
            rb"all broker connections are down|\d/\d{1,3} brokers are down",
            rb"invalid (?:username|credentials|password)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.94,
        reason="One broker connection of the client library broke; it connects again.",
        action="Nothing for one; if all brokers are down, look at the cluster.",
        examples=(
            (
                "FAIL [thrd:ssl://k7:9093/7]: SASL authentication error: SaslHandshakeRequest "
                "failed: Local: Broker transport failure (after 3ms in state AUTH_REQ)"
            ),
        ),
        near_misses=(
            (
                "FAIL [thrd:ssl://k7:9093/7]: SASL authentication error: Authentication failed: "
                "Invalid username or password (after 9ms in state AUTH_REQ)"
            ),
            "ERROR 3/3 brokers are down: Local: All broker connections are down",
        ),
    ),
    Signature(
        name="nats.slow_consumer",
        patterns=(
            rb"slow consumer detected: writedeadline of",
            rb"(?:router|client|leafnode) connection closed: slow consumer",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.95,
        reason=("A client did not read what was sent to it in time; the server lets it go and it connects again."),
        action=("Nothing for one; if it is always the same client, it needs more workers or a larger buffer."),
        examples=(
            (
                "[INF] 10.3.3.3:4411 - cid:8 - Slow Consumer Detected: WriteDeadline of 10s exceeded "
                "with 3 chunks of 777 total bytes."
            ),
        ),
        near_misses=(
            "[WRN] JetStream cluster stream 'A > B' has NO quorum, stalled.",
            '[ERR] nats: slow consumer, messages dropped on connection [7] for subscription on "a.b"',
        ),
    ),
    Signature(
        name="minio.peer_marked_offline",
        patterns=(
            rb"marking http[^\s]{1,200} (?:temporary |temporarily )?offline",
            rb"client '?[^\n]{1,160}'? re-connected in",
        ),
        unless=(rb"insufficient number of",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.95,
        reason="One peer did not answer in time; it is asked again and marked back when it does.",
        action="Nothing for one; if it comes back and goes all the time, look at its load.",
        examples=("Error: Marking http://m4:9000/minio/storage/d2/v51 temporary offline; caused by timeout",),
        near_misses=(
            "Error: Read failed. Insufficient number of drives online",
            "Error: Drive: http://m4:9000/d2 returned drive not found",
        ),
    ),
    Signature(
        name="clickhouse.answer_not_taken",
        patterns=(
            rb"cannot write to ostream at offset",
            rb"\(cannot_write_to_ostream\)",
        ),
        unless=(rb"no space left|errno: 28",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.94,
        reason="The client of a query closed the connection before the answer was out.",
        action="Nothing for one; if many, raise the time limit of the client or lessen the answer.",
        examples=(
            (
                "<Error> executeQuery: Code: 24. DB::Exception: Cannot write to ostream at offset "
                "4096: while sending JSONCompact"
            ),
        ),
        near_misses=(
            "<Error> Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space",
            "<Error> Code: 75. DB::ErrnoException: Cannot write to file, errno: 28",
        ),
    ),
    Signature(
        name="mongodb_driver.closed_topology",
        patterns=(
            rb"mongo[^\n]{0,40}: topology (?:was|is) (?:destroyed|closed)",
            rb"server instance pool was destroyed",
            rb"client has encountered a connection error and is not queryable",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.94,
        reason=("The driver gave its connections up and does not open them again: every query fails until a restart."),
        action="Restart the program when the database answers; let it connect again by itself.",
        examples=("MongoError: server instance pool was destroyed",),
        near_misses=(
            "MongoNetworkError: connection 4 closed, retrying",
            "kafka streams: Topology was optimised",
        ),
    ),
    Signature(
        name="node_pg.connection_lost",
        patterns=(rb"error: connection terminated unexpectedly",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.94,
        reason="The database or a proxy before it closed a connection in use.",
        action=("See whether the database was restarted; handle the error event of the pool, or the program ends."),
        examples=(
            (
                "Error: Connection terminated unexpectedly at Connection.connectedEndHandler "
                "(/srv/app/node_modules/pg/client.js)"
            ),
        ),
        near_misses=(
            "Error: Connection terminated due to connection timeout",
            "SSH session: connection terminated by user",
        ),
    ),
    Signature(
        name="pool.dead_connection_replaced",
        patterns=(
            rb"exception during keep ?alive check, that means the connection (?:must be|is) dead",
            rb"hikaripool[^\n]{0,80}failed to validate connection",
            rb"packets\.go:\d{1,4}: (?:unexpected eof|busy buffer)",
        ),
        unless=(rb"\bpanic:|fatal error",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.95,
        reason="A pooled connection was found dead and is replaced.",
        action="Set the lifetime of pooled connections below the idle limit of server and firewall.",
        examples=(
            (
                "WARN PoolBase : HikariPool-4 - Failed to validate connection "
                "com.mysql.cj.jdbc.ConnectionImpl@1 (No operations allowed after connection closed.)"
            ),
        ),
        near_misses=(
            "ERROR HikariPool-4 - Exception during pool initialization.",
            "panic: driver: bad connection",
        ),
    ),
    Signature(
        name="airflow.task_disowned",
        patterns=(
            rb"server indicated the task shouldn't be running any ?more",
            rb"state of this instance has been externally set to (?:failed|up_for_retry|queued)",
            rb"recorded pid \S{1,12} does not match the current pid",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason=("The scheduler took a running task away: its state was set from outside, or its heartbeat was late."),
        action=("See what set the state (another run, a cleared task, a late heartbeat) and start the task again."),
        examples=(
            (
                "local_task_job WARNING - State of this instance has been externally set to "
                "up_for_retry. Terminating instance."
            ),
        ),
        near_misses=(
            "INFO - Marking task as SUCCESS",
            "INFO - Task exited with return code 0",
        ),
    ),
)
