#!/bin/bash
# A Python service as checkout, with psycopg2, redis, urllib3 and ssl: tracebacks, retries that succeed and that end, a memory limit.
# needs: /usr/bin/python3=python3 openssl=openssl faketime=faketime import:psycopg2=python3-psycopg2 import:redis=python3-redis import:requests=python3-requests
set -u
out=$1
mkdir -p /srv/shop/checkout && cd /srv/shop/checkout
faketime '2020-01-01 00:00:00' openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out expired.pem -days 1 -subj /CN=payments -addext subjectAltName=DNS:payments 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key2.pem -out other.pem -days 9 -subj /CN=other -addext subjectAltName=DNS:other 2>/dev/null
cat > peers.py <<'X'
import socket, ssl, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = {}
class Peer(BaseHTTPRequestHandler):
    def do_GET(self):
        n = hits[self.path] = hits.get(self.path, 0) + 1
        if self.path == "/reset-once" and n == 1 or self.path == "/reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); self.connection.close(); return
        if self.path == "/slow": time.sleep(3)
        body = b'{"total": 12,' if self.path == "/cut" else b"<html>maintenance</html>" if self.path == "/html" else b'{"total": 12}'
        self.send_response(503 if self.path == "/down" else 429 if self.path == "/busy" else 200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
def tls(port, cert, key):
    s = ThreadingHTTPServer(("127.0.0.1", port), Peer); c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(cert, key)
    s.socket = c.wrap_socket(s.socket, server_side=True); s.handle_error = lambda *a: None; threading.Thread(target=s.serve_forever, daemon=True).start()
tls(9443, "expired.pem", "key.pem"); tls(9444, "other.pem", "key2.pem")
s = ThreadingHTTPServer(("127.0.0.1", 9080), Peer); s.handle_error = lambda *a: None; s.serve_forever()
X
cat > checkout.py <<'X'
import json, logging, os, resource, socket, sqlite3, sys
import psycopg2, redis, requests, urllib3
from decimal import Decimal
logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
log = logging.getLogger("checkout.orders")
http = urllib3.PoolManager(retries=urllib3.Retry(3, backoff_factor=0.05, status_forcelist=[503, 429]), timeout=0.5)
PRICES = {"SKU-1": "12.90", "SKU-2": "n/a"}
class Cart:
    def __init__(self, lines): self.lines = lines
    def total(self): return sum(Decimal(PRICES[sku]) * qty for sku, qty in self.lines)
def submit(order_id, lines): return Cart(lines).total()
def parse(payload): return json.loads(payload)
def charge(path, port=9080): return json.loads(http.request("GET", f"http://payments:{port}{path}").data)["total"]
def profile(user): return user.address.city
def step(what, f, *args, **kw):
    log.info("%s started", what)
    try:
        return f(*args, **kw)
    except Exception:
        log.exception("%s failed", what)
def deep(n): return deep(n + 1)
def many_files(): return [open("/dev/null") for _ in range(200)]
def main():
    log.info("checkout 4.2.0 starting, python %s", sys.version.split()[0])
    step("order 5001", submit, 5001, [("SKU-1", 2)])
    step("order 5002", submit, 5002, [("SKU-7", 1)])
    step("order 5003", submit, 5003, [("SKU-9", 1)])
    step("order 5004", submit, 5004, [("SKU-2", 1)])
    step("order 5005", submit, 5005, None)
    step("order 5006", submit, 5006, [("SKU-1", "two")])
    step("profile of user 17", profile, None)
    step("webhook", parse, '{"order": 5002, "lines": [')
    step("webhook", parse, "")
    step("partner feed", b"M\xfcller;12".decode)
    step("refund ratio", lambda: 1 / 0)
    step("charge of order 5001", charge, "/ok")
    step("charge of order 5002", charge, "/reset-once")
    step("charge of order 5003", charge, "/reset")
    step("charge of order 5004", charge, "/down")
    step("charge of order 5005", charge, "/slow")
    step("charge of order 5006", charge, "/cut")
    step("charge of order 5007", charge, "/html")
    step("charge of order 5008", charge, "/ok", port=9081)
    step("card tokens", requests.get, "https://payments:9443/ok", verify="expired.pem", timeout=2)
    step("card vault", requests.get, "https://payments:9444/ok", verify="other.pem", timeout=2)
    step("fraud score", requests.get, "https://payments:9444/ok", timeout=2)
    step("plain port", requests.get, "https://payments:9080/ok", timeout=2)
    step("geo lookup", requests.get, "http://geo.invalid/ip", timeout=2)
    step("shipping rates", lambda: requests.get("http://payments:9080/busy", timeout=2).raise_for_status())
    step("order database", psycopg2.connect, "host=127.0.0.1 port=5432 user=shop dbname=orders connect_timeout=2")
    step("cart cache", redis.Redis(host="cart-cache", port=6379).get, "cart:1")
    db = sqlite3.connect("local.db"); db.execute("create table if not exists jobs (id integer primary key)"); db.commit(); other = sqlite3.connect("local.db", timeout=0.1); other.execute("begin exclusive")
    db.execute("pragma busy_timeout = 100"); step("local queue", db.execute, "insert into jobs values (1)"); other.rollback()
    step("local queue", db.execute, "select state from jobs")
    step("settings", lambda: os.environ["CHECKOUT_SIGNING_KEY"])
    step("settings", lambda: int(os.environ.get("CHECKOUT_WORKERS", "four")))
    step("template", open, "/srv/shop/checkout/templates/receipt.html")
    step("plug-in", __import__, "checkout_vouchers")
    step("tree", deep, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); step("export", many_files); resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20)); step("report", bytearray, 2 << 30)
    s = socket.socket(); step("metrics port", s.bind, ("127.0.0.1", 9080))
    log.critical("no worker left, shutting down")
    raise SystemExit(submit(5009, [("SKU-1", 1), ("SKU-404", 1)]))
main()
X
/usr/bin/python3 peers.py >/dev/null 2>&1 & peers=$!
sleep 1
/usr/bin/python3 checkout.py >>"$out/checkout.log" 2>&1
kill $peers
exit 0
