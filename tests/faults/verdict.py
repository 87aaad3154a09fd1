"""What every fault test demands of its account."""

from __future__ import annotations

from collections.abc import Collection

from faults.ledger import Account
from faults.stage import Settled, Stage

KILL = ("held", "forwarded", "replayed")
"""What a kill or a power loss must produce: a run that did not tests nothing."""
ENGINE = ("held", "forwarded")
"""What SIGTERM and faults of the model must produce."""


def check(stage: Stage, settled: Settled, *, kinds: Collection[str] = KILL, may_drop: bool = False) -> Account:
    """Fail on lost, spurious, corrupted or stuck records, and on a run that lacks a kind of record."""
    account = settled.account
    lost = stage.ledger.undelivered[:5]
    assert account.dropped == 0 or may_drop, f"{account.dropped} records were refused for good"
    assert account.lost == (account.dropped if may_drop else 0), f"lost {account.lost} records, for example {lost}"
    assert account.told <= account.rejected or may_drop, (
        f"{account.told} records were refused for good by partial success"
    )
    assert account.spurious == 0, stage.ledger.spurious[:5]
    assert account.corrupted == 0, list(stage.ledger.corrupted.items())[:5]
    assert settled.probe_seconds is not None, "stuck: a fresh request did not arrive"
    missing = [kind for kind in kinds if not getattr(account, kind)]
    assert not missing, f"no record was {' or '.join(missing)}: the run tests nothing ({account})"
    return account


def check_copies(stage: Stage, ends: Collection[float]) -> None:
    """Fail on copies that neither a kill nor a lost answer accounts for."""
    unexplained = stage.ledger.unexplained_copies(ends)
    assert not unexplained, f"{len(unexplained)} copies without a reason, for example {sorted(unexplained)[:5]}"
