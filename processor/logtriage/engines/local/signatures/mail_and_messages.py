"""Mail servers and message systems."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="mail.server_setting",
        patterns=(
            rb"bad command startup -- throttling",
            rb"postfix[^\n]{0,60}fatal: ",
            rb"mail for [^\n]{1,80} loops back to myself",
            rb"unsupported dictionary type",
            rb"net_connect_unix\([^)\n]{1,120}\) failed",
            rb"doveconf: (?:fatal|error)",
            rb"unknown (?:setting|protocol): ",
            rb"problem talking to (?:service|server)",
            rb"milter service [^\n]{1,80}: (?:connection refused|no such file|permission)",
            rb"can.t connect to (?:clamd|spamd)",
            rb"clamd[^\n]{0,60}(?:not running|refused)",
        ),
        unless=(rb"queue file write error",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="A part of the mail server is not set up or does not start.",
        action="Look at the line of the part that the record names; correct its settings.",
        examples=("postfix/master[7]: warning: process /usr/lib/postfix/cleanup: bad command startup -- throttling",),
        near_misses=(
            "postfix started",
            "throttling one sender",
        ),
    ),
    Signature(
        name="mail.one_delivery",
        patterns=(
            rb"host or domain name not found\. name service error",
            rb"delivery temporarily suspended",
            rb"temporarily unavailable[^\n]{0,60}(?:mail|smtp)",
        ),
        unless=(
            rb"authentication failed",
            rb"certificate",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="One mail could not be handed over yet; it stays in the queue.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=(
            (
                "postfix/smtp[9]: 4F1: to=<eve@far.invalid>, relay=none, delivery temporarily suspended: no "
                "answer from relay"
            ),
        ),
        near_misses=(
            "the queue is full",
            "status of the till",
        ),
    ),
    Signature(
        name="mail.mailbox_remark",
        patterns=(
            rb"corrupted (?:index|transaction log) (?:cache )?file[^\n]{0,120}",
            rb"status=bounced",
            rb"user unknown in (?:virtual|local|relay)",
            rb"over quota\b[^\n]{0,40}(?:mailbox|user)",
            rb"fixed index file",
        ),
        unless=(rb"relay|authentication",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="One mailbox or one address; the server puts it right or tells the sender.",
        action="Nothing to do.",
        examples=("postfix/smtp[9]: 4F1: to=<eve@far.invalid>, status=bounced (no such mailbox there)",),
        near_misses=(
            "all mail bounced: relay refuses us",
            "queue file write error",
        ),
    ),
    Signature(
        name="vault.own_files_refused",
        patterns=(
            rb"storage migration check error",
            rb"failed to create audit entry",
            rb"error initiali[sz]ing storage of type",
            rb"failed to (?:open|create) (?:the )?(?:audit|raft|bolt) ",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="A server may not write its own files, so it does not serve.",
        action="Give the user of the server its own directories; see how the volume is mounted.",
        examples=('[ERROR] core: failed to create audit entry: path=file/ error="ferry.log: may not be written"',),
        near_misses=(
            "audit entry written",
            "storage of potatoes",
        ),
    ),
    Signature(
        name="broker.cannot_keep_up",
        patterns=(
            rb"usage(?:s)? ?manager[^\n]{0,60}(?:limit|full)",
            rb"(?:persistent|temp) store is full",
            rb"outgoing messages are being dropped for client",
            rb"system busy, (?:start flow control|please)",
            rb"\[(?:timeout_clean_queue|pc_synchronized|reject)\][^\n]{0,60}busy",
            (
                rb"insufficient resources for jetstream|jetstream[^\n]{0,60}(?:insufficient|resource limits"
                rb"|storage exceeded)"
            ),
            rb"broker busy",
            rb"reader concurrency semaphore",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A consumer or the broker cannot keep up, or its store is full.",
        action="Find the slow consumer; add consumers or room.",
        examples=("mosquitto: Outgoing messages are being dropped for client till-4.",),
        near_misses=(
            "consumer started",
            "broker ready",
        ),
    ),
    Signature(
        name="pulsar.cannot_store",
        patterns=(
            rb"not enough non-faulty bookies",
            rb"failed to persist (?:msg|message)",
            rb"no responders available",
            rb"no metadata leader",
            rb"no (?:active|available|live) (?:broker|bookie)s?\b",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The broker cannot store or hand on messages: the servers behind it are away.",
        action="Look at the storage servers and their disks.",
        examples=("WARN PersistentTopic - Not enough non-faulty bookies available",),
        near_misses=(
            "7 bookies available",
            "message stored",
        ),
    ),
    Signature(
        name="messaging.name_unknown",
        patterns=(
            rb"no route info of this topic",
            rb"(?:stream|consumer|subject|queue|exchange|subscription) [^\n]{0,60}(?:not found|does not exist)",
            rb"authorization violation",
        ),
        unless=(rb"event ?stream closed",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The client asks for a stream, topic or queue that the broker does not have, or may not use it.",
        action="Create it or correct the name.",
        examples=("nats: consumer till-4 does not exist",),
        near_misses=(
            "consumer till-4 created",
            "stream of water",
        ),
    ),
)
