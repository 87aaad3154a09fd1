"""The view of a record: what triage knows of a resource, and how a long text is capped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from logtriage.schema.line import view_of_line
from logtriage.schema.record import (
    JUDGED_HEAD_BYTES,
    MAX_JUDGED_BYTES,
    RecordView,
    ResourceView,
    judged_head_bytes,
    judged_text,
    resource_view,
)
from logtriage.schema.severity import Severity


def test_a_text_up_to_the_cap_is_judged_whole() -> None:
    text = b"a " * (MAX_JUDGED_BYTES // 2)
    assert judged_text(text) == text
    assert judged_head_bytes(text) == len(text)


@given(st.integers(MAX_JUDGED_BYTES + 1, 40_000), st.sampled_from((b"word ", b"x", b'{"a":1},', b"\xff\x00")))
def test_a_longer_text_is_its_head_and_its_tail_and_never_over_the_cap(size: int, unit: bytes) -> None:
    text = (unit * (size // len(unit) + 1))[:size]
    judged = judged_text(text)
    head = judged_head_bytes(text)
    assert len(judged) <= MAX_JUDGED_BYTES
    assert JUDGED_HEAD_BYTES - 256 <= head <= JUDGED_HEAD_BYTES
    assert judged[: head + 1] == text[:head] + b"\n"
    assert text.endswith(judged[head + 1 :])
    assert len(judged) > MAX_JUDGED_BYTES - 600


def test_no_word_is_cut_in_half() -> None:
    text = b"identifier " * 2000
    assert set(judged_text(text).split()) == {b"identifier"}


def test_the_resource_is_read_by_its_newer_and_older_names() -> None:
    new = resource_view(
        {b"service.name": b"cart", b"service.namespace": b"shop", b"deployment.environment.name": b"live"}
    )
    old = resource_view({b"service.name": b"cart", b"k8s.namespace.name": b"shop", b"deployment.environment": b"live"})
    assert new == old
    assert new.source_service == "cart"


def test_a_resource_without_a_service_name_goes_by_its_workload() -> None:
    assert resource_view({b"k8s.deployment.name": b"cart"}).source_service == "cart"
    assert resource_view({b"container.name": b"cart"}).source_service == "cart"
    assert ResourceView().source_service == "unknown_service"
    assert ResourceView(service_name=b"\xff").source_service == "\ufffd"


def test_the_exception_is_read_from_the_attributes() -> None:
    attributes = {b"error.type": b"E", b"exception.message": b"gone"}
    view = RecordView(resource=ResourceView(), body=b"", attributes=attributes)
    assert view.exception_type == b"E"
    assert view.exception_message == b"gone"
    named = RecordView(resource=ResourceView(), body=b"", attributes={**attributes, b"exception.type": b"X"})
    assert named.exception_type == b"X"


def test_a_line_reads_its_level_as_selection_does() -> None:
    assert view_of_line("x", severity_number=9, severity_text="ERROR").level is Severity.INFO
    assert view_of_line("x", severity_text="error").level is Severity.ERROR
    assert view_of_line("ERROR x", severity_text="UNSPECIFIED").level is Severity.ERROR
    assert view_of_line("x", attributes={"exception.type": "E"}).level is Severity.ERROR
    assert view_of_line("x").level is None


def test_the_values_of_a_line_have_the_text_they_have_on_the_wire() -> None:
    view = view_of_line("\udcff", attributes={"a": True, "b": 7, "c": 1.5})
    assert view.body == b"\xff"
    assert view.attributes == {b"a": b"true", b"b": b"7", b"c": b"1.5"}
