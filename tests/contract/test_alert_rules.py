"""The shipped alert rules, run by Prometheus' and Alertmanager's own tools."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs_prometheus

ROOT = Path(__file__).parent.parent.parent
ALERTS = ROOT / "config" / "alerts"
RULES = sorted((ALERTS / "prometheus").glob("*.yaml"))
RULE_TESTS = sorted((Path(__file__).parent / "alert_rules").glob("*.test.yaml"))
DEBIAN_PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager"}


def _run(tool: str, *arguments: str | Path) -> str:
    if shutil.which(tool) is None:
        pytest.fail(f"`{tool}` is missing: apt install {DEBIAN_PACKAGES[tool]}")
    run = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.name)
def test_prometheus_reads_the_rules(rules: Path) -> None:
    assert "SUCCESS" in _run("promtool", "check", "rules", rules)


@pytest.mark.parametrize("rule_test", RULE_TESTS, ids=lambda path: path.name)
def test_rules_fire_on_the_first_sample_the_second_burst_and_after_a_restart_and_are_quiet_between(
    rule_test: Path,
) -> None:
    assert "SUCCESS" in _run("promtool", "test", "rules", rule_test)


def test_alertmanager_reads_the_routing() -> None:
    assert "SUCCESS" in _run("amtool", "check-config", ALERTS / "alertmanager.yaml")


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ("is_actionable_for_oncall=true severity=page source_service=shop category=code_bug", "oncall-pager"),
        ("is_actionable_for_oncall=true severity=page urgency=high source_service=shop", "oncall-pager"),
        ("alertname=LogTriageDown severity=page team=logtriage", "logtriage-owner-pager"),
        ("alertname=LogTriageRefuses severity=ticket team=logtriage", "logtriage-owner-tickets"),
        ("alertname=NotOurs severity=page", "tickets"),
        ("is_actionable_for_oncall=false source_service=shop category=noise", "tickets"),
    ],
)
def test_an_alert_reaches_its_receiver(labels: str, receiver: str) -> None:
    config = f"--config.file={ALERTS / 'alertmanager.yaml'}"
    assert _run("amtool", "config", "routes", "test", config, *labels.split()).strip() == receiver
