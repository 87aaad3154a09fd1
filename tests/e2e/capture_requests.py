"""Save Export requests as real senders write them: `python tests/e2e/capture_requests.py`, after `make otelcol`.

The files in tests/data/requests are what unit tests and the bench read. Each stays under 60 KB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent), str(ROOT / "processor")]

from e2e.applications import rows, send_by_sdk  # noqa: E402
from e2e.field_order import records_as_written  # noqa: E402
from e2e.programs import free_port, wait_until  # noqa: E402
from e2e.raw_receiver import RawReceiver  # noqa: E402
from e2e.stage import COLLECTOR_CONFIG, RELAY_CONFIG, Stage  # noqa: E402

TARGET = ROOT / "tests" / "data" / "requests"
MAX_BYTES = 60_000


def main() -> None:
    """Capture every file anew."""
    where = subprocess.run([HERE / "otelcol" / "build.sh", "--where"], capture_output=True, text=True, check=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    _capture("collector_filelog_without_severity", Path(where.stdout.strip()), _filelog, 120)
    _capture("collector_mixed_severities", Path(where.stdout.strip()), _collector_from_sdk, 120)
    _capture("python_sdk", Path(where.stdout.strip()), _python_sdk, 120)
    _capture("telemetrygen", Path(where.stdout.strip()), _telemetrygen, 50)


def _capture(name: str, binaries: Path, send: Callable[[Stage, RawReceiver, int], None], count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(binaries, Path(folder))
        try:
            receiver = stage.receiver()
            send(stage, receiver, count)
            wait_until(lambda: _count(receiver) >= count, f"{count} records for {name}")
            largest = max(receiver.requests(), key=len)
        finally:
            stage.close()
    assert len(largest) <= MAX_BYTES, f"{name}: {len(largest)} bytes"
    (TARGET / f"{name}.bin").write_bytes(largest)
    print(f"{name}.bin: {len(largest)} bytes, {len(list(records_as_written(largest)))} records")


def _count(receiver: RawReceiver) -> int:
    return sum(len(list(records_as_written(request))) for request in receiver.requests())


def _filelog(stage: Stage, receiver: RawReceiver, count: int) -> None:
    log_file = stage.folder / "shop.text.log"
    log_file.write_text("".join(f"{row.text_line()}\n" for row in rows("order", count)))
    environment = {
        "TEXT_LOGS": str(log_file),
        "TEXT_LOGS_SERVICE": "shop",
        "JSON_LOGS": str(stage.folder / "none.json.log"),
        "AGENT_STATE_DIRECTORY": str(stage.folder / "agent"),
        "LOGTRIAGE_ENDPOINT": receiver.address,
    }
    stage.collector("agent", [COLLECTOR_CONFIG / "agent.yaml"], environment)


def _collector_from_sdk(stage: Stage, receiver: RawReceiver, count: int) -> None:
    port = free_port()
    environment = {"OTLP_ENDPOINT": f"127.0.0.1:{port}", "BACKEND_ENDPOINT": receiver.address}
    stage.collector("relay", [RELAY_CONFIG], environment, newest=True)
    send_by_sdk(rows("order", count), [f"127.0.0.1:{port}"])


def _python_sdk(stage: Stage, receiver: RawReceiver, count: int) -> None:
    send_by_sdk(rows("order", count), [receiver.address])


def _telemetrygen(stage: Stage, receiver: RawReceiver, count: int) -> None:
    subprocess.run(stage.telemetrygen(receiver.address, count, "Error", 17, "disk quota exceeded"), check=True)


if __name__ == "__main__":
    main()
