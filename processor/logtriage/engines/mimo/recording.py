"""Keep what an endpoint answered, byte for byte, and give it again without asking: prompts are compared for free.

A recording is a file of JSON lines, readable by its owner only. First a header, then one line an answer: the SHA-256 of
the request's body, the status, the headers that matter, the body. Neither the request nor its headers are kept, so no
key ever stands in it; the answers quote redacted text of log records, which is why the header says so.

Prompts have a mark at both ends of the record that nobody who writes a record may guess. In a recording it is a
function of the record under a secret of the recording, so that the same record makes the same request again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from logtriage.schema.record import Context, RecordView

FORMAT: Final = 1
_HOLDS: Final = "answers of a model about log records: they quote redacted log text"
_PASSING: Final = frozenset((408, 409, 425, 429))
_KEPT_HEADERS: Final = ("content-type", "retry-after")
_SECRET_BYTES: Final = 32


class BadRecordingError(Exception):
    """The file is no recording, or cannot be read or made; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """One answer as it came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_passing(self) -> bool:
        """True if it only says to try again later."""
        return self.status in _PASSING or self.status >= 500


class Recording:
    """The answers of an earlier run, those of this one, or both.

    ``replays``: a file to answer from. ``records``: a file to write every answer to, which must not exist yet.
    Without ``records`` no request ever leaves: `may_ask` is False. ``about``: what made the prompts, for `changes`.
    """

    def __init__(self, *, replays: Path | None, records: Path | None, about: Mapping[str, str]) -> None:
        self._answers: dict[str, list[RecordedAnswer]] = {}
        self._about_before: Mapping[str, str] | None = None
        self._about = dict(about)
        self._secret = secrets.token_bytes(_SECRET_BYTES)
        self._sink: TextIO | None = None
        self.may_ask = records is not None
        self.replayed = 0
        self.not_recorded = 0
        self.asked: list[RecordedAnswer] = []
        """What came from the endpoint in this run."""
        if replays is not None:
            self._read(replays)
        if records is not None:
            self._sink = _made(records)
            header = {
                "logtriage_recording": FORMAT,
                "holds": _HOLDS,
                "secret": self._secret.hex(),
                "about": self._about,
            }
            self._write(header)

    @property
    def changes(self) -> list[str]:
        """Say what makes other prompts than when the answers were recorded: one of these is why some are missing."""
        before = self._about_before
        if before is None:
            return []
        return [
            f"{name} was {before.get(name, 'unknown')}, is {value}"
            for name, value in self._about.items()
            if before.get(name) != value
        ]

    def close(self) -> None:
        """Close the file that is written."""
        if self._sink is not None:
            self._sink.close()

    def mark_of(self, record: RecordView, context: Context) -> str:
        """Give 16 hex digits that only this record and this recording have."""
        return self._digest(repr((record, context)))

    def canary(self) -> str:
        """Give 16 hex digits that only this recording has."""
        return self._digest("canary")

    def take(self, body: bytes) -> RecordedAnswer | None:
        """Give the next recorded answer to a request; None if there is none and it has to be asked.

        An answer that says to try again is passed over if a better one follows. If nothing better was ever recorded,
        it is given where no request may leave, and asked for anew where one may.
        """
        answers = self._answers.get(_key_of(body), [])
        while len(answers) > 1 and answers[0].is_passing:
            answers.pop(0)
        if not answers:
            answer = None
        elif answers[0].is_passing:
            answer = None if self.may_ask else answers[0]
        else:
            answer = answers.pop(0)
        if answer is not None:
            self.replayed += 1
            self._keep(body, answer)
        elif not self.may_ask:
            self.not_recorded += 1
        return answer

    def keep(self, body: bytes, answer: RecordedAnswer) -> None:
        """Record what the endpoint answered just now."""
        self.asked.append(answer)
        self._keep(body, answer)

    def _keep(self, body: bytes, answer: RecordedAnswer) -> None:
        told: dict[str, Any] = {"request": _key_of(body), "status": answer.status, "headers": dict(answer.headers)}
        try:
            told["body"] = answer.body.decode()
        except UnicodeDecodeError:
            told["body_base64"] = base64.b64encode(answer.body).decode()
        self._write(told)

    def _write(self, value: Mapping[str, Any]) -> None:
        if self._sink is not None:
            self._sink.write(json.dumps(value, ensure_ascii=False) + "\n")
            self._sink.flush()

    def _digest(self, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, data, "sha256").hex()[:16]

    def _read(self, path: Path) -> None:
        try:
            with path.open(encoding="utf-8", newline="\n") as file:
                self._read_lines(path, file)
        except OSError as error:
            raise BadRecordingError(f"cannot read `{path}`: {error.strerror}") from None
        except UnicodeDecodeError:
            raise BadRecordingError(f"`{path}` is no recording: it is no UTF-8") from None

    def _read_lines(self, path: Path, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines, start=1):
            try:
                value = json.loads(line)
                if number == 1:
                    self._read_header(value)
                else:
                    self._answers.setdefault(value["request"], []).append(_answer_of(value))
            except (ValueError, TypeError, KeyError, AttributeError):
                if number > 1 and not line.endswith("\n"):
                    return  # the run that wrote it was stopped in the middle of this line
                raise BadRecordingError(f"`{path}` is no recording: line {number} cannot be read") from None
        if self._about_before is None:
            raise BadRecordingError(f"`{path}` is no recording: it is empty")

    def _read_header(self, value: Mapping[str, Any]) -> None:
        if value["logtriage_recording"] != FORMAT:
            raise ValueError
        self._secret = bytes.fromhex(value["secret"])
        self._about_before = dict(value["about"])


def _key_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Give the headers that are recorded."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() in _KEPT_HEADERS)


def _answer_of(value: Mapping[str, Any]) -> RecordedAnswer:
    body = value["body"].encode() if "body" in value else base64.b64decode(value["body_base64"], validate=True)
    return RecordedAnswer(status=int(value["status"]), headers=kept_headers(value["headers"].items()), body=body)


def _made(path: Path) -> TextIO:
    """Make the file, for its owner only; one that is there is never overwritten: its answers were paid for."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise BadRecordingError(f"`{path}` exists already, and is not overwritten: its answers were paid for") from None
    except OSError as error:
        raise BadRecordingError(f"cannot write `{path}`: {error.strerror}") from None
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
