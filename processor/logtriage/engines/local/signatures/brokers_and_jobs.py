"""Spark and Hadoop."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="spark.executor_lost",
        patterns=(
            rb"lost executor \d{1,9} on ",
            rb"executorlostfailure",
            rb"container killed by yarn for exceeding",
            rb"slave lost\b",
            rb"container (?:\w{1,60} )?is running beyond (?:physical|virtual) memory limits",
            rb"executor heartbeat timed out",
            rb"removing executor \d{1,9} with no recent heartbeats",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.75,
        reason="A worker of the job is gone: mostly killed for its memory, or its machine was taken.",
        action="Look at the worker's end on its machine; give it more memory or smaller partitions.",
        examples=(
            "ERROR YarnScheduler: Lost executor 3 on node7: Container killed by YARN for exceeding memory limits.",
        ),
        near_misses=("Registered executor 3 on node7", "Removed broadcast_3 on node7"),
    ),
    Signature(
        name="spark.malformed_line",
        patterns=(
            rb"dropping malformed line",
            rb"malformed (?:records?|csv|line|row)s? (?:are|is|have|found|detected)",
            rb"skipping (?:malformed|corrupt|bad|invalid) (?:record|line|row|message|entry|document)s?",
            rb"badrecordexception",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.85,
        reason="A line of the input does not fit its format and was left out.",
        action="Look at the share of lines left out; tell the sender if it grows.",
        examples=("skipping malformed record in part 7: 3 columns instead of 4",),
        near_misses=("Malformed URL in settings: htp://cart", "skipping 40 records already processed"),
    ),
    Signature(
        name="hdfs.blocks",
        patterns=(
            rb"could not obtain block",
            rb"could only be (?:replicated|written) to 0",
            rb"name ?node is in safe ?mode",
            rb"missing block",
            rb"blockmissingexception",
            rb"error in contacting rm",
            rb"all datanodes [^\n]{1,80} are bad",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The storage or resource manager of the cluster cannot serve.",
        action="Check which data nodes and managers are up; look for missing blocks before restarting anything.",
        examples=("File /x could only be written to 0 of the 1 minReplication nodes.",),
        near_misses=("Received block blk_1 of size 91178 from 10.0.0.9", "Safe mode is OFF"),
    ),
    Signature(
        name="hdfs.pipeline_broken",
        patterns=(
            rb"exception while serving blk_",
            rb"responseprocessor exception",
            rb"error recovery for block",
            rb"slow (?:readprocessor|blockreceiver)",
            rb"datastreamer exception",
            rb"bad connect ack with",
            rb"failed to renew lease for \[dfsclient",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.72,
        reason="Reading or writing one block broke off; the client takes another node.",
        action="Nothing for one; if one node stands in many, look at its disks and network.",
        examples=("Got exception while serving blk_17 to /10.0.0.9",),
        near_misses=("Could not obtain block blk_17", "Received block blk_17 of size 91178"),
    ),
)
