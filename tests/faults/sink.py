"""The sink: an OTLP logs service that behaves as told while it runs, and keeps what it accepted.

`python -m faults.sink --port PORT --folder FOLDER`. How it may behave: `Behaviour`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from faults.commands import serve_commands
from faults.deliveries import Delivery, DeliveryFile
from faults.producer import TENANT_KEY
from support.records import records_of
from support.sink import EXPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the sink answers.

    ``code``: refuse with this status, a share ``probability`` of the calls; ``retry_info`` goes with it.
    ``seconds``: before each answer. ``rejected``: so many records of each request are refused by partial success.
    ``loses_answers``: a share of the accepted calls that are answered UNAVAILABLE all the same. ``token``: calls
    without it are UNAUTHENTICATED. ``is_down``: nobody listens.
    """

    code: str = ""
    probability: float = 1.0
    retry_info: float = 0.0
    seconds: float = 0.0
    rejected: int = 0
    loses_answers: float = 0.0
    token: str = ""
    is_down: bool = False


class Sink:
    """One server on one port, stopped while it is down."""

    def __init__(self, port: int, folder: Path, seed: int) -> None:
        self._port = port
        self._random = random.Random(seed)
        self._file = DeliveryFile(folder / "delivered.bin")
        self._behaviour = Behaviour()
        self._counts: Counter[str] = Counter()
        self._server: grpc.aio.Server | None = None

    async def run(self) -> None:
        """Serve until standard input ends."""
        await self._listen()
        await serve_commands(self._command)
        await self._close()

    async def _listen(self) -> None:
        options = [("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)]
        self._server = grpc.aio.server(options=options)
        service, method = EXPORT.strip("/").split("/")
        handler = grpc.unary_unary_rpc_method_handler(self._export)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        self._port = self._server.add_insecure_port(f"127.0.0.1:{self._port}")
        await self._server.start()

    async def _close(self) -> None:
        if self._server is not None:
            await self._server.stop(0)
            self._server = None

    async def _command(self, asked: dict[str, Any]) -> Mapping[str, object]:
        if asked["op"] == "behave":
            names = {field.name for field in fields(Behaviour)}
            self._behaviour = Behaviour(**{name: value for name, value in asked.items() if name in names})
            if self._behaviour.is_down:
                await self._close()
            elif self._server is None:
                await self._listen()
        return {**self._counts, "port": self._port}

    async def _export(self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        behaviour = self._behaviour
        self._counts["calls"] += 1
        metadata = dict(context.invocation_metadata() or ())
        if behaviour.seconds:
            await asyncio.sleep(behaviour.seconds)
        if behaviour.token and metadata.get("authorization") != behaviour.token:
            await self._refuse(context, "UNAUTHENTICATED", 0.0)
        if behaviour.code and self._random.random() < behaviour.probability:
            await self._refuse(context, behaviour.code, behaviour.retry_info)
        rejected = min(behaviour.rejected, len(records_of(data))) if behaviour.rejected else 0
        tenant = str(metadata.get(TENANT_KEY, ""))
        self._file.append(Delivery(at=time.monotonic(), rejected=rejected, tenant=tenant, data=data))
        self._counts["accepted"] += 1
        if behaviour.loses_answers and self._random.random() < behaviour.loses_answers:
            await self._refuse(context, "UNAVAILABLE", 0.0)
        if not rejected:
            return b""
        response = ExportLogsServiceResponse()
        response.partial_success.rejected_log_records = rejected
        response.partial_success.error_message = "scripted"
        return response.SerializeToString()

    async def _refuse(self, context: grpc.aio.ServicerContext[bytes, bytes], code: str, retry_info: float) -> None:
        self._counts["refused"] += 1
        trailing: tuple[tuple[str, bytes], ...] = ()
        if retry_info:
            delay = Duration()
            delay.FromMilliseconds(round(retry_info * 1000))
            detail = AnyMessage()
            detail.Pack(RetryInfo(retry_delay=delay))
            status = Status(code=grpc.StatusCode[code].value[0], message="scripted", details=[detail])
            trailing = (("grpc-status-details-bin", status.SerializeToString()),)
        await context.abort(grpc.StatusCode[code], "scripted", trailing)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(Sink(given.port, Path(given.folder), given.seed).run())


if __name__ == "__main__":
    main()
