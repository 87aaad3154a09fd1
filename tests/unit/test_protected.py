"""Protected conditions: each wording is found, and words that only look like one are not."""

from __future__ import annotations

import pytest

from logtriage.schema.record import RecordView, ResourceView
from logtriage.triage.protected import PROTECTED_CONDITIONS, protected_condition
from support.tables import each_row

WORDINGS = {
    "out_of_memory": [
        "Out of memory: Killed process 7", "java.lang.OutOfMemoryError: heap", "oom-kill: task cart", "OOMKilled",
        "OOM command not allowed", "fork: Cannot allocate memory", "std::bad_alloc", "MemoryError",
    ],
    "disk_full": ["No space left on device", "ENOSPC: write", "disk full", "disk is full", "Disk quota exceeded"],
    "corruption": [
        "index is corrupted", "data corruption", "corrupt message at offset 7", "checksum mismatch",
        "invalid page in block 7",
        "Bad magic number in super-block",
    ],
    "data_loss": [
        "possible data loss", "2 lost writes", "events have likely been lost", "messages have been lost",
        "data has been lost", "lost data of two carts", "some data lost", "data was lost", "unrecoverable state",
        "split brain", "split-brain detected",
    ],
    "expired_certificate": [
        "certificate has expired", "certificate expired", "certificate is expired", "CERT_HAS_EXPIRED", "cert_expired",
        "certificate_expired", "CERTIFICATE_HAS_EXPIRED",
    ],
    "authentication_storm": [
        "possible brute force on the admin page", "too many failed login attempts", "password spray seen",
        "5120 refused sign-ins for 900 accounts", "failed login attempts: 4000", "credential stuffing against /login",
    ],
    "panic": ["panic: x", "thread panicked at", "cart[7]: segfault at 0", "Segmentation fault", "core dumped",
              "kernel BUG at mm/x.c", "SIGSEGV"],
    "hardware_failure": [
        "uncorrectable ECC error", "Machine check events logged", "Buffer I/O error on dev sda",
        "blk_update_request: I/O error", "critical medium error", "Remounting filesystem read-only",
    ],
}  # fmt: skip


def condition_of(body: str, **attributes: str) -> str | None:
    named = {name.replace("_", ".").encode(): value.encode() for name, value in attributes.items()}
    found = protected_condition(RecordView(resource=ResourceView(), body=body.encode(), attributes=named))
    return found.name if found else None


def test_every_condition_has_wordings() -> None:
    assert set(WORDINGS) == {condition.name for condition in PROTECTED_CONDITIONS}


@each_row(("name", "text"), [(name, text) for name, texts in WORDINGS.items() for text in texts])
def test_a_wording_is_found_in_the_body_and_in_the_exception_message(name: str, text: str) -> None:
    assert condition_of(text) == name
    assert condition_of(f"at 05:06:07 {text.upper()}!") == name
    assert condition_of("cart lost", exception_message=text) == name


@pytest.mark.parametrize(
    "text",
    [
        "the room is full",
        "failed login of one user",
        "too many open files",
        "zoom level out of range",
        "boom",
        "incorruptible",
        "handshake refused: received corrupt message of type InvalidContentType",
        "Cannot determine the frame size or a corrupted frame was received.",
        "certificate renewed before it expired",
        "panicky sale prices",
        "the disk has space",
        "i/o timeout",
        "memory of the cart",
        "",
    ],
)
def test_words_that_only_look_like_one_are_none(text: str) -> None:
    assert condition_of(text) is None


def test_a_condition_at_the_end_of_a_long_body_is_found() -> None:
    assert condition_of("x" * 20_000 + "\nno space left on device") == "disk_full"


def test_the_exception_type_counts() -> None:
    assert condition_of("cart lost", exception_type="java.lang.OutOfMemoryError") == "out_of_memory"


@pytest.mark.parametrize("name", ["exception.stacktrace", "error.message", "err", "details", "Error"])
def test_a_condition_in_any_attribute_that_tells_a_cause_counts(name: str) -> None:
    assert condition_of("cart lost", **{name.replace(".", "_"): "write: No space left on device"}) == "disk_full"


def test_an_attribute_that_tells_no_cause_does_not_count() -> None:
    assert condition_of("cart lost", search_text="No space left on device") is None
