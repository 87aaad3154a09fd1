"""RabbitMQ: the broker, its nodes and its connections."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="rabbitmq.client_gone",
        patterns=(
            rb"client unexpectedly closed tcp connection",
            rb"connection_closed_abruptly",
            rb"closing amqp connection <[^>\n]{1,30}>[^\n]{0,160}(?:client unexpectedly|missed heartbeats)",
            rb"broker forced connection closure with reason 'shutdown'",
            rb"connection_forced",
            rb"\{handshake_timeout,",
            rb"\{bad_header,",
        ),
        unless=(
            rb"shutdownsignalexception",
            rb"com\.rabbitmq\.client",
            rb"pika",
            rb"amqp(?:lib|\.)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.75,
        reason="A client left without closing, knocked without speaking the protocol, or the broker is stopping.",
        action="Nothing to do, if a stop was meant.",
        examples=(
            (
                "closing AMQP connection <0.9.0> (10.0.0.9:51002 -> 10.0.0.7:5672): client unexpectedly closed TCP "
                "connection"
            ),
        ),
        near_misses=(
            "closing AMQP connection <0.9.0>: memory resource limit alarm set",
            "connection <0.9.0>: user 'svc' authenticated",
        ),
    ),
    Signature(
        name="rabbitmq.heartbeat_missed",
        patterns=(
            rb"missed heartbeats from (?:client|server)",
            rb"heartbeat missing with heartbeat = \d",
            rb"server heartbeat timeout",
            rb"no heartbeat (?:received )?(?:from|for)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="One side heard nothing from the other for too long and closed.",
        action="Nothing for one; if they are many, look for blocked clients and a busy broker.",
        examples=("no heartbeat received from cart-worker-3",),
        near_misses=("heartbeat interval set to 60s", "client unexpectedly closed TCP connection"),
    ),
    Signature(
        name="rabbitmq.alarm",
        patterns=(
            rb"(?:memory|disk) resource limit alarm set",
            rb"vm_memory_high_watermark set",
            rb"disk free (?:space )?(?:limit|is) ?(?:exceeded|insufficient)",
            rb"publishers will be blocked",
            rb"slow consumer[^\n]{0,40}(?:detected|messages dropped)",
            rb"maximum (?:connections|payload|bytes) exceeded",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The broker is short of memory or disk and holds publishers back.",
        action="See which queues grew and whether their consumers work; add memory or disk.",
        examples=("memory resource limit alarm set on node rabbit@mq-0",),
        near_misses=("memory resource limit alarm cleared on node rabbit@mq-0", "disk free limit set to 50MB"),
    ),
    Signature(
        name="rabbitmq.alarm_cleared",
        patterns=(
            rb"resource limit alarm cleared",
            rb"vm_memory_high_watermark clear",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="The broker has memory or disk again.",
        action="Nothing to do.",
        examples=("memory resource limit alarm cleared on node rabbit@mq-0",),
        near_misses=("memory resource limit alarm set on node rabbit@mq-0", "alarm handler started"),
    ),
    Signature(
        name="rabbitmq.write_failed",
        patterns=(
            rb"\{writer,send_failed,",
            rb"\{inet_error,(?:etimedout|enotconn|econnreset|ehostunreach)",
            rb"\{socket_error,(?:timeout|etimedout|econnreset)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="A connection to a client broke while the broker wrote to it; the client connects again.",
        action="Nothing for one; if they are many, look at the network and at slow readers.",
        examples=("closing AMQP connection <0.9.0>: {writer,send_failed,timeout}",),
        near_misses=("memory resource limit alarm set on node rabbit@mq-0", "{badmatch,{error,enospc}}"),
    ),
    Signature(
        name="rabbitmq.node_lost",
        patterns=(
            rb"\*\* node '?[\w@.-]{3,80}'? not responding",
            rb"rabbit on node '?[\w@.-]{3,80}'? down",
            rb"node '?[\w@.-]{3,80}'? down: (?:connection_closed|net_tick_timeout|etimedout|disconnect)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="A node of the cluster does not answer the others.",
        action="Check that node and the network between the nodes; look for a partition.",
        examples=("node rabbit@mq-1 down: net_tick_timeout",),
        near_misses=("node rabbit@mq-1 up", "rabbit on node rabbit@mq-1 up"),
    ),
    Signature(
        name="rabbitmq.partition",
        patterns=(
            rb"inconsistent_database,",
            rb"running_partitioned_network",
            rb"partial partition detected",
            rb"cluster minority(?:/secondary)? status detected",
            rb"mnesia\([^\n]{1,60}\): \*\* error \*\* mnesia_event",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        settles=True,
        reason="The nodes of the cluster lost sight of each other and went on apart.",
        action="See which side has the queues that matter, restart the nodes of the other side, check the network.",
        examples=(
            (
                "Mnesia('rabbit@mq-0'): ** ERROR ** mnesia_event got {inconsistent_database, "
                "running_partitioned_network, 'rabbit@mq-1'}"
            ),
        ),
        near_misses=("Mnesia('rabbit@mq-0'): ** WARNING ** Mnesia is overloaded", "disk partition is 91% full"),
    ),
    Signature(
        name="rabbitmq.cookie_or_login",
        patterns=(
            rb"rejected\. invalid challenge reply",
            rb"connection attempt from disallowed node",
            rb"login refused: user '",
            rb"erlang cookie",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The broker refuses a node or user: its cookie, name or password is not what is expected.",
        action="Give all nodes the same cookie; check the user, its password and from where it may log in.",
        examples=("PLAIN login refused: user 'svc' - invalid credentials",),
        near_misses=(
            "connection <0.9.0>: user 'svc' authenticated",
            "HTTP access denied: user 'guest' - User can only log in via localhost",
        ),
    ),
    Signature(
        name="rabbitmq.management_login_refused",
        patterns=(rb"http access denied: ",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="Somebody was turned away at the management page or interface.",
        action="Nothing for one; give tools a user of their own instead of guest.",
        examples=("HTTP access denied: user 'guest' - invalid credentials",),
        near_misses=("PLAIN login refused: user 'svc' - invalid credentials", "HTTP listener started on port 15672"),
    ),
    Signature(
        name="rabbitmq.crash",
        patterns=(
            rb"crash report process",
            rb"\*\* generic server [^\n]{1,80} terminating",
            rb"supervisor [^\n]{1,120} (?:shutdown_error|child_terminated|start_error)",
        ),
        unless=(
            rb"enospc",
            rb"enomem",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.74,
        reason="A process inside the broker crashed; its supervisor starts it again, mostly with loss of what it held.",
        action=(
            "Keep the report; look for disk or memory trouble just before it, then for a known fault of this version."
        ),
        examples=(
            "CRASH REPORT Process rabbit_msg_store with 1 neighbours crashed with reason: no match of right hand value",
        ),
        near_misses=("Supervisor rabbit_sup started child", "crash recovery finished"),
    ),
    Signature(
        name="rabbitmq.remark",
        patterns=(
            rb"discarding message [^\n]{1,400}in an old incarnation",
            rb"http listener registry could not find context",
            rb"does not support registration, skipping",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.88,
        reason="A remark of the broker's start or end: what was meant for the process before is thrown away.",
        action="Nothing to do.",
        examples=(
            (
                "[error] emulator Discarding message {'$gen_call',stat} from <0.1341.0> to <0.4171.0> in an old "
                "incarnation (161) of this node (162)"
            ),
        ),
        near_misses=("Discarding messages: queue over its limit", "** Generic server <0.582.70> terminating"),
    ),
)
