"""Make one HTTP call by the openai client. The only module that imports it: import it late, it costs 0.7 s."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import openai

from logtriage.config.mimo import MimoSettings
from logtriage.engines.mimo.outcomes import ANSWER_TOO_LARGE, CONNECT, CUT, MALFORMED, NOT_RECORDED, TIMEOUT, Outcome
from logtriage.engines.mimo.recording import Recording
from logtriage.engines.mimo.transport import (
    AnswerTooLargeError,
    CappedTransport,
    NotRecordedError,
    RecordingTransport,
    UnreadableEncodingError,
)

_PATH: Final = "/chat/completions"
_NO_KEY: Final = "none"
"""The client insists on a key; a server of one's own ignores it."""
_KEEPALIVE_SECONDS: Final = 30.0
_CHATTY_LOGGERS: Final = ("openai", "httpx2", "httpcore2")
"""At their debug level they write prompts and headers, and ``OPENAI_LOG`` would switch one of them on."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came, up to the largest size."""

    status: int
    body: bytes
    retry_after: str | None = None


class Endpoint:
    """The connections to one endpoint. Never retries, never follows a redirect, never logs.

    ``recording``: answers from it, or is recorded there.
    """

    def __init__(self, settings: MimoSettings, *, recording: Recording | None = None) -> None:
        for name in _CHATTY_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        limits = httpx2.Limits(
            max_connections=settings.max_concurrency,
            max_keepalive_connections=settings.max_concurrency,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )
        inner = httpx2.AsyncHTTPTransport(
            limits=limits,
            verify=_tls_of(settings),
            proxy=settings.proxy_url.get_secret_value() or None,
        )
        transport: httpx2.AsyncBaseTransport = CappedTransport(inner, max_answer_bytes=settings.max_answer_bytes)
        if recording is not None:
            transport = RecordingTransport(transport, recording)
        self._connect_timeout = settings.connect_timeout
        self._http = httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)
        self._client = openai.AsyncOpenAI(
            api_key=settings.api_key.get_secret_value() or _NO_KEY,
            base_url=settings.url,
            max_retries=0,
            http_client=self._http,
        )

    async def post(self, body: Mapping[str, Any], *, timeout_seconds: float) -> HttpAnswer | Outcome:
        """Send one body; give the answer, whatever its status, or what went wrong on the way.

        Ends within ``timeout_seconds``, however slowly the answer drips.
        """
        timeout = httpx2.Timeout(timeout_seconds, connect=min(self._connect_timeout, timeout_seconds))
        try:
            async with asyncio.timeout(timeout_seconds):
                response = await self._client.post(
                    _PATH,
                    body=dict(body),
                    cast_to=httpx2.Response,
                    options={"timeout": timeout, "follow_redirects": False, "max_retries": 0},
                )
        except TimeoutError:
            return TIMEOUT
        except openai.APIStatusError as error:
            return _answer_of(error.response)
        except openai.APIConnectionError as error:
            return _fault_of(error.__cause__)
        except AnswerTooLargeError:
            return ANSWER_TOO_LARGE
        except UnreadableEncodingError:
            return MALFORMED
        except NotRecordedError:
            return NOT_RECORDED
        return _answer_of(response)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()


def _tls_of(settings: MimoSettings) -> ssl.SSLContext | bool:
    """Give what checks the endpoint's certificate; True stands for the certificates of the system."""
    if settings.is_plaintext:
        # Trusts nobody and is never used: loading the system's certificates would take 60 ms.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=settings.tls.ca_file) if settings.tls.ca_file else True


def _answer_of(response: httpx2.Response) -> HttpAnswer:
    return HttpAnswer(response.status_code, response.content, response.headers.get("retry-after"))


def _fault_of(cause: BaseException | None) -> Outcome:
    match cause:
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return CONNECT
        case httpx2.TimeoutException():
            return TIMEOUT
        case _:
            return CUT
