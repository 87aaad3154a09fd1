"""The mask table: which spans of a text vary without meaning.

Only what is provably an identifier, a time, an address or a measured quantity is masked. What carries meaning
(statuses, errno, SQLSTATE, exit codes, the last of n attempts) is named in entries that *keep* their span, placed
before the masks that would take it. ``tests/unit/mask_examples.py`` has the examples and near-misses of every entry.

Rules: a pattern is bytes, bounded repeats only, no nested quantifier, so that hostile text costs no more than other
text. Any change of the table changes fingerprints: bump `MASKS_VERSION`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logtriage.verdicts.mask_classes import (
    address_class,
    attempt,
    hex_number,
    identity,
    path,
    percent,
    quantity,
    url,
    value_of_key,
)

MASKS_VERSION = 2

Replacement = bytes | Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """One named entry.

    ``first``: the character class of the pattern's first byte; an entry that begins with a letter or digit matches at
    the left edge of a word only. ``pattern`` has no capturing group. ``replacement`` None keeps the span as it is; a
    function maps the span to its class.
    """

    name: str
    first: bytes
    pattern: bytes
    reason: str
    replacement: Replacement | None


_R = rb"(?![A-Za-z0-9_])"
"""Right edge of a word."""
_N = rb"(?![A-Za-z0-9_]|\.[0-9]|[:-][0-9a-fA-F]{1,4}[.:-])"
"""Right edge of a number that is not the first part of an address, a time or a UUID."""


MASKS: tuple[Mask, ...] = (
    Mask(
        name="ansi",
        first=rb"\x1b",
        pattern=rb"\x1b\[[0-9;]{0,16}[A-Za-z]",
        reason="terminal colours say nothing",
        replacement=b"",
    ),
    Mask(
        name="url",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s\"'<>\\]{1,2048}",
        reason="path and query name one thing; scheme and host name the peer and stay",
        replacement=url,
    ),
    Mask(
        name="email",
        first=rb"A-Za-z0-9",
        pattern=rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}",
        reason="names one person",
        replacement=b"<email>",
    ),
    Mask(
        name="uuid",
        first=rb"0-9a-fA-F",
        pattern=rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" + _R,
        reason="RFC 9562 identifier",
        replacement=b"<uuid>",
    ),
    Mask(
        name="traceparent",
        first=rb"0-9a-f",
        pattern=rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}" + _R,
        reason="W3C trace context names one request",
        replacement=b"<traceparent>",
    ),
    Mask(
        name="jwt",
        first=rb"e",
        pattern=rb"eyJ[A-Za-z0-9_-]{5,2048}\.[A-Za-z0-9_-]{2,2048}(?:\.[A-Za-z0-9_-]{0,2048})?",
        reason="a token of one caller",
        replacement=b"<jwt>",
    ),
    Mask(
        name="iso_time",
        first=rb"0-9",
        pattern=rb"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}(?:[T\s_][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        + rb"(?:\s?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?)?"
        + _R,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="text_date",
        first=rb"0-9A-Z",
        pattern=rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?(?:[0-9]{1,2}[\s/-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
        + rb"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s{1,2}[0-9]{1,2})"
        + rb"(?:[\s/-](?:[0-9]{4}))?(?:[\s:]{1,2}[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        + rb"(?:\s(?:[0-9]{4}))?(?:\s(?:UTC|GMT|[+-][0-9]{4}))?"
        + _R,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="mac",
        first=rb"0-9a-fA-F",
        pattern=rb"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?![A-Za-z0-9_:])",
        reason="names one interface",
        replacement=b"<mac>",
    ),
    Mask(
        name="clock",
        first=rb"0-9",
        pattern=rb"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?" + _R,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="klog_date",
        first=rb"EFIW",
        pattern=rb"[IWEF](?:0[1-9]|1[0-2])[0-3][0-9](?=\s[0-9]{2}:)",
        reason="month and day behind klog's level letter",
        replacement=lambda span: span[:1] + b"<date>",
    ),
    Mask(
        name="ipv4",
        first=rb"0-9",
        pattern=rb"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?::[0-9]{1,5})?(?![A-Za-z0-9_.])",
        reason="the class of the address decides (loopback, link-local), and a port below 10000 names the service",
        replacement=address_class,
    ),
    Mask(
        name="ipv6",
        first=rb"0-9a-fA-F",
        pattern=rb"(?<![A-Za-z0-9_:])(?:(?:[0-9A-Fa-f]{1,4}:){2,7}:?|(?=[0-9A-Fa-f:]{0,38}[0-9])[0-9A-Fa-f]{1,4}::)"
        + rb"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?![A-Za-z0-9_:])",
        reason="names one host",
        replacement=b"<ip>",
    ),
    Mask(
        name="sqlstate",
        first=rb"sS",
        pattern=rb"(?i:SQLSTATE|state)[\s:=\[(]{1,3}[0-9A-Z]{5}" + _R,
        reason="SQLSTATE decides the category",
        replacement=None,
    ),
    Mask(
        name="vendor_error",
        first=rb"eE",
        pattern=rb"(?i:error)[\s:]{1,2}[0-9]{4,5}\s?\([0-9A-Z]{5}\)",
        reason="MySQL's error number and SQLSTATE",
        replacement=None,
    ),
    Mask(
        name="vendor_code",
        first=rb"A-Z",
        pattern=rb"[A-Z]{2,12}-[0-9]{3,6}" + _R,
        reason="ORA-01017, MY-010119, RFC-style codes of a vendor",
        replacement=None,
    ),
    Mask(
        name="coded_number",
        first=rb"cCeErRsS",
        pattern=rb"(?i:code|error|errno|err|status|state|reason|rc|exit|exited|signal|returned|errcode|error_code|status_code)"
        + rb"(?:\s?[:=#]\s?|\s(?:code|status|number|with)?\s?[:=]?\s?|\()-?[0-9]{1,10}"
        + _N,
        reason="a number behind such a word is the software's own reason",
        replacement=None,
    ),
    Mask(
        name="attempt",
        first=rb"aArRtT",
        pattern=rb"(?i:attempts?|retry|retries|try|tries)[\s:#=(]{1,3}[0-9]{1,6}(?:\s?/\s?|\s(?:of|out\sof)\s)[0-9]{1,6}"
        + _R,
        reason="only the last of n attempts is a failure",
        replacement=attempt,
    ),
    Mask(
        name="percent",
        first=rb"0-9",
        pattern=rb"[0-9]{1,3}(?:\.[0-9]{1,6})?\s?%",
        reason="a band of usage, not the figure",
        replacement=percent,
    ),
    Mask(
        name="pod",
        first=rb"\-",
        pattern=rb"(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz2456789]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}(?![A-Za-z0-9_-])",
        reason="Kubernetes names a pod by replica set hash and a random suffix",
        replacement=b"-<pod>",
    ),
    Mask(
        name="kernel_time",
        first=rb"\[",
        pattern=rb"\[\s{0,8}[0-9]{1,9}\.[0-9]{6}\]",
        reason="seconds since the machine started",
        replacement=b"[<time>]",
    ),
    Mask(
        name="haproxy_pid",
        first=rb"\[",
        pattern=rb"\[(?:ALERT|WARNING|NOTICE)\]\s{1,8}(?:[0-9]{3}/[0-9]{6}\s)?\([0-9]{1,10}\)",
        reason="HAProxy puts day, time and process behind the level",
        replacement=lambda span: span[: span.index(b"]") + 1] + b" (<pid>)",
    ),
    Mask(
        name="gunicorn_pid",
        first=rb"\[",
        pattern=rb"\[[0-9]{1,10}\](?=\s\[[A-Z]{4,8}\])",
        reason="a worker of one run, before the level",
        replacement=b"[<pid>]",
    ),
    Mask(
        name="syslog_pid",
        first=rb"\[",
        pattern=rb"(?<=[A-Za-z])\[[0-9]{1,10}\](?=:)",
        reason="a process of one run",
        replacement=b"[<pid>]",
    ),
    Mask(
        name="postgres_pid",
        first=rb"\[",
        pattern=rb"(?<=(?:UTC|GMT)\s)\[[0-9]{1,10}\]",
        reason="a backend of one run",
        replacement=b"[<pid>]",
    ),
    Mask(
        name="nginx_pid",
        first=rb"0-9",
        pattern=rb"[0-9]{1,10}#[0-9]{1,10}(?=:)",
        reason="process and thread of one run",
        replacement=b"<pid>",
    ),
    Mask(
        name="nginx_connection",
        first=rb"*",
        pattern=rb"(?<=\s)\*[0-9]{1,19}(?=\s)",
        reason="a connection counter",
        replacement=b"*<id>",
    ),
    Mask(
        name="redis_pid",
        first=rb"0-9",
        pattern=rb"(?<![A-Za-z0-9_.:])[0-9]{1,10}(?=:[MSCX]\s)",
        reason="a process of one run",
        replacement=b"<pid>",
    ),
    Mask(
        name="key_digest",
        first=rb"S",
        pattern=rb"SHA256:[A-Za-z0-9+/]{43}=?",
        reason="the digest of one key or certificate",
        replacement=b"SHA256:<digest>",
    ),
    Mask(
        name="postgres_key",
        first=rb"K",
        pattern=rb"Key\s\([^()\n]{1,128}\)=\([^()\n]{1,256}\)",
        reason="the columns say which rule was broken, the values which row",
        replacement=lambda span: span[: span.index(b")=(") + 3] + b"<value>)",
    ),
    Mask(
        name="hex_number",
        first=rb"0",
        pattern=rb"0[xX][0-9a-fA-F]{1,32}" + _R,
        reason="an address; HRESULT and NTSTATUS (0x8..., 0xC... of eight digits) stay",
        replacement=hex_number,
    ),
    Mask(
        name="hex",
        first=rb"0-9a-fA-F",
        pattern=rb"(?=[a-fA-F]{0,128}[0-9])(?:[0-9a-f]{12,128}|[0-9A-F]{12,128}|(?=[0-9]{0,128}[a-fA-F])(?:[0-9a-f]{8,11}|[0-9A-F]{8,11}))"
        + _R,
        reason="a digest, trace or object id; words of hex letters alone stay",
        replacement=b"<hex>",
    ),
    Mask(
        name="source_line",
        first=rb"a-z",
        pattern=rb"(?<=\.)(?:java|kt|scala|groovy|go|py|pyx|js|mjs|cjs|ts|tsx|rb|rs|cs|php|c|cc|cpp|h|hpp|ex|erl)(?::[0-9]{1,7}){1,2}"
        + _R,
        reason="line numbers move with each release",
        replacement=lambda span: span[: span.index(b":")] + b":<line>",
    ),
    Mask(
        name="python_line",
        first=rb"l",
        pattern=rb"(?<=\",\s)line\s[0-9]{1,7}(?=,\sin\s|\n|\Z)",
        reason="line numbers move with each release",
        replacement=b"line <line>",
    ),
    Mask(
        name="unix_path",
        first=rb"/",
        pattern=rb"(?<![A-Za-z0-9_./<>:-])(?:/[A-Za-z0-9_.@+~%-]{1,255}){2,40}/?",
        reason="a place; the extension tells the kind of file and stays",
        replacement=path,
    ),
    Mask(
        name="windows_path",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z]:(?:\\[A-Za-z0-9_.@+~%-]{1,255}){1,40}",
        reason="a place; the extension tells the kind of file and stays",
        replacement=path,
    ),
    Mask(
        name="arn",
        first=rb"a",
        pattern=rb"arn:aws[a-z-]{0,12}:[a-z0-9-]{0,32}:[a-z0-9-]{0,32}:[0-9]{0,12}:[A-Za-z0-9_./:*-]{1,256}",
        reason="names one resource; the service stays",
        replacement=lambda span: b":".join(span.split(b":", 5)[:3]) + b":<arn>",
    ),
    Mask(
        name="quantity",
        first=rb"0-9",
        pattern=rb"[0-9]{1,15}(?:\.[0-9]{1,9})?\s?(?i:ns|us|\xc2\xb5s|ms|msec|msecs|s|sec|secs|seconds?|milliseconds?|min|mins|minutes?|hours?|days?"
        + rb"|b|bytes?|kb|mb|gb|tb|kib|mib|gib|ki|mi|gi|rows?|records|messages)"
        + _R,
        reason="how much; unit and zero stay",
        replacement=quantity,
    ),
    Mask(
        name="identity",
        first=rb"A-Za-z",
        pattern=rb"(?i:user|order|session|request|req|tenant|account|customer|job|task|batch|msg|message|offset|partition"
        + rb"|pid|tid|thread|goroutine|conn|connection|client|worker"
        + rb"|row|line|item|invoice|payment|event|segment|process|id|uid|gid|seq|txn|transaction|exec|pool)"
        + rb"(?:_?(?i:id))?(?:[\s:=#-]{1,2}|\s(?i:id)\s)[0-9]{1,20}"
        + _N,
        reason="a number behind such a word names one thing",
        replacement=identity,
    ),
    Mask(
        name="identity_value",
        first=rb"A-Za-z",
        pattern=rb"(?i:user|username|uid|session|session_id|request_id|req_id|trace_id|span_id|correlation_id|tenant|host|hostname|peer|pod|node"
        + rb"|client_ip|remote_addr|container_id)=[A-Za-z0-9_.:@-]{1,128}",
        reason="key=value of an identity",
        replacement=value_of_key,
    ),
    Mask(
        name="integer",
        first=rb"0-9",
        pattern=rb"[0-9]{5,30}(?:\.[0-9]{1,9})?" + _R,
        reason="five digits and more name or count one thing; shorter ones may be codes and stay",
        replacement=b"<int>",
    ),
)
