"""MySQL and MariaDB: remarks of the server that need nobody at once."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="mysql.stranger_denied",
        patterns=(rb"\[warning\] (?:\[my-\d{6}\] \[\w{2,12}\] )?access denied for user",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The server turned a login away and says so as a warning: a typing error or somebody who tries names.",
        action="Nothing for one; if it is one of our users, check its secret; if they are many, block the source.",
        examples=("[Warning] Access denied for user 'guest'@'10.0.0.9' (using password: YES)",),
        near_misses=(
            "ERROR 1045 (28000): Access denied for user 'svc'@'10.0.0.9' (using password: YES)",
            "[Note] Access granted to the spare host",
        ),
    ),
    Signature(
        name="mysql.start_up_remark",
        patterns=(
            rb"insecure configuration for --(?:pid-file|secure-file-priv)",
            rb"starting (?:xa )?crash recovery\b",
            rb"(?:xa )?crash recovery finished\b",
            rb"missing data directory for icu regular expressions",
            rb"'user' entry '[^'\n]{1,80}' ignored in",
            rb"timestamp with implicit default value is deprecated",
            rb"no existing uuid has been found",
            rb"\[my-\d{6}\] \[\w{2,12}\] [^\n]{0,120}is deprecated and will be removed",
            rb"mysqlx reported: 'failed at ssl configuration",
            rb"you need to use --log-bin to make",
            rb"failed to retrieve the mac address",
            rb"could not increase number of max_open_files",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A remark at the start of the server or on an old setting; it works.",
        action="Nothing to do.",
        examples=(
            (
                "[Warning] [MY-011810] [Server] Insecure configuration for --pid-file: Location '/run' is "
                "accessible to all"
            ),
        ),
        near_misses=(
            "[ERROR] [MY-010119] [Server] Aborting",
            "[ERROR] [MY-000067] [Server] unknown variable 'binlog_fromat=ROW'.",
        ),
    ),
    Signature(
        name="mysql.flush_behind",
        patterns=(
            rb"page_cleaner: \d{1,6}ms intended loop took",
            rb"page cleaner took \d{1,9}ms",
            rb"long semaphore wait",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="Writing changed pages to disk takes longer than planned: the disk is busy.",
        action="Look at the disk's latency if these are frequent.",
        examples=("InnoDB: page_cleaner: 1000ms intended loop took 4220ms.",),
        near_misses=("InnoDB: Database page corruption on disk", "InnoDB: Buffer pool(s) load completed"),
    ),
)
