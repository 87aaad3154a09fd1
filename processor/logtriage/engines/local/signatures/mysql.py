"""MySQL and MariaDB; Oracle, SQL Server and SQLite where they differ."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="database.optimistic_retry_succeeded",
        patterns=(
            (
                rb"(?:optimistic|version|write) ?(?:lock|locking)? ?(?:conflict|failure|collision)[^.\n]{0,80}(?:retry"
                rb"|attempt)[^.,;\n]{0,20} (?:succeeded|successful)"
            ),
            (
                rb"(?:serialization|concurrency) (?:failure|conflict)[^.\n]{0,80}(?:retry|attempt)[^.,;\n]{0,20}"
                rb" (?:succeeded|successful)"
            ),
        ),
        unless=(
            rb"\b(?:not|never|0|until|unless|will) (?:succeeded|successful)",
            rb"(?:succeeded|successful)[\"']?\s?[:=]\s?[\"']?(?:false|0|no)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="Two writers met, and the one that lost succeeded at its next try: as designed.",
        action="Nothing to do.",
        examples=("optimistic lock conflict on cart 12, retry 1 succeeded",),
        near_misses=(
            "optimistic lock conflict on cart 12, retry 3 of 3 failed, giving up",
            "optimistic lock conflict on cart 12, retry 2 succeeded: false",
        ),
    ),
    Signature(
        name="mysql.duplicate_entry",
        patterns=(
            rb"unique constraint failed: ",
            rb"duplicate entry '[^\n]{0,200}' for key",
        ),
        unless=(rb"could not execute write_rows event",),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The database refused a row whose key exists already; the data is safe.",
        action="Nothing at once; if it is frequent, let the writer upsert or look for a double delivery.",
        examples=("ERROR 1062 (23000): Duplicate entry '42-7' for key 'seats.PRIMARY'",),
        near_misses=(
            "Could not execute Write_rows event on table shop.seats; Duplicate entry '4' for key 'PRIMARY'",
            "ERROR 1061 (42000): Duplicate key name 'idx_seat'",
        ),
    ),
    Signature(
        name="mysql.value_rejected",
        patterns=(
            rb"data too long for column",
            rb"incorrect string value: ",
            rb"incorrect (?:datetime|integer|decimal|date) value",
            rb"out of range value for column",
            rb"cannot add or update a child row: a foreign key constraint fails",
            rb"cannot delete or update a parent row: a foreign key constraint fails",
            rb"column '[^'\n]{1,60}' cannot be null",
            rb"data truncated for column",
            rb"field '[^'\n]{1,60}' doesn't have a default value",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=False,
        confidence=0.8,
        reason="One statement carried a value that the schema does not accept.",
        action="Find the writer in the statement and correct its input, or widen the column on purpose.",
        examples=("ERROR 1406 (22001): Data too long for column 'note' at row 1",),
        near_misses=(
            "ERROR 1054 (42S22): Unknown column 'note' in 'field list'",
            "Packet for query is too large (6832997 > 4194304)",
        ),
    ),
    Signature(
        name="mysql.schema_behind_code",
        patterns=(
            rb"unknown column '[^'\n]{1,80}' in",
            rb"\btable '[^'\n]{1,80}' doesn't exist",
            rb"invalid column name '",
            rb"invalid object name '",
            rb"no such (?:table|column): ",
            rb"\btable \w{1,60} has no column named",
            rb"please run mysql_upgrade",
            rb"column count of mysql\.\w{1,40} is wrong",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The code asks for a table or column that the database does not have: a migration is missing.",
        action="Run the missing migration, or roll the code back to the version that fits the schema.",
        examples=(
            "ERROR 1054 (42S22): Unknown column 'u.tier' in 'field list'",
            "sqlite3.OperationalError: no such table: settings",
        ),
        near_misses=(
            "ERROR 1049 (42000): Unknown database 'shop'",
            "ERROR 1062 (23000): Duplicate entry 'x' for key 'y'",
        ),
    ),
    Signature(
        name="mysql.sql_syntax",
        patterns=(
            rb"you have an error in your sql syntax",
            rb"incorrect syntax near ",
            rb"every derived table must have its own alias",
            rb"near \"[^\"\n]{1,40}\": syntax error",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The statement itself is wrong: no data makes it valid.",
        action="Hand the statement to the owner of the query; roll back if it came with a release.",
        examples=("You have an error in your SQL syntax; check the manual that corresponds to your server version",),
        near_misses=(
            "Unknown column 'tier' in 'where clause'",
            "mysqld: [ERROR] Found option without preceding group in config file",
        ),
    ),
    Signature(
        name="mysql.lock_wait",
        patterns=(
            rb"lock wait timeout exceeded",
            rb"the total number of locks exceeds the lock table size",
            rb"ora-00054",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="A transaction waited too long for a row that another one holds.",
        action=(
            "Nothing for one, if the caller tries again; if they are many, find the long transaction that holds "
            "the lock."
        ),
        examples=("ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction",),
        near_misses=(
            "Deadlock found when trying to get lock; try restarting transaction",
            "Waiting for table metadata lock",
        ),
    ),
    Signature(
        name="mysql.access_denied",
        patterns=(
            rb"access denied for user",
            rb"is not allowed to connect to this (?:mysql|mariadb) server",
            rb"login failed for user '",
            rb"command denied to user",
            rb"authentication plugin '[^'\n]{1,40}' cannot be loaded",
        ),
        unless=(rb"\[warning\] ",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The server refuses this user or this host.",
        action="Check the user's secret, its host pattern and its grants.",
        examples=("ERROR 1045 (28000): Access denied for user 'svc'@'10.0.0.9' (using password: YES)",),
        near_misses=(
            "ERROR 1049 (42000): Unknown database 'shop'",
            "Host '10.0.0.9' is blocked because of many connection errors",
        ),
    ),
    Signature(
        name="mysql.connection_lost",
        patterns=(
            rb"mysql server has gone away",
            rb"lost connection to (?:mysql|mariadb|server) ?(?:server )?(?:during|at)",
            rb"the last packet successfully received from the server was [1-9]",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="A connection broke under a query: an idle limit, a restart or the network.",
        action="Nothing for one; validate pooled connections and keep their age below wait_timeout.",
        examples=("ERROR 2006 (HY000): MySQL server has gone away",),
        near_misses=(
            "Aborted connection 12 to db: 'shop' user: 'svc' host: 'a' (Got an error reading communication packets)",
            "Can't connect to MySQL server on 'db-0' (111)",
        ),
    ),
    Signature(
        name="mysql.cannot_connect",
        patterns=(
            rb"communications link failure",
            rb"can't connect to (?:local )?(?:mysql|mariadb|server on)",
            rb"the driver has not received any packets from the server",
        ),
        unless=(
            rb"unknownhostexception",
            rb"the last packet successfully received from the server was [1-9]",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The client gets no connection to the database.",
        action="Check that the server runs and listens, its address and port, and the network between.",
        examples=("Can't connect to MySQL server on 'db-0' (111)",),
        near_misses=(
            "MySQL server has gone away",
            "Communications link failure: The last packet successfully received from the server was 9 ms ago",
        ),
    ),
    Signature(
        name="database.deadlock",
        patterns=(
            rb"aborted due to deadlock",
            rb"\bdeadlock detected\b",
            rb"deadlock found when trying to get lock",
            rb"was deadlocked on \w{1,20} resources",
            rb"deadlocked on lock",
        ),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="Two transactions take the same locks in different order: the code decides that, not the load.",
        action="Nothing for one, if the caller tries again; if they are many, make both statements lock in one order.",
        examples=("ERROR:  deadlock detected", "Deadlock found when trying to get lock; try restarting transaction"),
        near_misses=(
            'ERROR:  could not obtain lock on row in relation "seats"',
            "Lock wait timeout exceeded; try restarting transaction",
        ),
    ),
    Signature(
        name="mysql.charset_too_small",
        patterns=(rb"incorrect string value: '\\{1,4}xf0",),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The column cannot hold four-byte characters: every text with such a sign is refused.",
        action="Change table and connection to utf8mb4.",
        examples=("ERROR 1366 (HY000): Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column 'note' at row 1",),
        near_misses=(
            "Incorrect string value: '\\xFC' for column 'note' at row 1",
            "Incorrect datetime value: '' for column 'day'",
        ),
    ),
)
