from __future__ import annotations

import re
from collections import Counter

import pytest

from logtriage.telemetry import metrics
from logtriage.telemetry.metrics import METRICS, Kind, Metric
from support.tables import each_row


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (metrics.RECEIVER_ACCEPTED_LOG_RECORDS, "logtriage_receiver_accepted_log_records_total"),
        (metrics.RECEIVER_IN_FLIGHT, "logtriage_receiver_in_flight_bytes"),
        (metrics.TRIAGED_RECORDS, "logtriage_triaged_records_total"),
        (metrics.UNTRIAGED_LOG_RECORDS, "logtriage_untriaged_log_records_total"),
        (metrics.JUDGE_DURATION, "logtriage_judge_duration_seconds"),
        (metrics.VERDICTS_SIZE, "logtriage_verdicts_size"),
        (metrics.BUILD_INFO, "logtriage_build_info"),
        (metrics.PROCESS_CPU, "logtriage_process_cpu_seconds_total"),
    ],
)
def test_names_that_alert_rules_use_do_not_change(metric: Metric, name: str) -> None:
    assert metric.prometheus_name == name


def test_every_metric_of_the_module_stands_in_the_table_once() -> None:
    constants = [value for value in vars(metrics).values() if isinstance(value, Metric)]

    assert Counter(metric.name for metric in METRICS) == Counter(metric.name for metric in constants)
    assert len({metric.prometheus_name for metric in METRICS}) == len(METRICS)


@each_row("metric", METRICS)
def test_a_metric_is_named_and_described_by_our_rules(metric: Metric) -> None:
    assert re.fullmatch(r"(logtriage|gen_ai)(\.[a-z_]+)+", metric.name)
    assert "total" not in metric.name
    assert metric.description.endswith(".")
    assert "|" not in metric.description
    assert bool(metric.buckets) is (metric.kind is Kind.HISTOGRAM)
    assert list(metric.buckets) == sorted(metric.buckets)


def test_the_counter_to_alert_on_has_the_labels_of_the_alert_rules() -> None:
    assert metrics.TRIAGED_RECORDS.labels == ("source_service", "category", "severity", "is_actionable_for_oncall")
