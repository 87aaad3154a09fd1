from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
import threading
from pathlib import Path

import pytest

from logtriage.config.dead_letter import DeadLetterSettings
from logtriage.schema.transit import Metadata
from logtriage.spool.dead_letter import DeadLetter
from logtriage.spool.letter import Letter, LetterError, read_header, read_letter
from logtriage.spool.letter_folder import DEAD_LETTER_FOLDER_NAME, LetterFolder
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry
from support.holding import until
from support.spooling import payload_of

METADATA: Metadata = (("x-scope-orgid", "tenant"), ("trace-bin", b"\x00\xff"), ("umlaut", "ä"))


class Kept:
    """The dead letter of a service, its folder and its metrics."""

    def __init__(self, state: Path, **settings: int) -> None:
        self.telemetry = Telemetry(max_source_services=10)
        self.folder = LetterFolder(state / DEAD_LETTER_FOLDER_NAME)
        self.dead_letter = DeadLetter(
            DeadLetterSettings.model_validate(settings),
            state,
            meter=self.telemetry.meter,
            rate_limited_log=RateLimitedLog(logging.getLogger("kept")),
        )

    def keep(self, number: int, *, records: int = 2, size_bytes: int = 1000) -> bool:
        return asyncio.run(self.keep_in_loop(number, records=records, size_bytes=size_bytes))

    async def keep_in_loop(self, number: int, *, records: int = 2, size_bytes: int = 1000) -> bool:
        return await self.dead_letter.keep(
            payload_of(number, size_bytes),
            records=records,
            metadata=METADATA,
            code="INVALID_ARGUMENT",
            message=f"refused {number}",
        )

    def records(self, outcome: str) -> float:
        labels = {"outcome": outcome}
        found = self.telemetry.registry.get_sample_value("logtriage_dead_letter_log_records_total", labels)
        return found or 0.0

    @property
    def messages(self) -> list[str]:
        return [self.folder.header(letter_id).message for letter_id in self.folder.ids()]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_a_letter_is_read_back_as_it_was_kept(kept: Kept) -> None:
    kept.keep(1)
    (letter_id,) = kept.folder.ids()
    letter = kept.folder.read(letter_id)
    assert letter.request == payload_of(1, 1000)
    assert tuple(letter.header.metadata) == tuple(METADATA)
    assert (letter.header.records, letter.header.code, letter.header.message) == (2, "INVALID_ARGUMENT", "refused 1")
    assert kept.folder.header(letter_id) == letter.header


def test_the_first_line_can_be_read_by_any_tool(kept: Kept) -> None:
    kept.keep(1)
    (file,) = kept.folder.path.iterdir()
    line = json.loads(file.read_bytes().split(b"\n", 1)[0])
    assert (line["version"], line["records"], line["bytes"]) == (1, 2, 1000)


def test_folder_and_files_are_closed_to_other_users(kept: Kept) -> None:
    before = os.umask(0)
    try:
        kept.keep(1)
    finally:
        os.umask(before)
    (file,) = kept.folder.path.iterdir()
    assert stat.S_IMODE(kept.folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_letters_are_listed_oldest_first(kept: Kept) -> None:
    for number in range(20):
        kept.keep(number)
    assert kept.messages == [f"refused {number}" for number in range(20)]


def test_too_many_letters_drop_the_oldest_and_count_their_records(tmp_path: Path) -> None:
    kept = Kept(tmp_path, max_requests=3)
    for number in range(5):
        kept.keep(number, records=number + 1)
    assert kept.messages == ["refused 2", "refused 3", "refused 4"]
    assert (kept.records("kept"), kept.records("dropped")) == (15, 1 + 2)
    assert kept.telemetry.registry.get_sample_value("logtriage_dead_letter_requests") == 3


def test_too_many_bytes_drop_the_oldest(tmp_path: Path) -> None:
    kept = Kept(tmp_path, max_mib=1)
    for number in range(4):
        kept.keep(number, size_bytes=400_000)
    assert kept.messages == ["refused 2", "refused 3"]
    assert kept.records("dropped") == 4


def test_a_request_larger_than_all_that_may_be_kept_is_dropped_and_the_others_stay(tmp_path: Path) -> None:
    kept = Kept(tmp_path, max_mib=1)
    kept.keep(1)
    kept.keep(2, size_bytes=2_000_000, records=7)
    assert kept.messages == ["refused 1"]
    assert kept.records("dropped") == 7


def test_none_is_kept_if_none_may_be(tmp_path: Path) -> None:
    kept = Kept(tmp_path, max_requests=0)
    kept.keep(1)
    assert kept.folder.ids() == []
    assert not kept.folder.path.exists()
    assert kept.records("dropped") == 2


@pytest.mark.parametrize("harm", ["header", "payload", "checksum", "cut", "empty", "no line"])
def test_a_damaged_letter_is_told(kept: Kept, harm: str) -> None:
    kept.keep(1)
    (file,) = kept.folder.path.iterdir()
    data = bytearray(file.read_bytes())
    place = data.index(b"\n")
    match harm:
        case "header":
            data[place // 2] ^= 0x55
        case "payload":
            data[place + 100] ^= 1
        case "checksum":
            data[-1] ^= 1
        case "cut":
            del data[-100:]
        case "empty":
            data.clear()
        case _:
            data = bytearray(b"x" * 5000)
    file.write_bytes(data)
    (letter_id,) = kept.folder.ids()
    with pytest.raises(LetterError, match="damaged"):
        kept.folder.read(letter_id)


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{}", b"null", b'{"version": 1, "records": "x"}', b'{"version": 1, "metadata": [[1, 2, 3]]}', b"[" * 5000],
)
def test_any_other_first_line_is_told(line: bytes) -> None:
    with pytest.raises(LetterError):
        read_header(line + b"\npayload")


def test_a_letter_of_a_newer_version_is_told_and_not_taken_for_damaged() -> None:
    with pytest.raises(LetterError, match="newer LogTriage"):
        read_letter(b'{"version": 2}\npayload')


def test_a_damaged_letter_goes_when_it_is_the_oldest(tmp_path: Path) -> None:
    kept = Kept(tmp_path, max_requests=2)
    kept.keep(1)
    (file,) = kept.folder.path.iterdir()
    file.write_bytes(b"garbage")
    kept.keep(2)
    kept.keep(3)
    assert kept.messages == ["refused 2", "refused 3"]


def test_what_a_crash_left_half_written_is_no_letter_and_goes_in_time(kept: Kept) -> None:
    kept.keep(1)
    old, young = kept.folder.path / "old.new", kept.folder.path / "young.new"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (1, 1))
    kept.keep(2)
    assert kept.messages == ["refused 1", "refused 2"]
    assert not old.exists()
    assert young.exists(), "another process may be writing it"


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_letter_that_cannot_be_written_is_told_and_not_dropped(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    kept.keep(1)
    with caplog.at_level(logging.ERROR), monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        assert [kept.keep(number) for number in (2, 3)] == [False, False]
    assert kept.records("dropped") == 0
    assert kept.messages == ["refused 1"]
    assert len(list(kept.folder.path.iterdir())) == 1, "no half of another is left"
    assert [entry.message for entry in caplog.records if "cannot be written" in entry.message][1:] == []
    assert kept.keep(2)
    assert kept.messages == ["refused 1", "refused 2"]


def test_a_letter_whose_name_cannot_be_synced_is_not_there_twice_in_the_end(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("logtriage.spool.letter_folder.sync_folder", fail)
        assert not kept.keep(1)
    assert kept.keep(1)
    assert kept.messages == ["refused 1"]


def test_an_oldest_letter_that_cannot_be_dropped_does_not_bring_the_newest_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    kept = Kept(tmp_path, max_requests=1)
    kept.keep(1)
    with monkeypatch.context() as patched:
        patched.setattr(LetterFolder, "remove", fail)
        assert kept.keep(2)
    assert kept.messages == ["refused 1", "refused 2"]


def test_a_disk_that_hangs_holds_nobody_up_and_is_asked_again_once_it_answers(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, add, begun = threading.Event(), LetterFolder.add, []

    def hang(self: LetterFolder, letter: Letter) -> str:
        begun.append(letter.header.message)
        answers.wait(20)
        return add(self, letter)

    async def scenario() -> None:
        kept.dead_letter._patience_seconds = 0.05
        with monkeypatch.context() as patched:
            patched.setattr(LetterFolder, "add", hang)
            assert not await kept.keep_in_loop(1)
            assert not await kept.keep_in_loop(2)
            assert begun == ["refused 1"], "no second thread is risked"
        answers.set()
        kept.dead_letter._patience_seconds = 20
        await until(lambda: kept.messages == ["refused 1"])
        await until(lambda: kept.dead_letter._hanging is not None and kept.dead_letter._hanging.done())
        assert await kept.keep_in_loop(2)

    asyncio.run(scenario())
    assert kept.messages == ["refused 1", "refused 2"]


def test_an_id_with_a_path_in_it_names_no_letter(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "secret.request").write_bytes(b"x")
    kept.keep(1)
    for letter_id in ("../secret", "", "/etc/passwd"):
        with pytest.raises(FileNotFoundError):
            kept.folder.remove(letter_id)
    assert (tmp_path / "secret.request").exists()


def test_no_message_of_downstream_is_logged_or_counted(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        kept.keep(1)
    fields = [vars(record) for record in caplog.records]
    assert "refused 1" not in str(fields)
