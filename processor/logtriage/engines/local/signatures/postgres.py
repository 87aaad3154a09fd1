"""PostgreSQL: what it answers to statements and clients."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="postgres.duplicate_key",
        patterns=(rb"duplicate key value violates unique constraint",),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The database refused a row whose key exists already; the data is safe.",
        action="Nothing at once; if it is frequent, let the writer upsert or look for a double delivery.",
        examples=('ERROR:  duplicate key value violates unique constraint "invoices_pkey"',),
        near_misses=(
            'ERROR:  could not create unique index "invoices_pkey"',
            'ERROR:  insert on table "lines" violates foreign key constraint "lines_account_fk"',
        ),
    ),
    Signature(
        name="postgres.constraint_violated",
        patterns=(
            rb"current transaction is aborted",
            rb"violates foreign key constraint",
            rb"violates not-null constraint",
            rb"violates check constraint",
            rb"value too long for type character",
            rb"invalid input syntax for (?:type )?\w{2,20}",
            rb"invalid byte sequence for encoding",
            rb"numeric field overflow",
            rb"(?:integer|bigint|smallint) out of range",
            rb"date/time field value out of range",
            rb"unsupported unicode escape sequence",
            rb"could not complete operation in a failed transaction",
            rb"current transaction is aborted, commands ignored",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=False,
        confidence=0.8,
        reason=(
            "One statement carried a value that the schema does not accept, or followed one that did; it was "
            "rolled back."
        ),
        action=(
            "Find the writer in the statement and correct its input; check whether rows were lost with the transaction."
        ),
        examples=(
            'ERROR:  null value in column "owner" of relation "boards" violates not-null constraint',
            'pq: invalid input syntax for type uuid: "abc"',
            "ERROR:  current transaction is aborted, commands ignored until end of transaction block",
        ),
        near_misses=(
            'ERROR:  column "owner" of relation "boards" does not exist',
            "ERROR:  permission denied for table boards",
        ),
    ),
    Signature(
        name="postgres.schema_behind_code",
        patterns=(
            (
                rb"\b(?:relation|column|type|index|schema) [\"'][^\"'\n]{1,80}[\"'] (?:of relation"
                rb" [\"'][^\"'\n]{1,80}[\"'] )?already exists"
            ),
            rb"\brelation [\"'][^\"'\n]{1,80}[\"'] does not exist",
            rb"\bcolumn [\"']?[\w.\"]{1,80}[\"']? (?:of relation [\"'][^\"'\n]{1,80}[\"'] )?does not exist",
            rb"\bfunction [\w.]{1,60}\([^)\n]{0,80}\) does not exist",
            rb"\btype [\"'][^\"'\n]{1,60}[\"'] does not exist",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The code asks for a table, column or function that the database does not have: a migration is missing.",
        action="Run the missing migration, or roll the code back to the version that fits the schema.",
        examples=(
            'ERROR:  relation "billing.invoices" does not exist at character 15',
            'ERROR:  column "deleted_at" does not exist',
            "error: column orders.shipped_by does not exist",
        ),
        near_misses=('FATAL:  database "billing" does not exist', 'FATAL:  role "reporter" does not exist'),
    ),
    Signature(
        name="postgres.database_missing",
        patterns=(
            rb"\bdatabase [\"'][^\"'\n]{1,60}[\"'] does not exist",
            rb"pooler error: no such (?:database|user)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The connection names a database that this server does not have.",
        action="Correct the database name in the connection settings, or create it.",
        examples=('FATAL:  database "ledger" does not exist',),
        near_misses=(
            'ERROR:  relation "ledger" does not exist',
            'FATAL:  password authentication failed for user "svc_ledger"',
            'FATAL:  role "svc_ledger" does not exist',
        ),
    ),
    Signature(
        name="postgres.sql_syntax",
        patterns=(
            rb"syntax error at end of input",
            rb"error:  division by zero",
            rb"syntax error at or near",
            rb"must appear in the group by clause",
            rb"\boperator does not exist: ",
            rb"column reference [\"'][^\"'\n]{1,60}[\"'] is ambiguous",
            rb"there is no unique or exclusion constraint matching the on conflict",
            rb"could not determine data type of parameter",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The statement itself is wrong: no data makes it valid.",
        action="Hand the statement to the owner of the query; roll back if it came with a release.",
        examples=('ERROR:  syntax error at or near "FORM" at character 10',),
        near_misses=(
            'ERROR:  invalid input syntax for type integer: "ten"',
            'LOG:  syntax error in file "/etc/postgresql/postgresql.conf" line 12, near token "on"',
        ),
    ),
    Signature(
        name="postgres.login_refused",
        patterns=(
            rb"password authentication failed for user",
            rb"no pg_hba\.conf entry for",
            rb"pg_hba\.conf rejects connection",
            rb"(?:peer|ident|md5|scram|ldap|gssapi) authentication failed for user",
            rb"permission denied for (?:table|relation|schema|database|sequence|function|view)",
            rb"must be owner of (?:table|relation|schema|database|function|view|extension)",
            rb"\b(?:role|user) [\"'][^\"'\n]{1,60}[\"'] does not exist",
            rb"role [\"'][^\"'\n]{1,60}[\"'] is not permitted to log in",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The server refuses this user: unknown, wrong password, no rule for it, or no right on the object.",
        action="Check the user's secret and its rule in pg_hba.conf, or grant the right that the record names.",
        examples=(
            'FATAL:  password authentication failed for user "svc_ledger"',
            "ERROR:  permission denied for table invoices",
        ),
        near_misses=(
            'FATAL:  database "ledger" does not exist',
            'FATAL:  could not open file "base/1/2": Permission denied',
        ),
    ),
    Signature(
        name="postgres.client_went_away",
        patterns=(
            rb"could not receive data from client: connection reset by peer",
            rb"could not send data to client: (?:broken pipe|connection reset by peer)",
            rb"unexpected eof on client connection",
            rb"connection to client lost",
            rb"(?:incomplete startup packet|invalid length of startup packet)",
            rb"canceling statement due to user request",
            rb"could not accept ssl connection: eof detected",
            (
                rb"could not accept ssl connection: (?:wrong version number|http request|no shared cipher|unsupported"
                rb" protocol|unexpected eof|success|version too low)"
            ),
            rb"unsupported frontend protocol \d",
            rb"no postgresql user name specified in startup packet",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="A client or a port check closed its side; the server only notes it.",
        action="Nothing to do.",
        examples=(
            "LOG:  could not receive data from client: Connection reset by peer",
            "LOG:  invalid length of startup packet",
        ),
        near_misses=(
            "FATAL:  could not receive data from WAL stream: SSL SYSCALL error",
            "ERROR:  canceling statement due to statement timeout",
        ),
    ),
    Signature(
        name="postgres.statement_timeout",
        patterns=(
            rb"out of shared memory",
            rb"could not resize shared memory segment",
            rb"canceling statement due to statement timeout",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The statement worked longer than allowed, or the server ran out of locks or shared memory.",
        action="Look for a missing index, a bad plan or load; raise the limit only after that.",
        examples=("ERROR:  canceling statement due to statement timeout", "ERROR:  out of shared memory"),
        near_misses=(
            "ERROR:  canceling statement due to user request",
            "ERROR:  canceling statement due to lock timeout",
        ),
    ),
    Signature(
        name="postgres.serialization_conflict",
        patterns=(
            rb"could not serialize access due to",
            rb"canceling statement due to conflict with recovery",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.7,
        settles=True,
        reason="Two transactions met; the one that lost is meant to be run again.",
        action="Nothing for one; if they are many, shorten the transactions or retry them in the caller.",
        examples=("ERROR:  could not serialize access due to concurrent update",),
        near_misses=("ERROR:  deadlock detected", "ERROR:  canceling statement due to statement timeout"),
    ),
    Signature(
        name="postgres.load_aborted",
        patterns=(rb"context:  copy [\w.\"]{1,80}, line \d{1,12}",),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="One row of a bulk load is not of the form of the table, and the whole load was given up.",
        action="Correct the row that the record names, or the loader that wrote it, and load again.",
        examples=(
            'ERROR:  invalid input syntax for type integer: "ten"\nCONTEXT:  COPY parts, line 4, column qty: "ten"',
        ),
        near_misses=('ERROR:  invalid input syntax for type integer: "ten"', "LOG:  statement: COPY parts FROM STDIN"),
    ),
    Signature(
        name="postgres.internal_error",
        patterns=(
            rb"cache lookup failed for (?:type|relation|function|attribute|index|operator|constraint)",
            rb"variable not found in subplan target list",
            rb"could not find (?:memoization|block containing) ",
            rb"tuple already updated by self",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        reason=(
            "The server stumbled over its own catalogue: dropped objects in a cached plan, or a fault of the server."
        ),
        action="Reconnect the clients that hold old plans; look the message up in the release notes of the server.",
        examples=("ERROR:  cache lookup failed for relation 88210",),
        near_misses=('ERROR:  relation "parts" does not exist', "ERROR:  deadlock detected"),
    ),
    Signature(
        name="postgres.lock_not_obtained",
        patterns=(
            rb"canceling statement due to lock timeout",
            rb"could not obtain lock on (?:row|relation)",
            rb"terminating connection due to idle-in-transaction timeout",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The statement did not get its lock in the time that it set itself, and gave up.",
        action="Nothing for one; if they are many, find the long transaction that holds the lock.",
        examples=("ERROR:  canceling statement due to lock timeout",),
        near_misses=("ERROR:  canceling statement due to statement timeout", "ERROR:  deadlock detected"),
    ),
    Signature(
        name="postgres.extension_missing",
        patterns=(
            rb"extension [\"'][^\"'\n]{1,60}[\"'] is not available",
            rb"could not open extension control file",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The server's image or package has not this extension.",
        action="Install the extension's package or use an image that has it.",
        examples=('ERROR:  extension "pg_trgm" is not available',),
        near_misses=('NOTICE:  extension "pg_trgm" already exists, skipping', 'ERROR:  relation "trgm" does not exist'),
    ),
)
