"""PostgreSQL: housekeeping and remarks that put themselves right."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="postgres.end_of_log",
        patterns=(
            rb"invalid record length at [0-9a-f]{1,8}/[0-9a-f]{1,8}: (?:wanted|expected)",
            rb"record with incorrect prev-link [^\n]{1,40} at [0-9a-f]{1,8}/",
            rb"invalid magic number 0000 in (?:log|wal) segment",
            rb"\bredo is not required\b",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="The server has read its log to the end; this is what the end looks like.",
        action="Nothing to do.",
        examples=("LOG:  invalid record length at 0/3000148: wanted 24, got 0",),
        near_misses=("PANIC:  could not locate a valid checkpoint record", "LOG:  invalid length of startup packet"),
    ),
    Signature(
        name="postgres.checkpoints_too_frequent",
        patterns=(rb"checkpoints are occurring too frequently",),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="Writes fill the log faster than max_wal_size foresees: more disk work than needed, nothing fails.",
        action="Raise max_wal_size if the load is meant.",
        examples=("LOG:  checkpoints are occurring too frequently (8 seconds apart)",),
        near_misses=(
            "LOG:  checkpoint starting: time",
            'could not write to file "pg_wal/xlogtemp.77": No space left on device',
        ),
    ),
    Signature(
        name="postgres.background_late",
        patterns=(
            rb"autovacuum worker took too long to start",
            rb"autovacuum worker started without a worker entry",
            rb"pgstat wait timeout",
            rb"still waiting for all required wal segments to be archived",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason="A background process of the server came late: the host is busy.",
        action="Look at load and disk of the host if these are frequent.",
        examples=("WARNING:  autovacuum worker took too long to start; canceled",),
        near_misses=(
            "ERROR:  canceling autovacuum task",
            'WARNING:  database "ledger" must be vacuumed within 9820119 transactions',
        ),
    ),
    Signature(
        name="database.second_writer_refused",
        patterns=(
            (
                rb"duplicate key value violates unique constraint [\"'][^\"'\n]{0,60}(?:session|cache|token|lock"
                rb"|idempot|dedup|processed|event|inbox|outbox|email|username|slug|subscription|visit|vote|like|job)"
            ),
            (
                rb"duplicate entry '[^\n]{0,120}' for key '[^'\n]{0,60}(?:session|cache|token|lock|idempot|dedup"
                rb"|processed|event|inbox|outbox|email|username|slug|subscription|visit|vote|like|job)"
            ),
            (
                rb"e11000 duplicate key error collection: [^\n]{0,80}(?:session|cache|token|lock|idempot|dedup"
                rb"|processed|event|inbox|outbox|email|username|slug|subscription|visit|vote|like)"
            ),
        ),
        unless=(
            rb"dup key: \{ [\w.\"]{0,40}: ?null",
            rb"failed to (?:import|restore|migrate)",
            rb"migration",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason=(
            "Two writers came with the same key, and the constraint is there to keep the second one out: a "
            "session, a lock, a sign-up."
        ),
        action="Nothing to do.",
        examples=(
            'ERROR:  duplicate key value violates unique constraint "accounts_email_key"',
            "MongoServerError: E11000 duplicate key error collection: shop.sessions index: sid_1 dup key",
        ),
        near_misses=(
            'ERROR:  duplicate key value violates unique constraint "invoices_pkey"',
            "E11000 duplicate key error collection: shop.emails index: addr_1 dup key: { addr: null }",
        ),
    ),
    Signature(
        name="postgres.pooler_waits",
        patterns=(
            rb"server_login_retry",
            rb"server login has been failing, try again later",
            rb"server_lifetime|server conn crashed\?",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The pooler gets no connection to the server right now and tries again after a pause.",
        action="Nothing if the server is restarting; else see why it does not let the pooler in.",
        examples=("cart: login waits, server_login_retry is 15",),
        near_misses=("pooler error: query_wait_timeout", "server login failed: FATAL password authentication failed"),
    ),
    Signature(
        name="postgres.one_address_not_taken",
        patterns=(rb"could not (?:create|bind) ipv6 (?:socket|address)",),
        unless=(rb"already in use",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The server could not listen on one of its addresses, the newer one; it goes on with the others.",
        action="Nothing to do.",
        examples=('LOG:  could not create IPv6 socket for address "::": Address family not supported by protocol',),
        near_misses=(
            'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
            "FATAL:  could not create any TCP/IP sockets",
        ),
    ),
    Signature(
        name="postgres.write_on_standby",
        patterns=(
            rb"cannot execute [a-z ]{3,40} in a read-only transaction",
            rb"cannot execute [a-z ]{3,40} during recovery",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="A write was sent to a copy that only takes reads: the client points at the wrong server.",
        action="Point writers at the primary; after a change-over, let clients look it up again.",
        examples=("ERROR:  cannot execute DELETE in a read-only transaction",),
        near_misses=(
            "ERROR:  cannot execute query: out of memory",
            "canceling statement due to conflict with recovery",
        ),
    ),
)
