from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from logtriage.engines.mimo.budget import Budget
from logtriage.engines.mimo.budget_file import BUDGET_FILE_NAME, BudgetFile, Moment, moment_now
from logtriage.engines.mimo.budget_levels import BUCKETS, BudgetLimits, Levels, Limit
from support.virtual_time import run_in_virtual_time

LIMITS = BudgetLimits(
    requests_per_minute=100,
    tokens_per_minute=10_000_000,
    usd_per_day=5.0,
    max_concurrency=8,
    reserve_share=0.2,
    cap_per_service_share=0.25,
)
START = 1_800_000_000.0
RESERVE_USD = 0.1


class Machine:
    """Clocks to set."""

    def __init__(self) -> None:
        self.unix_seconds = START
        self.boot_id = "one"
        self.boot_seconds = 5000.0

    def __call__(self) -> Moment:
        return Moment(unix_seconds=self.unix_seconds, boot_id=self.boot_id, boot_seconds=self.boot_seconds)

    def pass_time(self, seconds: float) -> None:
        self.unix_seconds += seconds
        self.boot_seconds += seconds


def levels(usd: float, **of_services: float) -> Levels:
    return Levels(
        common={Limit.REQUESTS: 3.0, Limit.TOKENS: 1e6, Limit.USD: usd},
        usd_of_services=of_services,
    )


def written(folder: Path, machine: Machine, usd: float, **of_services: float) -> BudgetFile:
    file = BudgetFile(folder, LIMITS, moment=machine)
    assert file.write(levels(usd, **of_services))
    return BudgetFile(folder, LIMITS, moment=machine)


def usd_after(file: BudgetFile) -> float:
    loaded = file.load()
    return RESERVE_USD if loaded is None else loaded.common[Limit.USD]


def test_a_restart_refills_by_the_time_that_passed_and_no_more(tmp_path: Path) -> None:
    machine = Machine()
    file = written(tmp_path, machine, 0.05, checkout=0.01)
    machine.pass_time(100.0)
    loaded = file.load()

    assert loaded is not None
    assert loaded.common[Limit.USD] == pytest.approx(0.05 + 100 * 4.5 / 86_400)
    assert loaded.usd_of_services["checkout"] == pytest.approx(0.01 + 100 * 4.5 / 4 / 86_400)


def test_a_hundred_restarts_in_a_row_give_nothing(tmp_path: Path) -> None:
    machine = Machine()
    file = written(tmp_path, machine, 0.0)
    for _ in range(100):
        loaded = file.load()
        assert loaded is not None
        budget = Budget(LIMITS, first_expected_tokens=1, first_expected_usd=0.01, now=0.0, levels=loaded)
        assert not budget.admit("a", is_new=True, expected_tokens=1, expected_usd=0.01, now=0.0).is_ok
        file.write(budget.levels(0.0))

    assert usd_after(file) == 0.0


def test_a_debt_survives_a_restart(tmp_path: Path) -> None:
    assert usd_after(written(tmp_path, Machine(), -0.3)) == pytest.approx(-0.3)


def test_a_wall_clock_set_forward_mints_no_money_within_one_boot(tmp_path: Path) -> None:
    machine = Machine()
    file = written(tmp_path, machine, 0.0)
    machine.unix_seconds += 10 * 365 * 86_400.0
    machine.boot_seconds += 10.0

    assert usd_after(file) == pytest.approx(10 * 4.5 / 86_400)


def test_a_wall_clock_set_forward_over_a_reboot_mints_no_more_than_the_burst(tmp_path: Path) -> None:
    machine = Machine()
    file = written(tmp_path, machine, 0.0)
    machine.unix_seconds += 10 * 365 * 86_400.0
    machine.boot_id, machine.boot_seconds = "two", 3.0

    assert usd_after(file) == pytest.approx(0.5)


@pytest.mark.parametrize(("kept", "left"), [(0.4, RESERVE_USD), (0.03, 0.03), (-1.0, -1.0)])
def test_a_file_from_the_future_leaves_at_most_the_reserve_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kept: float, left: float
) -> None:
    machine = Machine()
    file = written(tmp_path, machine, kept)
    machine.unix_seconds -= 3600

    with caplog.at_level(logging.WARNING, logger="logtriage"):
        assert usd_after(file) == pytest.approx(left)

    assert [entry.getMessage() for entry in caplog.records] == [
        "the budget file comes from the future: starting with the reserve only"
    ]


def test_a_clock_set_right_by_a_second_is_no_future(tmp_path: Path) -> None:
    machine = Machine()
    file = written(tmp_path, machine, 0.4)
    machine.unix_seconds -= 1

    assert usd_after(file) == pytest.approx(0.4)


def content(**changes: Any) -> bytes:
    whole = {
        "version": 1,
        "saved_unix_seconds": START,
        "boot_id": "",
        "boot_seconds": 0.0,
        "left": {"requests": 1.0, "tokens": 1.0, "usd": 0.4},
        "usd_left_of_services": {},
    }
    return json.dumps({**whole, **changes}).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"\xff\xfe\x00", id="not text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b" " * (2 << 20), id="too large"),
        pytest.param(content(version=2), id="a later version"),
        pytest.param(content(left=None), id="no levels"),
        pytest.param(content(left={"requests": 1, "tokens": 1}), id="no money"),
        pytest.param(content(left={"requests": 1, "tokens": 1, "usd": float("nan")}), id="not a number"),
        pytest.param(content(left={"requests": 1, "tokens": 1, "usd": float("inf")}), id="infinite"),
        pytest.param(content().replace(b"0.4", b"1e999"), id="overflowing"),
        pytest.param(content().replace(b"0.4", b'"0.4"'), id="text for a number"),
        pytest.param(content().replace(b"0.4", b"true"), id="true for a number"),
        pytest.param(content(saved_unix_seconds=None), id="no time"),
        pytest.param(content(usd_left_of_services={"a": "x"}), id="text for a service's money"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_the_reserve_only_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    (tmp_path / BUDGET_FILE_NAME).write_bytes(data)
    with caplog.at_level(logging.WARNING, logger="logtriage"):
        assert BudgetFile(tmp_path, LIMITS, moment=Machine()).load() is None

    assert [entry.getMessage() for entry in caplog.records] == [
        "the budget file cannot be read: starting with the reserve only"
    ]


def test_the_content_that_those_faults_were_made_from_is_read(tmp_path: Path) -> None:
    (tmp_path / BUDGET_FILE_NAME).write_bytes(content())

    assert usd_after(BudgetFile(tmp_path, LIMITS, moment=Machine())) == pytest.approx(0.4)


@pytest.mark.parametrize(("kept", "left"), [(1e9, 0.5), (-1e9, -5.0)])
def test_levels_out_of_bounds_are_brought_inside(tmp_path: Path, kept: float, left: float) -> None:
    assert usd_after(written(tmp_path, Machine(), kept)) == pytest.approx(left)


def test_no_file_yet_leaves_the_reserve_only_without_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="logtriage"):
        assert BudgetFile(tmp_path, LIMITS, moment=Machine()).load() is None

    assert not caplog.records


def test_the_file_is_small_private_and_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / BUDGET_FILE_NAME
    path.write_bytes(b"old")
    path.chmod(0o644)
    with path.open("rb") as old:
        written(tmp_path, Machine(), 0.2, **{f"service-{i}": 0.01 for i in range(1000)})
        assert old.read() == b"old"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size < 64 * 1024
    assert os.listdir(tmp_path) == [BUDGET_FILE_NAME]


def test_the_content_is_on_the_disk_before_it_takes_the_old_one_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("fsync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "fsync file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    written(tmp_path, Machine(), 0.2)

    assert steps == ["fsync file", "replace", "fsync folder"]


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / (BUDGET_FILE_NAME + ".new")).symlink_to(victim)

    assert not BudgetFile(tmp_path, LIMITS, moment=Machine()).write(levels(0.1))
    assert victim.read_bytes() == b"precious"


def test_a_folder_that_is_gone_is_said_once_and_again_after_it_came_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "state"
    file = BudgetFile(folder, LIMITS, moment=Machine())
    with caplog.at_level(logging.WARNING, logger="logtriage"):
        assert [file.write(levels(0.1)) for _ in range(3)] == [False] * 3
        assert len(caplog.records) == 1
        folder.mkdir()
        assert file.write(levels(0.1))
        assert len(caplog.records) == 1
        (folder / BUDGET_FILE_NAME).unlink()
        folder.rmdir()
        assert not file.write(levels(0.1))

    assert len(caplog.records) == 2


async def at_once(function: Callable[..., bool], *arguments: object) -> bool:
    """In the place of a thread: virtual time does not wait for threads."""
    return function(*arguments)


def test_it_is_written_at_most_once_a_second_and_only_if_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = BudgetFile(tmp_path, LIMITS, moment=Machine())
    writes: list[Levels] = []
    monkeypatch.setattr(file, "write", lambda kept: writes.append(kept) is None)
    monkeypatch.setattr(asyncio, "to_thread", at_once)

    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        full = Levels(common={limit: LIMITS.rate(limit).burst for limit in BUCKETS})
        budget = Budget(LIMITS, first_expected_tokens=1, first_expected_usd=1e-6, now=0.0, levels=full)
        keeper = asyncio.create_task(file.keep(budget, loop.time))
        counts = []
        for busy in (False, True, True, False):
            for _ in range(50):
                await asyncio.sleep(0.1)
                if busy:
                    admission = budget.admit("a", is_new=True, expected_tokens=1, expected_usd=1e-6, now=loop.time())
                    if admission.is_ok:
                        budget.settle(admission, tokens=1, usd=1e-6, now=loop.time())
            counts.append(len(writes))
        keeper.cancel()
        await asyncio.wait([keeper])
        return counts

    idle, busy, busier, idle_again = run_in_virtual_time(main())

    assert idle == 1
    assert 2 <= busy - idle <= 6
    assert 2 <= busier - busy <= 6
    assert idle_again - busier <= 1


def test_the_machine_s_clocks_can_be_read() -> None:
    first, second = moment_now(), moment_now()

    assert second.boot_id == first.boot_id
    assert second.boot_seconds >= first.boot_seconds
    assert second.unix_seconds > 1_700_000_000


def test_writes_that_meet_leave_the_file_whole(tmp_path: Path) -> None:
    file = BudgetFile(tmp_path, LIMITS)
    many = {f"service {number}": 0.5 for number in range(200)}

    def write_often(services: dict[str, float]) -> bool:
        return all(file.write(levels(1.0, **services)) for _ in range(25))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(write_often, [many, {}] * 3))
    assert json.loads((tmp_path / BUDGET_FILE_NAME).read_bytes())["version"] == 1
