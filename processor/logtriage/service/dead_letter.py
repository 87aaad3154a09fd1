"""What `logtriage deadletter` needs: the folder of the settings, and the exporter that the service uses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from opentelemetry.metrics import NoOpMeterProvider

from logtriage.config.exporter import ExporterSettings
from logtriage.config.settings import Settings
from logtriage.errors import NotProtobufError, PermanentDeliveryError, RetryableDeliveryError
from logtriage.otlp.exporter import OtlpExporter
from logtriage.pipeline.outgoing import parts_of
from logtriage.pipeline.wire import partial_success_of
from logtriage.service.state import state_path
from logtriage.spool.letter import Letter, LetterError
from logtriage.spool.letter_folder import DEAD_LETTER_FOLDER_NAME, LetterFolder
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog


class Outcome(StrEnum):
    """What came of one dead letter."""

    SENT = "sent"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    DAMAGED = "damaged"
    MISSING = "missing"
    IN_WORK = "in_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One dead letter that was tried. It is deleted if the outcome is `sent`, and left as it is otherwise."""

    id: str
    outcome: Outcome
    records: int = 0
    rejected_records: int = 0
    """Of a letter that was sent, so many were rejected by downstream: partial success."""
    code: str = ""
    message: str = ""


def folder_of(settings: Settings, environment: Mapping[str, str]) -> LetterFolder:
    """Give the folder of the service's dead letters; it need not exist."""
    return LetterFolder(state_path(settings.state.directory, environment) / DEAD_LETTER_FOLDER_NAME)


async def send_letters(settings: Settings, folder: LetterFolder, ids: Sequence[str]) -> AsyncIterator[Sending]:
    """Send dead letters one after the other, oldest first as given, and delete each that downstream took.

    Ends after the first that finds downstream unavailable: the others would, too.
    """
    silent = logging.Logger("logtriage.deadletter")
    silent.addHandler(logging.NullHandler())
    exporter = OtlpExporter(
        settings.exporter, meter=Meter(NoOpMeterProvider()), rate_limited_log=RateLimitedLog(silent)
    )
    try:
        for letter_id in ids:
            sending = await _send(exporter, folder, letter_id, settings.exporter)
            yield sending
            if sending.outcome is Outcome.UNAVAILABLE:
                return
    finally:
        await exporter.close()


async def _send(exporter: OtlpExporter, folder: LetterFolder, letter_id: str, settings: ExporterSettings) -> Sending:
    try:
        with folder.claimed(letter_id) as is_ours:
            if not is_ours:
                return Sending(id=letter_id, outcome=Outcome.IN_WORK, message="another command is sending it")
            letter = await asyncio.to_thread(folder.read, letter_id)
            sending = await _export(exporter, letter_id, letter, settings)
            if sending.outcome is Outcome.SENT:
                return _removed(folder, sending)
            return sending
    except FileNotFoundError:
        return Sending(id=letter_id, outcome=Outcome.MISSING, message="there is no such dead letter")
    except (LetterError, NotProtobufError) as error:
        return Sending(id=letter_id, outcome=Outcome.DAMAGED, message=str(error))
    except OSError as error:
        return Sending(id=letter_id, outcome=Outcome.DAMAGED, message=f"cannot be read: {error.strerror}")


async def _export(exporter: OtlpExporter, letter_id: str, letter: Letter, settings: ExporterSettings) -> Sending:
    """Send a letter in parts that fit; one that was taken in part is sent whole again the next time."""
    records = letter.header.records
    rejected, messages = 0, []
    try:
        for part in parts_of(letter.request, records, settings.max_request_size_bytes):
            response = await exporter.export(
                part.data, records=part.records, metadata=letter.header.metadata, timeout_seconds=settings.timeout
            )
            partial = partial_success_of(response)
            rejected += min(max(partial.rejected_log_records, 0), part.records)
            messages.append(partial.error_message.decode("utf-8", "replace"))
    except PermanentDeliveryError as error:
        return Sending(id=letter_id, outcome=Outcome.REFUSED, records=records, code=error.code, message=str(error))
    except RetryableDeliveryError as error:
        return Sending(id=letter_id, outcome=Outcome.UNAVAILABLE, records=records, code=error.code, message=str(error))
    message = "; ".join(dict.fromkeys(filter(None, messages)))
    return Sending(id=letter_id, outcome=Outcome.SENT, records=records, rejected_records=rejected, message=message)


def _removed(folder: LetterFolder, sending: Sending) -> Sending:
    """Delete what was sent; the service may have dropped it meanwhile."""
    try:
        folder.remove(sending.id)
    except FileNotFoundError:
        pass
    except OSError as error:
        return replace(sending, message=f"sent, but it cannot be deleted: {error.strerror}")
    return sending
