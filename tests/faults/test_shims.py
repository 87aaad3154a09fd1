"""The shims do what the fault tests take them to do: shown by small programs before anything rests on it."""

from __future__ import annotations

import os
import random
import sqlite3
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faults.power import PAGE_BYTES, PowerSupply, mix
from faults.shims import shim

pytestmark = pytest.mark.faults


def run(program: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a program in a folder, under a shim; it ends by SIGKILL, as in a power cut, if it says so itself."""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode in (0, -9), ended.stderr
    return ended.stdout


@pytest.fixture
def supply(tmp_path: Path) -> PowerSupply:
    root = tmp_path / "root"
    root.mkdir()
    return PowerSupply(root, tmp_path / "store")


FILES = """
import os
def sync(path):
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)
def write(path, text):
    with open(path, "r+" if os.path.exists(path) else "w") as file:
        file.write(text)
"""


@pytest.mark.parametrize(
    ("program", "left"),
    [
        ("write('old', 'changed'); sync('old')", {"old": "changed", "other": "B"}),
        ("write('old', 'changed')", {"old": "A", "other": "B"}),
        ("write('old', 'X'); sync('old'); write('old', 'Y')", {"old": "X", "other": "B"}),
        ("write('new', 'N'); sync('new')", {"old": "A", "other": "B"}),
        ("write('new', 'N'); sync('.')", {"old": "A", "other": "B", "new": ""}),
        ("write('new', 'N'); sync('new'); sync('.')", {"old": "A", "other": "B", "new": "N"}),
        ("os.rename('old', 'new')", {"old": "A", "other": "B"}),
        ("os.rename('old', 'new'); sync('.')", {"new": "A", "other": "B"}),
        ("os.rename('other', 'old')", {"old": "A", "other": "B"}),
        ("os.unlink('old')", {"old": "A", "other": "B"}),
        ("os.unlink('old'); sync('.')", {"other": "B"}),
        ("os.unlink('old'); write('old', 'N'); sync('old')", {"old": "A", "other": "B"}),
        ("os.truncate('old', 0)", {"old": "A", "other": "B"}),
        ("os.mkdir('in'); write('in/new', 'N'); sync('in/new'); sync('in')", {"old": "A", "other": "B"}),
        (
            "os.mkdir('in'); write('in/new', 'N'); sync('in/new'); sync('in'); sync('.')",
            {"old": "A", "other": "B", "in/new": "N"},
        ),
    ],
)
def test_a_power_cut_leaves_what_was_synced(supply: PowerSupply, program: str, left: dict[str, str]) -> None:
    (supply.root / "old").write_text("A")
    (supply.root / "other").write_text("B")
    supply.sync_all()
    run(f"{FILES}\n{program}", supply.root, supply.environment())
    supply.cut_off()
    found = {str(path.relative_to(supply.root)): path.read_text() for path in supply.root.rglob("*") if path.is_file()}
    assert found == left


DATABASE = """
import os, signal, sqlite3
database = sqlite3.connect("db", isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous={synchronous}")
database.execute("CREATE TABLE IF NOT EXISTS rows (number)")
for number in range(100):
    database.execute("INSERT INTO rows VALUES (?)", (number,))
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("synchronous", "keeps_all"), [("FULL", True), ("NORMAL", False), ("OFF", False)])
@pytest.mark.parametrize("is_mixed", [False, True])
def test_of_a_database_only_synchronous_full_keeps_each_commit(
    supply: PowerSupply, synchronous: str, keeps_all: bool, is_mixed: bool
) -> None:
    supply.sync_all()
    said = run(DATABASE.format(synchronous=synchronous), supply.root, supply.environment()).split()
    assert len(said) == 100
    supply.cut_off(mixed=random.Random(1) if is_mixed else None)
    with sqlite3.connect(supply.root / "db") as database:
        has_table = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        kept = database.execute("SELECT count(*) FROM rows").fetchone()[0] if has_table else 0
    database.close()
    assert (kept == 100) == keeps_all


def test_a_mixed_file_has_old_and_new_pages() -> None:
    old, new = b"a" * PAGE_BYTES * 50, b"b" * PAGE_BYTES * 60
    mixed = mix(old, new, random.Random(1))
    assert len(mixed) == len(new)
    assert {mixed[at] for at in range(0, len(mixed), PAGE_BYTES)} == {0, ord("a"), ord("b")}


ERRORS = """
import os, sys
file = os.open("{root}/file", os.O_RDWR | os.O_CREAT)
with open("{switch}", "w") as switch:
    switch.write("{said}")
for call in (lambda: os.write(file, b"x"), lambda: os.pwrite(file, b"x", 0), lambda: os.fsync(file),
             lambda: os.fdatasync(file), lambda: os.ftruncate(file, 0), lambda: os.open("{root}/file", os.O_WRONLY)):
    try:
        call()
        print("ok")
    except OSError as error:
        print(error.errno)
"""


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ("", ["ok"] * 6),
        ("pwrite 28", ["ok", "28", "ok", "ok", "ok", "ok"]),
        ("fdatasync 5", ["ok", "ok", "ok", "5", "ok", "ok"]),
        ("all 30", ["30"] * 6),
    ],
)
def test_disk_errors_come_below_the_root_and_where_the_switch_says(
    tmp_path: Path, said: str, errors: list[str]
) -> None:
    root, switch = tmp_path / "root", tmp_path / "switch"
    root.mkdir()
    environment = {
        "LD_PRELOAD": str(shim("disk_errors")),
        "DISK_ERRORS_ROOT": str(root),
        "DISK_ERRORS_SWITCH": str(switch),
    }
    assert run(ERRORS.format(root=root, switch=switch, said=said), tmp_path, environment).split() == errors


def test_the_clock_is_off_by_what_the_file_says_while_the_program_runs(tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    offset.write_bytes(struct.pack("<q", 3600 * 10**9))
    program = f"""
import struct, time
before = time.time(), time.monotonic()
with open({str(offset)!r}, "r+b") as file:
    file.write(struct.pack("<q", -1_500_000_000))
print(*before, time.time(), time.monotonic(), time.time_ns())
"""
    told = run(program, tmp_path, {"LD_PRELOAD": str(shim("clock")), "CLOCK_OFFSET": str(offset)}).split()
    before, monotonic_before, after, monotonic_after, nanos = map(float, told)
    now = time.time()
    assert abs(before - now - 3600) < 30
    assert abs(after - now + 1.5) < 30
    assert 3600 < before - after < 3610
    assert 0 <= monotonic_after - monotonic_before < 30
    assert abs(nanos / 1e9 - after) < 1
