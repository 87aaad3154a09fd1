"""Entries that keep: numbers that decide a verdict, named before the masks that would take them."""

from __future__ import annotations

from logtriage.verdicts.mask_classes import windows_code
from logtriage.verdicts.mask_entry import MARK_AHEAD, NUMBER_AHEAD, NUMBER_END, WORD_END, Mask, behind

CODES: tuple[Mask, ...] = (
    Mask(
        name="sqlstate",
        first=rb"sS",
        pattern=rb"(?i:SQLSTATE|state)[\s:=\[(]{1,3}[0-9A-Z]{5}" + WORD_END,
        reason="SQLSTATE decides the category",
        replacement=None,
    ),
    Mask(
        name="vendor_error",
        first=rb"eE",
        pattern=rb"(?i:error)[\s:]{1,2}[0-9]{4,5}\s?\([0-9A-Z]{5}\)",
        reason="MySQL's error number and SQLSTATE",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="mssql_message",
        first=rb"M",
        pattern=rb"Msg\s[0-9]{1,5},\sLevel",
        reason="SQL Server's message number",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="version",
        first=rb"A-Za-z",
        pattern=rb"(?i:https?|tls|tlsv|ssl|sslv|version|ver|release|build|schema|api|protocol|v|java|jdk|python|php|ruby|openssl|kafka|mysql"
        + rb"|postgres|postgresql|redis|kernel|revision)[\s/:=-]{0,2}v?[0-9]{1,4}(?:\.[0-9]{1,6}){1,3}",
        reason="a version decides drift and what a peer can speak",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="coded_number",
        first=rb"acehrsACEHRS",
        pattern=rb"(?i:code|error|errno|err|status|state|reason|rc|exit|exited|signal|returned|answered|replied|responded|said|errcode|error_code|status_code|sqlcode|subcode|rcode|retval|ret|result|hr|hresult)"
        + rb"(?:\s?[:=#]\s?|\s(?:code|status|number|with)?\s?[:=]?\s?|\()(?:-?[0-9]{1,10}|0[xX][0-9a-fA-F]{1,4})"
        + NUMBER_END,
        reason="a number behind such a word is the software's own reason",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="signed_code",
        first=rb"\-",
        pattern=rb"(?<![A-Za-z0-9_>])-[0-9]{10}" + NUMBER_END,
        reason="HRESULT and NTSTATUS as signed numbers: 0x80070005 is -2147024891",
        replacement=windows_code,
    ),
    Mask(
        name="failed_code",
        first=rb"0-9",
        pattern=rb"(?=(?:[0-9]{5}|[0-9]{10})"
        + NUMBER_END
        + rb")"
        + behind(
            rb"failed|failure|fails|socket|winsock|WSA|hr|hresult|lasterror|reason", rb"\s|:\s|:|=|\swith\s|\s\(|=\s"
        )
        + rb"[0-9]{5,10}",
        reason="Winsock numbers, HRESULT and NTSTATUS as unsigned numbers, where something failed",
        replacement=windows_code,
    ),
    Mask(
        name="code_class",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z_.-]{1,64}(?:Error|Exception|Err)(?:\s\(|:?\s|[:(])-?[0-9]{1,10}" + NUMBER_END,
        reason="a number behind the class of an error: `WinError 10061`",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="windows_event",
        first=rb"eE",
        pattern=rb"(?i:event)\s?(?i:id)[\s:=]{1,2}[0-9]{1,6}" + WORD_END,
        reason="Windows numbers its events by what happened",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="code_key",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z_.-]{1,24}(?i:code|status|errno)(?:[=:]\s?|\s=\s)(?:-?[0-9]{1,10}|0[xX][0-9a-fA-F]{1,4})"
        + NUMBER_END,
        reason="a key that ends in such a word: `responseCode=50013`",
        replacement=None,
        ahead=NUMBER_AHEAD,
    ),
)

VENDOR_CODES: tuple[Mask, ...] = (
    Mask(
        name="vendor_code",
        first=rb"A-Z",
        pattern=rb"[A-Z]{2,12}-[0-9]{3,6}" + WORD_END,
        reason="ORA-01017, MY-010119, RFC-style codes of a vendor",
        replacement=None,
        ahead=MARK_AHEAD,
    ),
)
"""Behind the identities: ``ORDER-12345`` is one."""
