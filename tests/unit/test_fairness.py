from __future__ import annotations

from collections import Counter

from logtriage.engines.mimo.fairness import Decision, FairQueue


def queue_of(*, max_items: int = 1000, max_bytes: int = 10**6, quantum: float = 1.0) -> FairQueue[str]:
    return FairQueue(max_items=max_items, max_bytes=max_bytes, quantum=quantum)


def put(queue: FairQueue[str], service: str, name: str, *, is_new: bool = True, size: int = 1) -> tuple[str, ...]:
    return queue.put(service, f"{service}/{name}", is_new=is_new, size_bytes=size, cost=1.0)


def take(queue: FairQueue[str]) -> str | None:
    return queue.offer(lambda _: Decision.TAKE)


def test_services_that_want_at_once_take_turns_whoever_came_first() -> None:
    queue = queue_of()
    for i in range(300):
        put(queue, "noisy", str(i))
    for i in range(3):
        put(queue, "quiet", str(i))
        put(queue, "silent", str(i))

    first = [take(queue) for _ in range(9)]

    assert Counter(str(item).split("/")[0] for item in first) == {"noisy": 3, "quiet": 3, "silent": 3}


def test_a_service_s_own_questions_keep_their_order() -> None:
    queue = queue_of()
    for i in range(5):
        put(queue, "a", str(i))

    assert [take(queue) for _ in range(5)] == [f"a/{i}" for i in range(5)]
    assert take(queue) is None


def test_cost_counts_where_items_differ_in_cost() -> None:
    queue: FairQueue[str] = queue_of(quantum=4.0)
    for i in range(100):
        queue.put("dear", f"dear/{i}", is_new=True, size_bytes=1, cost=4.0)
        queue.put("cheap", f"cheap/{i}", is_new=True, size_bytes=1, cost=1.0)

    first = Counter(str(take(queue)).split("/")[0] for _ in range(50))

    assert first == {"cheap": 40, "dear": 10}


def test_an_item_that_costs_nothing_does_not_hold_the_turn_for_ever() -> None:
    queue = queue_of()
    for i in range(200):
        queue.put("free", f"free/{i}", is_new=True, size_bytes=1, cost=0.0)
    put(queue, "paying", "0")

    assert "paying/0" in [take(queue) for _ in range(40)]


def test_what_was_never_seen_goes_before_what_is_asked_again() -> None:
    queue = queue_of()
    put(queue, "a", "again", is_new=False)
    put(queue, "a", "new")
    put(queue, "b", "new")

    assert [take(queue) for _ in range(3)] == ["a/new", "b/new", "a/again"]


def test_a_service_that_must_wait_does_not_hold_up_the_others() -> None:
    queue = queue_of()
    put(queue, "blocked", "0")
    put(queue, "free", "0")

    def decide(item: str) -> Decision:
        return Decision.WAIT if item.startswith("blocked") else Decision.TAKE

    assert queue.offer(decide) == "free/0"
    assert queue.offer(decide) is None
    assert len(queue) == 1


def test_every_line_is_offered_once_when_all_have_to_wait() -> None:
    queue = queue_of()
    for name in "abc":
        put(queue, name, "0")
        put(queue, name, "1")
    offered: list[str] = []

    def decide(item: str) -> Decision:
        offered.append(item)
        return Decision.WAIT

    assert queue.offer(decide) is None
    assert offered == ["a/0", "b/0", "c/0"]


def test_a_service_that_waited_long_does_not_make_up_for_it_at_once() -> None:
    queue = queue_of()
    for i in range(50):
        put(queue, "blocked", str(i))
    for _ in range(100):
        queue.offer(lambda _: Decision.WAIT)
    for i in range(50):
        put(queue, "free", str(i))

    first = Counter(str(take(queue)).split("/")[0] for _ in range(20))

    assert abs(first["blocked"] - first["free"]) <= 2


def test_a_dismissed_item_leaves_and_the_next_of_its_line_is_offered() -> None:
    queue = queue_of()
    for i in range(3):
        put(queue, "a", str(i))

    assert queue.offer(lambda item: Decision.TAKE if item == "a/2" else Decision.DISMISS) == "a/2"
    assert len(queue) == 0
    assert queue.size_bytes == 0


def test_a_full_queue_takes_the_room_from_who_takes_most_of_it() -> None:
    queue = queue_of(max_items=10)
    for i in range(10):
        put(queue, "noisy", str(i))

    assert put(queue, "quiet", "0") == ("noisy/9",)
    assert put(queue, "noisy", "10") == ("noisy/10",)
    assert len(queue) == 10


def test_a_full_queue_drops_what_is_asked_again_first() -> None:
    queue = queue_of(max_items=2)
    put(queue, "a", "again", is_new=False)
    put(queue, "b", "0")

    assert put(queue, "b", "1") == ("a/again",)


def test_the_bound_in_bytes_holds_and_pays_by_size() -> None:
    queue = queue_of(max_bytes=100)
    put(queue, "fat", "0", size=90)
    for i in range(5):
        put(queue, "slim", str(i), size=2)

    assert put(queue, "slim", "5", size=2) == ("fat/0",)
    assert queue.size_bytes == 12


def test_an_item_larger_than_the_queue_evicts_nobody() -> None:
    queue = queue_of(max_bytes=100)
    put(queue, "a", "0", size=50)

    assert put(queue, "b", "huge", size=101) == ("b/huge",)
    assert len(queue) == 1
