"""Checks of the model's endpoint that cost nothing: key, DNS, TCP, TLS, the list of models, the clock."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from logtriage.config.mimo import MimoSettings, parse_base_url
from logtriage.config.mimo_facts import SELLERS, Seller
from logtriage.engines.mimo.outcomes import outcome_of_status
from logtriage.service.bounded import bounded
from logtriage.service.finding import Finding, State
from logtriage.service.reach import Reached, UnreachableError, reach
from logtriage.version import __version__

_STEPS = ("DNS", "TCP", "TLS")
_DAY_SECONDS = 86_400
_FEW_DAYS = 14
_LIST_SECONDS = 10.0
_MAX_LIST_BYTES = 4 * 1024 * 1024
_MAX_SKEW_SECONDS = 30.0
_MAX_NAMED = 8
_XIAOMI_KEY = "sk-"


def check_key(mimo: MimoSettings) -> Finding:
    """Check that there is a key, and that it is of the right kind."""
    check = "model key"
    facts = SELLERS[mimo.seller]
    if not mimo.has_key:
        if facts.needs_key:
            return Finding(
                check=check,
                state=State.FAULT,
                found=f"there is none, and `{mimo.seller}` needs one",
                advice="set the environment variable `MIMO_API_KEY` or `mimo.api_key`",
            )
        return Finding(check=check, state=State.OK, found=f"there is none; `{mimo.seller}` needs none")
    if mimo.seller is Seller.XIAOMI and not mimo.api_key.get_secret_value().startswith(_XIAOMI_KEY):
        return Finding(
            check=check,
            state=State.WARNING,
            found="there is one, and it does not begin as Xiaomi's pay-as-you-go keys do (`sk-`)",
            advice="check that it was copied whole, and that it belongs to `mimo.base_url`",
        )
    return Finding(check=check, state=State.OK, found="there is one, of the right kind")


@dataclass(frozen=True, slots=True)
class _ListAnswer:
    status: int
    body: bytes
    date: str
    skew_seconds: float | None


async def check_endpoint(
    mimo: MimoSettings, *, wall_clock: Callable[[], float] = time.time
) -> AsyncIterator[tuple[Finding, bool]]:
    """Reach the endpoint and ask for its models; with each finding, whether calls are still worth making."""
    try:
        reached = await bounded(
            lambda: reach(
                mimo.host, mimo.port, timeout_seconds=mimo.connect_timeout, context=_context(mimo.is_plaintext)
            ),
            seconds=mimo.connect_timeout * 3,
        )
    except TimeoutError:
        error = UnreachableError(
            "DNS", f"no address for `{mimo.host}` in time", "check which name server this machine asks"
        )
        for finding in _unreachable(error):
            yield finding, False
        return
    except UnreachableError as error:
        for finding in _unreachable(error):
            yield finding, False
        return
    for finding in _reached(mimo, reached, wall_clock()):
        yield finding, True
    try:
        began = time.monotonic()
        answer = await bounded(lambda: _list_models(mimo, reached, wall_clock), seconds=_list_seconds(mimo))
    except TimeoutError:
        found = f"`{mimo.url}/models` gave no answer within {_list_seconds(mimo):g}s"
        yield Finding(check="model id", state=State.WARNING, found=found, advice="see whether the calls below do"), True
        return
    except (OSError, http.client.HTTPException):
        found = f"`{mimo.host}` does not speak HTTP as it should"
        yield (
            Finding(check="model id", state=State.WARNING, found=found, advice="is a box in between? Check the URL"),
            True,
        )
        return
    finally:
        reached.connection.close()
    listed, is_worth_calling = _of_list(mimo, answer, time.monotonic() - began)
    yield listed, is_worth_calling
    yield _clock(answer), is_worth_calling


def _context(is_plaintext: bool) -> ssl.SSLContext | None:
    """Give what the model's client checks certificates against."""
    if is_plaintext:
        return None
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def _unreachable(error: UnreachableError) -> list[Finding]:
    failed = _STEPS.index(error.step)
    findings = []
    for at, step in enumerate(_STEPS):
        check = f"model {step}"
        if at < failed:
            findings.append(Finding(check=check, state=State.OK, found="works"))
        elif at == failed:
            findings.append(Finding(check=check, state=State.FAULT, found=str(error), advice=error.advice))
        else:
            findings.append(Finding(check=check, state=State.SKIPPED, found=f"{error.step} does not work"))
    return findings


def _reached(mimo: MimoSettings, reached: Reached, now: float) -> list[Finding]:
    dns = Finding(check="model DNS", state=State.OK, found=f"`{mimo.host}` has {_counted(reached.addresses)}")
    tcp = Finding(
        check="model TCP",
        state=State.OK,
        found=f"`{reached.address}` port {mimo.port} in {reached.tcp_seconds * 1000:.0f} ms",
        seconds=reached.tcp_seconds,
    )
    if mimo.is_plaintext:
        if mimo.is_loopback:
            tls = Finding(check="model TLS", state=State.OK, found="none, and none needed on this machine")
        else:
            tls = Finding(
                check="model TLS",
                state=State.WARNING,
                found="none: key and log text leave unencrypted (`mimo.allow_plaintext`)",
                advice="write `https://` in `mimo.base_url` if the server has it",
            )
        return [dns, tcp, tls]
    days = (reached.certificate_ends - now) / _DAY_SECONDS
    is_short = days < _FEW_DAYS
    return [
        dns,
        tcp,
        Finding(
            check="model TLS",
            state=State.WARNING if is_short else State.OK,
            found=f"{reached.tls_version}, the certificate holds for {days:.0f} days",
            advice="tell the owner of the endpoint" if is_short else "",
        ),
    ]


def _counted(addresses: int) -> str:
    return "1 address" if addresses == 1 else f"{addresses} addresses"


def _list_seconds(mimo: MimoSettings) -> float:
    return min(_LIST_SECONDS, mimo.timeout)


def _list_models(mimo: MimoSettings, reached: Reached, wall_clock: Callable[[], float]) -> _ListAnswer:
    """Ask on the open connection; redirects are not followed."""
    parts = parse_base_url(mimo.url)
    reached.connection.settimeout(_list_seconds(mimo))
    connection = http.client.HTTPConnection(mimo.host, mimo.port)
    connection.sock = reached.connection
    headers = {
        "Host": parts.netloc,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": f"logtriage/{__version__}",
        "Connection": "close",
    }
    if mimo.has_key:
        headers["Authorization"] = f"Bearer {mimo.api_key.get_secret_value()}"
    asked = wall_clock()
    connection.request("GET", f"{parts.path.rstrip('/')}/models", headers=headers)
    response = connection.getresponse()
    middle = (asked + wall_clock()) / 2
    date = response.headers.get("Date", "")
    return _ListAnswer(response.status, response.read(_MAX_LIST_BYTES), date, _skew(date, middle))


def _skew(date: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None


def _of_list(mimo: MimoSettings, answer: _ListAnswer, seconds: float) -> tuple[Finding, bool]:
    """Read the answer; give whether calls are worth making."""
    check, status = "model id", answer.status
    if status == 200:
        return _of_names(mimo, _names(answer.body), seconds), True
    if status in (404, 405, 501):
        found = f"the endpoint has no list of models (HTTP {status}): the calls tell"
        return Finding(check=check, state=State.SKIPPED, found=found, seconds=seconds), True
    outcome = outcome_of_status(status, b"")
    is_final = status in (401, 402, 403) or 300 <= status < 400
    found = f"asked for its models, the endpoint answers with HTTP status {status}"
    if 300 <= status < 400:
        found += ", a redirect, which is refused: log text goes to no other address than yours"
    finding = Finding(
        check=check,
        state=State.FAULT if is_final else State.WARNING,
        found=found,
        advice=outcome.alarm or "see whether the calls below get an answer",
        seconds=seconds,
    )
    return finding, not is_final


def _names(body: bytes) -> list[str] | None:
    try:
        tree = json.loads(body)
        return [str(item["id"]) for item in tree["data"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _of_names(mimo: MimoSettings, names: list[str] | None, seconds: float) -> Finding:
    check = "model id"
    if names is None:
        return Finding(
            check=check,
            state=State.WARNING,
            found="asked for its models, the endpoint answers with something else than a list",
            advice="check `mimo.base_url` (up to `/v1`): is it a web page, or a sign-in page in between?",
            seconds=seconds,
        )
    if mimo.model in names:
        return Finding(check=check, state=State.OK, found=f"`{mimo.model}` is known", seconds=seconds)
    known = ", ".join(
        f"`{_printable(name)}`" for name in sorted(names, key=lambda name: "mimo" not in name)[:_MAX_NAMED]
    )
    takes_any = mimo.seller is Seller.LLAMA_CPP
    return Finding(
        check=check,
        state=State.WARNING if takes_any else State.FAULT,
        found=f"`{mimo.model}` is not among the endpoint's {len(names)} models",
        advice=f"set `mimo.model` to one of them: {known}" if known else "load a model there",
        seconds=seconds,
    )


def _printable(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[:80]


def _clock(answer: _ListAnswer) -> Finding:
    check = "clock"
    if answer.skew_seconds is None:
        return Finding(check=check, state=State.SKIPPED, found="the endpoint tells no time")
    skew = answer.skew_seconds
    way = "behind" if skew > 0 else "ahead of"
    found = f"this machine is {abs(skew):.0f} s {way} the endpoint"
    if abs(skew) > _MAX_SKEW_SECONDS:
        return Finding(
            check=check,
            state=State.WARNING,
            found=found,
            advice="set the clock (NTP): waiting times, certificates and times of verdicts depend on it",
        )
    return Finding(check=check, state=State.OK, found=found if abs(skew) >= 2 else "agrees with the endpoint's")
