"""The stage of a fault test: producer, service, sink and a model server, and the fault-free phase at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from e2e.programs import free_port, wait_until
from faults.children import Child
from faults.corpus import Corpus
from faults.ledger import Account, Ledger
from faults.model import Model
from faults.service import Logtriage
from support.mimo_service import AnswerFunction

SETTLE_SECONDS = 60.0
PROBE_SECONDS = 15.0
HOLD_SECONDS = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the fault-free phase found. ``probe_seconds``: until a fresh request had arrived, None if it never did."""

    account: Account
    drained_seconds: float
    probe_seconds: float | None


class Stage:
    """All parts of one run, in one folder. ``sections``: of the settings, over those here.

    Holding is on, with a deadline of ``hold_seconds``. ``producer``: further arguments of `faults.producer`;
    ``send_to``: it sends there and not to the service. ``checks_metadata``: metadata of a request comes through.
    """

    def __init__(
        self,
        folder: Path,
        *,
        engine: str = "mimo",
        hold_seconds: float = HOLD_SECONDS,
        model_seconds: float = 0.5,
        answer: AnswerFunction | None = None,
        error_every: int = 10,
        generation_records: int = 20_000,
        producer: Iterable[str] = (),
        replicas: int = 1,
        send_to: str = "",
        checks_metadata: bool = True,
        **sections: Any,
    ) -> None:
        self.folder = folder
        self.hold_seconds = hold_seconds
        self.corpus = Corpus(time.time_ns(), error_every=error_every, generation_records=generation_records)
        self.sink_port = free_port()
        self.model = Model(answer, seconds=model_seconds) if answer else Model(seconds=model_seconds)
        self.state = folder / "state"
        self.sink = Child("faults.sink", f"--port={self.sink_port}", f"--folder={folder}", log=folder / "sink.log")
        self.services = [self._service(number, engine, sections) for number in range(replicas)]
        self.service = self.services[0]
        addresses = send_to or ",".join(service.address for service in self.services)
        self._producer_arguments = (
            f"--endpoint=ipv4:{addresses}",
            f"--folder={folder}",
            f"--first-unix-nano={self.corpus.first_unix_nano}",
            f"--error-every={error_every}",
            f"--generation-records={generation_records}",
            *producer,
        )
        self.producer = Child("faults.producer", *self._producer_arguments, log=folder / "producer.log")
        self.ledger = Ledger(folder, self.corpus, checks_metadata=checks_metadata)

    def _service(self, number: int, engine: str, sections: dict[str, Any]) -> Logtriage:
        state = self.state if number == 0 else self.folder / f"state-{number}"
        settings: dict[str, Any] = {
            "engine": engine,
            "mimo": self.model.settings(),
            "verdicts": {"events": False},
            "state": {"directory": str(state)},
            "hold": {"deadline": f"{self.hold_seconds}s", "min_free_mib": 0},
        }
        exporter = {
            "endpoint": f"127.0.0.1:{self.sink_port}",
            "retry_on_failure": {"initial_interval": "200ms", "max_interval": "1s"},
        }
        for name, section in {"exporter": exporter, **sections}.items():
            settings[name] = {**exporter, **section} if name == "exporter" else _merged(settings.get(name), section)
        return Logtriage(self.folder, settings, name=f"logtriage-{number}")

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            for name, tail in (
                *((service.name, service.log_tail()) for service in self.services),
                ("producer", self.producer.log_tail()),
                ("sink", self.sink.log_tail()),
            ):
                print(f"--- {name}\n{tail}")
        for close in (self.producer.close, *(service.close for service in self.services), self.sink.close):
            close()
        self.model.close()

    def load(self, *, rate: float = 0.0, smallest: int = 10, largest: int = 500) -> None:
        """Let the producer make batches from now on; ``rate`` 0: as fast as they are taken."""
        self.producer.ask("load", rate=rate, smallest=smallest, largest=largest)

    def behave(self, **behaviour: object) -> None:
        """Let the sink behave in another way; nothing given: it accepts."""
        self.sink.ask("behave", **behaviour)

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Poll, the ledger read anew each time."""

        def holds() -> bool:
            self.ledger.refresh()
            return condition()

        wait_until(holds, what, seconds)

    def wait_for_kinds(self, seconds: float = 20.0) -> None:
        """Wait until records were forwarded and records are held."""
        self.wait_for(lambda: self.is_holding and bool(self.ledger.first_delivery), "records are held", seconds)

    @property
    def is_holding(self) -> bool:
        """Whether records wait in the service that are acknowledged already."""
        return bool(self.ledger.undelivered)

    def settle(self, *, seconds: float = SETTLE_SECONDS, probes: bool = True) -> Settled:
        """Let the fault-free phase run: no more load, all answered, all delivered, a fresh request comes through."""
        began = time.monotonic()
        self.producer.ask("pause")
        is_idle = _holds_within(lambda: bool(self.producer.ask("status")["is_idle"]), seconds)
        assert is_idle, f"the producer is not rid of its requests after {seconds:.0f} s"
        _holds_within(lambda: not self._undelivered(), seconds)
        drained = time.monotonic() - began
        probe_seconds = self.probe() if probes else None
        # With replicas, what a later process delivered need not be what an earlier one had left behind.
        lives = self.service.lives_until_now() if len(self.services) == 1 else []
        return Settled(account=self.ledger.account(lives), drained_seconds=drained, probe_seconds=probe_seconds)

    def probe(self) -> float | None:
        """Send a fresh request; give how long it took to arrive, None if it never did."""
        began = time.monotonic()
        self.producer.ask("send", requests=1, size=2 * self.corpus.error_every)

        def has_arrived() -> bool:
            is_idle = bool(self.producer.ask("status")["is_idle"])
            return not self._undelivered() and is_idle

        return time.monotonic() - began if _holds_within(has_arrived, PROBE_SECONDS + self.hold_seconds) else None

    def _undelivered(self) -> list[int]:
        self.ledger.refresh()
        return self.ledger.undelivered


def _merged(ours: object, given: object) -> object:
    return {**ours, **given} if isinstance(ours, dict) and isinstance(given, dict) else given


def _holds_within(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll; tell whether the condition held in time."""
    try:
        wait_until(condition, "", seconds)
    except AssertionError as error:
        if "in vain" not in str(error):
            raise
        return False
    return True
