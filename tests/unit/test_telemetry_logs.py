from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from logtriage.telemetry.logs import fields, set_up_logs, tear_down_logs
from logtriage.telemetry.rate_limited import RateLimitedLog


class Lines:
    """Our own logs, as they are written."""

    def __init__(self, encoding: str, level: str = "info") -> None:
        self._stream = io.StringIO()
        self.handler = set_up_logs(level, encoding, self._stream)
        self.logger = logging.getLogger("logtriage.test")

    def written(self) -> list[str]:
        return self._stream.getvalue().splitlines()


@pytest.fixture
def console() -> Iterator[Lines]:
    lines = Lines("console")
    yield lines
    tear_down_logs(lines.handler)


@pytest.fixture
def as_json() -> Iterator[Lines]:
    lines = Lines("json")
    yield lines
    tear_down_logs(lines.handler)


def test_the_console_shows_fields_as_key_and_value(console: Lines) -> None:
    console.logger.warning("Requests are refused", extra=fields(used_bytes=5, reason="no room left", retries=True))

    (line,) = console.written()
    assert line.endswith(' warn  Requests are refused  used_bytes=5 reason="no room left" retries=true')


def test_one_message_is_one_line_on_the_console(console: Lines) -> None:
    console.logger.info("two\nlines \x1b[31m", extra=fields(peer="a\nb=c"))

    (line,) = console.written()
    assert "two\\nlines \\u001b[31m" in line
    assert 'peer="a\\nb=c"' in line


def test_json_has_the_fields_beside_the_message(as_json: Lines) -> None:
    as_json.logger.error("Downstream refuses", extra=fields(code="UNAVAILABLE", records=3))

    (line,) = as_json.written()
    written = json.loads(line)
    assert written.pop("ts").endswith("Z")
    assert written == {
        "level": "error",
        "logger": "logtriage.test",
        "msg": "Downstream refuses",
        "code": "UNAVAILABLE",
        "records": 3,
    }


def test_a_field_cannot_take_the_place_of_the_message(as_json: Lines) -> None:
    as_json.logger.error("true", extra=fields(msg="false", level="info"))

    written = json.loads(as_json.written()[0])
    assert (written["msg"], written["level"]) == ("true", "error")


def test_an_exception_is_a_field_of_the_same_line(as_json: Lines) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        as_json.logger.exception("A fault of ours")

    (line,) = as_json.written()
    assert json.loads(line)["stacktrace"].endswith("KeyError: 'x'")


def test_what_is_below_the_level_is_not_written(console: Lines) -> None:
    console.logger.debug("details")

    assert console.written() == []


def test_libraries_may_warn_but_not_chat(console: Lines) -> None:
    library = logging.getLogger("some.library")
    library.info("chat")
    library.warning("warning")

    assert [line.rpartition("  ")[2] for line in console.written()] == ["warning"]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def suppressed_of(lines: list[str]) -> list[int | None]:
    return [json.loads(line).get("suppressed") for line in lines]


def test_of_a_flood_the_first_ten_and_each_hundredth_are_written(as_json: Lines) -> None:
    limited = RateLimitedLog(as_json.logger, clock=Clock())

    for _ in range(250):
        limited.warning("refused", "Requests are refused", reason="no room")

    assert suppressed_of(as_json.written()) == [None] * 10 + [89, 99]


def test_kinds_are_limited_apart(as_json: Lines) -> None:
    limited = RateLimitedLog(as_json.logger, clock=Clock())

    for _ in range(50):
        limited.warning("refused", "Requests are refused")
    limited.error("broken", "A record cannot be read")

    assert len(as_json.written()) == 11
    assert json.loads(as_json.written()[-1])["level"] == "error"


def test_after_a_quiet_time_the_next_one_is_written_with_what_was_left_out(as_json: Lines) -> None:
    clock = Clock()
    limited = RateLimitedLog(as_json.logger, clock=clock)
    for _ in range(15):
        limited.warning("refused", "Requests are refused")

    clock.now += 11
    limited.warning("refused", "Requests are refused")

    assert suppressed_of(as_json.written()) == [None] * 10 + [5]


def test_keys_from_outside_cannot_fill_memory(as_json: Lines) -> None:
    limited = RateLimitedLog(as_json.logger, clock=Clock())

    for number in range(1100):
        limited.warning(f"key {number}", "Requests are refused")

    assert len(as_json.written()) == 1000 + 10 + 1
