"""Stack traces of seven languages: the same failure seen again, and other failures.

``SAME[language]``: traces of one failure, at other lines, under other framework frames, with other generated names.
``OTHER[language]``: traces of other failures than the first of `SAME`: another class, message or top frame of the
application.
``KEPT[language]``: what is left of the first trace of `SAME`.
"""

from __future__ import annotations

JAVA = """java.lang.IllegalStateException: till 7 is closed
\tat io.till.Drawer.open(Drawer.java:31)
\tat io.till.Sale$$EnhancerBySpringCGLIB$$1a2b3c4d.book(<generated>)
\tat org.springframework.aop.framework.CglibAopProxy.intercept(CglibAopProxy.java:691)
\tat io.till.Desk.lambda$serve$3(Desk.java:88)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.net.ConnectException: Connection refused
\tat java.base/sun.nio.ch.Net.connect0(Native Method)
\tat io.till.Wire.dial(Wire.java:12)
\t... 23 more"""

PYTHON = """Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/flask/app.py", line 1523, in full_dispatch_request
    rv = self.dispatch_request()
         ^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/till/desk.py", line 31, in serve
    sale.book(sku)
  File "/srv/till/sale.py", line 12, in book
    drawer[sku]
KeyError: 'sku'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/till/main.py", line 9, in <module>
    desk.serve()
till.errors.LostSale: sale 4411 is lost"""

GO = """panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1b2c]

goroutine 17 [running]:
shop/till.(*Drawer).Open(0xc000123, 0x3)
\t/build/till/drawer.go:31 +0x1d
shop/till.Serve.func1()
\t/build/till/desk.go:88 +0x44
net/http.HandlerFunc.ServeHTTP(0x55, {0x66, 0x77}, 0x88)
\t/usr/local/go/src/net/http/server.go:2136 +0x2f
created by net/http.(*Server).Serve in goroutine 1
\t/usr/local/go/src/net/http/server.go:3086 +0x5cb"""

NODE = """TypeError: Cannot read properties of undefined (reading 'sku')
    at openDrawer (/app/src/till.js:31:7)
    at async Sale.book (/app/src/sale.js:12:3)
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"""

DOTNET = """System.InvalidOperationException: till is closed
 ---> System.TimeoutException: no answer in 30 s
   at Shop.Till.Wire.Dial(String host, Int32 port) in /src/Wire.cs:line 12
   --- End of inner exception stack trace ---
   at Shop.Till.Drawer.<OpenAsync>d__12.MoveNext() in /src/Drawer.cs:line 31
--- End of stack trace from previous location ---
   at Microsoft.AspNetCore.Mvc.Infrastructure.ActionMethodExecutor.Execute(ActionContext context)
   at Shop.Till.Desk.<>c__DisplayClass3_0.<Serve>b__1(Sale sale) in /src/Desk.cs:line 88"""

RUBY = """RuntimeError: till is closed
\tfrom /srv/till/app/drawer.rb:31:in `open'
\tfrom /srv/till/app/sale.rb:12:in `block in book'
\tfrom /usr/local/bundle/gems/rack-2.2.4/lib/rack/handler.rb:77:in `call'
\tfrom /srv/till/app/desk.rb:88:in `serve'"""

RUST = """thread 'main' panicked at src/till.rs:31:5:
till is closed
stack backtrace:
   0: rust_begin_unwind
             at /rustc/1a2b3c4d/library/std/src/panicking.rs:645:5
   1: core::panicking::panic_fmt
   2: till::drawer::open::h1a2b3c4d5e6f7a8b
             at ./src/till.rs:31:5
   3: till::main
             at ./src/main.rs:9:3
   4: core::ops::function::FnOnce::call_once"""

SAME: dict[str, tuple[str, ...]] = {
    "java": (
        JAVA,
        JAVA.replace(":31)", ":44)").replace(":12)", ":13)").replace(":88)", ":101)"),
        JAVA.replace("CGLIB$$1a2b3c4d", "CGLIB$$9f8e7d6c").replace("lambda$serve$3", "lambda$serve$11"),
        JAVA.replace("EnhancerBySpringCGLIB$$1a2b3c4d", "SpringCGLIB$$0"),
        JAVA.replace(
            "\tat org.springframework",
            "\tat jdk.proxy2/jdk.proxy2.$Proxy83.book(Unknown Source)\n\tat org.springframework",
        ),
        JAVA.replace("23 more", "31 more"),
        JAVA.replace("(Drawer.java:31)", "(Drawer.java:31) ~[till-1.4.2.jar!/:1.4.2]"),
    ),
    "python": (
        PYTHON,
        PYTHON.replace("line 31", "line 44").replace("line 12,", "line 19,"),
        PYTHON.replace("/srv/till/", "/opt/releases/20260304/till/"),
        PYTHON.replace("    sale.book(sku)", "    return sale.book(sku)"),
        PYTHON.replace("    drawer[sku]", "    drawer[sku]\n    ~~~~~~^^^^^"),
        PYTHON.replace(
            '  File "/srv/till/desk.py"',
            '  File "/usr/lib/python3.11/site-packages/flask/app.py", line 1799, in dispatch\n    x\n'
            '  File "/srv/till/desk.py"',
        ),
        PYTHON.replace("sale 4411", "sale 9"),
    ),
    "go": (
        GO,
        GO.replace("drawer.go:31", "drawer.go:40")
        .replace("goroutine 17", "goroutine 4411")
        .replace("0xc000123", "0xc0fe"),
        GO.replace("Serve.func1", "Serve.func2.1").replace("+0x1d", "+0x9f").replace("pc=0x4a1b2c", "pc=0x5b1b2c"),
        GO.replace(
            "net/http.HandlerFunc",
            "net/http.(*ServeMux).ServeHTTP(0x1)\n\t/usr/local/go/src/net/http/server.go:2514 +0x1\n"
            "net/http.HandlerFunc",
        ),
        GO + "\n\ngoroutine 18 [select, 5 minutes]:\nshop/till.(*Pump).Run(0xc000)\n\t/build/till/pump.go:7 +0x4",
    ),
    "node": (
        NODE,
        NODE.replace(":31:7", ":40:11").replace("/app/src/", "/srv/release-12/src/"),
        NODE.replace(
            "    at Layer", "    at next (/app/node_modules/express/lib/router/route.js:144:13)\n    at Layer"
        ),
        NODE.replace("at async Sale", "at Sale"),
    ),
    "dotnet": (
        DOTNET,
        DOTNET.replace("line 31", "line 40").replace("/src/", "/agent/_work/7/s/").replace("d__12", "d__14"),
        DOTNET.replace("DisplayClass3_0", "DisplayClass5_1").replace(">b__1", ">b__0"),
        DOTNET.replace("   at Microsoft", "   at System.Threading.Tasks.Task.InnerInvoke()\n   at Microsoft"),
    ),
    "ruby": (
        RUBY,
        RUBY.replace(":31:", ":40:").replace("/srv/till/app/", "/srv/releases/20260304/app/"),
        RUBY.replace(
            "\tfrom /usr", "\tfrom /usr/local/bundle/gems/rack-2.2.4/lib/rack/head.rb:9:in `call'\n\tfrom /usr"
        ),
    ),
    "rust": (
        RUST,
        RUST.replace("till.rs:31:5", "till.rs:40:9").replace("h1a2b3c4d5e6f7a8b", "h9f8e7d6c5b4a3f2e"),
        RUST.replace(
            "   1: core::panicking::panic_fmt\n", "   1: core::panicking::panic_fmt\n   2: core::panicking::panic\n"
        ),
        RUST.replace("/rustc/1a2b3c4d/", "/rustc/99aabbcc/"),
    ),
}

OTHER: dict[str, tuple[str, ...]] = {
    "java": (
        JAVA.replace("java.net.ConnectException", "java.net.NoRouteToHostException"),
        JAVA.replace("Connection refused", "Connection timed out"),
        JAVA.replace("io.till.Drawer.open", "io.till.Drawer.lock"),
        JAVA.replace("io.till.Wire.dial", "io.till.Pipe.dial"),
        JAVA.replace("IllegalStateException", "IllegalArgumentException"),
        JAVA.partition("\nCaused by")[0],
    ),
    "python": (
        PYTHON.replace("KeyError: 'sku'", "ConnectionRefusedError: [Errno 111] Connection refused"),
        PYTHON.replace("KeyError: 'sku'", "KeyError: 'price'"),
        PYTHON.replace("in book", "in refund"),
        PYTHON.replace("/srv/till/sale.py", "/srv/till/stock.py"),
        PYTHON.replace("LostSale", "LostSlip"),
    ),
    "go": (
        GO.replace("invalid memory address or nil pointer dereference", "index out of range [3] with length 3"),
        GO.replace("(*Drawer).Open", "(*Drawer).Close"),
        GO.replace("shop/till.(*Drawer)", "shop/stock.(*Drawer)"),
    ),
    "node": (
        NODE.replace("TypeError", "RangeError"),
        NODE.replace("'sku'", "'price'"),
        NODE.replace("openDrawer", "printSlip"),
        NODE.replace("src/till.js", "src/stock.js"),
    ),
    "dotnet": (
        DOTNET.replace("System.TimeoutException", "System.Net.Sockets.SocketException"),
        DOTNET.replace("Wire.Dial", "Wire.Close"),
        DOTNET.replace("<OpenAsync>", "<CloseAsync>"),
    ),
    "ruby": (
        RUBY.replace("RuntimeError", "KeyError"),
        RUBY.replace("`open'", "`close'"),
        RUBY.replace("drawer.rb", "printer.rb"),
    ),
    "rust": (
        RUST.replace("till is closed", "till is jammed"),
        RUST.replace("till::drawer::open", "till::drawer::close"),
    ),
}

KEPT: dict[str, str] = {
    "java": "java.lang.IllegalStateException: till 7 is closed\n\tat io.till.Drawer.open\n\tat io.till.Sale.book\n"
    "\tat io.till.Desk.lambda$serve\nCaused by: java.net.ConnectException: Connection refused\n\tat io.till.Wire.dial",
    "python": 'Traceback (most recent call last):\n  File "desk.py", in serve\n  File "sale.py", in book\n'
    "KeyError: 'sku'\n\n"
    "The above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n"
    '  File "main.py", in <module>\ntill.errors.LostSale: sale <id> is lost',
    "node": "TypeError: Cannot read properties of undefined (reading 'sku')\n    at openDrawer (till.js)\n"
    "    at Sale.book (sale.js)",
    "ruby": "RuntimeError: till is closed\n\tfrom drawer.rb:in `open'\n\tfrom sale.rb:in `block in book'\n"
    "\tfrom desk.rb:in `serve'",
}
