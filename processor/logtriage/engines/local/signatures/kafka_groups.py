"""Kafka: consumer groups, Connect, brokers that start and stop."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="kafka.group_moves",
        patterns=(
            rb"heartbeat failed for group",
            rb"attempt to heartbeat failed since (?:group is rebalancing|member id|coordinator)",
            rb"marking the coordinator [^\n]{0,80}dead",
            rb"heartbeat session expired",
            rb"group is rebalancing",
            rb"rebalance_?in_?progress",
            rb"group coordinator [^\n]{1,120} is unavailable or invalid",
            rb"member[_ ]?id was not recognized",
            rb"request joining group due to: ",
            rb"the coordinator is loading and hence can't process",
        ),
        unless=(
            rb"commit cannot be completed",
            rb"commitfailed",
            rb"poll timeout has expired",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="A consumer group hands its partitions out anew: members join again by themselves.",
        action="Nothing for one; if they are many, look for consumers that restart or stall.",
        examples=("[Consumer clientId=c1, groupId=g] Attempt to heartbeat failed since group is rebalancing",),
        near_misses=(
            "{orders=GROUP_AUTHORIZATION_FAILED}",
            "Commit cannot be completed since the group has already rebalanced",
        ),
    ),
    Signature(
        name="kafka.poll_too_slow",
        patterns=(
            rb"consumer poll timeout has expired",
            rb"commit cannot be completed since the (?:group has already rebalanced|consumer is not part)",
            rb"commitfailed(?:exception|error)",
            rb"maximum application poll interval \(max\.poll\.interval\.ms\) exceeded",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason=(
            "The consumer works longer on a batch than the group waits for it: it is put out, and the batch is "
            "read again."
        ),
        action="Shorten what is done per batch, poll fewer records, or raise max.poll.interval.ms.",
        examples=("Commit cannot be completed since the group has already rebalanced and assigned the partitions",),
        near_misses=(
            "Attempt to heartbeat failed since group is rebalancing",
            "Committed offset 88 for partition orders-3",
        ),
    ),
    Signature(
        name="kafka.connect_bad_record",
        patterns=(
            rb"tolerance exceeded in error handler",
            rb"connect\.errors\.dataexception",
            (
                rb"error encountered in task [\w.-]{1,80}\. executing stage '(?:value_converter|key_converter"
                rb"|transformation)"
            ),
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A record does not fit the connector's converter or transformation, and stops its task.",
        action=(
            "Look at the record that the record names; send such records to a dead letter topic, or correct the "
            "producer."
        ),
        examples=("ConnectException: Tolerance exceeded in error handler",),
        near_misses=("ConnectException: Could not connect to the database", "Task is being stopped by request"),
    ),
    Signature(
        name="kafka.broker_stops",
        patterns=(
            rb"exiting kafka due to fatal exception",
            rb"fatal error during (?:kafkaserver|broker|sharedserver|controller) startup",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.5,
        rank=Rank.SYMPTOM,
        reason="A broker does not come up; the line before or the cause below says why.",
        action="Read the cause in the record or just before it: mostly a setting, a port, a certificate or a volume.",
        examples=("[BrokerServer id=1] Fatal error during broker startup. Prepare to shutdown",),
        near_misses=("[BrokerServer id=1] Transition from STARTING to STARTED", "Exiting Kafka tool with status 0"),
    ),
    Signature(
        name="kafka.client_gone",
        patterns=(
            rb"attempt to retrieve channel for which there is no connection",
            rb"attempting to send response via channel for which there is no open connection",
            rb"exception while processing (?:request|response) [^\n]{0,120}\n[^\n]{0,80}no (?:open )?connection",
            rb"\[socketserver [^\n]{0,60}unexpected error from [^\n]{1,60}; closing connection[^\n]{0,40}eof",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A client went away before the broker had answered.",
        action="Nothing to do.",
        examples=(
            (
                "Attempting to send response via channel for which there is no open connection, connection id "
                "10.0.0.7:9092"
            ),
        ),
        near_misses=(
            "Connection to node 2 could not be established. Broker may not be available.",
            "Failed to send response to controller",
        ),
    ),
    Signature(
        name="kafka.start_up_remark",
        patterns=(
            rb"switched default partitioner\b",
            rb"no quorum defined in config, running in standalone mode",
            rb"maxcnxns is not configured",
            rb"reconfigenabled is set to|log4j:warn no appenders could be found",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A remark at the start of a client or server; it goes on as it should.",
        action="Nothing to do.",
        examples=("WARN Either no config or no quorum defined in config, running in standalone mode",),
        near_misses=("Invalid config, exiting abnormally", "quorum peer lost its majority"),
    ),
    Signature(
        name="kafka.records_expired",
        patterns=(
            rb"expiring \d{1,9} record\(s\) for",
            rb"\d{1,9} ms has passed since (?:batch creation|last append|last attempt)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The producer could not hand records over in its time and threw them away.",
        action="Check the brokers and the way to them; what was thrown away has to be sent again.",
        examples=("Expiring 9 record(s) for orders-3:120000 ms has passed since batch creation",),
        near_misses=(
            "Error while fetching metadata with correlation id 3 : {orders=LEADER_NOT_AVAILABLE}",
            "log segment expired, deleting",
        ),
    ),
    Signature(
        name="kafka.offset_reset",
        patterns=(rb"is out of range for partition [\w.-]{1,120}[^\n]{0,160}resetting offset",),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="The consumer stood at an offset that the topic has not any more, and went on at the end or the start.",
        action=(
            "See what was skipped or is read twice; give the topic a longer retention than the consumer's longest "
            "pause."
        ),
        examples=("Fetch offset 88 is out of range for partition orders-3, resetting offset",),
        near_misses=(
            "offset_out_of_range: no reset policy is configured",
            "Resetting offset for partition orders-3 to position 0",
        ),
    ),
)
