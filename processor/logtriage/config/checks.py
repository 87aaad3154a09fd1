"""Check what no single setting can tell: addresses that clash or loop, files that are missing, sizes that disagree."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

from logtriage.config.durations import format_duration
from logtriage.config.exporter import TlsSettings
from logtriage.config.mimo_checks import check_mimo
from logtriage.config.settings import Settings
from logtriage.errors import SettingFault


def check_settings(settings: Settings) -> list[SettingFault]:
    """Give the faults between settings, and between the settings and the files that they name."""
    return [fault for check in _CHECKS for fault in check(settings)]


def _exporter_must_not_reach_the_receiver(settings: Settings) -> Iterator[SettingFault]:
    if settings.exporter.target.shares_port_with(settings.receiver.listen):
        yield SettingFault(
            "exporter.endpoint",
            settings.exporter.endpoint,
            f"is a loop: LogTriage itself listens there (`receiver.endpoint` is `{settings.receiver.endpoint}`). "
            "Give the address of the Collector or backend behind it",
        )


def _records_must_not_go_to_our_own_http_server(settings: Settings) -> Iterator[SettingFault]:
    listen, metrics = settings.telemetry.metrics.listen, settings.telemetry.metrics
    if listen is None:
        return
    for path, endpoint, target in (
        ("exporter.endpoint", settings.exporter.endpoint, settings.exporter.target),
        ("telemetry.metrics.otlp.endpoint", metrics.otlp.endpoint, metrics.otlp.target),
    ):
        if target is not None and target.shares_port_with(listen):
            yield SettingFault(
                path,
                endpoint,
                f"is LogTriage's own HTTP server (`telemetry.metrics.endpoint` is `{metrics.endpoint}`), which takes "
                "no OTLP: give the address of a Collector",
            )


def _metrics_must_not_be_pushed_to_the_receiver(settings: Settings) -> Iterator[SettingFault]:
    target = settings.telemetry.metrics.otlp.target
    if target is not None and target.shares_port_with(settings.receiver.listen):
        yield SettingFault(
            "telemetry.metrics.otlp.endpoint",
            settings.telemetry.metrics.otlp.endpoint,
            "is LogTriage's own receiver (`receiver.endpoint`), which takes logs only: give the address of a Collector",
        )


def _ports_must_differ(settings: Settings) -> Iterator[SettingFault]:
    listen = settings.telemetry.metrics.listen
    if listen is not None and listen.shares_port_with(settings.receiver.listen):
        yield SettingFault(
            "telemetry.metrics.endpoint",
            settings.telemetry.metrics.endpoint,
            f"has the port of `receiver.endpoint` (`{settings.receiver.endpoint}`): choose another",
        )


def _largest_request_must_fit_in_flight(settings: Settings) -> Iterator[SettingFault]:
    receiver = settings.receiver
    if receiver.max_in_flight_mib < receiver.max_recv_msg_size_mib:
        yield SettingFault(
            "receiver.max_in_flight_mib",
            receiver.max_in_flight_mib,
            f"is below `receiver.max_recv_msg_size_mib` (`{receiver.max_recv_msg_size_mib}`): "
            "the largest request could never be taken",
        )


def _grace_must_fit_into_the_stop(settings: Settings) -> Iterator[SettingFault]:
    shutdown = settings.shutdown
    if shutdown.grace > shutdown.timeout:
        yield SettingFault(
            "shutdown.grace",
            format_duration(shutdown.grace),
            f"is above `shutdown.timeout` (`{format_duration(shutdown.timeout)}`), within which the service is gone: "
            "lower the one or raise the other",
        )


def _first_wait_must_not_be_above_the_longest(settings: Settings) -> Iterator[SettingFault]:
    retry = settings.exporter.retry_on_failure
    if retry.initial_interval > retry.max_interval:
        yield SettingFault(
            "exporter.retry_on_failure.initial_interval",
            format_duration(retry.initial_interval),
            f"is above `exporter.retry_on_failure.max_interval` (`{format_duration(retry.max_interval)}`), the longest "
            "wait: lower the one or raise the other",
        )


def _nothing_can_be_always_and_never_redacted(settings: Settings) -> Iterator[SettingFault]:
    redaction = settings.redaction
    allowed = {name.lower() for name in redaction.allow}
    for name in redaction.keys:
        if name.lower() in allowed:
            yield SettingFault(
                "redaction.keys",
                name,
                "stands in `redaction.allow` too, so that its values would not be redacted: take it out of one of them",
            )


def _tls_files_must_be_usable(settings: Settings) -> Iterator[SettingFault]:
    tls = settings.exporter.tls
    if bool(tls.cert_file) != bool(tls.key_file):
        given, missing = ("cert_file", "key_file") if tls.cert_file else ("key_file", "cert_file")
        yield SettingFault(f"exporter.tls.{given}", getattr(tls, given), f"needs `exporter.tls.{missing}` beside it")
    for name in ("ca_file", "cert_file", "key_file"):
        path = getattr(tls, name)
        if path and settings.exporter.is_plaintext:
            yield SettingFault(
                f"exporter.tls.{name}",
                path,
                f"is not used: requests to `{settings.exporter.endpoint}` leave in plaintext. "
                "Set `exporter.tls.insecure: false`, or write `https://` in front of `exporter.endpoint`",
            )
        problem = _why_unreadable(path) if path else None
        if problem:
            yield SettingFault(f"exporter.tls.{name}", path, problem)
    yield from _unusable_pem(tls)


def _why_unreadable(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            file.read(1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no path"
        return f"cannot be read: {reason}. Give the path of a PEM file"
    return None


def _unusable_pem(tls: TlsSettings) -> Iterator[SettingFault]:
    """Let OpenSSL read the files: gRPC would say no more than that a handshake failed, and only later."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if tls.ca_file and not _why_unreadable(tls.ca_file):
        try:
            context.load_verify_locations(tls.ca_file)
        except (ssl.SSLError, OSError):
            yield SettingFault("exporter.tls.ca_file", tls.ca_file, "has no certificate in PEM form")
    is_pair = (
        tls.cert_file and tls.key_file and not _why_unreadable(tls.cert_file) and not _why_unreadable(tls.key_file)
    )
    if is_pair:
        try:
            context.load_cert_chain(tls.cert_file, tls.key_file, password="")
        except (ssl.SSLError, OSError):
            yield SettingFault(
                "exporter.tls.cert_file",
                tls.cert_file,
                "does not go with `exporter.tls.key_file`: both must be PEM, belong together, the key not encrypted",
            )


_CHECKS: tuple[Callable[[Settings], Iterator[SettingFault]], ...] = (
    _exporter_must_not_reach_the_receiver,
    _records_must_not_go_to_our_own_http_server,
    _metrics_must_not_be_pushed_to_the_receiver,
    _ports_must_differ,
    _largest_request_must_fit_in_flight,
    _grace_must_fit_into_the_stop,
    _first_wait_must_not_be_above_the_longest,
    _nothing_can_be_always_and_never_redacted,
    _tls_files_must_be_usable,
    check_mimo,
)
