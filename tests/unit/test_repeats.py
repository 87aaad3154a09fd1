"""What comes again is remembered, what comes once is not, and neither grows without bound."""

from __future__ import annotations

from logtriage.verdicts.repeats import Repeats


def repeats(max_entries: int = 4) -> Repeats[int]:
    return Repeats(max_entries=max_entries, max_text_bytes=8)


def test_a_text_is_a_repeat_from_its_second_time_on() -> None:
    memory = repeats()

    assert [memory.is_second(b"refused") for _ in range(3)] == [False, True, True]


def test_what_is_kept_is_known_and_no_other_text_is() -> None:
    memory = repeats()

    memory.keep(b"refused", 7)

    assert memory.known == {b"refused": 7}


def test_a_text_over_the_bound_is_never_a_repeat() -> None:
    memory = repeats()

    assert not any(memory.is_second(b"123456789") for _ in range(3))


def test_texts_that_come_once_push_nothing_out() -> None:
    memory = repeats()
    memory.keep(b"refused", 7)

    for number in range(100):
        memory.is_second(b"%d" % number)

    assert memory.known == {b"refused": 7}


def test_no_more_than_the_bound_is_kept() -> None:
    memory = repeats(max_entries=4)

    for number in range(100):
        memory.keep(b"%d" % number, number)

    assert 0 < len(memory.known) <= 4
