"""The verdicts in memory: bounded, the one not used for longest goes first."""

from __future__ import annotations

from logtriage.verdicts.memory import LeastRecentlyUsed


def test_over_the_bound_the_one_not_used_for_longest_goes() -> None:
    memory: LeastRecentlyUsed[int] = LeastRecentlyUsed(2)
    memory.put(b"a", 1)
    memory.put(b"b", 2)
    assert memory.get(b"a") == 1
    memory.put(b"c", 3)
    assert len(memory) == 2
    assert memory.get(b"b") is None
    assert (memory.get(b"a"), memory.get(b"c")) == (1, 3)


def test_a_value_put_again_replaces_the_old_one_and_counts_as_used() -> None:
    memory: LeastRecentlyUsed[int] = LeastRecentlyUsed(2)
    memory.put(b"a", 1)
    memory.put(b"b", 2)
    memory.put(b"a", 7)
    memory.put(b"c", 3)
    assert memory.get(b"a") == 7
    assert memory.get(b"b") is None


def test_a_value_is_forgotten_on_demand() -> None:
    memory: LeastRecentlyUsed[int] = LeastRecentlyUsed(2)
    memory.put(b"a", 1)
    memory.discard(b"a")
    memory.discard(b"never there")
    assert len(memory) == 0
