"""Tell of settings that work against each other without being faults: the service runs, not as its owner may expect.

A setting that merely has no effect is told only where it is not the default: that is nobody's wish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from logtriage.config.durations import format_duration
from logtriage.config.endpoints import Endpoint
from logtriage.config.hold import HoldMode
from logtriage.config.section import Section
from logtriage.config.settings import Settings
from logtriage.errors import SettingFault
from logtriage.schema.provenance import EngineName


def advice_on(settings: Settings) -> list[SettingFault]:
    """Give what a person should know of settings without faults."""
    return [advice for check in _CHECKS for advice in check(settings)]


def _a_stop_leaves_time_for_calls(settings: Settings) -> Iterator[SettingFault]:
    shutdown, exporter = settings.shutdown, settings.exporter
    left = shutdown.delivery_seconds
    if shutdown.grace > left:
        yield SettingFault(
            "shutdown.grace",
            format_duration(shutdown.grace),
            f"is cut to `{format_duration(left)}`: of `shutdown.timeout` (`{format_duration(shutdown.timeout)}`) "
            f"`{format_duration(shutdown.timeout - left)}` are for closing. Raise `shutdown.timeout`, or lower this",
        )
    elif 0 < shutdown.grace < exporter.timeout:
        yield SettingFault(
            "shutdown.grace",
            format_duration(shutdown.grace),
            f"is below `exporter.timeout` (`{format_duration(exporter.timeout)}`): at a stop, requests that downstream "
            "is slow to take are cut off, and come again. Raise it, or lower `exporter.timeout`",
        )


def _what_may_come_can_be_held(settings: Settings) -> Iterator[SettingFault]:
    hold, receiver = settings.hold, settings.receiver
    if not settings.may_hold:
        return
    for path, value, name, most in (
        ("hold.max_mib", hold.max_mib, "receiver.max_recv_msg_size_mib", receiver.max_recv_msg_size_mib),
        ("hold.max_records", hold.max_records, "receiver.max_request_records", receiver.max_request_records),
    ):
        if value < most:
            yield SettingFault(
                path,
                value,
                f"is below `{name}` (`{most}`): a large request may never wait for the model (`no_room`). Raise it, or "
                f"lower `{name}`",
            )


def _what_is_refused_can_be_kept(settings: Settings) -> Iterator[SettingFault]:
    letters, largest = settings.dead_letter, settings.exporter.max_request_size_mib
    if settings.may_hold and letters.max_requests and letters.max_mib < largest:
        yield SettingFault(
            "dead_letter.max_mib",
            letters.max_mib,
            f"is below `exporter.max_request_size_mib` (`{largest}`): a large request that downstream refuses is "
            "dropped. Raise it, or lower `exporter.max_request_size_mib`",
        )


def _a_disk_is_used(settings: Settings) -> Iterator[SettingFault]:
    hold = settings.hold
    if settings.may_hold and hold.mode is HoldMode.MEMORY and _is_changed(hold, "min_free_mib"):
        yield SettingFault(
            "hold.min_free_mib",
            hold.min_free_mib,
            "has no effect with `hold.mode: memory`: nothing is written to the disk. Leave one of the two out",
        )


def _the_scheme_agrees_with_insecure(settings: Settings) -> Iterator[SettingFault]:
    exporter, push = settings.exporter, settings.telemetry.metrics.otlp
    for path, insecure, name, endpoint, target in (
        ("exporter.tls.insecure", exporter.tls.insecure, "exporter.endpoint", exporter.endpoint, exporter.target),
        (
            "telemetry.metrics.otlp.insecure",
            push.insecure,
            "telemetry.metrics.otlp.endpoint",
            push.endpoint,
            push.target,
        ),
    ):
        if insecure is not None and target is not None and _is_plaintext_by_scheme(target) not in (None, insecure):
            yield SettingFault(
                path,
                str(insecure).lower(),
                f"has no effect: the scheme of `{name}` (`{endpoint}`) decides, and it says "
                f"{'TLS' if insecure else 'plaintext'}. Leave one of the two out",
            )


def _is_plaintext_by_scheme(target: Endpoint) -> bool | None:
    return {"http": True, "https": False}.get(target.scheme)


def _headers_are_sent(settings: Settings) -> Iterator[SettingFault]:
    push = settings.telemetry.metrics.otlp
    if push.headers and push.target is None:
        yield SettingFault(
            "telemetry.metrics.otlp.headers",
            None,
            "are not used: no metrics are pushed. Set `telemetry.metrics.otlp.endpoint`, or leave them out",
        )


def _the_tenant_is_forwarded(settings: Settings) -> Iterator[SettingFault]:
    metadata = settings.receiver.metadata
    if settings.receiver.tenant_key is None and _is_changed(metadata, "tenant"):
        yield SettingFault(
            "receiver.metadata.tenant",
            metadata.tenant,
            "takes no part: it is not in `receiver.metadata.forward`, so that all tenants share verdicts. Add it "
            "there, or leave it out here",
        )


def _a_model_can_be_asked_as_set(settings: Settings) -> Iterator[SettingFault]:
    mimo = settings.mimo
    if settings.engine_name is not EngineName.MIMO:
        return
    if mimo.connect_timeout > mimo.timeout and _is_changed(mimo, "connect_timeout"):
        yield SettingFault(
            "mimo.connect_timeout",
            format_duration(mimo.connect_timeout),
            f"has no effect above `mimo.timeout` (`{format_duration(mimo.timeout)}`), within which all ends: lower it, "
            "or raise `mimo.timeout`",
        )
    if mimo.tokens_per_minute < mimo.max_completion_tokens:
        yield SettingFault(
            "mimo.tokens_per_minute",
            mimo.tokens_per_minute,
            f"is below `mimo.max_completion_tokens` (`{mimo.max_completion_tokens}`), what one answer may take: the "
            "model is hardly asked, if at all. Raise it, or lower `mimo.max_completion_tokens`",
        )


def _is_changed(section: Section, name: str) -> bool:
    """Tell a value that somebody wants from the default, which the file may spell out."""
    return bool(getattr(section, name) != type(section).model_fields[name].default)


_CHECKS: tuple[Callable[[Settings], Iterator[SettingFault]], ...] = (
    _the_tenant_is_forwarded,
    _the_scheme_agrees_with_insecure,
    _a_model_can_be_asked_as_set,
    _what_may_come_can_be_held,
    _a_disk_is_used,
    _what_is_refused_can_be_kept,
    _headers_are_sent,
    _a_stop_leaves_time_for_calls,
)
