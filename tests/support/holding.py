"""A service with a model behind it that answers when a test lets it, and records that wait for it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.spool.sqlite import SqliteSpool
from support.mimo_answers import report
from support.mimo_http import Play
from support.mimo_standin import MimoStandin
from support.records import attributes_of, record
from support.running import Running, running
from support.sink import Script

PROOF = "the call was repeated and went through"
BLIP = f"upstream closed the stream early, {PROOF}"


def blip(mark: str = "0", **more: Any) -> LogRecord:
    """Build a record that may wait, known by its mark; all of them share a fingerprint."""
    return record(BLIP, attributes={"mark": mark}, **more)


def quiet(mark: str = "0") -> LogRecord:
    """Build a record that is never selected."""
    return record(f"fine {mark}", number=9, text="INFO", attributes={"mark": mark})


class Thinking:
    """What the model says, once a test lets it: harmless, with the quote that proves it."""

    def __init__(self, *, answers_at_once: bool = False) -> None:
        self._may_answer = threading.Event()
        if answers_at_once:
            self._may_answer.set()

    def __call__(self, _: object) -> str:
        self._may_answer.wait(20)
        return report(
            category="transient_network",
            severity="WARN",
            is_actionable_for_oncall=False,
            confidence="certain",
            evidence=[PROOF],
        )

    def answer(self) -> None:
        """Let it answer, now and from now on."""
        self._may_answer.set()


@asynccontextmanager
async def holding(
    folder: Path,
    *,
    thinking: Thinking | None = None,
    script: Script | None = None,
    play: tuple[str | Play, ...] = (),
    hold: dict[str, object] | None = None,
    mimo: dict[str, object] | None = None,
    **sections: object,
) -> AsyncIterator[tuple[Running, MimoStandin]]:
    """Start the service with its state in ``folder``. The model thinks until the test ends, unless told otherwise."""
    thinking = thinking or Thinking()
    exporter = {
        "retry_on_failure": {"initial_interval": "20ms", "max_interval": "50ms"},
        **dict(sections.pop("exporter", {})),  # type: ignore[call-overload]
    }
    with MimoStandin(thinking) as standin:
        if play:
            standin.play(*play)
        async with running(
            script,
            engine="mimo",
            mimo=standin.settings(**(mimo or {})),
            state={"directory": str(folder)},
            hold={"min_free_mib": 0, **(hold or {})},
            exporter=exporter,
            **sections,
        ) as service:
            _be_patient(service)
            try:
                yield service, standin
            finally:
                thinking.answer()


def _be_patient(service: Running) -> None:
    """Wait for the disk of a machine that does other things: nothing leaves with `no_room` because of it."""
    spool = service.service._hold._spool if service.service._hold is not None else None
    if isinstance(spool, SqliteSpool):
        spool._patience_seconds = 20


async def settled(service: Running) -> None:
    """Wait until nothing is held: what was is delivered, counted and removed. The sink sees a record before that."""
    await until(lambda: service.metric("logtriage_spool_log_records") == 0)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        await asyncio.sleep(0.005)


def marks(service: Running) -> list[str]:
    """Give the marks of the records that arrived, in their order."""
    return [str(attributes_of(item)["mark"]) for item in service.sink.records]


def told(service: Running, mark: str = "0") -> dict[str, object]:
    """Give the attributes of the one record with a mark."""
    (found,) = [attributes_of(item) for item in service.sink.records if attributes_of(item)["mark"] == mark]
    return found
