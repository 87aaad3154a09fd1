"""The shipped Prometheus rule fires on what the service itself exposes: names, labels and their values fit together."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import yaml

from e2e.applications import rows, send_by_sdk
from e2e.programs import Program, free_port, wait_until
from e2e.stage import ROOT, Stage

pytestmark = pytest.mark.e2e

RULES = ROOT / "config" / "alerts" / "prometheus"
EVERY_SECOND = "1s"


def test_the_first_actionable_error_of_a_service_makes_prometheus_fire(stage: Stage) -> None:
    if shutil.which("prometheus") is None:
        pytest.fail("`prometheus` is missing: apt install prometheus")
    service = stage.logtriage(stage.receiver().address)
    port = free_port()
    stage.start(
        Program(
            "prometheus",
            [
                "prometheus",
                f"--config.file={_prometheus_config(stage.folder, service.telemetry_port)}",
                f"--storage.tsdb.path={stage.folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stage.folder / "prometheus.log",
            ports=(port,),
            ready_text="Server is ready",
        )
    )
    wait_until(lambda: _value(port, 'up{job="logtriage"}') == 1, "a first scrape")
    assert _firing(port) == set()

    send_by_sdk(rows("order", 10), [service.address], service="shop")

    wait_until(lambda: ("LogTriageActionableErrors", "shop") in _firing(port), "the alert")
    assert not {name for name, _ in _firing(port)} - {"LogTriageActionableErrors", "LogTriageFatalErrors"}


def _prometheus_config(folder: Path, telemetry_port: int) -> Path:
    """Write the shipped rules with an evaluation each second, and a scrape of the service as often."""
    rule_files = []
    for shipped in RULES.glob("*.yaml"):
        rules = yaml.safe_load(shipped.read_text())
        for group in rules["groups"]:
            group["interval"] = EVERY_SECOND
        rule_files.append(str(folder / shipped.name))
        Path(rule_files[-1]).write_text(yaml.safe_dump(rules))
    config = {
        "global": {"scrape_interval": EVERY_SECOND, "evaluation_interval": EVERY_SECOND},
        "rule_files": rule_files,
        "scrape_configs": [
            {"job_name": "logtriage", "static_configs": [{"targets": [f"127.0.0.1:{telemetry_port}"]}]},
        ],
    }
    path = folder / "prometheus.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


def _firing(port: int) -> set[tuple[str, str]]:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as page:
        alerts = json.load(page)["data"]["alerts"]
    return {
        (alert["labels"]["alertname"], alert["labels"].get("source_service", ""))
        for alert in alerts
        if alert["state"] == "firing"
    }


def _value(port: int, query: str) -> float | None:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={quote(query)}", timeout=5) as page:
        found = json.load(page)["data"]["result"]
    return float(found[0]["value"][1]) if found else None
