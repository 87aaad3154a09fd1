"""Start and stop the processes of the bench, and read what they cost. Linux only."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
START_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Started:
    """A service that answers: its process, and what it took until its port did, on the wall and in CPU."""

    pid: int
    wall_seconds: float
    cpu_seconds: float


def cpu_seconds(pid: int) -> float:
    """Give user and system time of a process, all its threads, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime_ns(~pid << 3 | 2) / 1e9


def peak_rss_bytes(pid: int) -> int:
    """Give the most memory that a process had resident (VmHWM, proc_pid_status(5))."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no VmHWM of process {pid}")


def environment() -> dict[str, str]:
    """Give an environment in which the modules of the tests and of the project are found."""
    path = os.pathsep.join((str(TESTS), str(TESTS.parent / "processor")))
    return {**os.environ, "PYTHONPATH": path}


@contextmanager
def module(name: str, *arguments: str) -> Iterator[tuple[int, str]]:
    """Run ``python -m name`` while entered; give its process id and the first line that it prints."""
    command = [sys.executable, "-m", name, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        yield process.pid, _first_line(process)
    finally:
        _stop(process)


@contextmanager
def service(config: Path, port: int, log: Path) -> Iterator[Started]:
    """Run ``logtriage serve`` while entered; it answers from then on."""
    command = [str(Path(sys.executable).with_name("logtriage")), "serve", "--config", str(config)]
    with log.open("wb") as target:
        began = time.monotonic()
        process = subprocess.Popen(command, stderr=target, env=environment())
        try:
            while not _listens(port):
                if process.poll() is not None or time.monotonic() - began > START_TIMEOUT_SECONDS:
                    raise RuntimeError(f"the service did not start:\n{log.read_text()}")
                time.sleep(0.005)
            yield Started(process.pid, time.monotonic() - began, cpu_seconds(process.pid))
        finally:
            _stop(process)


def free_port() -> int:
    """Give a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(START_TIMEOUT_SECONDS):
            raise RuntimeError(f"{process.args!r} said nothing")
    return process.stdout.readline().strip()


def _stop(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
