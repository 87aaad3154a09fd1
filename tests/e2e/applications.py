"""Records as applications would write them: each has an id, and its text is a function of the id.

The texts are what such programs print; what they are judged as is not this suite's business.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from e2e.transit import ID_ATTRIBUTE

TEXTS: tuple[tuple[str, str], ...] = (
    ("INFO", "order {id} accepted"),
    ("ERROR", "dial tcp 10.2.7.{byte}:5432: connect: connection refused while storing order {id}"),
    ("DEBUG", "cache miss for order {id}"),
    ("ERROR", "TypeError: unsupported operand type(s) for +: 'NoneType' and 'int' in order {id}"),
    ("WARN", "order {id} took {byte} ms"),
    ("ERROR", "connection reset by peer, retry attempt 1 succeeded, order {id}"),
    ("INFO", "order {id} shipped"),
    ("FATAL", "out of memory: cannot allocate {byte} MiB for order {id}"),
    ("ERROR", "order {id}: x509: certificate has expired or is not yet valid"),
    ("ERROR", "order {id} failed: größe fehlt — 無效"),
)

_SEVERITY_NUMBERS = {
    "DEBUG": SeverityNumber.DEBUG,
    "INFO": SeverityNumber.INFO,
    "WARN": SeverityNumber.WARN,
    "ERROR": SeverityNumber.ERROR,
    "FATAL": SeverityNumber.FATAL,
}
_EPOCH = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record before it is written down anywhere."""

    number: int
    id: str

    @property
    def level(self) -> str:
        """The level word it is logged at."""
        return TEXTS[self.number % len(TEXTS)][0]

    @property
    def text(self) -> str:
        """Its message: a function of the id."""
        return TEXTS[self.number % len(TEXTS)][1].format(id=self.id, byte=self.number % 250)

    @property
    def time(self) -> datetime:
        """When it is said to have happened."""
        return _EPOCH + timedelta(milliseconds=self.number)

    @property
    def is_error(self) -> bool:
        """Whether LogTriage selects it by default."""
        return self.level in ("ERROR", "FATAL")

    def json_line(self) -> str:
        """Write it as a JSON logger does."""
        return json.dumps(
            {
                "time": self.time.isoformat(timespec="milliseconds"),
                "level": self.level.lower(),
                "message": self.text,
                "service": "shop",
                ID_ATTRIBUTE: self.id,
            },
            ensure_ascii=False,
        )

    def text_line(self) -> str:
        """Write it as a plain logger does: the level is a word in the text, the id its last word."""
        return f"{self.time.isoformat(timespec='milliseconds')} {self.level} [worker-3] {self.text} id={self.id}"


def rows(prefix: str, count: int, start: int = 0) -> list[Row]:
    """Make rows with ids `<prefix>-<number>`."""
    return [Row(number=number, id=f"{prefix}-{number:06d}") for number in range(start, start + count)]


def send_by_sdk(sent: Sequence[Row], addresses: Sequence[str], service: str = "shop", batch_size: int = 128) -> None:
    """Emit the rows once through the Python SDK's own exporter, to each address; return when all are acknowledged."""
    provider = LoggerProvider(resource=Resource({"service.name": service, "deployment.environment.name": "test"}))
    for address in addresses:
        exporter = OTLPLogExporter(endpoint=address, insecure=True)
        provider.add_log_record_processor(
            BatchLogRecordProcessor(exporter, max_queue_size=len(sent) + batch_size, max_export_batch_size=batch_size)
        )
    logger = provider.get_logger("shop.orders", version="1.4.0")
    for row in sent:
        nanoseconds = int(row.time.timestamp() * 1000) * 1_000_000
        logger.emit(
            LogRecord(
                timestamp=nanoseconds,
                observed_timestamp=nanoseconds + 1,
                severity_number=_SEVERITY_NUMBERS[row.level],
                severity_text=row.level,
                body=row.text,
                attributes={
                    ID_ATTRIBUTE: row.id,
                    "http.response.status_code": 200 + row.number % 300,
                    "retry": row.number % 2 == 0,
                    "shares": [0.5, 0.25],
                    "code.file.path": "shop/orders.py",
                },
                event_name="shop.order" if row.number % 7 == 0 else None,
            )
        )
    assert provider.force_flush(30_000)
    provider.shutdown()
