"""One cell of the table: one share of errors in batches of one size, relay and service in turn."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import grpc

from bench.check import Bodies, check_annotated, check_relayed
from bench.load import Load
from bench.measure import Passage, Spread, send, spread
from bench.processes import peak_rss_bytes
from bench.sink import take
from bench.unit import unit_seconds

UNIT_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """The relay or the service: its process, and a channel to it."""

    pid: int
    channel: grpc.aio.Channel


@dataclass(frozen=True, slots=True)
class Bench:
    """What all cells share."""

    load: Load
    bodies: Bodies
    relay: Target
    service: Target
    sink: grpc.aio.Channel


@dataclass(slots=True)
class Cell:
    """Times in microseconds a record, ``added`` in units (`unit`: one full parse and serialise of the same bytes)."""

    error_percent: int
    batch: int
    records: int = 0
    annotated: int = 0
    bytes_a_record: float = 0.0
    peak_rss_mib: float = 0.0
    """Of the service, so far in the run."""
    unit_us: list[float] = field(default_factory=list)
    relay_us: list[float] = field(default_factory=list)
    service_us: list[float] = field(default_factory=list)
    added_units: list[float] = field(default_factory=list)
    records_a_second: list[float] = field(default_factory=list)

    @property
    def added(self) -> Spread:
        """The CPU that the service adds to the bare relay, in units."""
        return spread(self.added_units)

    def as_json(self) -> dict[str, object]:
        """Give plain values: of each series its median, least and most."""
        series = {
            name: {key: round(number, 3) for key, number in asdict(spread(value)).items()}
            for name in ("unit_us", "relay_us", "service_us", "added_units", "records_a_second")
            for value in (getattr(self, name),)
        }
        return {
            "error_percent": self.error_percent,
            "batch": self.batch,
            "records": self.records,
            "annotated": self.annotated,
            "bytes_a_record": round(self.bytes_a_record, 1),
            "peak_rss_mib": round(self.peak_rss_mib, 1),
            **series,
        }


async def run_cell(bench: Bench, *, error_percent: int, batch: int, records: int, pairs: int) -> Cell:
    """Measure relay and service in turn, ``pairs`` times, the first of a pair changing; check what arrived."""
    cell = Cell(error_percent, batch)
    for number in range(pairs):
        requests = bench.load.requests(records, batch=batch, error_percent=error_percent)
        bench.bodies.add(requests)
        total = sum(request.records for request in requests)
        unit = unit_seconds(requests, up_to_records=UNIT_RECORDS)
        passages: dict[str, Passage] = {}
        for name in ("relay", "service") if number % 2 == 0 else ("service", "relay"):
            target: Target = getattr(bench, name)
            passages[name] = await send(target.channel, target.pid, requests)
            received = await take(bench.sink)
            if name == "relay":
                check_relayed(requests, received)
            else:
                cell.annotated += check_annotated(requests, received, status="cached")
        relay, service = (passages[name].cpu_seconds / total for name in ("relay", "service"))
        cell.records += total
        cell.bytes_a_record = sum(len(request.data) for request in requests) / total
        cell.unit_us.append(unit * 1e6)
        cell.relay_us.append(relay * 1e6)
        cell.service_us.append(service * 1e6)
        cell.added_units.append((service - relay) / unit)
        cell.records_a_second.append(total / passages["service"].wall_seconds)
    cell.peak_rss_mib = peak_rss_bytes(bench.service.pid) / 2**20
    return cell
