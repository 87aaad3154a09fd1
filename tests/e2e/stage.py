"""The stage of the end-to-end tests: real Collectors, the service as its command, receivers of the tests' own."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from e2e.programs import Program, free_port
from e2e.raw_receiver import RawReceiver

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLLECTOR_CONFIG = ROOT / "config" / "collector"
RELAY_CONFIG = HERE / "relay.yaml"
COLLECTOR_READY = "Everything is ready"
WITHOUT_METRICS = "yaml:service::telemetry::metrics::level: none"
"""Several Collectors run on one machine here, and their metrics would all be on the same port."""


class Stage:
    """Starts what a test asks for and ends all of it, the last one first."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self.programs: list[Program] = []
        self._receivers: list[RawReceiver] = []

    def start(self, program: Program) -> Program:
        """Start a program that is ended with the test."""
        self.programs.append(program)
        return program.start()

    def collector(
        self,
        name: str,
        configs: Sequence[Path | str],
        environment: Mapping[str, str],
        *,
        newest: bool = False,
    ) -> Program:
        """Start a Collector on configuration files of the project as they stand; later ones are merged into earlier."""
        command: list[str | Path] = [self.binaries / ("otelcol-newest" if newest else "otelcol")]
        for config in (*configs, WITHOUT_METRICS):
            command += ["--config", config]
        log_file = self.folder / f"{name}.log"
        return self.start(Program(name, command, log_file, environment=environment, ready_text=COLLECTOR_READY))

    def logtriage(self, downstream: str) -> Service:
        """Start the service between a free port and the address downstream."""
        service = Service(self.folder, downstream, free_port())
        self.start(service.program)
        return service

    def telemetrygen(self, address: str, count: int, severity_text: str, severity_number: int, body: str) -> list[str]:
        """Give the command that sends so many records, all with the same text, by the Go SDK's exporter."""
        return [
            str(self.binaries / "telemetrygen"),
            "logs",
            f"--otlp-endpoint={address}",
            "--otlp-insecure",
            f"--logs={count}",
            "--rate=0",
            f"--severity-text={severity_text}",
            f"--severity-number={severity_number}",
            f"--body={body}",
            "--service=generated",
            '--telemetry-attributes=http.response.status_code="507"',
        ]

    def receiver(self, forward_to: str | None = None) -> RawReceiver:
        """Start a receiver of the test's own."""
        receiver = RawReceiver(forward_to)
        self._receivers.append(receiver)
        return receiver

    def stop(self) -> None:
        """Stop the programs in the order they depend on each other, the last started first."""
        for program in reversed(self.programs):
            program.stop()

    def close(self) -> None:
        """End everything, even if something does not stop."""
        try:
            self.stop()
        finally:
            for program in self.programs:
                program.kill()
            for receiver in self._receivers:
                receiver.close()

    def log_tails(self) -> str:
        """Give the end of every program's log."""
        return "\n".join(f"--- {program.name}\n{program.log_tail()}" for program in self.programs)


class Service:
    """`logtriage serve` with the shipped settings for a machine that a Collector is on too, on free ports."""

    def __init__(self, folder: Path, downstream: str, port: int) -> None:
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.telemetry_port = free_port()
        self.metrics_url = f"http://127.0.0.1:{self.telemetry_port}/metrics"
        logtriage = Path(sys.executable).parent / "logtriage"
        self.program = Program(
            "logtriage",
            [logtriage, "serve", "--config", COLLECTOR_CONFIG / "logtriage.yaml"],
            folder / "logtriage.log",
            environment={
                "LOGTRIAGE_ENDPOINT": self.address,
                "TRIAGED_ENDPOINT": downstream,
                "LOGTRIAGE_METRICS_ENDPOINT": f"127.0.0.1:{self.telemetry_port}",
                "MIMO_API_KEY": "",
            },
            ports=(self.port, self.telemetry_port),
        )
