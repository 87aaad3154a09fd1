"""ClickHouse, by the codes of its exceptions."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="clickhouse.settings",
        patterns=(
            rb"code: (?:164|115|137|36|60|81|48)\b",
            rb"cannot execute query in readonly mode",
        ),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason=(
            "The server refuses what the query or the settings ask for: a read-only user, an unknown "
            "setting, table or database."
        ),
        action="Correct the user profile or the name that the record gives.",
        examples=("Code: 115. DB::Exception: Unknown setting max_cart. (UNKNOWN_SETTING)",),
        near_misses=(
            "Code: 241. DB::Exception: Memory limit (total) exceeded",
            "Code: 164 of the till list",
        ),
    ),
    Signature(
        name="clickhouse.limit",
        patterns=(
            rb"code: (?:241|252|243|202|159|290|307|158|394|439)\b",
            rb"too many parts \(\d",
            rb"memory limit \((?:total|for query)\) exceeded",
        ),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="A query or a table is over a limit of the server.",
        action="Insert fewer, bigger parts; look for the query that uses most.",
        examples=("Code: 252. DB::Exception: Too many parts in all partitions. (TOO_MANY_PARTS)",),
        near_misses=(
            "Code: 62. DB::Exception: Syntax error",
            "Code: 252 of the till list",
        ),
    ),
    Signature(
        name="clickhouse.keeper_away",
        patterns=(
            rb"code: (?:999|225|242|210|279|499|198)\b",
            rb"all connection tries failed",
            rb"table is in readonly mode \(replica path",
        ),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The keeper, another server or the object store is away.",
        action="Look at the keeper and the servers that the record names.",
        examples=("Code: 999. Coordination::Exception: Session expired. (KEEPER_EXCEPTION) DB::Exception",),
        near_misses=(
            "Code: 62. DB::Exception: Syntax error",
            "Code: 999 of the till list",
        ),
    ),
    Signature(
        name="clickhouse.data",
        patterns=(
            rb"code: (?:27|117|6|72|41|26|33|38|40|228|34|271|432)\b",
            rb"cannot parse input: expected",
        ),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="Data does not have the form that the table or format wants.",
        action="Look at the row that the record quotes; if it is a stored part, check the disk.",
        examples=(
            (
                "Code: 27. DB::Exception: Cannot parse input: expected tab before: x. "
                "(CANNOT_PARSE_INPUT_ASSERTION_FAILED)"
            ),
        ),
        near_misses=(
            "Code: 241. DB::Exception: Memory limit",
            "Code: 27 of the till list",
        ),
    ),
    Signature(
        name="clickhouse.refused",
        patterns=(
            rb"code: (?:516|192|193|194|497|291)\b",
            rb"not enough privileges",
        ),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="The server refuses the user or password, or the user lacks a grant.",
        action="Check user, password and grants.",
        examples=("Code: 516. DB::Exception: shop: Authentication failed. (AUTHENTICATION_FAILED)",),
        near_misses=(
            "Code: 27. DB::Exception: Cannot parse input",
            "Code: 516 of the till list",
        ),
    ),
    Signature(
        name="clickhouse.query_wrong",
        patterns=(rb"code: (?:62|46|42|43|53|47|16|8|10|184|215|44|386|49)\b",),
        also=(
            rb"db::exception",
            rb"clickhouse",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The query does not fit the tables or the grammar.",
        action="Correct the query; see whether the tables changed.",
        examples=("Code: 62. DB::Exception: Syntax error: failed at position 9. (SYNTAX_ERROR)",),
        near_misses=(
            "Code: 241. DB::Exception: Memory limit",
            "Code: 62 of the till list",
        ),
    ),
)
