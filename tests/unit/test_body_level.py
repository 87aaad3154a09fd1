"""The level that a body tells of itself: what loggers write is read, prose is not."""

from __future__ import annotations

from logtriage.schema.body_level import HEAD_BYTES, level_of_body
from logtriage.schema.severity import Severity
from support.tables import each_row

LEVELS: dict[Severity | None, tuple[str, ...]] = {
    Severity.ERROR: (
        "ERROR cart lost",
        "2026-03-04 05:06:07,123 ERROR [main] com.acme.Cart - lost",
        "2026-03-04 05:06:07.123 [main] ERROR com.acme.Cart - lost",
        "2026-03-04T05:06:07.123Z ERROR 1 --- [main] c.a.Cart : lost",
        "2026-03-04 05:06:07,123 [myid:1] - ERROR [main:Cart@12] - lost",
        "2026-03-04 05:06:07.1234|ERROR|Shop.Cart|lost",
        "[2026-03-04 05:06:07 +0000] [12] [ERROR] lost",
        "[2026-03-04 05:06:07,123: ERROR/MainProcess] lost",
        "[05:06:07 ERR] lost",
        "5:06AM ERR lost cart=7",
        "ERROR:root:cart lost",
        "ERROR:    cart lost in the application",
        "E, [2026-03-04T05:06:07.1 #12] ERROR -- : lost",
        "2026/03/04 05:06:07 [error] 31#7: *9 upstream lost",
        "[Wed Mar 04 05:06:07.123456 2026] [core:error] [pid 12] lost",
        "[2026-03-04 05:06:07.123][12][error][config] [cart.cc:12] lost",
        "2026-03-04 05:06:07.123 UTC [66] ERROR:  cart does not exist",
        "2026-03-04T05:06:07.123456Z 0 [ERROR] [MY-010119] [Server] lost",
        "2026-03-04T05:06:07.123Z\terror\tcart/cart.go:12\tlost",
        "2026-03-04T05:06:07Z [ERROR] core: lost",
        "[2026-03-04T05:06:07Z ERROR cart::db] lost",
        "E0304 05:06:07.123456   12 cart.go:88] lost",
        "ERRO[0012] cart lost",
        "=ERROR REPORT==== 4-Mar-2026::05:06:07 ===",
        "npm ERR! code ELOST",
        "fail: Shop.Cart[13]",
        'time="2026-03-04T05:06:07Z" level=error msg="lost"',
        "ts=2026-03-04T05:06:07Z caller=cart.go:12 level=error msg=lost",
        '{"time":"2026-03-04T05:06:07Z","level":"ERROR","msg":"lost"}',
        '{"severity":"error","message":"lost"}',
        '{"level":50,"time":1,"msg":"lost"}',
        '{"t":{"$date":"2026-03-04T05:06:07.000+00:00"},"s":"E","c":"CART","msg":"lost"}',
        '{"log.level":"error","message":"lost"}',
        "<3>Mar  4 05:06:07 host cart[12]: lost",
        "<11>1 2026-03-04T05:06:07Z host cart - - - lost",
        "Mar 04, 2026 5:06:07 AM com.acme.Cart add\nSEVERE: lost",
        "SEVERE: lost",
        "2026-03-04 05:06:07,123 CRIT supervisord lost",
        "[ALERT] 063/050607 (12) : backend has no server",
        "2026/03/04 05:06:07 [crit] 25#25: *13 handshake lost",
        "<2>Mar  4 05:06:07 host cart: lost",
        "error: cart lost",
        "Error: cart is not open",
        "TypeError: cart is undefined",
        "java.lang.IllegalStateException: cart lost",
        'Exception in thread "main" java.lang.IllegalStateException',
        "Traceback (most recent call last):\n  File",
        "  ERROR  indented",
    ),
    Severity.FATAL: (
        "FATAL cart lost",
        "2026-03-04 05:06:07.123 UTC [66] FATAL:  role does not exist",
        "F0304 05:06:07.123456   12 cart.go:88] lost",
        "CRITICAL:cart:lost",
        "panic: cart out of range",
        "fatal error: all goroutines are asleep",
        "thread 'main' panicked at cart.rs:7",
        '{"level":"fatal","msg":"lost"}',
        "<0>Mar  4 05:06:07 host cart: lost",
        "PHP Fatal error:  Uncaught Error in cart.php",
    ),
    Severity.WARN: (
        "WARNING:root:cart slow",
        "2026-03-04 05:06:07 WARN cart slow",
        "W0304 05:06:07.123456   12 cart.go:88] slow",
        "PHP Warning:  cart in cart.php",
        '{"level":40,"msg":"slow"}',
        "warning: cart is slow",
    ),
    Severity.INFO: (
        "INFO cart opened, last error was 7 days ago",
        "INFO config reloaded level=error for the cart",
        "2026-03-04 05:06:07 INFO [main] com.acme.ErrorHandler - Error: handled",
        'level=info msg="ERROR in the payload"',
        "INFO  found 0 ERROR rows",
        '{"level":"info","msg":"level error reached"}',
        '{"level":30,"msg":"error handled"}',
        "I0304 05:06:07.123456   12 cart.go:88] error budget is fine",
        "2026-03-04 05:06:07.123 UTC [66] LOG:  checkpoint complete",
        "info: Shop.Cart[0]",
        "<6>Mar  4 05:06:07 host cart: opened",
    ),
    Severity.DEBUG: (
        "\x1b[36mDEBUG\x1b[0m cart",
        "\x1b[2m04:05\x1b[0m \x1b[34mDEBUG\x1b[0m cart",
        "DEBUG cart",
        "dbug: Shop.Cart[0]",
        '{"level":"trace","msg":"x"}',
        "FINE: cart",
    ),
    None: (
        "",
        "   ",
        "the last error was cleared by the operator",
        "request finished without error",
        "there was no error in the cart today",
        "error-free run",
        "errors: 0",
        "cart had 3 errors",
        "we should alert when the cart fails",
        "Alert manager started",
        "Critical section entered",
        "Emergency contact updated",
        "Panic button installed",
        "Log rotated",
        "Fine tuning done",
        '10.0.0.7 - - [04/Mar/2026:05:06:07 +0000] "GET /error HTTP/1.1" 500 12',
        "GET /error/fatal 200",
        '{"message":"the error is in the text","code":7}',
        '{"message":"\\"level\\":\\"error\\""}',
        "{not json at all error}",
        "terror in the night",
        "https://shop.example/ERROR",
    ),
}

KNOWN_FAULTS = (
    ("Error handler registered", None, Severity.ERROR),
    ("Received ERROR frame", None, Severity.ERROR),
    ('{"data":{"severity":"error"},"level":"info"}', Severity.INFO, Severity.ERROR),
    ("** (RuntimeError) cart lost", Severity.ERROR, None),
    ("npm error code ELOST", Severity.ERROR, None),
)
"""(body, wanted, actual)"""


@each_row(("level", "body"), [(level, body) for level, bodies in LEVELS.items() for body in bodies])
def test_a_body_tells_its_level_or_none(level: Severity | None, body: str) -> None:
    assert level_of_body(body.encode()) is level


@each_row(("body", "wanted", "actual"), KNOWN_FAULTS)
def test_a_known_fault_is_still_one(body: str, wanted: Severity | None, actual: Severity | None) -> None:
    assert level_of_body(body.encode()) is actual, "mended: move the row to the table"
    assert actual is not wanted


def test_only_the_head_is_looked_at() -> None:
    assert level_of_body(b"1 " * 5 + b"ERROR x") is Severity.ERROR
    assert level_of_body(b"\x00" * HEAD_BYTES + b" ERROR x") is None
    assert level_of_body(b'{"a":"' + b"x" * HEAD_BYTES + b'","level":"error"}') is None


def test_bytes_that_are_no_text_tell_nothing() -> None:
    assert level_of_body(b"\xff\xfe\x00\x80" * 50) is None
