"""Programs of the tests' own that run beside the service and are told what to do while they run."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
ANSWER_SECONDS = 60.0
_END_SECONDS = 10.0


def environment(**more: str) -> dict[str, str]:
    """Give an environment in which the modules of the tests and of the project are found."""
    path = os.pathsep.join((str(TESTS), str(TESTS.parent / "processor")))
    return {**os.environ, "PYTHONPATH": path, **more}


class Child:
    """`python -m module`, which answers commands. Ends with `close`."""

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self._name = module
        self._log = log
        with log.open("ab") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment(),
            )
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.hello = self._answer(ANSWER_SECONDS)

    def ask(self, op: str, *, seconds: float = ANSWER_SECONDS, **more: object) -> dict[str, Any]:
        """Send one command and give its answer."""
        with self._lock:
            assert self.process.stdin is not None
            with suppress(BrokenPipeError):  # it ended: its answer says so
                self.process.stdin.write(json.dumps({"op": op, **more}).encode() + b"\n")
                self.process.stdin.flush()
            return self._answer(seconds)

    def close(self) -> None:
        """End it: it does when its standard input ends."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(_END_SECONDS)
        self.process.stdout.close()

    def log_tail(self, lines: int = 30) -> str:
        """Give the end of what it wrote to standard error."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.put(line)
        self._answers.put(b"")

    def _answer(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"{self._name} gave no answer in {seconds:.0f} s:\n{self.log_tail()}") from None
        if not line:
            raise AssertionError(f"{self._name} ended:\n{self.log_tail()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def append_json(file: int, row: Mapping[str, object]) -> None:
    """Append a row to a file opened for appending: it is in the kernel when this returns."""
    os.write(file, json.dumps(row, separators=(",", ":")).encode() + b"\n")
