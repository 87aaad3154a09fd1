"""What programs leave lying, and connections that their clients lose once and make anew."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="code.left_open",
        patterns=(
            rb"apparent connection leak detected",
            rb"unclosed (?:client session|connector|connection|transport|<?socket)",
            rb"task was destroyed but it is pending",
            rb"was never awaited",
            rb"resourcewarning: unclosed",
            rb"connection to [^\n]{1,120} was leaked\. did you forget",
            rb"executing <[^\n]{1,200} took \d",
        ),
        unless=(
            rb"\blost\b",
            rb"dropped",
            rb"not (?:saved|written|committed)",
        ),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="A session, task or coroutine was left lying by the code; nothing failed by it yet.",
        action="Hand it to the owner of the code; watch open connections and memory.",
        examples=(
            "ERROR:asyncio:Unclosed connector connections: ['[(<aiohttp.client_proto.ResponseHandler object>, 7.1)]']",
        ),
        near_misses=(
            "Task exception was never retrieved: KeyError('sku')",
            "connection to cart was closed",
        ),
    ),
    Signature(
        name="client.lost_once",
        patterns=(
            rb"(?:does not|do not|did not|doesn.t) answer(?:,? yet|, attempt)",
            rb"(?:is|are) not (?:up|ready|available|reachable) yet",
            rb"trying (?:another|the next|a different) (?:broker|node|host|server|replica|address|endpoint)",
            rb"connection_workflow\] tcp connection attempt failed",
            rb"there has been a runner system failure",
            rb"the runner has received a shutdown signal",
            rb"the hosted runner (?:lost|encountered)",
            rb"rpc failed; (?:curl|http)",
            rb"early eof\b",
            rb"fetch-pack: unexpected disconnect",
            rb"npm (?:err!|error) network",
            rb"npm (?:err!|error) code e50[234]",
            rb"remote: internal server error",
            rb"polly: retry \d",
            rb"sending for retry #\d",
            rb"job raised exception[^\n]{0,900}\n[^\n]{0,200}(?:net::(?:open|read)timeout|econnreset|econnrefused)",
            rb"curl: \((?:16|18|28|52|56|92)\)",
            rb"ocsp[^\n]{0,160}(?:timed out|failed)[^\n]{0,160}(?:keeping|still valid)",
            rb"server is shutting down",
            rb"unable to fulfill your request\. please try again",
            rb"has failed for \d{1,5} times in a row, putting on",
            rb"retrying \(retry\(total=[1-9]",
            rb"\[ioredis\] unhandled error event: error: (?:read|connect|write) (?:etimedout|econnreset|epipe)",
            rb"error fetching job: ",
            rb"task supervisor timed out",
            rb"eurekahttpclient[^\n]{0,12}: request execution (?:failed|error)",
            rb"control command error: connection",
            rb"kind\(connectionreset\)|kind: connectionreset",
            rb"http2\.streamerror\{[^\n]{0,120}closed connection",
            rb"npm (?:err!|error) (?:network aborted|code (?:econnreset|etimedout))",
            rb"transfer closed with \d{1,15} bytes remaining",
            rb"backing off \w{1,60}\([^\n]{0,20}\) for \d",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="A client library lost a connection or a node and goes on with another by itself.",
        action="Nothing for one; if they are many, look at the peer.",
        examples=(
            "WARNING Retrying (Retry(total=2, connect=None)) after connection broken by 'ReadTimeoutError': /cart",
        ),
        near_misses=(
            "MaxRetryError: Max retries exceeded with url: /cart",
            "node ledger-2 was removed",
        ),
    ),
)
