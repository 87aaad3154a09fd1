"""What a masked span becomes: functions from the span to its class."""

from __future__ import annotations

import re


def address_class(span: bytes) -> bytes:
    """Give the class of an IPv4 address, and its port if that names a service (below 10000)."""
    address, colon, port = span.partition(b":")
    address, slash, prefix = address.partition(b"/")
    if address.startswith(b"127."):
        kind = b"<ip.loopback>"
    elif address == b"0.0.0.0":
        kind = b"<ip.any>"
    elif address.startswith(b"169.254."):
        kind = b"<ip.linklocal>"
    else:
        kind = b"<ip>"
    if not colon:
        return kind + slash + prefix
    return kind + b":" + (port if len(port) < 5 else b"<port>")


def numeric_date(span: bytes) -> bytes:
    """Mask a date; three numbers with points and no year among them may be a version."""
    year = int(re.split(rb"[./]", span)[2][:4])
    return b"<time>" if b"/" in span or 1970 <= year < 2100 else span


_URL_PARTS = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]{0,15}://)(?:[^\s/@\"']{0,256}@)?([^\s/?#\"'<>]{0,256})(.*)", re.DOTALL
)
_HOST_ADDRESS = re.compile(rb"ip(?:-[0-9]{1,3}){4}")
_HEX_HOST = re.compile(rb"[0-9a-f]{12,64}")
_HOST_IDENTIFIER = re.compile(rb"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")


def _host(name: bytes) -> bytes:
    return b"<hex>" if _HEX_HOST.fullmatch(name) else _HOST_ADDRESS.sub(b"ip-<ip>", name)


def url(span: bytes) -> bytes:
    """Keep scheme and host of a URL, with an address as its class; path and query become one mask."""
    parts = _URL_PARTS.match(span)
    if parts is None:
        return b"<url>"
    scheme, host, rest = parts.groups()
    if _HOST_IDENTIFIER.fullmatch(host):
        host = address_class(host)
    else:
        name, colon, port = host.rpartition(b":")
        name = _host(name if colon else host)
        host = name + colon + (port if len(port) < 5 else b"<port>") if colon else name
    return scheme + host + (b"<path>" if len(rest) > 1 else rest)


_PLACE = re.compile(rb"(?::[0-9]{1,7}){0,2}\Z")


_KINDS = (b"/dev/", b"/mnt/", b"/etc/", b"/proc/", b"/sys/")
"""First parts that say what kind of thing is at a place: a device, a setting, a file of the kernel."""


def path(span: bytes) -> bytes:
    """Keep the extension of a path, that a line number follows, the name of a program, and some first parts."""
    place = _PLACE.search(span)
    at = place.start() if place else len(span)
    last = span[max(span.rfind(b"/", 0, at), span.rfind(b"\\", 0, at)) + 1 : at]
    if (b"/bin/" in span or b"/sbin/" in span) and span.rfind(b"bin/", 0, at) + 4 == at - len(last):
        return b"<path>/" + last
    kind = span[: span.index(b"/", 1) + 1] if span.startswith(_KINDS) else b""
    if kind:
        return kind + path(b"//" + last) + span[at:] if last else kind + b"<path>"
    stem, dot, extension = last.rpartition(b".")
    if stem and dot and 0 < len(extension) <= 6 and extension.isalpha():
        return b"<path>." + extension + (b":<line>" if at < len(span) else b"")
    return b"<path>" + span[at:]


_WINSOCK = (range(10004, 10113), range(11001, 11005))
_WINDOWS = (
    range(-0x80000000, -0x7FEA0000),
    range(-0x40000000, -0x3FFEE000),
    range(0x80070000, 0x80080000),
    range(0xC0000000, 0xC0080000),
)
"""HRESULT and NTSTATUS: signed, with the facilities that are common; unsigned, of Win32 and of the kernel."""


def windows_code(span: bytes) -> bytes:
    """Keep what Windows numbers failures by."""
    number = int(span)
    if any(number in codes for codes in (_WINSOCK if len(span) == 5 else _WINDOWS)):
        return span
    return b"-<int>" if span[:1] == b"-" else b"<int>"


def hex_number(span: bytes) -> bytes:
    """Keep HRESULT, NTSTATUS and stop codes, mask any other hex number."""
    if len(span) == 10 and (span[2:3] in b"8cC" or span[2:6] == b"0000"):
        return span
    return b"<hex>"


_WORD = re.compile(rb"[A-Za-z]{1,16}")
_NEVER_COUNT = frozenset(
    b"tid pid goroutine offset partition row line id seq exec shard slot block chunk stream frame packet epoch"
    b" generation term inode iteration cycle column index position cpu byte char build txn".split()
)
"""Words behind which 0 names the first of several, not none."""
_COUNTED_FROM_ZERO = _NEVER_COUNT | frozenset(
    b"thread worker batch segment consumer producer broker replica node child device sensor member instance"
    b" task".split()
)
"""The same without a colon: ``replica 0`` is the first, ``replica: 0`` is none."""


def identity(span: bytes) -> bytes:
    """Mask the number behind a word that names one thing; none, and a status behind a colon, stay."""
    stem = span.rstrip(b"0123456789")
    if stem[-1:] in b"=#-" or stem[-2:] == b"= ":
        return stem + b"<id>"
    number = span[len(stem) :]
    is_told = b":" in stem[-2:]
    if is_told and len(number) == 3 and number[:1] in b"45":
        return span
    if not number.strip(b"0"):
        word = _WORD.match(span)
        if word is not None and word[0].lower() not in (_NEVER_COUNT if is_told else _COUNTED_FROM_ZERO):
            return span
    return stem + b"<id>"


_NO_NAME = frozenset(
    b"null none None nil unknown anonymous missing invalid suspended locked disabled expired true false 0".split()
)


def value_of_key(span: bytes) -> bytes:
    """Mask the value behind `key=`, but for what says that there is none, or what became of it."""
    cut = span.index(b"=") + 1
    if span[cut:].strip(b"'") in _NO_NAME:
        return span
    return span[:cut] + b"<value>"


_QUOTED_CODE = re.compile(
    rb"'(?i:err|error|e|code|rc|fault|status|exit|state|errno|signal|phase|step|alert)[_.:-]?[0-9]{1,10}'"
)


def quoted(span: bytes) -> bytes:
    """Mask a name in quotes, but not what looks like a code: ``'err_17'``."""
    return span if _QUOTED_CODE.fullmatch(span) else b"'<value>'"


def composite(span: bytes) -> bytes:
    """Keep the first part of a name of several: ``blk_<id>``."""
    return span[: span.index(b"_")] + b"_<id>"


def base64_padded(span: bytes) -> bytes:
    """Mask base64, which has a multiple of four characters."""
    return span if len(span) % 4 else b"<base64>"


def short_hex(span: bytes) -> bytes:
    """Keep the word before a commit or digest."""
    return re.sub(rb"[0-9a-f]{7,40}\Z", b"<hex>", span)


def named_token(span: bytes) -> bytes:
    """Mask the token behind a word."""
    return re.sub(rb"[A-Za-z0-9]{1,64}\Z", b"<id>", span)


def number_list(span: bytes) -> bytes:
    """Mask a list, but not one of three digits each: those may be statuses."""
    if all(len(number) == 3 for number in re.findall(rb"[0-9]{1,9}", span)):
        return span
    return b"[<list>]" if span[:1] == b"[" else b"<list>"
