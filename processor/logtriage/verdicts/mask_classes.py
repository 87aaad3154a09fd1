"""What a masked span becomes: functions from the span to its class."""

from __future__ import annotations

import re


def address_class(span: bytes) -> bytes:
    """Give the class of an IPv4 address, and its port if that names a service (below 10000)."""
    address, colon, port = span.partition(b":")
    if address.startswith(b"127."):
        kind = b"<ip.loopback>"
    elif address.startswith(b"169.254."):
        kind = b"<ip.linklocal>"
    else:
        kind = b"<ip>"
    if not colon:
        return kind
    return kind + b":" + (port if len(port) < 5 else b"<port>")


_URL_PARTS = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]{0,15}://)(?:[^\s/@\"']{0,256}@)?([^\s/?#\"'<>]{0,256})(.*)", re.DOTALL
)
_HOST_IDENTIFIER = re.compile(rb"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")


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
        if colon and len(port) >= 5:
            host = name + b":<port>"
    return scheme + host + (b"<path>" if len(rest) > 1 else rest)


def path(span: bytes) -> bytes:
    """Keep the extension of a path."""
    last = span[span.rindex(b"/") + 1 :] if b"/" in span else span[span.rindex(b"\\") + 1 :]
    stem, dot, extension = last.rpartition(b".")
    if stem and dot and 0 < len(extension) <= 6 and extension.isalpha():
        return b"<path>." + extension
    return b"<path>"


def hex_number(span: bytes) -> bytes:
    """Keep HRESULT and NTSTATUS, mask any other hex number."""
    if len(span) == 10 and span[2:3] in b"8cC":
        return span
    return b"<hex>"


def percent(span: bytes) -> bytes:
    """Give the band of a percentage."""
    whole = int(re.match(rb"[0-9]+", span)[0])  # type: ignore[index]
    if whole == 0:
        return b"<0%>"
    if whole < 80:
        return b"<under 80%>"
    if whole < 90:
        return b"<80s%>"
    return b"<90s%>" if whole < 100 else b"<100%>"


_ATTEMPT_NUMBERS = re.compile(rb"([0-9]{1,6})(\s?/\s?|\s(?:of|out\sof)\s)([0-9]{1,6})\Z")


def attempt(span: bytes) -> bytes:
    """Tell the last of n attempts from those before it, and none from some."""
    numbers = _ATTEMPT_NUMBERS.search(span)
    if numbers is None:
        return span
    done, between, limit = numbers.groups()
    state = b"<last>" if int(done) >= int(limit) else b"<not last>"
    return span[: numbers.start()] + (state if int(done) else b"<none>") + between + b"<n>"


_UNIT_NUMBER = re.compile(rb"[0-9][0-9.,]*")


def quantity(span: bytes) -> bytes:
    """Keep the unit of a quantity, and zero."""
    number = _UNIT_NUMBER.match(span)[0]  # type: ignore[index]
    return span if not number.strip(b"0.,") else b"<n>" + span[len(number) :]


def identity(span: bytes) -> bytes:
    """Mask the number behind a word that names one thing."""
    return re.sub(rb"[0-9]{1,20}\Z", b"<id>", span)


def value_of_key(span: bytes) -> bytes:
    """Mask the value behind `key=`."""
    cut = span.index(b"=") + 1
    return span[:cut] + b"<value>"
