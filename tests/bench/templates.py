"""The texts that the load is made of: what services write, with slots for what varies.

A slot is ``~kind~``; `SLOTS` has the kinds. Each text has at least one slot that never repeats within a run
(``h16``, ``n9`` or ``uuid``), so that no two records share a body.
"""

from __future__ import annotations

from dataclasses import dataclass

SLOTS = {"h16": 16, "h32": 32, "uuid": 36, "n9": 9, "n5": 5, "ms": 3, "ip": 11, "time": 24}
"""Width of each kind in bytes: fixed, so that a template is serialised once and only its slots are written anew."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An exception as the semantic conventions carry it: in attributes, the body says little."""

    type: str
    message: str
    stack: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of record of one service. ``trace`` None: any stack trace stands in the body."""

    service: str
    severity: str
    body: str
    trace: Trace | None = None


SERVICES = ("checkout", "payments", "inventory", "gateway", "identity", "search")


def _spread(severity: str, texts: tuple[str, ...]) -> tuple[Template, ...]:
    """Give each text to a service, in turn."""
    return tuple(Template(SERVICES[i % len(SERVICES)], severity, text) for i, text in enumerate(texts))


PLAIN_ERRORS = _spread(
    "ERROR",
    (
        "POST /api/v2/orders/~n9~ failed with status=503 after ~ms~ms, request_id=~h16~",
        "could not charge order ~n9~: upstream ~ip~:8443 closed the connection before the headers were complete",
        "reservation ~uuid~ not written: deadlock detected while waiting for ShareLock on transaction ~n9~",
        "route /api/v1/carts/~h16~ has no healthy upstream, last error: connection refused by ~ip~:8080",
        "token of session ~h32~ rejected: signature verification failed, key rotated at ~time~",
        "shard query ~h16~ timed out after ~ms~ms, 2 of 5 shards answered",
        "saving basket ~uuid~ failed: duplicate key value violates unique constraint basket_pkey",
        "settlement job ~n9~ aborted: remote error: tls: bad certificate, peer ~ip~:443",
        "read of object ~h32~ failed: no such file or directory",
        "rate limit reached by ~ip~, request ~h16~ refused with 429",
        "LDAP bind for request ~h16~ failed: invalid credentials (49)",
        "index segment ~h16~ could not be merged: No space left on device",
        "order ~n9~: javax.net.ssl.SSLHandshakeException: PKIX path building failed, peer ~ip~:443",
        "card processor answered 402 for payment ~n9~ in ~ms~ms, giving up after 3 attempts",
        "consumer lag: cannot commit offset ~n9~, group rebalanced, member ~uuid~ was removed",
        "GET /internal/health of ~ip~:9090 answered 500 in ~ms~ms, check ~h16~",
        "could not refresh token for account ~n9~: invalid_grant, issued at ~time~",
        "analyzer of document ~uuid~ failed: unexpected byte 0xc3 at position 17",
        "cart ~h16~ dropped: context deadline exceeded while calling pricing at ~ip~:50051",
        "payment ~uuid~ left in state PENDING: optimistic lock failed, version is stale",
        "stock level of item ~n9~ is negative, refusing to write",
        "http2: server connection error from ~ip~:~n5~: PROTOCOL_ERROR, stream ~n9~",
        "user ~n9~ has no permission inventory.write, denied by policy, decision ~h16~",
        "bulk request ~h16~ rejected: queue capacity is reached, 1000 tasks waiting",
        "failed to publish event ~uuid~ to topic orders: leader not available, retrying",
        "worker killed while handling payment ~n9~: out of memory",
        "migration check failed: column sku_code does not exist, statement ~h16~",
        "bad gateway: upstream prematurely closed connection to ~ip~, request ~h16~",
        "clock skew of ~ms~ms against issuer is over the limit, assertion ~uuid~ refused",
        "snapshot ~h32~ is corrupt: checksum mismatch in segment header",
        "environment variable PRICING_URL is not set, order ~n9~ priced with defaults",
        "refund ~n9~ failed with SQLSTATE 40001 after ~ms~ms, retry attempt 1 succeeded",
        "redis: connection pool exhausted, key stock:~n9~ not read within ~ms~ms",
        "x509: certificate has expired, upstream ~ip~:8443, handshake ~h16~",
        "cannot reach directory server ~ip~:636: i/o timeout, lookup ~h16~",
        "too many open files while opening index ~h16~",
        "order ~n9~: TypeError: Cannot read properties of undefined (reading 'total')",
        "ledger entry ~uuid~ refused: amount must not be null",
        "dial tcp ~ip~:5432: connect: connection refused, transaction ~h16~",
    ),
)

JSON_ERRORS = _spread(
    "ERROR",
    (
        '{"ts":"~time~","level":"error","msg":"order not stored","order_id":~n9~,"status":500,"took":"~ms~ms"}',
        '{"time":"~time~","severity":"ERROR","message":"gateway timeout","trace":"~h32~","upstream":"~ip~:8443"}',
        '{"level":"error","caller":"reserve.go:118","msg":"reserve failed","err":"deadline exceeded","id":"~uuid~"}',
        '{"timestamp":"~time~","logger":"edge","event":"upstream_failed","request":"~h16~","code":502,"peer":"~ip~"}',
        '{"level":"error","msg":"token refused","reason":"expired","session":"~h16~","account":~n9~}',
        '{"ts":"~time~","lvl":"error","msg":"shard failed","index":"catalogue","shard":3,"task":"~h16~"}',
        '{"level":"ERROR","message":"retry attempt 2 succeeded","order_id":~n9~,"took":"~ms~ms"}',
        '{"severity":"error","msg":"insert failed","sqlstate":"23505","table":"payments","payment":"~uuid~"}',
    ),
)

_JAVA = """java.lang.IllegalStateException: cart ~uuid~ is already closed
\tat com.acme.cart.CartService.checkout(CartService.java:214)
\tat com.acme.cart.CartController.submit(CartController.java:88)
\tat jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)
\tat org.springframework.web.method.support.InvocableHandlerMethod.doInvoke(InvocableHandlerMethod.java:255)
\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)
\tat org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:140)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
Caused by: com.acme.cart.StaleCartException: version ~n9~ expected
\tat com.acme.cart.CartRepository.lock(CartRepository.java:61)
\t... 42 more"""

_PYTHON = """Traceback (most recent call last):
  File "/srv/app/payments/worker.py", line 187, in handle
    charge = await client.charge(payment_id)
  File "/srv/app/payments/client.py", line 64, in charge
    raise ProviderError(response.status, response.body)
payments.errors.ProviderError: provider answered 500 for payment ~n9~ in ~ms~ms"""

_GO = """panic: runtime error: invalid memory address or nil pointer dereference, request ~h16~
goroutine 4711 [running]:
main.(*Stock).Reserve(0xc000014a80, 0x~h16~)
\t/src/inventory/stock.go:91 +0x1f
net/http.HandlerFunc.ServeHTTP(0xc0000b2000)
\t/usr/local/go/src/net/http/server.go:2171 +0x29"""

_NODE = """Error: connect ECONNREFUSED ~ip~:6379 while reading session ~h16~
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)
    at RedisClient.connect (/app/node_modules/redis/client.js:312:19)
    at async Session.load (/app/src/session.js:48:5)"""

STACK_ERRORS = (
    Template("checkout", "ERROR", _JAVA),
    Template("inventory", "ERROR", _GO),
    Template("gateway", "ERROR", _NODE),
    Template(
        "payments",
        "ERROR",
        "charging payment ~n9~ failed",
        Trace("payments.errors.ProviderError", "provider answered 500 in ~ms~ms", _PYTHON),
    ),
    Template(
        "identity",
        "ERROR",
        "unhandled exception in request ~h16~",
        Trace("java.lang.IllegalStateException", "cart ~uuid~ is already closed", _JAVA),
    ),
    Template("search", "ERROR", "request ~h16~ failed", Trace("Error", "connect ECONNREFUSED ~ip~:6379", _NODE)),
)

PLAIN_OTHERS = _spread(
    "INFO",
    (
        "handled POST /api/v2/orders/~n9~ status=201 in ~ms~ms for session ~h16~",
        "payment ~uuid~ captured by provider in ~ms~ms",
        "reserved 2 pieces of item ~n9~ for cart ~h16~",
        "~ip~ GET /api/v1/carts/~h16~ 200 ~ms~ms",
        "issued token for account ~n9~, valid until ~time~",
        "query ~h16~ answered from 5 shards in ~ms~ms",
        "cart ~uuid~ opened",
    ),
) + _spread(
    "WARN",
    (
        "slow answer of pricing at ~ip~:50051: ~ms~ms for order ~n9~",
        "retrying capture of payment ~n9~, attempt 1 of 3",
        "item ~n9~ is low on stock",
        "upstream ~ip~:8080 is draining, request ~h16~ sent elsewhere",
        "account ~n9~ failed to sign in, wrong password",
        "query ~h16~ used 1 of 5 shards from cache",
    ),
)

JSON_OTHERS = _spread(
    "INFO",
    (
        '{"ts":"~time~","level":"info","msg":"order stored","order_id":~n9~,"status":201,"took":"~ms~ms"}',
        '{"time":"~time~","severity":"INFO","message":"payment captured","trace":"~h32~","provider":"~ip~:8443"}',
        '{"level":"info","caller":"stock/reserve.go:96","msg":"reserved","id":"~uuid~","pieces":2}',
        '{"timestamp":"~time~","logger":"edge","event":"request","request":"~h16~","code":200,"peer":"~ip~"}',
    ),
)

STACK_OTHERS = (
    Template("checkout", "WARN", "pricing failed once, default used\n" + _JAVA),
    Template("payments", "WARN", "provider failed once, will retry\n" + _PYTHON),
    Template("search", "WARN", "cache is away, asked the index for ~h16~", Trace("Error", "connect refused", _NODE)),
)

SHARES = (("plain", 70), ("json", 20), ("stack", 10))
"""Per cent of each kind, among errors and among the others."""

ERRORS = {"plain": PLAIN_ERRORS, "json": JSON_ERRORS, "stack": STACK_ERRORS}
OTHERS = {"plain": PLAIN_OTHERS, "json": JSON_OTHERS, "stack": STACK_OTHERS}
