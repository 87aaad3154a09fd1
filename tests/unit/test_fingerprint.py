"""The fingerprint: the same for the same failure everywhere and always, another where the verdict could be another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.engines.local import text as engine_text
from logtriage.engines.local.code_search import ATTRIBUTES
from logtriage.schema.record import ResourceView
from logtriage.verdicts import fingerprint
from logtriage.verdicts.fingerprint import (
    digest_of,
    exact_digest,
    fingerprint_of_line,
    is_in_fingerprint,
    resource_key,
)
from support.annotating import annotate, annotator
from support.records import attributes_of, in_collector_order, record, records_of, request

KEY = resource_key(ResourceView(service_name=b"cart"))


def on_the_record(data: bytes, tenant: bytes = b"") -> str:
    (raw,) = records_of(annotate(annotator(), data, tenant))
    return str(attributes_of(LogRecord.FromString(raw))["logtriage.fingerprint"])


def test_the_same_record_has_the_same_fingerprint_in_both_field_orders() -> None:
    raw = record("cart 7 lost", attributes={"http.status_code": 503, "a": 1}).SerializeToString()
    assert in_collector_order(raw) != raw
    assert on_the_record(request(raw)) == on_the_record(request(in_collector_order(raw)))


def test_another_process_with_another_hash_seed_gives_the_same_fingerprint() -> None:
    program = (
        "from logtriage.verdicts.fingerprint import fingerprint_of_line as f;"
        "print(f('cart 7 lost', severity_text='ERROR', resource={'service.name': 'cart'},"
        "attributes={'err': 'no', 'reason': 'why', 'msg': 'm', 'http.status_code': 503}).hex)"
    )
    source = Path(fingerprint.__file__).parents[2]
    given = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(source)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "1", "4711")
    }
    here = fingerprint_of_line(
        "cart 7 lost",
        severity_text="ERROR",
        resource={"service.name": "cart"},
        attributes={"http.status_code": 503, "msg": "m", "reason": "why", "err": "no"},
    ).hex
    assert given == {here}


def test_a_line_has_the_fingerprint_that_serve_gives_its_record() -> None:
    attributes = {"exception.type": "LostError", "err": "gone", "http.status_code": 503}
    data = request(record("cart lost", number=0, text="", attributes=attributes), service="cart")
    line = fingerprint_of_line("cart lost", resource={"service.name": "cart"}, attributes=attributes)
    assert on_the_record(data) == line.hex


def test_ids_times_and_addresses_do_not_split() -> None:
    a = "order 7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11 from 10.0.0.7:50123 late by 1532ms"
    b = "order 00000000-0000-4000-8000-00000000000f from 10.9.8.7:61000 late by 7ms"
    assert fingerprint_of_line(a).hex == fingerprint_of_line(b).hex


BASE: dict[str, object] = {
    "body": "cart lost",
    "severity_text": "ERROR",
    "resource": {"service.name": "cart", "service.namespace": "shop", "deployment.environment.name": "live"},
    "attributes": {},
}


@pytest.mark.parametrize(
    "change",
    [
        {"resource": {"service.name": "cart", "service.namespace": "bank", "deployment.environment.name": "live"}},
        {"resource": {"service.name": "till", "service.namespace": "shop", "deployment.environment.name": "live"}},
        {"resource": {"service.name": "cart", "service.namespace": "shop", "deployment.environment.name": "test"}},
        {"severity_text": "FATAL"},
        {"body": "cart  lost"},
        {"body": "cart lost\n"},
        {"body": "basket lost"},
        {"attributes": {"exception.type": "LostError"}},
        {"attributes": {"exception.type": "BrokenError"}},
        {"attributes": {"exception.message": "gone"}},
        {"attributes": {"exception.stacktrace": "at Cart.add"}},
        *({"attributes": {name.decode(): "503"}} for name in fingerprint.CODE_ATTRIBUTES),
        {"attributes": {"http.status_code": "502"}},
        *({"attributes": {name.decode(): "503"}} for name in sorted(fingerprint.CAUSE_ATTRIBUTES)),
        {"attributes": {"Error": "504"}},
    ],
    ids=str,
)
def test_what_could_change_the_verdict_changes_the_fingerprint(change: dict[str, object]) -> None:
    arguments = {**BASE, **change}
    body, plain = str(arguments.pop("body")), dict(BASE)
    plain_body = str(plain.pop("body"))
    assert fingerprint_of_line(body, **arguments).hex != fingerprint_of_line(plain_body, **plain).hex  # type: ignore[arg-type]


def test_all_those_changes_are_apart_from_one_another() -> None:
    given = [
        fingerprint_of_line("cart lost", attributes={name.decode(): "503"}).hex
        for name in (*fingerprint.CODE_ATTRIBUTES, *fingerprint.CAUSE_ATTRIBUTES)
    ]
    assert len(set(given)) == len(given)


def test_tenants_and_event_names_never_share_a_verdict() -> None:
    data = request(record())
    assert on_the_record(data, b"a") != on_the_record(data, b"b")
    assert on_the_record(request(record(event_name="cart.lost"))) != on_the_record(data)


def test_attributes_that_only_describe_the_call_do_not_split() -> None:
    assert (
        fingerprint_of_line("cart lost", attributes={"http.route": "/a", "user.id": "7"}).hex
        == fingerprint_of_line("cart lost", attributes={"http.route": "/b"}).hex
        == fingerprint_of_line("cart lost").hex
    )


def test_ids_in_a_cause_attribute_do_not_split_and_the_order_of_attributes_says_nothing() -> None:
    a = fingerprint_of_line("lost", attributes={"err": "no 10.0.0.7:50123", "msg": "m"})
    b = fingerprint_of_line("lost", attributes={"msg": "m", "err": "no 10.9.9.9:60000"})
    assert a.hex == b.hex


def test_a_cause_too_long_to_be_masked_is_still_part_of_the_key() -> None:
    long = "x" * 9000
    assert (
        fingerprint_of_line("lost", attributes={"err": long + "a"}).hex
        != fingerprint_of_line("lost", attributes={"err": long + "b"}).hex
    )


def test_whatever_the_embedded_engine_judges_by_is_in_the_fingerprint() -> None:
    assert all(is_in_fingerprint(name) for name in engine_text.CAUSE_ATTRIBUTES)
    assert all(is_in_fingerprint(name.upper()) for name in engine_text.CAUSE_ATTRIBUTES if b"." not in name)
    assert all(is_in_fingerprint(name) for name, _ in ATTRIBUTES)


@pytest.mark.parametrize("separator", [b"\x1f", b"\x00", b"\x1e"])
def test_a_separator_inside_a_text_cannot_imitate_another_field(separator: bytes) -> None:
    with_attribute = digest_of(resource_key=KEY, level=None, body=b"a", attributes={b"http.status_code": b"500"})
    imitated = digest_of(
        resource_key=KEY, level=None, body=separator.join((b"a", b"http.status_code", b"500", b"exception", b"", b""))
    )
    assert with_attribute != imitated
    assert digest_of(resource_key=KEY, level=None, event_name=b"a", body=b"b" + separator + b"c") != digest_of(
        resource_key=KEY, level=None, event_name=b"a" + separator + b"b", body=b"c"
    )
    assert resource_key(ResourceView(service_namespace=b"a" + separator + b"b", service_name=b"c")) != resource_key(
        ResourceView(service_namespace=b"a", service_name=b"b" + separator + b"c")
    )


def test_the_version_of_the_masks_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest_of(resource_key=KEY, level=None, body=b"a")
    assert fingerprint._PERSON.endswith(b"%02d" % fingerprint.MASKS_VERSION)
    monkeypatch.setattr(fingerprint, "_PERSON", b"logtriage-fp99")
    assert digest_of(resource_key=KEY, level=None, body=b"a") != before


def test_the_workload_stands_in_for_a_service_without_a_name() -> None:
    assert resource_key(ResourceView(workload=b"cart")) == resource_key(ResourceView(service_name=b"cart"))


def test_a_map_body_is_fingerprinted_by_its_leaves() -> None:
    def of(word: str) -> str:
        body = AnyValue(
            kvlist_value=KeyValueList(
                values=[
                    KeyValue(key="what", value=AnyValue(string_value=word)),
                    KeyValue(key="at", value=AnyValue(string_value="2026-03-04T05:06:07Z")),
                ]
            )
        )
        item = record()
        item.body.CopyFrom(body)
        return on_the_record(request(item))

    assert of("lost") == of("lost")
    assert of("lost") != of("found")


def test_an_identifier_at_the_cut_of_a_long_body_does_not_split() -> None:
    for shift in range(40):
        head = "y" * (6144 - 60 + shift) + " "
        a = head + "7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11 " + "z" * 4000
        b = head + "00000000-5d2a-4a53-9a1b-00000000000f " + "z" * 4000
        assert fingerprint_of_line(a).hex == fingerprint_of_line(b).hex, shift


def test_a_record_that_cannot_be_read_shares_its_exact_digest_with_the_same_bytes_only() -> None:
    assert exact_digest(b"r", b"a") == exact_digest(b"r", b"a")
    assert len({exact_digest(b"r", b"a"), exact_digest(b"r", b"b"), exact_digest(b"q", b"a")}) == 3
