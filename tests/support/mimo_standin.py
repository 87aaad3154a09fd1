"""A stand-in for MiMo's service over real HTTP on loopback: faithful by default, or playing named scenarios.

From a shell: ``PYTHONPATH=processor:tests python -m support.mimo_standin --port 18080 --scenario too_fast``.
"""

from __future__ import annotations

import argparse
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import Seller
from support import mimo_answers
from support.mimo_http import LoopbackServer, Play, Seen
from support.mimo_scenarios import SCENARIOS
from support.mimo_service import KEY, AnswerFunction, FaithfulService

ANSWERS: dict[str, AnswerFunction] = {
    "honest": mimo_answers.honest,
    "harmless": mimo_answers.harmless,
    "obedient": mimo_answers.obedient,
}


class MimoStandin:
    """The stand-in, while entered. Records every request with its exact bytes."""

    def __init__(
        self,
        answer: AnswerFunction = mimo_answers.honest,
        *,
        seller: Seller = Seller.XIAOMI,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.seller = seller
        self._service = FaithfulService(answer, seller=seller)
        self._queue: list[Play] = []
        self._server = LoopbackServer(self._play, port=port, tls=tls)
        self._scheme = "http" if tls is None else "https"

    def __enter__(self) -> MimoStandin:
        self._server.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.__exit__(*error)

    @property
    def seen(self) -> list[Seen]:
        """All requests, in the order they came."""
        return self._server.seen

    @property
    def calls(self) -> int:
        return len(self._server.seen)

    @property
    def base_url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.port}/v1"

    def settings(self, **changes: Any) -> MimoSettings:
        """Settings that reach the stand-in."""
        model = "xiaomi/mimo-v2.6-flash" if self.seller is Seller.OPENROUTER else "mimo-v2.6-flash"
        given = {"api_key": KEY, "base_url": self.base_url, "seller": self.seller, "model": model}
        return MimoSettings.model_validate({**given, **changes})

    def answer_with(self, answer: AnswerFunction) -> None:
        """Let the faithful service say this from now on."""
        self._service.answer = answer

    def play(self, *plays: str | Play) -> None:
        """Play these, one a call; the last one stays. Names are those of the scenarios; ``well`` is the service."""
        self._queue = [self._named(play) if isinstance(play, str) else play for play in plays]

    def _named(self, name: str) -> Play:
        return self._service if name == "well" else SCENARIOS[name].reply

    def _play(self, seen: Seen) -> Any:
        if not self._queue:
            return self._service(seen)
        play = self._queue.pop(0) if len(self._queue) > 1 else self._queue[0]
        return play(seen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="stand in for MiMo's service on loopback")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--seller", type=Seller, choices=list(Seller), default=Seller.XIAOMI)
    parser.add_argument("--scenario", action="append", default=[], choices=["well", *SCENARIOS], metavar="NAME")
    parser.add_argument("--answer", choices=list(ANSWERS), default="honest")
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    given = parser.parse_args(arguments)
    if given.list:
        for scenario in SCENARIOS.values():
            print(f"{scenario.name:32} {scenario.row}")
        return
    with MimoStandin(ANSWERS[given.answer], seller=given.seller, port=given.port) as standin:
        if given.scenario:
            standin.play(*given.scenario)
        print(f"base_url: {standin.base_url}\napi_key: {KEY}", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
