"""Names of services come from outside, and each is a series: they are bounded."""

from __future__ import annotations

from logtriage.telemetry.services import OTHER, SourceServices


def test_services_past_the_limit_are_counted_as_other_and_those_before_keep_their_name() -> None:
    services = SourceServices(2)

    labels = [services.label_of(name) for name in ("cart", "shop", "mail", "cart", "mail", "shop")]

    assert labels == ["cart", "shop", OTHER, "cart", OTHER, "shop"]
    assert OTHER == "__other__"


def test_a_long_name_is_cut_and_counts_once() -> None:
    services = SourceServices(1)

    assert services.label_of("x" * 500) == "x" * 128
    assert services.label_of("x" * 128) == "x" * 128
