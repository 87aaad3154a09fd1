"""Every LogQL query that we ship is parsed by Grafana's own grammar (an npm package, kept in the cache folder)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent / "logql"
ROOT = Path(__file__).parent.parent.parent
LOKI = ROOT / "config" / "alerts" / "loki"


@pytest.fixture(scope="module")
def grammar() -> Path:
    """A folder with the grammar installed; installed once for each list of packages."""
    if shutil.which("npm") is None:
        pytest.fail("`npm` is missing: apt install npm")
    cache = Path(os.environ.get("LOGTRIAGE_CACHE") or Path.home() / ".cache" / "logtriage")
    packages = (HERE / "package.json").read_bytes()
    folder = cache / "logql" / hashlib.sha256(packages).hexdigest()[:12]
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_bytes(packages)
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
        (folder / "installed").touch()
    shutil.copy(HERE / "parse.mjs", folder)
    return folder


def _first_faults(grammar: Path, queries: list[str]) -> list[int | None]:
    run = subprocess.run(
        ["node", "parse.mjs"], cwd=grammar, input=json.dumps(queries), text=True, capture_output=True, check=True
    )
    faults: list[int | None] = json.loads(run.stdout)
    return faults


def _shipped_queries() -> list[str]:
    rules = yaml.safe_load((LOKI / "rules.yaml").read_text())
    queries = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    for paragraph in re.split(r"\n\s*\n", (LOKI / "queries.logql").read_text()):
        query = "\n".join(line for line in paragraph.splitlines() if not line.startswith("#"))
        if query:
            queries.append(query)
    return queries


def test_loki_can_parse_every_query_that_we_ship(grammar: Path) -> None:
    queries = _shipped_queries()
    faults = dict(zip(queries, _first_faults(grammar, queries), strict=True))
    assert len(queries) >= 15
    assert {query: fault for query, fault in faults.items() if fault is not None} == {}


def test_a_boolean_without_quotes_is_seen_as_a_fault(grammar: Path) -> None:
    bad = '{service_name="shop"} | logtriage_is_actionable_for_oncall=true'
    assert _first_faults(grammar, [bad]) != [None]
