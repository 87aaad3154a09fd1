"""Join the lines of one record: stack traces, and what programs write below their first line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_RECORD_LINES = 500

_CONTINUES = re.compile(
    r"\s"  # indented
    r"|at\s+[\w.$<>/]+[.(]"
    r"|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)"
    r"|The above exception was the direct cause|During handling of the above exception"
    r"|goroutine \d+ \[|created by |exit status \d+$"
    r"|\[signal \w+|Stack trace:|#\d+ |\} *$|\)$|-->|\^"
)
_BELOW_POSTGRES = re.compile(r"\S+ \S+ \S+ \[\d+\][^:]{0,80} (?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): ")
_EXCEPTION_LINE = re.compile(r"[A-Za-z_][\w.$]{0,120}(?:Error|Exception|Warning|Interrupt|Exit)\b(?:: |$)")
_TRACEBACK = re.compile(r"(?:.{0,200}\s)?Traceback \(most recent call last\):$")
_GO_CRASH = re.compile(r"(?:.{0,80}\s)?(?:panic|fatal error): ")
_GO_BELOW = re.compile(
    r"goroutine \d+ |[\w./*()\[\]{}$-]{1,300}\(.*\)$|\s|created by |exit status \d+$|\[signal |\[recovered\]|panic: "
)


def join_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield ``(number of the first line, record)``; blank lines outside of a trace end a record.

    A line goes to the record above it if it is indented, is a known follow-up line, ends a Python traceback, or is the
    exception that a trace below it belongs to.
    """
    record: list[str] = []
    first = 0
    in_traceback = False
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            if record and (in_traceback or _GO_CRASH.match(record[0])):
                record.append(line)
            elif record:
                yield first, "\n".join(record)
                record = []
            continue
        belongs = (
            bool(record)
            and len(record) < MAX_RECORD_LINES
            and (
                _CONTINUES.match(line) is not None
                or (_GO_CRASH.match(record[0]) is not None and _GO_BELOW.match(line) is not None)
                or _BELOW_POSTGRES.match(line) is not None
                or (in_traceback and _EXCEPTION_LINE.match(line) is not None)
                or _TRACEBACK.match(line) is not None
                or (
                    len(record) == 1
                    and _EXCEPTION_LINE.match(line) is not None
                    and not _EXCEPTION_LINE.match(record[0])
                )
            )
        )
        if not belongs:
            if record:
                yield first, "\n".join(record).rstrip()
            record, first, in_traceback = [], number, False
        record.append(line)
        if _TRACEBACK.match(line):
            in_traceback = True
        elif in_traceback and _EXCEPTION_LINE.match(line):
            in_traceback = False
    if record:
        yield first, "\n".join(record).rstrip()
