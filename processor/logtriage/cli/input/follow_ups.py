"""The lines that belong to the record above them, by what writes them. Each function answers for one language."""

from __future__ import annotations

import re

from logtriage.schema.body_level import level_of_body
from logtriage.schema.severity import Severity

_ANYWHERE = re.compile(
    r"\s"  # indented
    r"|at\s+[\w.$<>/]+[.(]"  # Java, JavaScript, unindented by a collector
    r"|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)"  # Java
    r"|--- End of (?:stack trace|inner exception)|---> "  # .NET
    r"|(?:PHP )?Stack trace:|(?:PHP )?(?:#\d+|  *\d+\.) "  # PHP
    r"|[}\])]+[,;]?\s*$|\^+\s*$"  # the end of something printed over several lines; a caret below code
)
_EXCEPTION = re.compile(
    r"(?:[A-Za-z_][\w.$]{0,120}(?:Error|Exception|Warning|Interrupt|Exit)|Error|Exception)\b(?:: |$)"
)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):\s*$")
_TRACEBACK_HEAD = re.compile(r".{1,400}[\s:]Traceback \(most recent call last\):\s*$")
_TRACEBACK_END = re.compile(r"[A-Za-z_][\w.]{0,200}(?::\s|:?$)")
_CHAIN = re.compile(r"(?:The above exception was the direct cause|During handling of the above exception)\b")
_GO_CRASH = re.compile(r"(?:.{0,200}\s)?(?:panic: |fatal error: |http2?: panic serving )")
_GO_BELOW = re.compile(
    r"goroutine \d+ |runtime stack:$|created by |exit status \d+$|\[signal |\[recovered\]|(?:r\w\w|rflags|[cfg]s) +0x"
    r"|[\w./*()\[\]{}$%~-]{1,300}\([^()]*(?:\([^()]*\)[^()]*)*\)$|\t"
)
_NODE_CRASH = re.compile(
    r"(?:file://|node:)?[\w@./\\: -]{1,300}:\d{1,6}$|(?:Uncaught )?[A-Z]\w{0,60}(?:Error|Exception)\b"
)
_NODE_BELOW = re.compile(r"Node\.js v\d+\.\d+\.\d+$")
_RUBY_FRAME = re.compile(r"(?:from )?[^\s:]{1,300}\.(?:rb|erb|rake|ru):\d{1,6}(?::in [`'][^`']{1,200}')?$")
_RUST_PANIC = re.compile(r"(?:.{0,80}\s)?thread '[^']{0,80}'(?: \(\d+\))? panicked at ")
_RUST_BELOW = re.compile(r"note: |stack backtrace:$")
_POSTGRES = re.compile(r"(?P<prefix>.{0,120}?\[\d{1,10}\]).{0,120}?\b(?P<kind>[A-Z]{3,9}\d?): ")
_POSTGRES_BELOW = frozenset(("DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION"))
_PID = re.compile(r"\[(\d{1,10})\]$")
_TIME = re.compile(r"[\[(]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d\d:)")
_WORTH_A_TRACE = frozenset((None, Severity.WARN, Severity.ERROR, Severity.FATAL))


def anywhere(line: str) -> bool:
    """Tell if the line belongs to whatever stands above it: it is indented, a frame, a cause, a closing bracket."""
    return _ANYWHERE.match(line) is not None


def exception_of(header: str, line: str) -> bool:
    """Tell if the line is the exception that a logger writes below its own line."""
    if _EXCEPTION.match(line) is None or _EXCEPTION.match(header) is not None:
        return False
    level = level_of_body(header.encode("utf-8", "surrogateescape"))
    return level in _WORTH_A_TRACE and (level is not None or _TIME.match(header) is not None)


def begins_traceback(line: str) -> bool:
    """Tell if the line is the head of a Python traceback alone."""
    return _TRACEBACK.match(line) is not None


def ends_in_traceback_head(line: str) -> bool:
    """Tell if a traceback begins at the end of the line, alone or behind what a logger wrote."""
    return _TRACEBACK.match(line) is not None or _TRACEBACK_HEAD.match(line) is not None


def in_traceback(line: str) -> bool:
    """Tell if the line is part of a Python traceback, its last line included: the exception."""
    return line[:1].isspace() or _TRACEBACK_END.match(line) is not None


def of_python_chain(last: str, line: str) -> bool:
    """Tell if the line stands between two tracebacks of one failure, or begins the second; blank lines are around."""
    return _CHAIN.match(line) is not None or (_CHAIN.match(last) is not None and _TRACEBACK.match(line) is not None)


def of_go_crash(first: str, line: str) -> bool:
    """Tell if the line belongs to a Go crash; blank lines stand between its parts."""
    return _GO_CRASH.match(first) is not None and _GO_BELOW.match(line) is not None


def of_node_crash(first: str, line: str) -> bool:
    """Tell if the line belongs to what Node prints when it dies; blank lines stand between its parts."""
    if _NODE_CRASH.match(first) is None:
        return False
    is_place = re.search(r":\d+$", first) is not None
    return _NODE_BELOW.match(line) is not None or (
        is_place and _EXCEPTION.match(line.removeprefix("Uncaught ")) is not None
    )


def of_ruby(line: str) -> bool:
    """Tell if the line is a frame of a Ruby backtrace."""
    return _RUBY_FRAME.match(line) is not None


def of_rust_panic(first: str, last: str, line: str) -> bool:
    """Tell if the line belongs to a Rust panic: its message stands on a line of its own."""
    if _RUST_PANIC.match(first) is None:
        return False
    return _RUST_BELOW.match(line) is not None or (last is first and last.endswith(":"))


def of_postgres(first: str, line: str) -> bool:
    """Tell if the line is a DETAIL, HINT or STATEMENT below an error of the same PostgreSQL process."""
    below, above = _POSTGRES.match(line), _POSTGRES.match(first)
    if below is None or above is None or below["kind"] not in _POSTGRES_BELOW:
        return False
    own, of_error = _PID.search(below["prefix"]), _PID.search(above["prefix"])
    return own is not None and of_error is not None and own[1] == of_error[1]
