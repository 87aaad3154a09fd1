"""The HTTP below the openai client: what leaves is a short list of headers, what comes back has a largest size."""

from __future__ import annotations

import zlib
from typing import Final

import httpx2

from logtriage.engines.mimo.recording import RecordedAnswer, Recording, kept_headers
from logtriage.version import __version__

USER_AGENT: Final = f"logtriage/{__version__}"
_HEADERS: Final = frozenset(
    {"host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type"}
)
"""What is sent. The client would add the names of this machine's system and what ``OPENAI_*`` variables say."""
_MAX_ERROR_BYTES: Final = 65_536
_GZIP_OR_ZLIB: Final = 47


class AnswerTooLargeError(Exception):
    """The answer is longer than allowed; what came of it is thrown away."""


class UnreadableEncodingError(Exception):
    """The answer is compressed in a way that was not asked for, or badly."""


class NotRecordedError(Exception):
    """The recording has no answer to this request, and nothing may be asked."""


class CappedTransport(httpx2.AsyncBaseTransport):
    """Reads each answer whole, decompressed, up to ``max_answer_bytes``; of an error answer it keeps the head only."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, *, max_answer_bytes: int) -> None:
        self._inner = inner
        self._max_answer_bytes = max_answer_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and read its answer.

        Raises:
            AnswerTooLargeError: a 200 is too long.
            UnreadableEncodingError: it cannot be decompressed.
            httpx2.TransportError: there is no answer, or it was cut.
        """
        for name in [name for name in request.headers if name.lower() not in _HEADERS]:
            del request.headers[name]
        request.headers["user-agent"] = USER_AGENT
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        try:
            body = await self._read(response)
        finally:
            await response.aclose()
        kept = [(name, value) for name, value in response.headers.items() if name in ("content-type", "retry-after")]
        return httpx2.Response(response.status_code, headers=kept, content=body, request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    async def _read(self, response: httpx2.Response) -> bytes:
        is_ok = response.status_code == 200
        limit = self._max_answer_bytes if is_ok else _MAX_ERROR_BYTES
        decoder = _decoder_of(response.headers.get("content-encoding", ""))
        body = bytearray()
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        async for chunk in stream:
            body += decoder.decode(chunk, limit + 1 - len(body))
            if len(body) > limit:
                if is_ok:
                    raise AnswerTooLargeError
                break
        return bytes(body[:limit])


class RecordingTransport(httpx2.AsyncBaseTransport):
    """Answers from a recording; asks ``inner`` only for what is not in it, and only where that may be."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, recording: Recording) -> None:
        self._inner = inner
        self._recording = recording

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Give the recorded answer, or ask and record.

        Raises:
            NotRecordedError: there is none, and no request may leave.
        """
        body = await request.aread()
        answer = self._recording.take(body)
        if answer is None:
            if not self._recording.may_ask:
                raise NotRecordedError
            response = await self._inner.handle_async_request(request)
            answer = RecordedAnswer(
                status=response.status_code, headers=kept_headers(response.headers.items()), body=response.content
            )
            self._recording.keep(body, answer)
        return httpx2.Response(answer.status, headers=list(answer.headers), content=answer.body, request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class _Identity:
    def decode(self, chunk: bytes, max_bytes: int) -> bytes:
        return chunk[:max_bytes]


class _Inflate:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)

    def decode(self, chunk: bytes, max_bytes: int) -> bytes:
        try:
            return self._inflate.decompress(chunk, max_bytes)
        except zlib.error:
            raise UnreadableEncodingError from None


def _decoder_of(encoding: str) -> _Identity | _Inflate:
    match encoding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip" | "deflate":
            return _Inflate()
        case _:
            raise UnreadableEncodingError
