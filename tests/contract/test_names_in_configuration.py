"""What alert rules, Collector configurations and the README call ours exists in the schema or the metrics table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from contract.names_in_configuration import EVENT_NAMES, attribute_spellings, metric_spellings, names_of_ours
from logtriage.telemetry.metrics import METRICS

ROOT = Path(__file__).parent.parent.parent
CHECKED = sorted(
    path
    for folder in ("alerts", "collector", "dashboards")
    for path in (ROOT / "config" / folder).rglob("*")
    if path.is_file()
)
ALERT_FILES = [path for path in CHECKED if "alerts" in path.parts and path.name != "alertmanager.yaml"]
PROMETHEUS_RULES = sorted((ROOT / "config" / "alerts" / "prometheus").glob("*.yaml"))
TARGET_LABELS = {"job", "instance"}


@pytest.mark.parametrize("path", [*CHECKED, ROOT / "README.md"], ids=lambda path: path.name)
def test_every_name_of_ours_exists(path: Path) -> None:
    known = attribute_spellings() | metric_spellings() | EVENT_NAMES
    assert set(names_of_ours(path.read_text())) <= known


@pytest.mark.parametrize("path", ALERT_FILES, ids=lambda path: path.name)
def test_the_check_sees_names_in_every_alert_file(path: Path) -> None:
    assert set(names_of_ours(path.read_text())) & (attribute_spellings() | metric_spellings())


@pytest.mark.parametrize("name", ["logtriage.categroy", "logtriage_triaged_record_total", "@logtriage.urgency"])
def test_a_misspelt_name_is_seen(name: str) -> None:
    assert set(names_of_ours(f"x {name} y")) - attribute_spellings() - metric_spellings()


@pytest.mark.parametrize("path", PROMETHEUS_RULES, ids=lambda path: path.name)
def test_rules_use_labels_that_their_metrics_have(path: Path) -> None:
    labels_of = {metric.prometheus_name: set(metric.labels) for metric in METRICS}
    for group in yaml.safe_load(path.read_text())["groups"]:
        for rule in group["rules"]:
            expression = rule["expr"]
            metrics = set(names_of_ours(expression))
            allowed = set().union(*(labels_of[metric] for metric in metrics)) | TARGET_LABELS
            used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression))
            for grouping in re.findall(r"\bby\s*\(([^)]*)\)", expression):
                used |= {label.strip() for label in grouping.split(",")}
            used |= set(re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"])))
            assert used <= allowed, f"{rule['alert']}: {used - allowed}"


def test_datadog_monitors_are_json_and_say_that_they_were_not_run() -> None:
    document = json.loads((ROOT / "config" / "alerts" / "datadog" / "monitors.json").read_text())
    assert document["note"].startswith("Not run")
    assert [monitor["type"] for monitor in document["monitors"]] == ["log alert", "log alert"]


def test_the_readme_holds_the_ten_lines_as_the_end_to_end_test_runs_them() -> None:
    snippet = (ROOT / "config" / "collector" / "readme-snippet.yaml").read_text()
    assert len(snippet.splitlines()) == 10
    assert f"```yaml\n{snippet}```" in (ROOT / "README.md").read_text()
