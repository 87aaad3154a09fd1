"""Ask another gRPC server how it is: ``grpc.health.v1``."""

from __future__ import annotations

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health_pb2

_CHECK = "/grpc.health.v1.Health/Check"


async def health_of(target: str, service: str, *, timeout_seconds: float) -> str:
    """Give the status of a service (``SERVING``, ``NOT_SERVING``), or the name of the gRPC status that came instead."""
    async with grpc.aio.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        check: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_CHECK)
        request = health_pb2.HealthCheckRequest(service=service).SerializeToString()
        try:
            answer = health_pb2.HealthCheckResponse.FromString(await check(request, timeout=timeout_seconds))
        except grpc.aio.AioRpcError as error:
            return error.code().name
        except DecodeError:
            return "no answer that could be read"
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
