"""Check of downstream: one Export call without a record, by the exporter that the service uses."""

from __future__ import annotations

import logging
import ssl
import time

from opentelemetry.metrics import NoOpMeterProvider

from logtriage.config.exporter import ExporterSettings
from logtriage.errors import DeliveryError, RetryableDeliveryError
from logtriage.otlp.exporter import OtlpExporter
from logtriage.service.bounded import bounded
from logtriage.service.finding import Finding, State
from logtriage.service.reach import UnreachableError, reach
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

_CHECK = "downstream"
_NOT_CONNECTED = (
    "failed to connect",
    "DNS resolution failed",
    "errors resolving",
    "recvmsg",
    "Socket closed",
    "connection attempt timed out",
)
_ADVICE = {
    "UNIMPLEMENTED": "it speaks gRPC and takes no OTLP logs: give it an `otlp` receiver in a `logs` pipeline",
    "UNAUTHENTICATED": "put the token that it wants into `exporter.headers`",
    "PERMISSION_DENIED": "check the token in `exporter.headers`, and what it may do",
    "NOT_FOUND": "check `exporter.endpoint`: a proxy there knows no such service",
    "INTERNAL": "is `exporter.endpoint` an OTLP/gRPC port (4317), and not the one for HTTP (4318)?",
    "UNKNOWN": "is `exporter.endpoint` an OTLP/gRPC port (4317), and not the one for HTTP (4318)?",
}
_MAX_MESSAGE_CHARACTERS = 200


async def check_downstream(settings: ExporterSettings) -> Finding:
    """Send an empty request downstream, within ``exporter.timeout``."""
    silent = logging.Logger("logtriage.doctor")
    silent.addHandler(logging.NullHandler())
    exporter = OtlpExporter(settings, meter=Meter(NoOpMeterProvider()), rate_limited_log=RateLimitedLog(silent))
    began = time.monotonic()
    try:
        await exporter.export(b"", records=0, metadata=(), timeout_seconds=settings.timeout)
    except DeliveryError as error:
        return await _of_error(settings, error, time.monotonic() - began)
    finally:
        await exporter.close()
    seconds = time.monotonic() - began
    way = "without TLS" if settings.is_plaintext else "over TLS"
    return Finding(
        check=_CHECK,
        state=State.OK,
        found=f"`{settings.endpoint}` took an empty request of logs {way} in {seconds * 1000:.0f} ms",
        seconds=seconds,
    )


async def _of_error(settings: ExporterSettings, error: DeliveryError, seconds: float) -> Finding:
    code: str = getattr(error, "code", "")
    message = _short(str(error))
    is_timeout = code == "DEADLINE_EXCEEDED"
    if is_timeout or (code == "UNAVAILABLE" and any(words in message for words in _NOT_CONNECTED)):
        found, advice = await _why_unreachable(settings, message, is_timeout=is_timeout)
        return Finding(check=_CHECK, state=State.FAULT, found=found, advice=advice, seconds=seconds)
    is_for_now = isinstance(error, RetryableDeliveryError) and not error.is_misconfigured
    return Finding(
        check=_CHECK,
        state=State.WARNING if is_for_now else State.FAULT,
        found=f"`{settings.endpoint}` refuses an empty request: {code}: {message}",
        advice="it speaks OTLP and is not ready: look at it" if is_for_now else _ADVICE.get(code, "look at its log"),
        seconds=seconds,
    )


async def _why_unreachable(settings: ExporterSettings, message: str, *, is_timeout: bool) -> tuple[str, str]:
    """Tell DNS, TCP and TLS apart where gRPC says no more than that it has no connection."""
    target = settings.target
    if target.socket_path:
        return f"`{settings.endpoint}` gives no answer: {message}", "check that a server listens at this socket"
    try:
        context = None if settings.is_plaintext else _context(settings)
        reached = await bounded(
            lambda: reach(
                target.host,
                target.port,
                timeout_seconds=settings.timeout,
                context=context,
                server_name=settings.tls.server_name_override,
            ),
            seconds=settings.timeout * 2 + 1,
        )
    except UnreachableError as error:
        return f"{error.step}: {error}", f"{error.advice} (`exporter.endpoint`)"
    except TimeoutError:
        return f"DNS: no address for `{target.host}` in time", "check which name server this machine asks"
    except (OSError, ValueError) as error:
        return f"TLS: the files of `exporter.tls` cannot be used: {error}", "check `exporter.tls`"
    reached.connection.close()
    took = f"did not answer within {settings.timeout:g}s" if is_timeout else f"does not speak gRPC as asked ({message})"
    tls = "" if settings.is_plaintext else ", and that its TLS offers HTTP/2"
    advice = f"check that `{settings.endpoint}` is an OTLP/gRPC port (4317, not 4318){tls}"
    if settings.is_plaintext:
        advice += "; if it wants TLS, write `https://` in front"
    return f"`{settings.endpoint}` accepts connections and {took}", advice


def _context(settings: ExporterSettings) -> ssl.SSLContext:
    tls = settings.tls
    context = ssl.create_default_context(cafile=tls.ca_file or None)
    context.set_alpn_protocols(["h2"])
    if tls.cert_file:
        context.load_cert_chain(tls.cert_file, tls.key_file, password="")
    return context


def _short(text: str) -> str:
    line = " ".join(text.split())
    line = "".join(char for char in line if char.isprintable())
    return line if len(line) <= _MAX_MESSAGE_CHARACTERS else line[:_MAX_MESSAGE_CHARACTERS] + "…"
