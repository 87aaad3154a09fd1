"""Masks of names of one thing: by the word before the number, by the key before the value, by a long mixed form."""

from __future__ import annotations

from logtriage.verdicts.mask_classes import (
    base64_padded,
    composite,
    hex_number,
    identity,
    named_token,
    number_list,
    path,
    quoted,
    short_hex,
    value_of_key,
)
from logtriage.verdicts.mask_entry import MARK_AHEAD, NAME_NUMBER_END, NUMBER_AHEAD, WORD_END, Mask, behind, not_behind
from logtriage.verdicts.measure_classes import last_number

_ONE = (
    rb"(?i:user|order|session|tenant|account|customer|job|task|batch|offset|partition|pid|tid|uid|gid|thread|goroutine|conn"
    rb"|connection|worker|row|line|item|invoice|payment|segment|id|seq|txn|xid|txid|transaction|exec|pool|shard|consumer|producer"
    rb"|broker|replica|node|child|slot|block|chunk|record|shipment|ticket|cart|basket|sale|product|sku|device|sensor"
    rb"|stream|frame|packet|subscription|subscriber|member|epoch|generation|term|inode|iteration|cycle|column|index|position"
    rb"|moved|ask|cpu|instance|byte|char|length|build)"
)
_ONE_OR_STATUS = (
    rb"(?i:request|req|msg|message|process|response|server|call|revision|commit|page|entry|query|host|client)"
)
_KEYED = (
    rb"request|req|trace|span|parent|correlation|transaction|txn|order|cart|item|product|customer|account|user|session|tenant"
    rb"|invoice|payment|shipment|device|client|job|task|run|batch|container|thread|conn|connection|instance|object|document"
)

_NAME_END = rb"(?![A-Za-z0-9]|-[a-z0-9]|_(?![a-z0-9-]{1,63}(?:[('\]]|\Z)))"
"""Right edge of the name of a pod: the kubelet puts the namespace behind it, ``web-0_shop(...)``, ``"web-0_shop"``."""

IDENTIFIERS: tuple[Mask, ...] = (
    Mask(
        name="pod",
        first=rb"\-",
        pattern=rb"(?<=[a-z0-9])-(?=[a-z]{0,9}[0-9][a-z]{0,9}[0-9])[a-z0-9]{6,10}-[a-z0-9]{5}" + _NAME_END,
        reason="Kubernetes names a pod by replica set hash and a random suffix",
        replacement=b"-<pod>",
    ),
    Mask(
        name="key_digest",
        first=rb"S",
        pattern=rb"SHA256:[A-Za-z0-9+/]{43}=?",
        reason="the digest of one key or certificate",
        replacement=b"SHA256:<digest>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="hex_number",
        first=rb"0",
        pattern=rb"0[xX][0-9a-fA-F]{1,32}" + WORD_END,
        reason="an address; HRESULT and NTSTATUS (0x8..., 0xC... of eight digits) stay",
        replacement=hex_number,
    ),
    Mask(
        name="hex",
        first=rb"0-9a-fA-F",
        pattern=rb"(?=[a-fA-F]{0,128}[0-9])(?:[0-9a-f]{12,128}|[0-9A-F]{12,128}|(?=[0-9]{0,128}[a-fA-F])(?:[0-9a-f]{8,11}|[0-9A-F]{8,11}))"
        + WORD_END,
        reason="a digest, trace or object id; words of hex letters alone stay",
        replacement=b"<hex>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="short_hex",
        first=rb"a-zA-Z",
        pattern=rb"(?i:commit|sha|revision|rev|digest|etag)[\s:=]{1,2}(?=[a-f]{0,40}[0-9])[0-9a-f]{7,40}(?![A-Za-z0-9_-])",
        reason="Git shortens a commit to seven digits",
        replacement=short_hex,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="ulid",
        first=rb"0-9",
        pattern=rb"[0-9][0-9A-HJKMNP-TV-Z]{25}" + WORD_END,
        reason="a ULID names one thing",
        replacement=b"<ulid>",
    ),
    Mask(
        name="access_key",
        first=rb"A",
        pattern=rb"A[A-Z]{3}[A-Z0-9]{16}" + WORD_END,
        reason="an AWS access key names one caller",
        replacement=b"<access key>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="base64",
        first=rb"A-Za-z0-9",
        pattern=rb"(?=(?>[A-Za-z+/]{0,64})[0-9][A-Za-z0-9+/]{0,64}[A-Za-z+/][0-9])(?=[A-Z0-9+/]{0,64}[a-z])(?=[a-z0-9+/]{0,64}[A-Z])"
        + rb"[A-Za-z0-9+/]{20,512}={0,2}(?![A-Za-z0-9_/+=-])",
        reason="a cursor, a digest, a key",
        replacement=b"<base64>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="mixed",
        first=rb"A-Za-z0-9",
        pattern=rb"(?=(?>[A-Z0-9]{0,63})[a-z])(?=(?>[A-Za-z]{0,16})(?>[0-9]{1,16})(?>[A-Za-z]{1,16})[0-9])[A-Za-z0-9]{8,64}"
        + WORD_END,
        reason="letters and digits by turns: a made-up name",
        replacement=b"<mixed>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="prefixed",
        first=rb"a-z",
        pattern=rb"(?:(?>[a-z]{2,8})_(?=[A-Za-z]{0,31}[0-9])|[a-z]_(?=[A-Za-z]{0,31}[0-9][A-Za-z]{0,31}[0-9]))"
        + rb"(?=[A-Z0-9]{0,31}[a-z])(?=[a-z0-9]{0,31}[A-Z])[A-Za-z0-9]{8,64}"
        + WORD_END,
        reason="a made-up name behind what it is of: `pay_9Hs81kLm2`",
        replacement=composite,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="composite",
        first=rb"a-z",
        pattern=rb"(?=(?>[A-Za-z0-9]{1,32})_)(?!error|err_|code|status|exit)(?=[A-Za-z0-9_-]{0,64}[0-9]{5})[a-z][A-Za-z0-9]{0,31}(?:_-?[A-Za-z0-9]{1,32}){1,8}"
        + WORD_END,
        reason="a name put together of a kind and long numbers",
        replacement=composite,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="lsn",
        first=rb"lL",
        pattern=rb"(?i:lsn)\s[0-9A-F]{1,8}/[0-9A-F]{1,8}" + WORD_END,
        reason="a place in PostgreSQL's log",
        replacement=lambda span: span[:4] + b"<lsn>",
    ),
    Mask(
        name="source_line",
        first=rb"a-z",
        pattern=rb"(?<=\.)(?:java|kt|scala|groovy|go|py|pyx|js|mjs|cjs|ts|tsx|rb|rs|cs|php|c|cc|cpp|h|hpp|ex|erl)(?::[0-9]{1,7}){1,2}"
        + WORD_END,
        reason="line numbers move with each release",
        replacement=lambda span: span[: span.index(b":")] + b":<line>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="python_line",
        first=rb"l",
        pattern=rb"(?<=\",\s)line\s[0-9]{1,7}(?=,\sin\s|\n|\Z)",
        reason="line numbers move with each release",
        replacement=b"line <line>",
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="base64_padded",
        first=rb"A-Za-z0-9/+",
        pattern=rb"(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/]{14,512}={1,2}(?:[\s',;)\]]|\Z))(?=[A-Z0-9+/]{0,64}[a-z])(?=[a-z0-9+/]{0,64}[A-Z])"
        + rb"(?=[A-Za-z]{0,128}[0-9+/])[A-Za-z0-9+/]{14,512}={1,2}",
        reason="what is padded to a multiple of four is base64: bytes, a digest, a key",
        replacement=base64_padded,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="unix_path",
        first=rb"/.",
        pattern=rb"(?<![A-Za-z0-9_./<>:-])\.{0,2}(?:/{1,2}[A-Za-z0-9_.@+~%=-]{1,255}){2,40}/?(?::[0-9]{1,7}(?![A-Za-z0-9_.])){0,2}",
        reason="a place; the extension tells the kind of file and stays",
        replacement=path,
    ),
    Mask(
        name="relative_path",
        first=rb".",
        pattern=rb"(?<![A-Za-z0-9_./])\.{1,2}/[A-Za-z0-9_.@+~%-]{1,255}/?(?::[0-9]{1,7}(?![A-Za-z0-9_.])){0,2}",
        reason="a place; the extension tells the kind of file and stays",
        replacement=path,
    ),
    Mask(
        name="windows_path",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z]:(?:\\[A-Za-z0-9_.@+~%-]{1,255}){1,40}(?::[0-9]{1,7}(?![A-Za-z0-9_.])){0,2}",
        reason="a place; the extension tells the kind of file and stays",
        replacement=path,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="arn",
        first=rb"a",
        pattern=rb"arn:aws[a-z-]{0,12}:[a-z0-9-]{0,32}:[a-z0-9-]{0,32}:[0-9]{0,12}:[A-Za-z0-9_./:*-]{1,256}",
        reason="names one resource; the service stays",
        replacement=lambda span: b":".join(span.split(b":", 5)[:3]) + b":<arn>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="state_count",
        first=rb"A-Za-z",
        pattern=_ONE
        + rb"(?:\s|:\s?)[0-9]{1,20}(?=\s(?i:left|active|healthy|unhealthy|online|offline|available|unavailable"
        + rb"|ready|alive|free|idle|busy|open|waiting|pending|reachable|assigned|remaining|remain|remains|running"
        + rb"|connected)(?![A-Za-z0-9_]))",
        reason="before the word for a state a number counts: none stays",
        replacement=last_number,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="identity",
        first=rb"A-Za-z",
        pattern=rb"(?:"
        + _ONE
        + rb"(?:_?(?i:id|number))?(?:[\s:=#-]{1,2}|\s=\s|\s(?i:id|number)[\s:=]{1,2}|\s\#)[0-9]{1,20}|"
        + _ONE_OR_STATUS
        + rb"(?:_?(?i:id)[\s:=#-]{1,2}[0-9]{1,20}|\s(?i:id)[\s:=]{1,2}[0-9]{1,20}"
        + rb"|\s?#[0-9]{1,20}|[\s:=-]{1,2}[0-9]{4,20}))"
        + NAME_NUMBER_END,
        reason="a number behind such a word names one thing; where it could be a status it takes four digits",
        replacement=identity,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="named_token",
        first=rb"A-Za-z",
        pattern=rb"(?i:request|req|session|trace|span|transaction|txn|correlation|job|task|token|nonce|cursor)[\s:#]{1,2}"
        + rb"(?=[A-Z0-9]{0,40}[a-z])(?![0-9a-f]{8,128}(?![A-Za-z0-9_]))"
        + rb"(?:[0-9](?=[0-9]{0,40}[A-Za-z])[A-Za-z0-9]{2,15}|[A-Za-z][A-Za-z0-9]{2,14}[0-9])(?![A-Za-z0-9_-])",
        reason="letters and digits behind a word that names one thing",
        replacement=named_token,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="identity_value",
        first=rb"A-Za-z",
        pattern=rb"(?=(?>[A-Za-z_-]{2,24})=)(?i:user|username|user_name|login|uid|email|session|tenant|sku|(?:"
        + _KEYED
        + rb")[_-]?id|client_ip|remote_addr|pid|tid|seq)=(?:[A-Za-z0-9_.:@/+-]{1,128}|'[^'\s]{1,128}')",
        reason="the value of such a key names one thing",
        replacement=value_of_key,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="quoted_name",
        first=rb"'",
        pattern=behind(rb"tenant|bucket|topic|customer|account", rb"\s|:\s|\snamed\s") + rb"'[A-Za-z0-9_.:@/+-]{1,64}'",
        reason="the name of one tenant or bucket, in quotes",
        replacement=b"'<value>'",
    ),
    Mask(
        name="quoted",
        first=rb"'",
        pattern=not_behind(
            rb"column|table|field|function|variable|module|parameter|property|relation|package|library|command|plugin|option|flag"
            rb"|module\snamed|setting|directive|extension|attribute|method|class|driver",
            rb"\s",
        )
        + rb"(?<![A-Za-z0-9=])'(?=[^'\s]{0,64}[a-z])(?=[^'\s]{0,64}[0-9])[A-Za-z0-9_.:@/+-]{2,64}'",
        reason="small letters and digits in quotes name one thing; codes are in capitals",
        replacement=quoted,
    ),
)

NUMBERED: tuple[Mask, ...] = (
    Mask(
        name="ordinal",
        first=rb"\-",
        pattern=rb"(?<=[a-z])(?<!error)(?<!code)(?<!status)(?<!exit)(?<!signal)(?<!errno)(?<!state)(?<!reason)(?<!level)(?<!port)(?<!http)(?<!utf)"
        + rb"(?<!sha)(?<!iso)(?<!ipv)(?<!rc)(?<!version)(?<!tls)(?<!ssl)(?<!smtp)(?<!ftp)(?<!ldap)(?<!curl)(?<!grpc)"
        + rb"(?<!type)(?<!rule)(?<!tier)(?<!severity)(?<!sev)(?<!priority)(?<!phase)(?<!step)(?<!stage)"
        + rb"(?<!class)(?<!mode)(?<!reply)(?<!alert)(?<!err)(?<!result)(?<!response)(?<!rcode)"
        + rb"-[0-9]{1,4}(?!\.[0-9])"
        + _NAME_END,
        reason="one of several of the same kind: a replica, a thread, a partition",
        replacement=b"-<n>",
    ),
    Mask(
        name="numbered_name",
        first=rb"a-z",
        pattern=rb"(?=(?>[a-z]{3,16})[0-9]{2})(?![a-z]{0,12}(?:code|status|errno|error|err|sqlstate|smtp|ftp|ldap|curl|grpc)[0-9])(?!(?:sha|base|crc|int|uint|float|utf|error|err|code|status|exit|signal|port|errno|state|reason|level|version|http|latin|aes|rsa"
        + rb"|dsa|win|step|phase|stage|rule)[0-9])[a-z]{3,16}[0-9]{2,6}"
        + WORD_END,
        reason="a host or disk by kind and number",
        replacement=lambda span: span.rstrip(b"0123456789") + b"<n>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="list",
        first=rb"0-9\[",
        pattern=rb"(?:\[[0-9]{1,9}(?:,\s?[0-9]{1,9}){1,63}\]|[0-9]{1,9}(?:,[0-9]{1,9}){1,63}|[0-9]{1,9}(?:,\s[0-9]{1,9}){2,63})(?![A-Za-z0-9_.])",
        reason="which and how many of several things",
        replacement=number_list,
    ),
    Mask(
        name="integer",
        first=rb"0-9",
        pattern=rb"[0-9]{5,30}(?:\.[0-9]{1,9})?" + WORD_END,
        reason="five digits and more name or count one thing; shorter ones may be codes and stay",
        replacement=b"<int>",
    ),
)
