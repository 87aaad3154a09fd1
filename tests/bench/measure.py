"""One measurement: the same requests through the relay or the service, and what that cost its process."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from bench.load import Request
from bench.processes import cpu_seconds
from logtriage.otlp.exporter import EXPORT_METHOD

IN_FLIGHT = 4
"""Calls at once. A Collector's exporter has ten consumers; more than keeps the process busy changes nothing."""

CHANNEL_OPTIONS = (
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.use_local_subchannel_pool", 1),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What requests cost on their way: CPU of the process under test and time on the wall."""

    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of several measurements, with the least and the most."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Give median, least and most."""
    return Spread(statistics.median(values), min(values), max(values))


async def send(channel: grpc.aio.Channel, pid: int, requests: Sequence[Request]) -> Passage:
    """Send all requests, some at once; every answer must be OK."""
    call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(EXPORT_METHOD)
    waiting = iter(requests)

    async def sender() -> None:
        for request in waiting:
            await call(request.data, timeout=60)

    cpu_before, wall_before = cpu_seconds(pid), time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(sender())
    return Passage(cpu_seconds(pid) - cpu_before, time.monotonic() - wall_before)
