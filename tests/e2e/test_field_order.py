"""In which order do records come? The severity is read from one end or the other (DESIGN section 3, step 2)."""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest

from e2e.applications import rows, send_by_sdk
from e2e.field_order import COLLECTOR_ORDER, FIELD_NAMES, SDK_ORDER, follows, order_of, records_as_written
from e2e.programs import free_port, wait_until
from e2e.raw_receiver import RawReceiver
from e2e.stage import RELAY_CONFIG, Stage

pytestmark = pytest.mark.e2e

COUNT = 50


def _print_and_return_orders(sender: str, receiver: RawReceiver) -> Counter[tuple[int, ...]]:
    orders = Counter(order_of(record) for request in receiver.requests() for record in records_as_written(request))
    for order, count in orders.items():
        print(f"\n{sender}, {count} records: {', '.join(f'{number} {FIELD_NAMES[number]}' for number in order)}")
    return orders


@pytest.mark.parametrize("newest", [True, False], ids=["newest", "full"])
def test_the_collector_writes_the_fields_of_a_record_last_to_first(
    stage: Stage, newest: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver = stage.receiver()
    port = free_port()
    stage.collector(
        "collector",
        [RELAY_CONFIG],
        {"OTLP_ENDPOINT": f"127.0.0.1:{port}", "BACKEND_ENDPOINT": receiver.address},
        newest=newest,
    )

    send_by_sdk(rows("order", COUNT), [f"127.0.0.1:{port}"])

    wait_until(lambda: sum(len(list(records_as_written(r))) for r in receiver.requests()) == COUNT, "all records")
    with capsys.disabled():
        orders = _print_and_return_orders("Collector " + ("v0.165.0" if newest else "v0.150.0"), receiver)
    assert all(follows(order, COLLECTOR_ORDER) for order in orders)
    assert all({2, 3, 5, 6} <= set(order) for order in orders)


def test_the_python_sdk_writes_the_fields_of_a_record_first_to_last(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver = stage.receiver()

    send_by_sdk(rows("order", COUNT), [receiver.address])

    with capsys.disabled():
        orders = _print_and_return_orders("Python SDK", receiver)
    assert sum(orders.values()) == COUNT
    assert all(follows(order, SDK_ORDER) for order in orders)
    assert all({2, 3, 5, 6} <= set(order) for order in orders)


def test_the_go_sdk_writes_the_fields_of_a_record_first_to_last(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver = stage.receiver()

    command = stage.telemetrygen(receiver.address, COUNT, "Error", 17, "disk quota exceeded")
    subprocess.run(command, check=True, capture_output=True, timeout=60)

    with capsys.disabled():
        orders = _print_and_return_orders("Go SDK (telemetrygen)", receiver)
    assert sum(orders.values()) == COUNT
    assert all(follows(order, SDK_ORDER) for order in orders)
    assert all({2, 3, 5, 6} <= set(order) for order in orders)
