"""Join the lines of one record: stack traces, and what programs write below their first line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from logtriage.cli.input import follow_ups as is_follow_up
from logtriage.cli.input.prefixes import Line

MAX_RECORD_LINES = 500


class Joiner:
    """Joins the lines of one source. Feed it line by line; it gives a record when the next one begins."""

    def __init__(self) -> None:
        self._first = 0
        self._lines: list[str] = []
        self._blank_lines = 0
        self._is_in_traceback = False
        self._has_traceback = False

    def feed(self, number: int, line: str) -> tuple[int, str] | None:
        """Take one line; give ``(number of the first line, record)`` if a record ended before it."""
        if not line.strip():
            self._blank_lines += bool(self._lines)
            return None
        if self._lines and len(self._lines) < MAX_RECORD_LINES and self._belongs(line):
            self._lines += [""] * self._blank_lines
            self._lines.append(line)
            ended = None
        else:
            ended = self.end()
            self._first, self._lines = number, [line]
        self._blank_lines = 0
        self._follow_traceback(line)
        return ended

    def end(self) -> tuple[int, str] | None:
        """Give the record that is not given yet, if there is one."""
        ended = (self._first, "\n".join(self._lines)) if self._lines else None
        self._first, self._lines, self._blank_lines = 0, [], 0
        self._is_in_traceback = self._has_traceback = False
        return ended

    def _belongs(self, line: str) -> bool:
        first, last = self._lines[0], self._lines[-1]
        if is_follow_up.of_go_crash(first, line) or is_follow_up.of_node_crash(first, line):
            return True
        if is_follow_up.of_python_chain(last, line):
            return True
        if self._blank_lines:
            return False
        if self._is_in_traceback:
            return is_follow_up.in_traceback(line)
        if is_follow_up.begins_traceback(line):
            return not self._has_traceback
        return (
            is_follow_up.anywhere(line)
            or is_follow_up.of_ruby(line)
            or is_follow_up.of_rust_panic(first, last, line)
            or is_follow_up.of_postgres(first, line)
            or (len(self._lines) == 1 and is_follow_up.exception_of(first, line))
        )

    def _follow_traceback(self, line: str) -> None:
        if line[:1].isspace():
            return
        self._is_in_traceback = is_follow_up.ends_in_traceback_head(line)
        self._has_traceback |= self._is_in_traceback


def join_lines(lines: Iterable[Line]) -> Iterator[tuple[int, str]]:
    """Yield ``(number of the first line, record)``, of each source in order; sources may be interleaved.

    A pause ends all records.
    """
    joiners: dict[str, Joiner] = {}
    for line in lines:
        if line.is_idle:
            yield from _ended(joiners)
            continue
        joiner = joiners.setdefault(line.source, Joiner())
        if ended := joiner.feed(line.number, line.text):
            yield ended
    yield from _ended(joiners)


def _ended(joiners: dict[str, Joiner]) -> list[tuple[int, str]]:
    return sorted(rest for joiner in joiners.values() if (rest := joiner.end()))
