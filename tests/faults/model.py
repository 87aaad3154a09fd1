"""The model server behind the service: MiMo's stand-in over real HTTP, slow, broken or away as a test wants it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from support import mimo_answers
from support.mimo_http import Play, Reply, Seen
from support.mimo_service import KEY, AnswerFunction, FaithfulService, error
from support.mimo_standin import MimoStandin


class Model:
    """Listens on one port while it is up; `close` it at the end."""

    def __init__(self, answer: AnswerFunction = mimo_answers.honest, *, seconds: float = 0.3) -> None:
        self._faithful = FaithfulService(answer)
        self._standin: MimoStandin | None = MimoStandin(answer)
        self._standin.__enter__()
        self.base_url = self._standin.base_url
        self._port = int(self.base_url.rsplit(":", 1)[1].split("/")[0])
        self.behave(seconds=seconds)

    def settings(self, **more: object) -> dict[str, object]:
        """Give the section `mimo` that reaches it, with room for every question."""
        return {
            "api_key": KEY,
            "base_url": self.base_url,
            "requests_per_minute": 1_000_000,
            "tokens_per_minute": 2_000_000_000,
            "usd_per_day": 100_000_000.0,
            "cap_per_service_share": 1.0,
            "max_concurrency": 32,
            **more,
        }

    def behave(self, *, seconds: float = 0.0) -> None:
        """Answer well, after so long."""

        def reply(seen: Seen) -> Reply:
            return dataclasses.replace(self._faithful(seen), latency_seconds=seconds)

        self._play(reply)

    def hang(self) -> None:
        """Take each call and never say a byte."""
        self._play(lambda _: Reply(hangs=True))

    def fail_on(self, is_bad: Callable[[str], bool], *, seconds: float = 0.0) -> None:
        """Break on records whose text is bad, each time in another way, and answer the others well."""
        faults: tuple[Reply, ...] = (
            error(500, "Internal Server Error"),
            Reply(resets=True, cut_at=0, body=b"{}"),
            Reply(body=b"<html>gateway</html>", content_type="text/html"),
            Reply(body=b'{"choices": [{"message": {"content": "{\\"category\\": 12"}', cut_at=40),
        )

        def reply(seen: Seen) -> Reply:
            text = mimo_answers.shown_text(seen) if seen.method == "POST" else ""
            if is_bad(text):
                return faults[hash(text) % len(faults)]
            return dataclasses.replace(self._faithful(seen), latency_seconds=seconds)

        self._play(reply)

    def go_down(self) -> None:
        """Stop listening."""
        if self._standin is not None:
            self._standin.__exit__()
            self._standin = None

    def come_up(self, *, seconds: float = 0.3) -> None:
        """Listen again, on the same port."""
        self._standin = MimoStandin(port=self._port)
        self._standin.__enter__()
        self.behave(seconds=seconds)

    def close(self) -> None:
        """Stop for good."""
        self.go_down()

    def _play(self, play: Play) -> None:
        assert self._standin is not None
        self._standin.play(play)
