#!/bin/bash
# curl in a shell job as price-feed: names, ports, time limits, HTTP statuses, certificates, retries with both ends.
# needs: curl=curl openssl=openssl faketime=faketime python3=python3
set -u
out=$1
mkdir -p /srv/shop/price-feed/full && cd /srv/shop/price-feed
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=other.example 2>/dev/null
faketime '2020-01-01 00:00:00' openssl req -x509 -newkey rsa:2048 -nodes -keyout key2.pem -out expired.pem -days 1 -subj /CN=payments -addext subjectAltName=DNS:payments 2>/dev/null
cat > peer.py <<'X'
import socket, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = {}
class Peer(BaseHTTPRequestHandler):
    def do_GET(self):
        n = hits[self.path] = hits.get(self.path, 0) + 1
        if self.path == "/slow": time.sleep(3)
        if self.path == "/reset": self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); self.connection.close(); return
        if self.path == "/empty": return
        if self.path == "/loop": self.send_response(302); self.send_header("Location", "/loop"); self.send_header("Content-Length", "0"); self.end_headers(); return
        status = {"/missing": 404, "/denied": 403, "/login": 401, "/down": 503, "/busy": 429}.get(self.path, 200)
        if self.path == "/flaky" and n < 2: status = 503
        self.send_response(status); self.send_header("Content-Length", "200000" if self.path == "/cut" else "100000" if self.path == "/big" else "2"); self.end_headers()
        self.wfile.write(b"x" * 100000 if self.path == "/big" else b"ok")
    def log_message(self, *args): pass
s = ThreadingHTTPServer(("127.0.0.1", 9500), Peer); s.handle_error = lambda *a: None; s.serve_forever()
X
python3 peer.py 2>/dev/null & peer=$!
openssl s_server -accept 9501 -cert cert.pem -key key.pem -quiet >/dev/null 2>&1 & tls1=$!
openssl s_server -accept 9502 -cert expired.pem -key key2.pem -quiet -www >/dev/null 2>&1 & tls2=$!
mount -t tmpfs -o size=16k tmpfs full
sleep 0.7
u=http://127.0.0.1:9500
get() { curl -sS -o /dev/null --max-time 2 "$@" >>"$out/price-feed.log" 2>&1; }
get http://prices-eu.invalid/list.csv; get http://prices-us.invalid/list.csv
get http://127.0.0.1:9599/list.csv; get http://127.0.0.1:9598/list.csv
get --max-time 0.4 $u/slow; get --connect-timeout 1 --max-time 0.3 $u/slow
get -f $u/missing; get -f $u/denied; get -f $u/login; get -f $u/down; get -f $u/busy
get $u/reset; get $u/empty; get $u/cut; get -L --max-redirs 3 $u/loop
get https://127.0.0.1:9501/; get --cacert expired.pem https://payments:9502/; get --cacert cert.pem --resolve payments:9501:127.0.0.1 https://payments:9501/; get https://127.0.0.1:9500/; get --tls-max 1.1 https://127.0.0.1:9501/
get --cacert missing.pem https://127.0.0.1:9501/; get ftpx://files/list.csv; get 'http://[::1'; get --data @missing.json $u/ok; get -E nobody.pem https://127.0.0.1:9501/
curl -sS --max-time 2 -o full/list.csv $u/big >>"$out/price-feed.log" 2>&1
curl -sS --max-time 2 -o /srv/shop/nowhere/list.csv $u/ok >>"$out/price-feed.log" 2>&1
curl -S --no-progress-meter -o /dev/null --retry 2 --retry-delay 1 -f $u/flaky >>"$out/price-feed.log" 2>&1
curl -S --no-progress-meter -o /dev/null --retry 2 --retry-delay 1 -f $u/down >>"$out/price-feed.log" 2>&1
curl -S --no-progress-meter -o /dev/null --retry 1 --retry-delay 1 --retry-connrefused http://127.0.0.1:9599/list.csv >>"$out/price-feed.log" 2>&1
curl -sv --max-time 2 -o /dev/null $u/ok 2>&1 | grep -a '^\*' >>"$out/price-feed.log"
kill $peer $tls1 $tls2
exit 0
