from __future__ import annotations

import json
from pathlib import Path

import pytest

from logtriage.engines.mimo.breaker import Breaker, State
from logtriage.engines.mimo.recording import BadRecordingError, RecordedAnswer, Recording
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context

BYTES = b"\xff\x00 no text \xfe"


def answer(body: bytes = b"yes", status: int = 200) -> RecordedAnswer:
    return RecordedAnswer(status=status, headers=(("retry-after", "3"),), body=body)


def recorded(path: Path, *answers: tuple[bytes, RecordedAnswer], about: dict[str, str] | None = None) -> Recording:
    recording = Recording(replays=None, records=path, about=about or {})
    for body, each in answers:
        recording.keep(body, each)
    recording.close()
    return recording


def replayed(path: Path, about: dict[str, str] | None = None) -> Recording:
    return Recording(replays=path, records=None, about=about or {})


def test_an_answer_comes_back_as_it_was_whatever_its_bytes(tmp_path: Path) -> None:
    recorded(tmp_path / "r", (b"ask", answer(BYTES, status=500)))

    assert replayed(tmp_path / "r").take(b"ask") == answer(BYTES, status=500)


def test_answers_to_one_request_come_back_in_their_order_and_then_no_more(tmp_path: Path) -> None:
    recorded(tmp_path / "r", (b"ask", answer(b"1")), (b"other", answer(b"x")), (b"ask", answer(b"2")))

    recording = replayed(tmp_path / "r")

    assert [recording.take(b"ask") for _ in range(3)] == [answer(b"1"), answer(b"2"), None]
    assert (recording.replayed, recording.not_recorded) == (2, 1)


def test_answers_that_say_to_try_again_are_passed_over_for_a_better_one(tmp_path: Path) -> None:
    recorded(tmp_path / "r", *((b"ask", answer(status=status)) for status in (429, 503, 200)))

    assert replayed(tmp_path / "r").take(b"ask") == answer(status=200)


def test_if_nothing_better_was_recorded_a_replay_says_try_again_and_a_new_recording_asks(tmp_path: Path) -> None:
    recorded(tmp_path / "r", (b"ask", answer(status=429)))

    assert replayed(tmp_path / "r").take(b"ask") == answer(status=429)
    asking = Recording(replays=tmp_path / "r", records=tmp_path / "new", about={})
    assert asking.take(b"ask") is None
    asking.close()


def test_a_new_recording_holds_what_was_replayed_and_what_was_asked_under_the_same_marks(tmp_path: Path) -> None:
    old = recorded(tmp_path / "old", (b"ask", answer(b"old")))
    both = Recording(replays=tmp_path / "old", records=tmp_path / "new", about={})
    both.take(b"ask")
    both.keep(b"ask more", answer(b"new"))
    both.close()

    new = replayed(tmp_path / "new")

    assert (new.take(b"ask"), new.take(b"ask more")) == (answer(b"old"), answer(b"new"))
    assert new.canary() == old.canary()


def test_a_mark_belongs_to_one_record_with_its_context_and_to_one_recording(tmp_path: Path) -> None:
    one = recorded(tmp_path / "one")
    other = recorded(tmp_path / "other")
    first, second = view_of_line("jar 1"), view_of_line("jar 2")
    around = Context(before=("lid",))

    marks = [one.mark_of(first, Context()), one.mark_of(second, Context()), one.mark_of(first, around)]

    assert one.mark_of(view_of_line("jar 1"), Context()) == marks[0]
    assert len({*marks, one.canary(), other.mark_of(first, Context())}) == 5
    assert all(len(mark) == 16 for mark in marks)


def test_what_made_other_prompts_is_told(tmp_path: Path) -> None:
    recorded(tmp_path / "r", about={"model": "a", "prompt_version": "1"})

    recording = replayed(tmp_path / "r", about={"model": "b", "prompt_version": "1"})

    assert recording.changes == ["model was a, is b"]


def test_a_recording_whose_run_was_stopped_in_a_line_is_good_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "r"
    recorded(path, (b"ask", answer(b"1")), (b"more", answer(b"2")))
    path.write_bytes(path.read_bytes()[:-20])

    recording = replayed(path)

    assert (recording.take(b"ask"), recording.take(b"more")) == (answer(b"1"), None)


@pytest.mark.parametrize("content", ["", "{}\n", "[]\n", "text\n", json.dumps({"logtriage_recording": 2}) + "\n"])
def test_another_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "r").write_text(content)

    with pytest.raises(BadRecordingError, match="is no recording"):
        replayed(tmp_path / "r")


def test_a_line_that_is_broken_inside_of_a_recording_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r"
    recorded(path)
    path.write_text(path.read_text() + '{"request": "a"}\n')

    with pytest.raises(BadRecordingError, match="line 2"):
        replayed(path)


def test_files_that_cannot_be_read_or_made_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadRecordingError, match="cannot read"):
        replayed(tmp_path / "none")
    with pytest.raises(BadRecordingError, match="cannot write"):
        Recording(replays=None, records=tmp_path / "no folder" / "r", about={})


def test_recorded_failures_open_no_breaker() -> None:
    breaker = Breaker(clock=lambda: 0.0, random=lambda: 0.5, may_open=False)
    for _ in range(30):
        ticket = breaker.admit()
        assert ticket is not None
        assert not breaker.failed(ticket, opens=True)

    assert breaker.state is State.CLOSED
