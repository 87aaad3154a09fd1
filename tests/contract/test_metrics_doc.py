from __future__ import annotations

from pathlib import Path

from logtriage.telemetry.metrics_page import write_metrics_page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_metrics_is_what_the_table_says() -> None:
    assert (ROOT / "docs/metrics.md").read_text(encoding="utf-8") == write_metrics_page()
