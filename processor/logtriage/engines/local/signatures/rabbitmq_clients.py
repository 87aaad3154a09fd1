"""RabbitMQ: what it answers to clients, and what they make of it."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="rabbitmq.listener_lost_channel",
        patterns=(
            rb"consumer received fatal exception on startup",
            rb"cannot set basicqos",
            rb"consumer raised exception, processing can restart",
            rb"amqpconnectexception",
            rb"shutdownsignalexception",
            rb"channel shutdown: (?:connection|channel) error",
        ),
        unless=(
            rb"connection refused",
            rb"access_refused",
            rb"precondition_failed",
            rb"not_found - ",
            rb"authentication",
            rb"unknown delivery tag",
            rb"inequivalent arg",
            rb"delivery acknowledgement",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.65,
        reason="The consumer lost its channel to the broker, and the record does not say that it came back.",
        action="Check that the broker is up and the consumer takes from its queue again.",
        examples=("Consumer raised exception, processing can restart if the connection factory supports it.",),
        near_misses=(
            "Restarting Consumer@7: tags=[[x]], channel=Cached Rabbit Channel",
            "AmqpConnectException: java.net.ConnectException: Connection refused",
        ),
    ),
    Signature(
        name="rabbitmq.declared_otherwise",
        patterns=(
            rb"no (?:queue|exchange|vhost) '",
            rb"not_found - no (?:queue|exchange|vhost)",
            rb"resource_locked - ",
            rb"precondition_failed - (?!unknown delivery|inequivalent|delivery ack)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The client uses a queue, exchange or host that the broker does not have, or that another one holds.",
        action="Create what is missing, or correct its name; see who holds it.",
        examples=("NOT_FOUND - no exchange 'orders' in vhost '/'",),
        near_misses=("ACCESS_REFUSED - access to queue 'orders' in vhost '/' refused", "Declared queue 'orders'"),
    ),
    Signature(
        name="rabbitmq.declared_differently",
        patterns=(rb"inequivalent arg '",),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The client declares a queue or exchange with other arguments than it exists with: two versions meet.",
        action="Let both sides declare it alike; delete it first if its arguments are to change.",
        examples=("PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'tills' in vhost '/'",),
        near_misses=("ACCESS_REFUSED - access to queue 'orders' in vhost '/' refused", "Declared queue 'orders'"),
    ),
    Signature(
        name="rabbitmq.wrong_acknowledgement",
        patterns=(
            rb"unknown delivery tag",
            rb"delivery acknowledgement on channel \d{1,6} timed out",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason=(
            "The consumer acknowledges a message twice, on another channel or far too late: the channel is closed "
            "for it."
        ),
        action="Hand it to the owner of the consumer: acknowledge once, in time, on the channel that delivered.",
        examples=("PRECONDITION_FAILED - unknown delivery tag 7",),
        near_misses=(
            "PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'orders'",
            "delivery tag printed on parcel 7",
        ),
    ),
    Signature(
        name="rabbitmq.broker_stopped",
        patterns=(
            rb"connection_?forced",
            rb"broker forced connection closure with reason 'shutdown'",
        ),
        also=(
            rb"shutdownsignalexception",
            rb"pika",
            rb"amqp(?:lib|\.)",
            rb"com\.rabbitmq\.client",
            rb"closedbybroker",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.76,
        reason="The broker ended the connection of this client because it stops.",
        action="Nothing if a restart was meant; see whether the client found the broker again.",
        examples=(
            'pika.exceptions.ConnectionClosedByBroker: (320, "CONNECTION_FORCED - Node was put into maintenance mode")',
        ),
        near_misses=(
            (
                "closing AMQP connection <0.9.0>: connection_forced: broker forced connection closure with reason "
                "'shutdown'"
            ),
            "connection forced open by operator",
        ),
    ),
    Signature(
        name="rabbitmq.message_rejected",
        patterns=(
            rb"amqprejectanddontrequeueexception",
            rb"messageconversionexception",
            rb"failed to convert message\b",
            rb"listenerexecutionfailedexception[^\n]{0,160}(?:could not be invoked|convert)",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="One message is not of the form that the consumer reads; it was put aside.",
        action="Look at the message in the dead letter queue and at who sent it.",
        examples=("AmqpRejectAndDontRequeueException: Error Handler converted exception to fatal",),
        near_misses=(
            "Consumer raised exception, processing can restart if the connection factory supports it.",
            "message converted to JSON",
        ),
    ),
    Signature(
        name="rabbitmq.queue_locked",
        patterns=(
            rb"resource_locked\b",
            rb"cannot obtain exclusive access to locked queue",
        ),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="The client wants a queue that another connection has for itself; mostly its own older connection.",
        action="Tell the owner: wait for the old connection to end, or do not declare the queue exclusive.",
        examples=(
            (
                "operation queue.declare caused a channel exception resource_locked: cannot obtain exclusive "
                "access to locked queue 'tills'"
            ),
        ),
        near_misses=("inequivalent arg 'durable' for queue 'cash' in vhost '/'", "unknown delivery tag 4"),
    ),
)
