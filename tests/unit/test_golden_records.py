"""The golden set: labelled records of our own, in the data set format, one file a technology.

Beside the format each record may say ``decided_by: context`` (with other neighbours the label would be another one),
``harmless: true`` (printed at ERROR, nobody has to act), ``near_miss_of`` (looks like that harmless record and is
serious) and ``source: capture`` (software that ran for us printed it, broken by that ``scenario`` of
``tests/capture``).
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity, severity_of_word
from logtriage.verdicts.fingerprint import fingerprint_of_line

RECORDS = Path(__file__).parents[1] / "golden" / "records"
FILES = sorted(RECORDS.glob("*.jsonl"))

Record = dict[str, Any]

REQUIRED = {"id", "body", "expect"}
OPTIONAL = {
    *("severity_text", "service_name", "resource", "attributes", "context_before", "context_after"),
    *("decided_by", "harmless", "near_miss_of", "source", "scenario"),
}
EXPECT = {"category", "also_acceptable", "severity", "is_actionable_for_oncall"}
MAX_CONTEXT_LINES = 8


@cache
def golden_records() -> tuple[Record, ...]:
    """Read every record of every file, in the order of the files."""
    return tuple(
        json.loads(line) for file in FILES for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    )


def shown(records: list[Record]) -> list[str]:
    """Name records in a failed assertion."""
    return [str(record["id"]) for record in records]


def is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def fingerprint_of_golden(record: Record) -> str:
    """Fingerprint the whole record, as ``logtriage fingerprint FILE`` does."""
    level = record.get("severity_text", "")
    return fingerprint_of_line(
        record["body"],
        severity_text="" if level == "UNSPECIFIED" else level,
        resource={**record.get("resource", {}), "service.name": record.get("service_name", "")},
        attributes=record.get("attributes", {}),
    ).hex


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_line_of_a_golden_file_is_a_record_in_the_data_set_format(file: Path) -> None:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{file.name}:{number}"
        record = json.loads(line)
        assert record.keys() >= REQUIRED, where
        assert record.keys() <= REQUIRED | OPTIONAL, where
        for name in ("id", "body"):
            assert isinstance(record[name], str), f"{where}: {name}"
            assert record[name].strip(), f"{where}: {name}"
        for name in ("severity_text", "service_name"):
            assert isinstance(record.get(name, ""), str), f"{where}: {name}"
        for name in ("resource", "attributes"):
            assert isinstance(record.get(name, {}), dict), f"{where}: {name}"
        for name in ("context_before", "context_after"):
            assert is_text_list(record.get(name, [])), f"{where}: {name}"
            assert len(record.get(name, [])) <= MAX_CONTEXT_LINES, f"{where}: {name}"
        assert record.get("decided_by", "context") == "context", where
        assert record.get("harmless", True) is True, where
        assert record.get("source", "capture") == "capture", where


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_label_of_a_golden_file_is_one_that_a_report_can_carry(file: Path) -> None:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{file.name}:{number}"
        expect = json.loads(line)["expect"]
        assert expect.keys() == EXPECT, where
        category, severity = Category(expect["category"]), Severity(expect["severity"])
        also = [Category(name) for name in expect["also_acceptable"]]
        is_actionable = expect["is_actionable_for_oncall"]
        assert isinstance(is_actionable, bool), where
        assert len({category, *also}) == 1 + len(also), f"{where}: also_acceptable"
        assert (severity is Severity.DEBUG) == (category is Category.NOISE), f"{where}: noise, and only noise, is DEBUG"
        if category is Category.NOISE:
            assert not is_actionable, f"{where}: noise pages nobody"
        if severity is Severity.FATAL:
            assert is_actionable, f"{where}: FATAL is actionable"


def test_golden_ids_are_unique_over_all_files() -> None:
    times = Counter(record["id"] for record in golden_records())
    again = [name for name, count in times.items() if count > 1]
    assert not again, again


def test_no_two_golden_records_share_a_fingerprint() -> None:
    by_fingerprint: dict[str, list[str]] = {}
    for record in golden_records():
        by_fingerprint.setdefault(fingerprint_of_golden(record), []).append(record["id"])
    shared = [ids for ids in by_fingerprint.values() if len(ids) > 1]
    assert not shared, shared


def test_a_golden_record_decided_by_context_has_context() -> None:
    bare = [
        record
        for record in golden_records()
        if "decided_by" in record and not (record.get("context_before") or record.get("context_after"))
    ]
    assert not bare, shown(bare)


def test_a_harmless_golden_record_pages_nobody() -> None:
    wrong = [
        record for record in golden_records() if record.get("harmless") and record["expect"]["is_actionable_for_oncall"]
    ]
    assert not wrong, shown(wrong)


def test_a_near_miss_is_serious_and_names_the_harmless_record_that_it_resembles() -> None:
    by_id = {record["id"]: record for record in golden_records()}
    wrong = [
        record
        for record in golden_records()
        if "near_miss_of" in record
        and not (
            record["near_miss_of"] in by_id
            and not by_id[record["near_miss_of"]]["expect"]["is_actionable_for_oncall"]
            and record["expect"]["is_actionable_for_oncall"]
        )
    ]
    assert not wrong, shown(wrong)


TECHNOLOGIES = (
    *("kernel_systemd", "kubernetes", "containers", "postgres", "mysql", "redis", "kafka", "rabbitmq"),
    *("elasticsearch", "mongodb", "cassandra", "etcd", "nginx", "envoy_istio", "haproxy", "grpc"),
    *("jvm_spring", "go", "python", "node", "dotnet", "ruby", "rust", "php"),
    *("cloud_sdks", "tls_pki", "oauth_keycloak_vault", "dns", "ci", "message_formats", "opentelemetry"),
)


def test_the_golden_set_has_five_hundred_records() -> None:
    assert len(golden_records()) >= 500


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_each_technology_has_golden_records(technology: str) -> None:
    lines = (RECORDS / f"{technology}.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 15


@pytest.mark.parametrize("category", Category)
def test_each_category_has_golden_records(category: Category) -> None:
    assert sum(record["expect"]["category"] == category for record in golden_records()) >= 40


def test_context_decides_eighty_golden_records() -> None:
    assert sum("decided_by" in record for record in golden_records()) >= 80


def test_eighty_golden_records_are_harmless_and_printed_at_error() -> None:
    harmless = [record for record in golden_records() if record.get("harmless")]
    assert sum(severity_of_word(record.get("severity_text", "")) is Severity.ERROR for record in harmless) >= 80


def test_a_hundred_and_fifty_golden_records_were_printed_by_software_that_ran_for_us() -> None:
    captured = [record for record in golden_records() if record.get("source") == "capture"]
    assert len(captured) >= 150
    assert all(record.get("scenario") for record in captured)
