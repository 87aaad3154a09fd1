from __future__ import annotations

import pytest

from logtriage.cli.input.joining import MAX_RECORD_LINES, join_lines
from logtriage.cli.input.prefixes import Line

TRACES = {
    "java": """\
10:00:00.123 ERROR [main] shop.Cart - checkout failed
shop.CartException: no stock
	at shop.Cart.pay(Cart.java:12)
	Suppressed: java.io.IOException: closing
		at shop.Files.close(Files.java:3)
Caused by: java.sql.SQLException: pool is empty
	at db.Pool.take(Pool.java:99)
	... 12 more""",
    "java, uncaught": """\
Exception in thread "main" java.lang.IllegalStateException: boom
	at shop.Main.main(Main.java:3)""",
    "python": """\
2031-01-02 10:00:00,123 ERROR shop Unhandled
Traceback (most recent call last):
  File "/app/cart.py", line 3, in pay
    raise NoStock("pear")
shop.stock.NoStock: pear""",
    "python, a chain": """\
ERROR:root:failed
Traceback (most recent call last):
  File "/app/cart.py", line 3, in pay
KeyError: 'pear'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/cart.py", line 5, in <module>
shop.stock.NoStock: pear""",
    "python, behind a logger's own words": """\
[ERROR] Task failed: Traceback (most recent call last):
  File "/app/cart.py", line 3, in pay
KeyError: 'pear'""",
    "python, an exception group": """\
ERROR:shop:both failed
  + Exception Group Traceback (most recent call last):
  |   File "/app/cart.py", line 3, in <module>
  | ExceptionGroup: two (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: pear
    +------------------------------------""",
    "go": """\
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1b2c]

goroutine 1 [running]:
main.(*Cart).pay(0xc000010000, {0x0, 0x0})
	/app/cart.go:14 +0x1d
created by net/http.(*Server).Serve in goroutine 1
	/go/src/net/http/server.go:3086 +0x5cb
exit status 2""",
    "go, recovered by the server": """\
2031/01/02 10:00:00 http: panic serving 10.0.0.7:5000: no stock
goroutine 20 [running]:
net/http.(*conn).serve.func1()
	/go/src/net/http/server.go:1868 +0xb9""",
    "node": """\
/app/cart.js:3
    throw new Error("no stock");
    ^

Error: no stock
    at Object.<anonymous> (/app/cart.js:3:9)
    at node:internal/main/run_main_module:28:49 {
  code: 'E_STOCK'
}

Node.js v22.1.0""",
    ".net": """\
Unhandled exception. System.InvalidOperationException: no stock
 ---> System.IO.IOException: inner
   at Shop.Files.Read() in /src/Files.cs:line 5
   --- End of inner exception stack trace ---
--- End of stack trace from previous location ---
   at Shop.Cart.Pay()""",
    ".net, console logger": """\
fail: Shop.Cart[13]
      An unhandled exception was thrown.
      System.InvalidOperationException: no stock
         at Shop.Cart.Pay() in /src/Cart.cs:line 3""",
    "ruby": """\
/app/cart.rb:12:in `pay': undefined method `take' for nil (NoMethodError)
	from /app/cart.rb:3:in `<main>'""",
    "ruby, rails": """\
E, [2031-01-02T10:00:00.1 #12] ERROR -- : NoMethodError (undefined method `take' for nil):
app/models/cart.rb:3:in `pay'
app/controllers/carts_controller.rb:9:in 'CartsController#show'""",
    "php": """\
PHP Fatal error:  Uncaught Exception: no stock in /app/cart.php:3
Stack trace:
#0 /app/cart.php(9): pay()
#1 {main}
  thrown in /app/cart.php on line 3""",
    "rust": """\
thread 'main' panicked at src/cart.rs:3:5:
no stock
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace""",
    "postgresql": """\
2031-01-02 10:00:00.123 UTC [123] shop@db ERROR:  duplicate key value violates unique constraint "pears"
2031-01-02 10:00:00.123 UTC [123] shop@db DETAIL:  Key (id)=(1) already exists.
2031-01-02 10:00:00.123 UTC [123] shop@db STATEMENT:  insert into pears
	values (1)""",
}
NEXT = "2031-01-02 10:00:01.000 INFO shop started"


def joined(text: str) -> list[tuple[int, str]]:
    return list(join_lines(Line(number, line) for number, line in enumerate(text.split("\n"), 1)))


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_is_one_record_between_others(name: str) -> None:
    before = "2031-01-02 10:00:00.000 INFO shop ready"

    records = joined(f"{before}\n{TRACES[name]}\n{NEXT}")

    assert [text for _, text in records] == [before, TRACES[name], NEXT]
    assert records[1][0] == 2


@pytest.mark.parametrize("name", TRACES)
def test_two_of_a_kind_are_two_records(name: str) -> None:
    assert [text for _, text in joined(f"{NEXT}\n{TRACES[name]}\n\n{TRACES[name]}")] == [
        NEXT,
        TRACES[name],
        TRACES[name],
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("INFO listening", "TypeError: x is not a function"),
        ("ERROR first", "ERROR second"),
        ("KeyError: 'a'", "ValueError: b"),
        ("WARN retrying", "", "    indented, after a blank line"),
        ("2031-01-02 10:00:00 UTC [1] ERROR:  a", "2031-01-02 10:00:00 UTC [2] DETAIL:  of another process"),
        ("panic: a", "panic: b"),
    ],
)
def test_lines_that_do_not_belong_together_stay_apart(lines: tuple[str, ...]) -> None:
    assert [text for _, text in joined("\n".join(lines))] == [line for line in lines if line]


def test_two_tracebacks_without_a_line_between_are_two_records() -> None:
    one = 'Traceback (most recent call last):\n  File "/app/cart.py", line 3, in pay\nKeyError: 1'

    assert [text for _, text in joined(f"{one}\n{one}")] == [one, one]


def test_a_record_ends_after_so_many_lines() -> None:
    records = joined("ERROR head\n" + "\n".join("\tat a.b(C.java:1)" for _ in range(MAX_RECORD_LINES)))

    assert [text.count("\n") + 1 for _, text in records] == [MAX_RECORD_LINES, 1]


def test_interleaved_sources_are_joined_apart() -> None:
    lines = [
        Line(1, "ERROR a", "web-1"),
        Line(2, "ERROR b", "web-2"),
        Line(3, "\tat a.a(A.java:1)", "web-1"),
        Line(4, "\tat b.b(B.java:1)", "web-2"),
    ]

    assert list(join_lines(lines)) == [(1, "ERROR a\n\tat a.a(A.java:1)"), (2, "ERROR b\n\tat b.b(B.java:1)")]
