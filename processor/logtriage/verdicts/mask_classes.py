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


def path(span: bytes) -> bytes:
    """Keep the extension of a path, and that a line number follows."""
    place = _PLACE.search(span)
    at = place.start() if place else len(span)
    last = span[max(span.rfind(b"/", 0, at), span.rfind(b"\\", 0, at)) + 1 : at]
    stem, dot, extension = last.rpartition(b".")
    if stem and dot and 0 < len(extension) <= 6 and extension.isalpha():
        return b"<path>." + extension + (b":<line>" if at < len(span) else b"")
    return b"<path>" + span[at:]


def hex_number(span: bytes) -> bytes:
    """Keep HRESULT, NTSTATUS and stop codes, mask any other hex number."""
    if len(span) == 10 and (span[2:3] in b"8cC" or span[2:6] == b"0000"):
        return span
    return b"<hex>"


def identity(span: bytes) -> bytes:
    """Mask the number behind a word that names one thing."""
    return span.rstrip(b"0123456789") + b"<id>"


def value_of_key(span: bytes) -> bytes:
    """Mask the value behind `key=`."""
    cut = span.index(b"=") + 1
    return span[:cut] + b"<value>"


def composite(span: bytes) -> bytes:
    """Keep the first part of a name of several: ``blk_<id>``."""
    return span[: span.index(b"_")] + b"_<id>"


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
