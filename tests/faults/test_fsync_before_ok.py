"""Each OK for records that wait leaves after the sync of the log they were written to: seen from outside, by strace."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from faults.damage import WAL
from faults.figures import Report
from faults.service import COMMAND
from faults.stage import Stage
from faults.system_calls import OPTIONS, Call, calls_of
from faults.tier import count
from faults.verdict import check

pytestmark = pytest.mark.faults

CALLS = count("TRACED_CALLS", ci=40, long=1000)


def test_no_ok_leaves_before_the_sync_of_its_records(tmp_path: Path, report: Report) -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace"
    one_at_a_time = ("--consumers=1", "--queue=1")
    with Stage(tmp_path, hold_seconds=30.0, error_every=5, generation_records=5, producer=one_at_a_time) as stage:
        stage.model.hang()
        trace = tmp_path / "trace"
        stage.service.program = ("strace", "-D", "-f", *OPTIONS, "-o", trace, COMMAND, "serve")
        stage.service.start()
        wall_minus_monotonic = time.time() - time.monotonic()
        for _ in range(CALLS):
            stage.producer.ask("send", requests=1, size=5)
        stage.wait_for(lambda: len(_acked(stage)) == CALLS, "all calls are answered", 60.0)
        stage.service.terminate()
        stage.ledger.refresh()
        calls = calls_of(trace)
        files = [call for call in calls if call.what == str(stage.state / "spool" / WAL)]
        answers = [call for call in calls if call.what.startswith("TCP") and f":{stage.service.port}->" in call.what]
        unsynced = []
        for number, (began, ended) in sorted(_acked(stage).items()):
            window = (began + wall_minus_monotonic, ended + wall_minus_monotonic)
            if not _is_synced_in(files, answers, window):
                unsynced.append(number)
        stage.model.behave(seconds=0.2)
        stage.service.program = (COMMAND, "serve")
        stage.service.start()
        settled = stage.settle()
        report(
            f"fsync before OK, {CALLS} calls",
            settled.account,
            synced_before_ok=f"{CALLS - len(unsynced)} of {CALLS}",
            syncs=sum(call.is_sync for call in files),
        )
        assert not unsynced
        check(stage, settled, kinds=("held", "forwarded"))


def _acked(stage: Stage) -> dict[int, tuple[float, float]]:
    """Give when each request's call began and was answered OK."""
    return {
        number: (began, ended)
        for number, sent in stage.ledger.sent.items()
        for began, ended, code in sent.calls
        if code == "OK"
    }


def _is_synced_in(files: list[Call], answers: list[Call], window: tuple[float, float]) -> bool:
    """Tell whether the log was written in the window, and all of it synced before the last bytes to the sender."""
    sent = [call.began for call in answers if window[0] < call.began < window[1]]
    if not sent:
        return False
    writes = [call for call in files if not call.is_sync and window[0] < call.began < sent[-1]]
    syncs = [call for call in files if call.is_sync and window[0] < call.began and call.ended < sent[-1]]
    return bool(writes) and any(sync.began >= writes[-1].ended for sync in syncs)
