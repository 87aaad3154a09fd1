from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from logtriage.engines.mimo import budget as budget_module
from logtriage.engines.mimo.budget import Admission, Budget
from logtriage.engines.mimo.budget_levels import BudgetLimits, Levels, Limit
from logtriage.schema.provenance import Reason

TOKENS = 2000
USD = 0.0005
DAY = 86_400.0


def limits(**changes: Any) -> BudgetLimits:
    values: dict[str, Any] = {
        "requests_per_minute": 100,
        "tokens_per_minute": 10_000_000,
        "usd_per_day": 1000.0,
        "max_concurrency": 8,
        "reserve_share": 0.2,
        "cap_per_service_share": 0.25,
    }
    return BudgetLimits(**{**values, **changes})


def full(of: BudgetLimits) -> Budget:
    levels = Levels(common={limit: of.rate(limit).burst for limit in (Limit.REQUESTS, Limit.TOKENS, Limit.USD)})
    return Budget(of, first_expected_tokens=TOKENS, first_expected_usd=USD, now=0.0, levels=levels)


def admit(
    budget: Budget, service: str = "a", *, now: float, is_new: bool = True, tokens: int = TOKENS, usd: float = USD
) -> Admission:
    return budget.admit(service, is_new=is_new, expected_tokens=tokens, expected_usd=usd, now=now)


def spend(budget: Budget, service: str = "a", *, now: float, is_new: bool = True, usd: float = USD) -> Admission:
    admission = admit(budget, service, now=now, is_new=is_new, usd=usd)
    if admission.is_ok:
        budget.settle(admission, tokens=TOKENS, usd=usd, now=now)
    return admission


def test_three_hundred_new_fingerprints_a_minute_against_a_hundred_requests_starve_nobody() -> None:
    budget = full(limits())
    asked: Counter[str] = Counter()
    admitted: Counter[str] = Counter()
    times: list[float] = []
    refusals: Counter[Reason | None] = Counter()
    for step in range(3000):
        now = step * 0.2
        service = f"quiet-{step // 15 % 3}" if step % 15 == 0 else "noisy"
        admission = spend(budget, service, now=now)
        asked[service] += 1
        if admission.is_ok:
            admitted[service] += 1
            times.append(now)
        else:
            refusals[admission.reason] += 1
            assert admission.limit is Limit.REQUESTS
            assert admission.retry_after_seconds is not None
            assert 0 < admission.retry_after_seconds < 5

    assert sum(asked.values()) == 3000
    assert set(refusals) == {Reason.RATE_LIMIT}
    assert max(sum(1 for later in times if at <= later < at + 60) for at in times) <= 100
    assert len(times) >= 940
    for service in ("quiet-0", "quiet-1", "quiet-2"):
        assert admitted[service] == asked[service]


@pytest.mark.parametrize("limit", [Limit.REQUESTS, Limit.TOKENS, Limit.USD])
def test_what_is_asked_again_never_touches_the_reserve_of_any_bucket(limit: Limit) -> None:
    small = {
        Limit.REQUESTS: limits(cap_per_service_share=1.0),
        Limit.TOKENS: limits(cap_per_service_share=1.0, tokens_per_minute=100_000, requests_per_minute=10_000),
        Limit.USD: limits(cap_per_service_share=1.0, usd_per_day=1.0, requests_per_minute=10_000),
    }[limit]
    budget = full(small)
    reserve = small.rate(limit).burst * small.reserve_share
    lowest = small.rate(limit).burst
    refused: Admission | None = None
    for step in range(6000):
        admission = spend(budget, "a", now=step * 0.01, is_new=False)
        lowest = min(lowest, budget.left(limit, step * 0.01))
        if not admission.is_ok:
            refused = admission

    assert refused is not None
    assert refused.limit is limit
    assert lowest >= reserve * (1 - 1e-6)
    assert spend(budget, "b", now=60.0, is_new=True).is_ok


def test_one_noisy_service_leaves_money_for_the_others() -> None:
    budget = full(limits(usd_per_day=5.0, requests_per_minute=10_000))
    for second in range(8 * 3600):
        spend(budget, "noisy", now=float(second))
    now = 8 * 3600.0
    answers = [spend(budget, "quiet", now=now + i) for i in range(100)]

    assert all(answer.is_ok for answer in answers)


def test_after_a_start_with_the_reserve_a_noisy_service_leaves_the_others_their_share_of_it() -> None:
    of = limits(usd_per_day=5.0, requests_per_minute=10_000)
    budget = Budget(of, first_expected_tokens=TOKENS, first_expected_usd=USD, now=0.0, levels=None)
    for second in range(600):
        spend(budget, "noisy", now=float(second))

    assert all(spend(budget, "quiet", now=600.0 + i).is_ok for i in range(40))


def test_a_service_alone_may_use_what_nobody_else_wants() -> None:
    budget = full(limits())
    answers = [spend(budget, "alone", now=step * 0.2) for step in range(3000)]

    assert sum(answer.is_ok for answer in answers) >= 940


def test_a_refusal_for_a_service_s_own_share_says_so() -> None:
    budget = full(limits())
    answers = [spend(budget, "noisy", now=0.0) for _ in range(5)]
    refused = next(answer for answer in answers if not answer.is_ok)

    assert refused.is_service_cap
    assert spend(budget, "quiet", now=0.0).is_ok


def test_an_empty_purse_says_budget_and_when_to_ask_again() -> None:
    budget = full(limits(usd_per_day=1.0, cap_per_service_share=1.0))
    spent = spend(budget, now=0.0, usd=0.1)
    refused = admit(budget, now=1.0, usd=0.01)

    assert spent.is_ok
    assert (refused.reason, refused.limit) == (Reason.BUDGET, Limit.USD)
    assert refused.retry_after_seconds is not None
    assert admit(budget, now=1.0 + refused.retry_after_seconds, usd=0.01).is_ok


def test_money_is_named_before_requests_and_the_longest_wait_is_told() -> None:
    budget = full(limits(usd_per_day=1.0, requests_per_minute=1, cap_per_service_share=1.0))
    spend(budget, now=0.0, usd=0.1)
    refused = admit(budget, now=0.0, usd=0.0001)

    assert refused.reason is Reason.BUDGET
    assert refused.retry_after_seconds == pytest.approx(60, rel=0.35)


def test_a_day_s_spending_stays_inside_the_day_s_money_though_each_call_costs_more_than_expected() -> None:
    budget = full(limits(usd_per_day=5.0, cap_per_service_share=1.0))
    spent = 0.0
    for second in range(0, int(DAY), 5):
        admission = admit(budget, now=float(second), usd=budget.expected_usd)
        if admission.is_ok:
            budget.settle(admission, tokens=9000, usd=0.003, now=second + 4.0)
            spent += 0.003

    assert 4.4 < spent <= 5.0


def test_no_money_a_day_means_no_call_and_no_promise() -> None:
    refused = admit(full(limits(usd_per_day=0.0)), now=0.0)

    assert (refused.reason, refused.retry_after_seconds) == (Reason.BUDGET, None)


def test_calls_that_cost_nothing_need_no_money() -> None:
    assert admit(full(limits(usd_per_day=0.0)), now=0.0, usd=0.0).is_ok


def test_a_call_dearer_than_a_whole_day_is_never_made() -> None:
    refused = admit(full(limits(usd_per_day=0.01)), now=0.0, usd=0.02)

    assert (refused.reason, refused.retry_after_seconds) == (Reason.BUDGET, None)


def test_a_call_larger_than_the_burst_goes_when_the_bucket_is_full_and_leaves_a_debt() -> None:
    budget = full(limits(usd_per_day=1.0))
    assert spend(budget, now=0.0, usd=0.15).is_ok
    assert budget.left(Limit.USD, 0.0) == pytest.approx(-0.05)
    assert not admit(budget, "b", now=1.0, usd=0.0001).is_ok


def test_settling_gives_back_what_was_not_used_and_counts_repairs() -> None:
    budget = full(limits())
    admission = admit(budget, now=0.0)
    budget.settle(admission, tokens=0, usd=0.0, calls=0, now=0.0)
    assert budget.left(Limit.REQUESTS, 0.0) == limits().rate(Limit.REQUESTS).burst
    assert budget.left(Limit.TOKENS, 0.0) == limits().rate(Limit.TOKENS).burst

    admission = admit(budget, now=0.0)
    budget.settle(admission, tokens=3 * TOKENS, usd=3 * USD, calls=3, now=0.0)
    assert budget.left(Limit.REQUESTS, 0.0) == limits().rate(Limit.REQUESTS).burst - 3


def test_an_admission_is_settled_once() -> None:
    budget = full(limits())
    admission = admit(budget, now=0.0)
    budget.settle(admission, tokens=1, usd=0.0, now=0.0)

    with pytest.raises(ValueError, match="settled before"):
        budget.settle(admission, tokens=1, usd=0.0, now=0.0)


def test_calls_at_once_are_bounded_and_some_kept_for_what_was_never_seen() -> None:
    budget = full(limits(requests_per_minute=10_000))
    again = [admit(budget, f"s{i}", now=0.0, is_new=False) for i in range(8)]
    new = [admit(budget, f"n{i}", now=0.0) for i in range(8)]

    assert sum(admission.is_ok for admission in again) == 6
    assert sum(admission.is_ok for admission in new) == 2
    assert not budget.has_free_call
    refused = new[-1]
    assert (refused.reason, refused.limit) == (Reason.RATE_LIMIT, Limit.CONCURRENCY)
    assert refused.retry_after_seconds is None
    budget.settle(new[0], tokens=1, usd=0.0, now=1.0)
    assert admit(budget, "later", now=1.0).is_ok


def test_one_service_s_hanging_calls_leave_room_for_another_s() -> None:
    budget = full(limits(requests_per_minute=10_000))
    hanging = [admit(budget, "noisy", now=0.0) for _ in range(8)]

    assert sum(admission.is_ok for admission in hanging) == 6
    assert admit(budget, "quiet", now=0.0).is_ok


def test_with_one_call_at_once_what_was_seen_before_may_still_be_asked() -> None:
    assert admit(full(limits(max_concurrency=1)), now=0.0, is_new=False).is_ok


def test_names_of_services_without_end_take_bounded_memory_and_share_one_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget_module, "MAX_SERVICES", 50)
    budget = full(limits(requests_per_minute=100_000))
    for i in range(500):
        admission = admit(budget, f"made-up-{i}" + "x" * 10_000, now=0.0)
        budget.settle(admission, tokens=TOKENS, usd=USD, now=0.0) if admission.is_ok else None

    levels = budget.levels(0.0)

    assert len(levels.usd_of_services) <= 51
    assert max(map(len, levels.usd_of_services)) <= 200
    assert admit(budget, "known-again", now=DAY).service == "known-again"


def test_the_budget_learns_what_a_call_takes() -> None:
    budget = full(limits())
    for second in range(20):
        admission = admit(budget, now=float(second))
        budget.settle(admission, tokens=6000, usd=0.002, now=float(second))

    assert budget.expected_tokens == pytest.approx(6000, rel=0.02)
    assert budget.expected_usd == pytest.approx(0.002, rel=0.02)


@pytest.mark.parametrize(("tokens", "usd"), [(10**15, 1e12), (-(10**15), -1e12), (1, float("nan")), (1, float("inf"))])
def test_an_absurd_usage_neither_mints_money_nor_stops_the_model_for_ever(tokens: int, usd: float) -> None:
    budget = full(limits(usd_per_day=5.0))
    budget.settle(admit(budget, now=0.0), tokens=tokens, usd=usd, now=0.0)
    left = budget.left(Limit.USD, 0.0)

    assert left <= 0.5
    later = 1.5 * DAY
    assert admit(budget, now=later, tokens=budget.expected_tokens, usd=budget.expected_usd).is_ok


def test_the_forecast_tells_when_the_money_is_gone() -> None:
    budget = full(limits(usd_per_day=100.0, requests_per_minute=10_000, cap_per_service_share=1.0))
    dry_at: float | None = None
    told = 0.0
    for second in range(3600):
        if not spend(budget, now=float(second), usd=0.01).is_ok:
            dry_at = float(second)
            break
        if second == 300:
            told = second + budget.seconds_until_dry(Limit.USD, float(second))

    assert dry_at is not None
    assert told == pytest.approx(dry_at, rel=0.05)


def test_nothing_known_of_the_last_run_leaves_the_reserve_only() -> None:
    of = limits(usd_per_day=5.0)
    budget = Budget(of, first_expected_tokens=TOKENS, first_expected_usd=USD, now=0.0, levels=None)

    assert budget.left(Limit.USD, 0.0) == pytest.approx(0.1)
    assert admit(budget, "a", now=0.0, is_new=True).is_ok
    assert admit(budget, "a", now=0.0, is_new=False).reason is Reason.BUDGET
