"""Applications' log files, through an agent, LogTriage and a gateway, into a file: the main job behind Collectors."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from e2e.applications import rows
from e2e.attribute_rules import assert_judged, assert_untouched
from e2e.programs import Program, free_port, wait_until
from e2e.stage import COLLECTOR_CONFIG, Stage
from e2e.transit import (
    Passed,
    as_it_was,
    assert_same_records,
    identity_of,
    records_of,
    requests_in_file,
    triage_attributes,
)
from logtriage.schema import attributes
from logtriage.schema.severity import Severity, severity_of_number

pytestmark = pytest.mark.e2e

JSON_COUNT, TEXT_COUNT = 600, 300


def test_log_files_arrive_whole_once_and_with_the_errors_judged(stage: Stage) -> None:
    json_rows, text_rows = rows("json", JSON_COUNT), rows("text", TEXT_COUNT)
    (stage.folder / "shop.json.log").write_text("".join(f"{row.json_line()}\n" for row in json_rows))
    (stage.folder / "shop.text.log").write_text("".join(f"{row.text_line()}\n" for row in text_rows))
    by_id = {row.id: row for row in (*json_rows, *text_rows)}
    triaged_file = stage.folder / "triaged.jsonl"
    gateway_port = free_port()

    stage.collector(
        "gateway",
        [COLLECTOR_CONFIG / "gateway.yaml"],
        {"TRIAGED_ENDPOINT": f"127.0.0.1:{gateway_port}", "TRIAGED_FILE": str(triaged_file)},
        newest=True,
    )
    service = stage.logtriage(f"127.0.0.1:{gateway_port}")
    before = stage.receiver(forward_to=service.address)
    start_agent(stage, before.address)
    wait_until(lambda: len(_ids(arrived_in(triaged_file))) == len(by_id), "all records in the gateway's file")
    stage.stop()

    arrived = arrived_in(triaged_file)
    assert Counter(id_of(passed.record) for passed in arrived) == Counter(by_id.keys())
    judged: list[Passed] = []
    for passed in arrived:
        row = by_id[id_of(passed.record)]
        assert passed.record.body.string_value == (row.text_line() if row.id.startswith("text") else row.text)
        if row.is_error:
            assert_judged(passed.record)
            judged.append(passed)
        else:
            assert_untouched(passed.record)
    assert_same_records(records_of(before.parsed()), arrived)
    # The run had something of each kind to judge: severity kept, changed, and told by the text alone.
    assert {severity_of_number(as_it_was(p.record).severity_number) for p in judged} >= {None, Severity.ERROR}
    assert {severity_of_number(p.record.severity_number) for p in judged} >= {Severity.WARN, Severity.ERROR}
    assert any(triage_attributes(p.record).get(attributes.ORIGINAL_LEVEL) == "error" for p in judged)
    assert sum(bool(triage_attributes(p.record).get(attributes.EVIDENCE)) for p in judged) > len(judged) / 2
    assert not [row for row in by_id.values() if row.id in service.program.log()], "text of records in our own log"


def start_agent(stage: Stage, address: str) -> Program:
    """Start an agent that reads the test's log files and sends them to the address."""
    environment = {
        "JSON_LOGS": str(stage.folder / "*.json.log"),
        "TEXT_LOGS": str(stage.folder / "*.text.log"),
        "TEXT_LOGS_SERVICE": "shop",
        "AGENT_STATE_DIRECTORY": str(stage.folder / "agent"),
        "LOGTRIAGE_ENDPOINT": address,
    }
    return stage.collector("agent", [COLLECTOR_CONFIG / "agent.yaml"], environment)


def arrived_in(file: Path) -> list[Passed]:
    """Give the records in the gateway's file."""
    return list(records_of(requests_in_file(file))) if file.exists() else []


def id_of(record: LogRecord) -> str:
    """Give the id of a record: an attribute, or for lines without a parser the last word of the text."""
    in_text = re.search(r" id=(\S+)$", record.body.string_value)
    return identity_of(record) or (in_text.group(1) if in_text else "")


def _ids(arrived: list[Passed]) -> set[str]:
    return {id_of(passed.record) for passed in arrived}
