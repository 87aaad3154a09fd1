"""Find codes in the attributes and in the text of a record, and give the one that weighs most."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from logtriage.engines.local import codes, database_codes, process_codes
from logtriage.engines.local.finding import Meaning, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCode:
    """A code by name (``http.503``), what it means, and where it stands: in the text, or as an attribute's value."""

    name: str
    meaning: Meaning
    span: Span | None = None
    attribute: bytes = b""


def _http(code: str) -> tuple[str, Meaning | None]:
    number = int(code) if code.isdecimal() else 0
    return f"http.{number}", codes.HTTP.get(number)


def _grpc(code: str) -> tuple[str, Meaning | None]:
    name = code.replace("_", "")
    if name.isdecimal():
        name = codes.GRPC_NUMBERS[int(name)] if int(name) < len(codes.GRPC_NUMBERS) else ""
    return f"grpc.{name}", codes.GRPC.get(name)


def _errno(code: str) -> tuple[str, Meaning | None]:
    name = codes.ERRNO_NUMBERS.get(int(code), "") if code.isdecimal() else code
    return f"errno.{name}", codes.ERRNO.get(name)


def _sqlstate(code: str) -> tuple[str, Meaning | None]:
    if len(code) != 5:
        return "", None
    known = code if code in database_codes.SQLSTATE else code[:2]
    return f"sqlstate.{known}", database_codes.SQLSTATE.get(known)


def _mysql(code: str) -> tuple[str, Meaning | None]:
    return f"mysql.{code}", database_codes.DATABASE_NUMBERS.get(f"mysql.{code}")


def _oracle(code: str) -> tuple[str, Meaning | None]:
    return f"ora.{code}", database_codes.DATABASE_NUMBERS.get(f"ora.{code}")


def _mongo(code: str) -> tuple[str, Meaning | None]:
    return f"mongo.{code}", database_codes.DATABASE_NUMBERS.get(f"mongo.{code}")


def _exit(code: str) -> tuple[str, Meaning | None]:
    number = int(code) if code.isdecimal() else -1
    known = process_codes.EXIT.get(number)
    return f"exit.{number}", known or (process_codes.OTHER_EXIT if 0 < number < 126 else None)


def _signal(code: str) -> tuple[str, Meaning | None]:
    return f"signal.{code}", process_codes.SIGNAL.get(code)


def _curl(code: str) -> tuple[str, Meaning | None]:
    return f"curl.{code}", process_codes.CURL.get(int(code))


def _windows(code: str) -> tuple[str, Meaning | None]:
    return f"windows.{code}", process_codes.WINDOWS.get(code)


def _database(code: str) -> tuple[str, Meaning | None]:
    if len(code) == 5 and not (code.isdecimal() and code.startswith("110")):
        return _sqlstate(code)
    for known in (_mysql, _mongo):
        name, meaning = known(code)
        if meaning is not None:
            return name, meaning
    return _oracle(code.removeprefix("ora-"))


_Reader = Callable[[str], tuple[str, Meaning | None]]

ATTRIBUTES: Final[tuple[tuple[bytes, _Reader], ...]] = (
    (b"db.response.status_code", _database),
    (b"rpc.response.status_code", _grpc),
    (b"rpc.grpc.status_code", _grpc),
    (b"rpc.status_code", _grpc),
    (b"http.response.status_code", _http),
    (b"http.status_code", _http),
    (b"process.exit.code", _exit),
    (b"error.type", _errno),
    (b"error.type", _http),
    (b"error.type", _grpc),
    (b"error.type", _sqlstate),
    (b"error.code", _errno),
)
"""Attributes that carry a code (OpenTelemetry semantic conventions), the most telling first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _TextCode:
    hints: tuple[bytes, ...]
    """Literals of which one must occur before the expression is tried."""
    pattern: re.Pattern[bytes]
    read: _Reader


TEXT_CODES: Final[tuple[_TextCode, ...]] = (
    _TextCode(
        hints=(b"sqlstate", b"code: '", b'"code":', b"psycopg", b"(sql"),
        pattern=re.compile(
            rb"(?:\bsqlstate\b[\[\]: =(\"']{1,4}|\bcode: ')([0-9a-z]{5})\b|\"code\": ?\"([0-9][0-9a-z]{4}|xx[0-9]{3})\""
        ),
        read=_sqlstate,
    ),
    _TextCode(hints=(b"ora-",), pattern=re.compile(rb"\bora-(\d{5})\b"), read=_oracle),
    _TextCode(
        hints=(b"error 1", b"error 2", b"(1", b"(2", b"errno: 1", b"errno 1", b"error_code: ", b"er_"),
        pattern=re.compile(
            rb"(?:\berror ([12]\d{3})(?: \(|:)|\((1[0-4]\d\d|20(?:02|03|06|13)), ?[\"'b]|\berrno:? ?([12]\d{3})\b"
            rb"|\berror_code: (\d{4})\b)"
        ),
        read=_mysql,
    ),
    _TextCode(
        hints=(b"mongo", b"e11000"),
        pattern=re.compile(rb"\bmongo\w{0,24}error\b[^\n]{0,40}\bcode:? ?(\d{1,5})\b|\be(11000) "),
        read=_mongo,
    ),
    _TextCode(
        hints=(b"code =", b"grpc", b"statuscode.", b"rpc", b"status{code=", b", message: "),
        pattern=re.compile(
            rb"\bcode = ([a-z]{5,20})\b|\bgrpc[-_ .]{0,3}(?:status|code)[\"']?[:= (]{1,4}\"?([a-z_]{5,20}|\d{1,2})\b"
            rb"|\bstatuscode\.([a-z_]{5,20})\b|\bstatus\{code=([a-z_]{5,20})\b"
            rb"|\bstatus: \"?([a-z_]{7,20})\"?, message: "
        ),
        read=_grpc,
    ),
    _TextCode(
        hints=(
            b"unavailable: ",
            b"_exceeded: ",
            b"unauthenticated: ",
            b"permission_denied: ",
            b"_exhausted: ",
            b"unimplemented: ",
            b"invalid_argument: ",
            b"failed_precondition: ",
        ),
        pattern=re.compile(
            rb"\b(unavailable|deadline_exceeded|unauthenticated|permission_denied|resource_exhausted|unimplemented"
            rb"|invalid_argument|failed_precondition): "
        ),
        read=_grpc,
    ),
    _TextCode(
        hints=(b"errno", b"os error", b"failed (", b"errcode", b"failed: -"),
        pattern=re.compile(
            rb"\berrno[\] :=]{1,3}-?(\d{1,3})\b|\bos error (\d{1,3})\)|\bfailed \((\d{1,3}):|\bfailed: -(\d{1,3})\b"
        ),
        read=_errno,
    ),
    _TextCode(
        hints=(b"curl: (", b"curl error "), pattern=re.compile(rb"\bcurl(?:: \(| error )(\d{1,2})\b"), read=_curl
    ),
    _TextCode(
        hints=(b"0x8", b"0xc", b"0xe"),
        pattern=re.compile(rb"\b(0x(?:80|c0|e0)[0-9a-f]{6})\b"),
        read=_windows,
    ),
    _TextCode(
        hints=(b"exit", b"return code"),
        pattern=re.compile(
            rb"\bexit(?:ed|s)?[ _-]?(?:with )?(?:non-zero )?(?:exit )?(?:status|code)?[\"']?[ :=(]{1,3}(\d{1,3})\b"
            rb"|\breturn code[ :=]{1,3}(\d{1,3})\b"
        ),
        read=_exit,
    ),
    _TextCode(
        hints=(b"signal", b"status=", b"sig"),
        pattern=re.compile(
            rb"\bsignal[ :=(]{1,3}(\d{1,2}|sig[a-z]{3,4})\b|\bstatus=(\d{1,2})/(?:kill|segv|abrt|term|bus|ill)\b"
            rb"|\b(sig(?:segv|abrt|bus|ill|fpe))\b"
        ),
        read=_signal,
    ),
    _TextCode(
        hints=(b"http", b"status", b"code", b"returned", b"respon", b" error"),
        pattern=re.compile(
            rb"\bhttp(?:/[123](?:\.[01])?)?[\"']?[ :=(]{1,3}(?:error |status |code |response )?[:(]?([45]\d\d)\b"
            rb"|\b(?:http[_ -]?)?(?:status|statuscode|error|response)(?:[ _-]?code)?[\"']?(?: is| was| of)?"
            rb"[ :=([]{1,4}[\"']?([45]\d\d)\b"
            rb"|\b(?:returned|responded with|respond with|responded|got|received|with)"
            rb"(?: an?| unexpected| error| http| status| code| response){0,5}[ :=]{1,3}([45]\d\d)\b"
            rb"|\bcode[\"']?[ :=]{1,3}([45]\d\d)\b|\b(?:refused|rejected|failed|denied)(?: with)?:? ([45]\d\d)\b"
            rb"|\b([45]\d\d) (?:client|server) error\b"
            rb"|\b([45]\d\d):? (?:bad request|unauthorized|forbidden|not found|method not allowed|conflict|gone"
            rb"|unprocessable|too many requests|internal server error|bad gateway|service unavailable"
            rb"|service temporarily unavailable|gateway time-?out|payload too large|request entity too large)"
        ),
        read=_http,
    ),
    _TextCode(
        hints=(
            b"bad request",
            b"unauthorized",
            b"forbidden",
            b"too many requests",
            b"bad gateway",
            b"service unavailable",
            b"gateway time",
        ),
        pattern=re.compile(
            rb"\b(unauthorized|forbidden|too many requests|bad gateway|service unavailable|gateway time-?out)\b"
        ),
        read=lambda words: _http(_HTTP_WORDS.get(words, "0")),
    ),
)
"""Shapes of codes in text, the most telling first."""

_HTTP_WORDS: Final[Mapping[str, str]] = {
    "unauthorized": "401",
    "forbidden": "403",
    "too many requests": "429",
    "bad gateway": "502",
    "service unavailable": "503",
    "gateway timeout": "504",
    "gateway time-out": "504",
}
_MAX_CODES_OF_A_SHAPE: Final = 8


def find_code(lowered: bytes, attributes: Mapping[bytes, bytes]) -> FoundCode | None:
    """Give the first decisive code, attributes before text; else the first that is not decisive."""
    vague: FoundCode | None = None
    for found in (*_attribute_codes(attributes), *_text_codes(lowered)):
        if found.meaning.is_decisive:
            return found
        vague = vague or found
    return vague


def _attribute_codes(attributes: Mapping[bytes, bytes]) -> Iterator[FoundCode]:
    if not attributes:
        return
    for key, read in ATTRIBUTES:
        value = attributes.get(key)
        if value and len(value) <= 32:
            name, meaning = read(value.decode("ascii", "replace").strip().lower())
            if meaning is not None:
                yield FoundCode(name=name, meaning=meaning, attribute=value)


def _text_codes(lowered: bytes) -> Iterator[FoundCode]:
    for shape in TEXT_CODES:
        if not any(map(lowered.__contains__, shape.hints)):
            continue
        for look, match in enumerate(shape.pattern.finditer(lowered)):
            if look >= _MAX_CODES_OF_A_SHAPE:
                break
            code = next(group for group in match.groups() if group is not None).decode("ascii")
            name, meaning = shape.read(code)
            if meaning is not None:
                yield FoundCode(name=name, meaning=meaning, span=match.span())
