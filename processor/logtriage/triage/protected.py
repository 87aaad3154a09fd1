"""Protected conditions: what no engine may make less urgent, whoever says so.

Each has a needle that must stand in the lower-cased text, so that an ordinary record costs a few substring searches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from logtriage.engines.local.text import CAUSE_ATTRIBUTES
from logtriage.schema.category import Category
from logtriage.schema.record import MAX_JUDGED_BYTES, RecordView, judged_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedCondition:
    """A condition, what tells of it, and the category it has where an engine called it noise."""

    name: str
    needles: tuple[bytes, ...]
    pattern: bytes
    category: Category


PROTECTED_CONDITIONS: tuple[ProtectedCondition, ...] = (
    ProtectedCondition(
        name="out_of_memory",
        needles=(
            b"out of memory",
            b"outofmemory",
            b"oom",
            b"cannot allocate memory",
            b"std::bad_alloc",
            b"memoryerror",
        ),
        pattern=rb"out of memory|outofmemoryerror|oom[-_ ]?kill|oomkilled|\boom\b|cannot allocate memory|"
        rb"std::bad_alloc|\bmemoryerror\b",
        category=Category.RESOURCE_EXHAUSTION,
    ),
    ProtectedCondition(
        name="disk_full",
        needles=(b"no space left", b"enospc", b"disk full", b"disk is full", b"disk quota exceeded"),
        pattern=rb"no space left on device|\benospc\b|disk (?:is )?full|disk quota exceeded",
        category=Category.RESOURCE_EXHAUSTION,
    ),
    ProtectedCondition(
        name="corruption",
        needles=(b"corrupt", b"checksum mismatch", b"invalid page", b"bad magic"),
        # What a TLS port says of a stranger's plain bytes ("received corrupt message of type") is no damage of ours.
        pattern=rb"corrupt(?:ed|ion)?\b(?! message of type | frame was received)|checksum mismatch|"
        rb"invalid page in block|bad magic number in super-block",
        category=Category.DATA_QUALITY,
    ),
    ProtectedCondition(
        name="data_loss",
        needles=(
            b"data loss",
            b"lost writes",
            b"lost data",
            b"data lost",
            b"data was lost",
            b"been lost",
            b"unrecoverable",
            b"split brain",
            b"split-brain",
        ),
        pattern=rb"data loss|\blost (?:writes|data)\b|\bdata (?:was )?lost\b|"
        rb"(?:events|messages|records|data) (?:have|has) (?:likely )?been lost|unrecoverable|split[- ]brain",
        category=Category.CODE_BUG,
    ),
    ProtectedCondition(
        name="expired_certificate",
        needles=(
            b"certificate has expired",
            b"certificate expired",
            b"certificate is expired",
            b"cert_has_expired",
            b"cert_expired",
            b"certificate_has_expired",
            b"certificate_expired",
        ),
        pattern=rb"certificate (?:has |is )?expired|cert(?:ificate)?_(?:has_)?expired",
        category=Category.AUTH_AUTHZ,
    ),
    ProtectedCondition(
        name="authentication_storm",
        needles=(
            b"brute",
            b"password spray",
            b"credential stuffing",
            b"too many",
            b"sign-in",
            b"login",
            b"logon",
            b"authentication",
        ),
        pattern=rb"brute[- ]?force|password spray|credential stuffing|"
        rb"too many (?:failed |bad )?(?:authentication|login|log-?in|sign-?in|password) (?:failures|attempts)|"
        rb"\b[0-9]{2,9} (?:refused|failed|rejected|invalid|denied|unsuccessful) "
        rb"(?:sign-?ins?|log-?ins?|logons?|authentications?|auth(?:entication)? attempts|login attempts|passwords)\b|"
        rb"failed (?:login|authentication|sign-?in) attempts?[:= ]{1,3}[0-9]{2,9}\b",
        category=Category.AUTH_AUTHZ,
    ),
    ProtectedCondition(
        name="panic",
        needles=(b"panic", b"segfault", b"segmentation fault", b"core dumped", b"kernel bug", b"sigsegv"),
        pattern=rb"\bpanic(?:ked)?\b|\bsegfault\b|segmentation fault|core dumped|kernel bug at|\bsigsegv\b",
        category=Category.CODE_BUG,
    ),
    ProtectedCondition(
        name="hardware_failure",
        needles=(b"uncorrectable", b"machine check", b"i/o error", b"medium error", b"remounting filesystem read-only"),
        pattern=rb"uncorrectable|machine check|(?:buffer|blk_update_request:?|critical medium|disk) (?:i/o )?error|"
        rb"medium error|remounting filesystem read-only",
        category=Category.UPSTREAM_OUTAGE,
    ),
)

_COMPILED = tuple((condition, re.compile(condition.pattern)) for condition in PROTECTED_CONDITIONS)


def protected_condition(record: RecordView) -> ProtectedCondition | None:
    """Tell which protected condition the record speaks of; None if none."""
    text = judged_text(record.body)
    for name, value in record.attributes.items():
        if value and name.lower() in CAUSE_ATTRIBUTES:
            text += b"\n" + judged_text(value)
    lowered = text.lower()
    for condition, pattern in _COMPILED:
        if any(needle in lowered for needle in condition.needles) and pattern.search(lowered):
            return condition
    return None


def is_cut(record: RecordView) -> bool:
    """Tell whether a text that may speak of a condition is looked at in part only: in what is left out, too, it may.

    What is left out is in no fingerprint either: the next record may say there what this one does not.
    """
    return len(record.body) > MAX_JUDGED_BYTES or any(
        len(value) > MAX_JUDGED_BYTES and name.lower() in CAUSE_ATTRIBUTES for name, value in record.attributes.items()
    )
