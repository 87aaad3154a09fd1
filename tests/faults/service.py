"""The service under test: `logtriage serve` on fixed loopback ports, started, killed and started again."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from e2e.programs import free_port, wait_until
from faults.children import environment
from faults.ledger import Life

COMMAND = Path(sys.executable).with_name("logtriage")
START_SECONDS = 20.0
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_HEALTH = "/grpc.health.v1.Health/Check"


@dataclass
class Logtriage:
    """One instance and its processes, one after the other. ``settings`` are sections over those of the stage."""

    folder: Path
    settings: dict[str, Any]
    name: str = "logtriage"
    port: int = field(default_factory=free_port)
    telemetry_port: int = field(default_factory=free_port)
    program: Sequence[str | Path] = (COMMAND, "serve")
    """What is run, up to `--config FILE`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Sequence[tuple[int, int]] = ()
    """Of resources of the process (`resource.RLIMIT_NOFILE`), each with its limit."""
    lives: list[Life] = field(default_factory=list)
    start_seconds: list[float] = field(default_factory=list)
    """Of each start: until health said SERVING."""
    process: subprocess.Popen[bytes] | None = None
    _began: float = 0.0
    _log_offset: int = 0

    def __post_init__(self) -> None:
        self.address = f"127.0.0.1:{self.port}"
        self.log_file = self.folder / f"{self.name}.log"
        self.config_file = self.folder / f"{self.name}.yaml"

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self.process is not None
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether a process was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def start(self, **more_environment: str) -> None:
        """Start a process and return when health says SERVING."""
        self.begin(**more_environment)
        self.wait_serving()

    def begin(self, **more_environment: str) -> None:
        """Start a process and return at once."""
        settings = {
            "receiver": {"endpoint": self.address, "metadata": {"forward": ["x-test-tenant"]}},
            "telemetry": {"logs": {"encoding": "json"}, "metrics": {"endpoint": f"127.0.0.1:{self.telemetry_port}"}},
            **self.settings,
        }
        self.config_file.write_text(json.dumps(settings, indent=1))
        self._log_offset = self.log_file.stat().st_size if self.log_file.exists() else 0
        self._began = time.monotonic()
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*map(str, self.program), "--config", str(self.config_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(MIMO_API_KEY="", **self.environment, **more_environment),
                preexec_fn=self._prepare,
            )

    def _prepare(self) -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a test run that is killed leaves no service behind
        for kind, limit in self.limits:
            resource.setrlimit(kind, (limit, limit))

    def wait_serving(self, seconds: float = START_SECONDS) -> None:
        """Wait until health says SERVING, and note how long that took."""

        def serves() -> bool:
            assert self.process is not None
            code = self.process.poll()
            assert code is None, f"{self.name} ended with {code}:\n{self.log_tail()}"
            return self.health() == health_pb2.HealthCheckResponse.SERVING

        wait_until(serves, f"{self.name} serves: {self.log_tail(5)}", seconds)
        self.start_seconds.append(time.monotonic() - self._began)

    def health(self, timeout: float = 1.0) -> int:
        """Ask for the health of the service; -1 if nobody answers."""
        options = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(self.address, options=options) as channel:
            check = channel.unary_unary(_HEALTH)
            try:
                data = check(health_pb2.HealthCheckRequest().SerializeToString(), timeout=timeout)
            except grpc.RpcError:
                return -1
            return int(health_pb2.HealthCheckResponse.FromString(data).status)

    def kill(self) -> float:
        """End the process by SIGKILL; give when."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        at = time.monotonic()
        self.wait_end(10.0)
        return at

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def terminate(self, seconds: float = 40.0) -> tuple[int, float]:
        """Ask the process to end; give its exit code and how long it took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        return self.wait_end(seconds), time.monotonic() - began

    def wait_end(self, seconds: float) -> int:
        """Wait until the process has ended; give its exit code."""
        assert self.process is not None
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end in {seconds:.0f} s:\n{self.log_tail()}") from None
        self.lives.append(Life(self._began, time.monotonic()))
        return code

    def lives_until_now(self) -> list[Life]:
        """Give the lives, the present one too."""
        return [*self.lives, Life(self._began, float("inf"))] if self.is_running else list(self.lives)

    def close(self) -> None:
        """End whatever runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        """Give what it wrote since its last start."""
        with self.log_file.open("rb") as log:
            log.seek(self._log_offset)
            return log.read().decode(errors="replace")

    def log_tail(self, lines: int = 30) -> str:
        """Give the end of its log."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])

    def metrics(self) -> dict[str, float]:
        """Give all metrics, summed over their labels; empty if nobody answers."""
        sums: dict[str, float] = {}
        for name, _, value in self.metric_lines():
            sums[name] = sums.get(name, 0.0) + value
        return sums

    def metric_lines(self) -> list[tuple[str, str, float]]:
        """Give name, labels and value of each metric."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.telemetry_port}/metrics", timeout=5) as page:
                lines = page.read().decode().splitlines()
        except (OSError, urllib.error.URLError):
            return []
        found = []
        for line in lines:
            if not line.startswith("#"):
                series, _, value = line.rpartition(" ")
                name, _, labels = series.partition("{")
                found.append((name, labels.rstrip("}"), float(value)))
        return found

    def peak_rss_mib(self) -> float:
        """Give the most memory that the process had resident."""
        return self._status_kib("VmHWM") / 1024

    def rss_mib(self) -> float:
        """Give the memory that the process has resident."""
        return self._status_kib("VmRSS") / 1024

    def _status_kib(self, key: str) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{key}:"):
                return int(line.split()[1])
        return 0
