"""Start programs on free loopback ports, wait until they are ready, end them by their process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

READY_SECONDS = 20.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05


class ProgramFailed(AssertionError):
    """A program ended, or did not become ready; the message carries the end of its log."""


def wait_until(condition: Callable[[], bool], what: str, seconds: float = READY_SECONDS) -> None:
    """Poll until the condition holds, at most so many seconds; say what was waited for if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(POLL_SECONDS)


_given_ports: set[int] = set()


def free_port() -> int:
    """Give a loopback port that nobody listens on and that was not given before."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _given_ports:
            _given_ports.add(port)
            return port


def is_listening(port: int) -> bool:
    """Tell whether somebody accepts connections on this loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Program:
    """One process with its log in a file. Ready when its `ports` are listened on and `ready_text` stands in its log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log_file: Path,
        *,
        environment: Mapping[str, str] | None = None,
        ports: Sequence[int] = (),
        ready_text: str = "",
    ) -> None:
        self.name = name
        self._command = [str(part) for part in command]
        self._log_file = log_file
        self._environment = {**os.environ, **(environment or {})}
        self._ports = tuple(ports)
        self._ready_text = ready_text
        self._process: subprocess.Popen[bytes] | None = None
        self._log_offset = 0

    def start(self) -> Program:
        """Start the process and return when it is ready."""
        self._log_offset = self._log_file.stat().st_size if self._log_file.exists() else 0
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=self._environment
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None:
                raise ProgramFailed(f"{self.name} ended with {self._process.returncode}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise ProgramFailed(f"{self.name} is not ready after {READY_SECONDS:.0f} s:\n{self.log_tail()}")
            time.sleep(POLL_SECONDS)
        return self

    def _is_ready(self) -> bool:
        return self._ready_text in self.log() and all(is_listening(port) for port in self._ports)

    def log(self) -> str:
        """Give what it wrote since its last start."""
        with self._log_file.open("rb") as log:
            log.seek(self._log_offset)
            return log.read().decode(errors="replace")

    def log_tail(self, lines: int = 40) -> str:
        """Give the last lines of its log."""
        return "\n".join(self._log_file.read_text(errors="replace").splitlines()[-lines:])

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process at once, without a chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the process to end and wait for it; kill it, and fail, if it does not."""
        try:
            self._end(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self._end(signal.SIGKILL)
            raise ProgramFailed(f"{self.name} did not stop in {STOP_SECONDS:.0f} s:\n{self.log_tail()}") from None

    def wait(self, seconds: float) -> int:
        """Wait until the process ends by itself; give its exit code."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(number)
        self._process.wait(timeout=STOP_SECONDS)
