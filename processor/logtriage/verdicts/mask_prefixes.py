"""Masks of what loggers put before a message: process numbers, connection counters, seconds since the start."""

from __future__ import annotations

from logtriage.verdicts.mask_entry import Mask

PREFIXES: tuple[Mask, ...] = (
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
        pattern=rb"(?<=\b(?:UTC|GMT)\s)\[[0-9]{1,10}\]",
        reason="a backend of one run",
        replacement=b"[<pid>]",
    ),
    Mask(
        name="process_number",
        first=rb"0-9",
        pattern=rb"(?:(?<=\b[Pp]rocess\s)[0-9]{1,10}(?=\s(?:waits\sfor|exited)\b|:\s)|(?<=\bblocked\sby\sprocess\s)[0-9]{1,10})"
        + rb"(?![A-Za-z0-9])",
        reason="a process of one run: who waits in a deadlock, which worker ended; an exit code stands elsewhere",
        replacement=b"<pid>",
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
)
