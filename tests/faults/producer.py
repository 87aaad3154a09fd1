"""The producer: sends the records of a corpus as a Collector would, and writes down what it sent and what was answered.

`python -m faults.producer --endpoint ADDRESS --folder FOLDER`. Two files in the folder, appended to and never changed:
``issued.jsonl`` gets a request before its first call, ``answers.jsonl`` each answer. Its queue blocks: a batch is made
only when there is room for it, as with ``block_on_overflow: true``.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from faults.children import append_json
from faults.collector_retries import (
    TIMEOUT_SECONDS,
    BackOff,
    details_of,
    is_retryable,
    rejected_in,
    retry_info_seconds,
)
from faults.commands import serve_commands
from faults.corpus import Corpus
from support.sink import EXPORT

TENANT_KEY = "x-test-tenant"
TENANTS = 3
_CHANNEL_OPTIONS = (
    ("grpc.max_send_message_length", -1),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 250),
    ("grpc.enable_retries", 0),
    ("grpc.lb_policy_name", "round_robin"),
    ("grpc.service_config", '{"loadBalancingConfig": [{"round_robin": {}}]}'),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """One request: records ``first`` to ``first + count - 1``."""

    number: int
    first: int
    count: int

    @property
    def tenant(self) -> str:
        return f"tenant-{self.number % TENANTS}"


class Producer:
    """A queue that blocks, and consumers that send each batch until it is answered for good."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._given = arguments
        self._corpus = Corpus(
            arguments.first_unix_nano,
            error_every=arguments.error_every,
            generation_records=arguments.generation_records,
        )
        self._random = random.Random(arguments.seed)
        self._queue: asyncio.Queue[Batch] = asyncio.Queue(arguments.queue)
        self._next_number = self._next_record = 0
        self._under_way: dict[int, Batch] = {}
        self._counts: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._load: asyncio.Task[None] | None = None
        folder = Path(arguments.folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._issued = os.open(folder / "issued.jsonl", flags, 0o644)
        self._answers = os.open(folder / "answers.jsonl", flags, 0o644)
        compression = grpc.Compression.Gzip if arguments.gzip else grpc.Compression.NoCompression
        self._channel = grpc.aio.insecure_channel(arguments.endpoint, options=_CHANNEL_OPTIONS, compression=compression)
        self._export = self._channel.unary_unary(EXPORT)

    async def run(self) -> None:
        """Serve commands until standard input ends."""
        consumers = [asyncio.create_task(self._consume()) for _ in range(self._given.consumers)]
        commands = asyncio.create_task(serve_commands(self._command))
        await asyncio.wait((commands, *consumers), return_when=asyncio.FIRST_COMPLETED)
        self._stop_load()
        commands.cancel()
        for task in consumers:
            task.cancel()
        ended = await asyncio.gather(*consumers, return_exceptions=True)
        await self._channel.close()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _command(self, asked: dict[str, Any]) -> Mapping[str, object]:
        match asked["op"]:
            case "load":
                self._stop_load()
                self._load = asyncio.create_task(self._make(asked["rate"], asked["smallest"], asked["largest"]))
            case "pause":
                self._stop_load()
            case "send":
                for _ in range(asked["requests"]):
                    await self._queue.put(self._batch(asked["size"]))
        return self._status()

    def _stop_load(self) -> None:
        if self._load is not None:
            self._load.cancel()
            self._load = None

    def _status(self) -> dict[str, object]:
        return {
            **self._counts,
            "next_record": self._next_record,
            "in_flight_records": sum(batch.count for batch in self._under_way.values()),
            "is_idle": not self._under_way and self._queue.empty(),
            "codes": dict(self._codes),
        }

    def _batch(self, count: int) -> Batch:
        batch = Batch(self._next_number, self._next_record, count)
        self._next_number += 1
        self._next_record += count
        return batch

    async def _make(self, rate: float, smallest: int, largest: int) -> None:
        """Make batches, sizes spread evenly on a logarithmic scale; ``rate`` 0: as fast as the queue takes them."""
        due = time.monotonic()
        while True:
            count = round(math.exp(self._random.uniform(math.log(smallest), math.log(largest))))
            await self._queue.put(self._batch(count))
            if rate:
                due = max(due + count / rate, time.monotonic() - 1.0)
                await asyncio.sleep(due - time.monotonic())

    async def _consume(self) -> None:
        while True:
            batch = await self._queue.get()
            self._under_way[batch.number] = batch
            try:
                await self._deliver(batch)
            finally:
                del self._under_way[batch.number]

    async def _deliver(self, batch: Batch) -> None:
        data = self._corpus.request(batch.first, batch.count)
        back_off = BackOff(self._random, self._given.time_scale)
        row = {"request": batch.number, "first": batch.first, "count": batch.count, "tenant": batch.tenant}
        append_json(self._issued, {**row, "at": time.monotonic()})
        self._counts["issued_records"] += batch.count
        while True:
            began = time.monotonic()
            code, retry_info, message, rejected = "OK", None, "", 0
            try:
                response = await self._export(data, timeout=TIMEOUT_SECONDS, metadata=((TENANT_KEY, batch.tenant),))
                rejected = rejected_in(response)
            except grpc.aio.AioRpcError as error:
                code, message = error.code().name, error.details() or ""
                retry_info = retry_info_seconds(details_of(error))
            now = time.monotonic()
            answer = {"request": batch.number, "began": began, "at": now, "code": code}
            self._codes[code] += 1
            if code == "OK":
                append_json(self._answers, {**answer, "rejected": rejected})
                self._counts["rejected_records"] += rejected
                self._counts["acked_records"] += batch.count
                return
            is_kept = is_retryable(code, retry_info)
            more = {"is_kept": is_kept, "retry_info": retry_info, "message": message[:200]}
            append_json(self._answers, {**answer, **more})
            if not is_kept:
                self._counts["dropped_records"] += batch.count
                return
            self._counts["refused_records"] += batch.count
            await asyncio.sleep(back_off.next_seconds(retry_info))


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--first-unix-nano", type=int, required=True)
    parser.add_argument("--error-every", type=int, default=10)
    parser.add_argument("--generation-records", type=int, default=20_000)
    parser.add_argument("--consumers", type=int, default=8)
    parser.add_argument("--queue", type=int, default=4)
    parser.add_argument("--time-scale", type=float, default=0.04)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gzip", action="store_true")
    asyncio.run(_run(parser.parse_args()))


async def _run(arguments: argparse.Namespace) -> None:
    await Producer(arguments).run()  # the channel belongs to the loop that it is made on


if __name__ == "__main__":
    main()
