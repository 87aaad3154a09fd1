"""Exceptions of LogTriage, each decided retryable or permanent where it is raised.

::

    LogTriageError
    ├── SettingsError                 the settings cannot be used; every fault with path and value
    ├── RequestError                  the request itself is at fault; the sender must not retry
    │   └── NotProtobufError          the bytes are no ExportLogsServiceRequest
    ├── DeliveryError                 downstream did not take the records
    │   ├── RetryableDeliveryError    worth another try: the sender keeps the batch
    │   └── PermanentDeliveryError    refused for good: downstream's own answer is passed on
    └── SpoolError                    what waits on disk
        ├── SpoolUnavailableError     cannot store or read for now; nothing may fail because of it
        └── SpoolStartError           the service must not start with this folder
            ├── SpoolInUseError       another process has it
            └── SpoolFormatError      a newer LogTriage wrote it

``otlp/status.py`` maps them to gRPC; nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass


class LogTriageError(Exception):
    """Base of all exceptions that LogTriage raises on purpose."""


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One fault in the settings: the dotted path of the key, the value found, what is wrong."""

    path: str
    value: object
    problem: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f" (value: `{self.value}`)"
        return f"`{self.path}`: {self.problem}{shown}"


class SettingsError(LogTriageError):
    """The settings cannot be used; ``faults`` has all of them, not only the first."""

    def __init__(self, source: str, faults: list[SettingFault]) -> None:
        self.source = source
        self.faults = faults
        lines = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(f"{source}: {len(faults)} fault{'s' if len(faults) != 1 else ''} in the settings\n{lines}")


class RequestError(LogTriageError):
    """The request is at fault and stays so: INVALID_ARGUMENT."""


class NotProtobufError(RequestError):
    """The bytes cannot be read as an ExportLogsServiceRequest."""


class DeliveryError(LogTriageError):
    """Downstream did not accept the records of one forwarded request."""


class RetryableDeliveryError(DeliveryError):
    """Downstream is unavailable, slow, or refuses us for a reason that an operator can mend.

    ``retry_after_seconds`` is what downstream asked for, if it did. ``is_misconfigured`` says that our token or
    address is wrong (UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, NOT_FOUND): an alarm, not a passing fault.
    """

    def __init__(
        self, message: str, *, retry_after_seconds: float | None = None, is_misconfigured: bool = False, code: str = ""
    ) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.is_misconfigured = is_misconfigured
        self.code = code


class PermanentDeliveryError(DeliveryError):
    """Downstream refuses these records for good.

    ``code`` is the name of the gRPC status, ``status_details`` the bytes of ``grpc-status-details-bin``, if any.
    """

    def __init__(self, message: str, *, code: str, status_details: bytes = b"") -> None:
        super().__init__(message)
        self.code = code
        self.status_details = status_details


class SpoolError(LogTriageError):
    """The spool cannot do what it was asked."""


class SpoolUnavailableError(SpoolError):
    """The spool is full, or its disk fails for now. ``reason`` is one word of a metric's label."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class SpoolStartError(SpoolError):
    """The folder of the spool is not ours to use; the message says what to do."""


class SpoolInUseError(SpoolStartError):
    """Another process holds the folder."""


class SpoolFormatError(SpoolStartError):
    """A newer version wrote the file; it is left as it is."""


def place_of(error: BaseException) -> str:
    """Name an exception and where it was raised, for our own logs: without its message, which may hold a body."""
    traceback = error.__traceback__
    place = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" at {code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return type(error).__name__ + place
