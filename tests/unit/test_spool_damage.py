"""Damaged files: never a crash loop, what can be read is delivered, what cannot is counted by record."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from logtriage.spool.counts import COUNTS_NAME
from logtriage.spool.database import wal_of
from logtriage.spool.folder import DATABASE_NAME, MAX_CORRUPT_FILES
from support.spooling import HASH, Spooling, numbers_in, row_of, spooling

ROWS = 40
RECORDS = 3
PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with forty rows of three records, cleanly closed: all of it in the database, no log."""

    async def fill() -> None:
        async with spooling(tmp_path / "spool") as found:
            for number in range(ROWS):
                await found.hold(row_of(number, size_bytes=10_000, request_hash=number.to_bytes(16, "big")))

    asyncio.run(fill())
    return tmp_path / "spool"


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """Give the same as a kill leaves it: the first twenty rows in the database, the others in the log only."""

    async def fill() -> None:
        async with spooling(tmp_path / "before") as found:
            for number in range(ROWS):
                await found.hold(row_of(number, size_bytes=10_000, request_hash=number.to_bytes(16, "big")))
                if number == 19:
                    async with asyncio.timeout(10):
                        while wal_of(found.folder / DATABASE_NAME).stat().st_size:
                            await asyncio.sleep(0.02)
            shutil.copytree(tmp_path / "before", tmp_path / "spool")

    asyncio.run(fill())
    return tmp_path / "spool"


async def all_found(found: Spooling) -> list[int]:
    """Wait until all that was set aside is salvaged; give the numbers of all rows that can be read."""
    await salvaged(found)
    heads = [*found.first, *found.late]
    assert len({head.id for head in heads}) == len(heads)
    numbers = await numbers_in(found.spool, heads)
    await salvaged(found)
    return sorted(number for number in numbers if number is not None)


async def salvaged(found: Spooling) -> None:
    async with asyncio.timeout(10):
        while any(name.startswith("spool-salvaging") for name in found.names):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0)


def check(folder: Path) -> tuple[int, dict[str, float], list[str]]:
    """Start on a damaged folder, hold one more row, start again: nothing more may be lost, nothing said twice.

    Gives how many of the forty rows were readable, what was counted as lost, and the files.
    """

    async def scenario() -> tuple[int, dict[str, float], list[str]]:
        async with spooling(folder) as found:
            survivors = await all_found(found)
            lost, names = found.lost, found.names
            assert len(survivors) * RECORDS + sum(lost.values()) == ROWS * RECORDS
            assert not found.spool.is_broken
            assert found.spool.records == len(survivors) * RECORDS
            await found.hold(row_of(1000))
        async with spooling(folder) as again:
            assert await all_found(again) == [*survivors, 1000]
            assert again.lost == {}
        return len(survivors), lost, names

    return asyncio.run(scenario())


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def place_of_payload(folder: Path, number: int, at: int = 5000) -> int:
    payload = row_of(number, size_bytes=10_000).payload
    place = (folder / DATABASE_NAME).read_bytes().find(payload[at : at + 200])
    assert place > 0
    return place


def corrupt_files(names: list[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"spool-corrupt-\d{8}T\d{6}Z(-\d+)?\.sqlite3", name)]


def test_without_damage_all_is_found(folder: Path) -> None:
    assert check(folder) == (ROWS, {}, [COUNTS_NAME, "spool.lock", DATABASE_NAME, DATABASE_NAME + "-wal"])


def test_a_flipped_byte_in_a_payload_costs_that_row(folder: Path) -> None:
    place = place_of_payload(folder, 7)
    overwrite(folder / DATABASE_NAME, place, bytes([(folder / DATABASE_NAME).read_bytes()[place] ^ 1]))
    survivors, lost, names = check(folder)
    assert (survivors, lost) == (ROWS - 1, {"corrupt": RECORDS})
    assert len(corrupt_files(names)) == 1, "who knows what else is damaged"


def test_a_page_that_two_rows_claim_costs_one_of_them(folder: Path) -> None:
    """SQLite would free the page with the first row that is removed, and the other would be lost, too."""
    data = (folder / DATABASE_NAME).read_bytes()
    pages = [place_of_payload(folder, number, at=7000) // PAGE + 1 for number in (7, 20)]
    before = [at for at in range(0, len(data), PAGE) if int.from_bytes(data[at : at + 4], "big") == pages[0]]
    assert len(before) == 1
    overwrite(folder / DATABASE_NAME, before[0], pages[1].to_bytes(4, "big"))
    survivors, lost, _ = check(folder)
    assert (survivors, lost) == (ROWS - 1, {"corrupt": RECORDS})


def test_a_torn_page_costs_the_rows_on_it(folder: Path) -> None:
    page = place_of_payload(folder, 7) // PAGE * PAGE
    overwrite(folder / DATABASE_NAME, page + 512, os.urandom(PAGE - 512))
    survivors, lost, _ = check(folder)
    assert survivors == ROWS - 1
    assert lost == {"corrupt": RECORDS}


@pytest.mark.parametrize("page", range(12))
def test_a_zeroed_page_anywhere_costs_few_rows_and_is_counted_exactly(folder: Path, page: int) -> None:
    overwrite(folder / DATABASE_NAME, page * PAGE, bytes(PAGE))
    survivors, _, _ = check(folder)
    assert survivors >= ROWS - 8, "those whose beginning lies on the page"


def test_a_zeroed_root_of_the_rows_costs_nothing(folder: Path) -> None:
    overwrite(folder / DATABASE_NAME, 2 * PAGE, bytes(PAGE))
    survivors, lost, _ = check(folder)
    assert (survivors, lost) == (ROWS, {})


def test_a_zeroed_first_page_costs_nothing(folder: Path) -> None:
    overwrite(folder / DATABASE_NAME, 0, bytes(PAGE))
    survivors, lost, names = check(folder)
    assert (survivors, lost) == (ROWS, {})
    assert len(corrupt_files(names)) == 1


def test_a_zeroed_root_of_the_heads_costs_nothing(folder: Path) -> None:
    overwrite(folder / DATABASE_NAME, PAGE, bytes(PAGE))
    survivors, lost, names = check(folder)
    assert (survivors, lost) == (ROWS, {}), "rows stand for themselves"
    assert len(corrupt_files(names)) == 1


def test_a_flipped_byte_in_a_head_costs_nothing(folder: Path) -> None:
    place = (folder / DATABASE_NAME).read_bytes().find(row_of(7).fingerprint)
    overwrite(folder / DATABASE_NAME, place, b"\x01")
    survivors, lost, names = check(folder)
    assert (survivors, lost) == (ROWS, {})
    assert len(corrupt_files(names)) == 1


@pytest.mark.parametrize("kept_bytes", [0, 100, PAGE, 3 * PAGE, 60 * PAGE, 100 * PAGE - 77])
def test_a_truncated_file_is_counted_exactly(folder: Path, kept_bytes: int) -> None:
    os.truncate(folder / DATABASE_NAME, kept_bytes)
    survivors, lost, _ = check(folder)
    assert survivors < ROWS
    assert lost


@pytest.mark.parametrize("content", [b"garbage", b"x" * 100_000, b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_database_is_set_aside_and_counted(folder: Path, content: bytes) -> None:
    (folder / DATABASE_NAME).write_bytes(content)
    survivors, lost, names = check(folder)
    assert survivors == 0
    assert lost == {"corrupt": ROWS * RECORDS}
    (aside,) = corrupt_files(names)
    assert (folder / aside).stat().st_size == len(content)


def test_a_database_of_another_program_is_set_aside_as_it_is(folder: Path) -> None:
    (folder / DATABASE_NAME).unlink()
    foreign = sqlite3.connect(folder / DATABASE_NAME)
    foreign.executescript("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('kept');")
    foreign.close()
    survivors, lost, names = check(folder)
    assert (survivors, lost) == (0, {"corrupt": ROWS * RECORDS})
    (aside,) = corrupt_files(names)
    copy = sqlite3.connect(folder / aside)
    assert copy.execute("SELECT title FROM song").fetchall() == [("kept",)]
    copy.close()


def test_a_deleted_database_is_counted(folder: Path) -> None:
    (folder / DATABASE_NAME).unlink()
    assert check(folder)[:2] == (0, {"missing": ROWS * RECORDS})


def test_a_log_deleted_before_the_start_is_counted(killed: Path) -> None:
    wal_of(killed / DATABASE_NAME).unlink()
    assert check(killed)[:2] == (20, {"missing": 20 * RECORDS})


def test_a_flipped_byte_in_the_log_costs_what_was_committed_after_it(killed: Path) -> None:
    wal = wal_of(killed / DATABASE_NAME)
    overwrite(wal, wal.stat().st_size // 2, b"\xff\x00\xff")
    survivors, lost, _ = check(killed)
    assert 20 < survivors < ROWS
    assert lost == {"missing": (ROWS - survivors) * RECORDS}


def test_a_truncated_log_is_counted(killed: Path) -> None:
    wal = wal_of(killed / DATABASE_NAME)
    os.truncate(wal, wal.stat().st_size // 2 + 100)
    survivors, lost, _ = check(killed)
    assert 20 < survivors < ROWS
    assert lost == {"missing": (ROWS - survivors) * RECORDS}


def test_rows_that_were_delivered_do_not_come_back_with_an_older_file(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "before") as found:
            heads = await found.hold(*(row_of(number) for number in range(10)))
            async with asyncio.timeout(10):
                while wal_of(found.folder / DATABASE_NAME).stat().st_size:
                    await asyncio.sleep(0.02)
            await found.spool.remove([head.id for head in heads[:4]])
            shutil.copytree(tmp_path / "before", tmp_path / "spool")
        wal_of(tmp_path / "spool" / DATABASE_NAME).unlink()
        async with spooling(tmp_path / "spool") as after:
            assert await all_found(after) == [4, 5, 6, 7, 8, 9]
            assert after.lost == {}

    asyncio.run(scenario())


def test_a_stale_shm_file_does_no_harm(killed: Path) -> None:
    (killed / (DATABASE_NAME + "-shm")).write_bytes(os.urandom(32768))
    assert check(killed)[:2] == (ROWS, {})


@pytest.mark.parametrize("harm", ["deleted", "garbage", "torn", "flipped"])
def test_without_a_sound_account_the_rows_of_a_sound_file_are_found(killed: Path, harm: str) -> None:
    account = killed / COUNTS_NAME
    size = account.stat().st_size
    harms: dict[str, Callable[[], object]] = {
        "deleted": account.unlink,
        "garbage": lambda: account.write_bytes(b"garbage"),
        "torn": lambda: os.truncate(account, size - 5),
        "flipped": lambda: overwrite(account, size // 2, b"\xff\xff"),
    }
    harms[harm]()
    assert check(killed)[:2] == (ROWS, {})


def test_a_salvage_that_a_kill_cuts_off_goes_on_at_the_next_start(folder: Path, tmp_path: Path) -> None:
    overwrite(folder / DATABASE_NAME, PAGE, bytes(PAGE))

    async def scenario() -> None:
        async with spooling(folder) as found:
            await all_found(found)
            assert found.lost == {}
        # As after the renames and before the first row was copied:
        (aside,) = corrupt_files(os.listdir(folder))
        (folder / aside).rename(folder / aside.replace("corrupt", "salvaging"))
        for file in (folder / DATABASE_NAME, wal_of(folder / DATABASE_NAME)):
            file.unlink(missing_ok=True)
        async with spooling(folder) as after:
            assert await all_found(after) == list(range(ROWS))
            assert after.lost == {}

    asyncio.run(scenario())


def test_files_that_were_set_aside_are_kept_up_to_a_number(tmp_path: Path) -> None:
    async def scenario() -> None:
        for _ in range(MAX_CORRUPT_FILES + 2):
            (tmp_path / "spool").mkdir(exist_ok=True)
            (tmp_path / "spool" / DATABASE_NAME).write_bytes(b"garbage")
            async with spooling(tmp_path / "spool") as found:
                await all_found(found)
        assert len(corrupt_files(os.listdir(tmp_path / "spool"))) == MAX_CORRUPT_FILES

    asyncio.run(scenario())


def test_a_file_damaged_while_it_is_open_is_replaced_and_the_rest_delivered(folder: Path) -> None:
    async def scenario() -> None:
        async with spooling(folder) as found:
            size = (folder / DATABASE_NAME).stat().st_size
            overwrite(folder / DATABASE_NAME, PAGE, os.urandom(size // 2))
            survivors = [number for number in await numbers_in(found.spool, found.first) if number is not None]
            assert 0 < len(survivors) < ROWS
            assert await numbers_in(found.spool, await found.hold(row_of(1000))) == [1000]
            assert sum(found.lost.values()) == (ROWS - len(survivors)) * RECORDS
            assert found.spool.records == (len(survivors) + 1) * RECORDS
            assert not found.spool.is_broken
            assert found.late == [], "its owner knows these rows"

    asyncio.run(scenario())


@pytest.mark.parametrize("gone", ["log", "database", "both", "account", "folder"])
def test_files_deleted_while_they_are_open_cost_nothing(folder: Path, gone: str) -> None:
    async def scenario() -> None:
        async with spooling(folder) as found:
            before = await found.hold(row_of(500))
            if gone == "folder":
                shutil.rmtree(folder)
            if gone in ("log", "both"):
                wal_of(folder / DATABASE_NAME).unlink()
            if gone in ("database", "both"):
                (folder / DATABASE_NAME).unlink()
            if gone == "account":
                (folder / COUNTS_NAME).unlink()
            after = await found.hold(row_of(501))
            assert await numbers_in(found.spool, before + after) == [500, 501]
            shutil.copytree(folder, folder.with_name("killed"))
            assert found.lost == {}
        async with spooling(folder.with_name("killed")) as last:
            assert await all_found(last) == [*range(ROWS), 500, 501]
            assert last.lost == {}

    asyncio.run(scenario())


def test_a_database_replaced_by_another_file_while_it_is_open_is_put_back(folder: Path) -> None:
    async def scenario() -> None:
        async with spooling(folder) as found:
            (folder / DATABASE_NAME).rename(folder / "moved")
            (folder / DATABASE_NAME).write_bytes(b"somebody else's")
            await found.hold(row_of(501))
            assert len(await numbers_in(found.spool, found.first)) == ROWS
            assert len(corrupt_files(found.names)) == 1
        async with spooling(folder) as last:
            assert await all_found(last) == [*range(ROWS), 501]

    asyncio.run(scenario())


def test_rows_whose_sender_has_no_ok_yet_are_nobody_s_loss(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "before") as found:
            await found.hold(row_of(0))
            async with asyncio.timeout(10):
                while wal_of(found.folder / DATABASE_NAME).stat().st_size:
                    await asyncio.sleep(0.02)
            await found.spool.put([row_of(1), row_of(2)])
            shutil.copytree(tmp_path / "before", tmp_path / "spool")
        wal_of(tmp_path / "spool" / DATABASE_NAME).unlink()
        async with spooling(tmp_path / "spool") as after:
            assert await all_found(after) == [0]
            assert after.lost == {}
            assert after.spool.take_suppressed(HASH) == frozenset(), "the sender's next try is stored"

    asyncio.run(scenario())


def test_an_older_file_does_not_suppress_what_was_discarded_since(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with spooling(tmp_path / "before") as found:
            heads = await found.spool.put([row_of(1)])
            async with asyncio.timeout(10):
                while wal_of(found.folder / DATABASE_NAME).stat().st_size:
                    await asyncio.sleep(0.02)
            await found.spool.discard([head.id for head in heads], HASH)
            shutil.copytree(tmp_path / "before", tmp_path / "spool")
        wal_of(tmp_path / "spool" / DATABASE_NAME).unlink()
        async with spooling(tmp_path / "spool") as after:
            assert after.first == []
            assert after.spool.take_suppressed(HASH) == frozenset()
            await after.hold(row_of(2))
        async with spooling(tmp_path / "spool") as last:
            assert await all_found(last) == [2]
            assert last.spool.take_suppressed(HASH) == frozenset()

    asyncio.run(scenario())
