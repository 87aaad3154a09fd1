#!/bin/bash
# HAProxy as edge-lb: backends that go and come back, none left, slow and broken answers, configurations that do not load.
# needs: haproxy=haproxy curl=curl openssl=openssl python3=python3
set -u
out=$1
mkdir -p /srv/shop/edge-lb && cd /srv/shop/edge-lb
cat > haproxy.cfg <<'X'
global
  log stdout format short local0
  maxconn 200
defaults
  log global
  mode http
  option httplog
  timeout connect 300ms
  timeout client 2s
  timeout server 700ms
  retries 1
frontend web
  bind 127.0.0.1:8000
  acl admin path_beg /admin
  http-request deny if admin
  use_backend search if { path_beg /search }
  default_backend shop
backend shop
  option httpchk GET /health
  server shop-a 127.0.0.1:9001 check inter 200 fall 2 rise 2
  server shop-b 127.0.0.1:9002 check inter 200 fall 2 rise 2
backend search
  server search-a 127.0.0.1:9003 check inter 200 fall 2 rise 2
X
cat > shop.py <<'X'
import sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        if "slow" in self.path: time.sleep(2)
        if "broken" in self.path: self.wfile.write(b"nonsense\r\n\r\n"); return
        self.send_response(503 if "503" in self.path else 500 if "500" in self.path else 200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
X
shop() { python3 shop.py "$1" 2>/dev/null & }
get() { curl -s -o /dev/null -m 3 "http://127.0.0.1:8000$1"; }
shop 9001; a=$!; shop 9002; b=$!; shop 9003; c=$!
sleep 0.5
haproxy -f haproxy.cfg >>"$out/edge-lb.log" 2>&1 & server=$!
sleep 1
get /; get /cart/17; get /cart/18; get /admin/users; get /slow/report; get /broken/1; get /error/500; get /error/503; get /search?q=lamp
curl -s -o /dev/null -m 0.2 http://127.0.0.1:8000/slow/cart
printf 'GET / HTTP/1.1\r\nHo st: x\r\n\r\n' | timeout 2 openssl s_client -connect 127.0.0.1:8000 >/dev/null 2>&1
kill $c; sleep 1; get /search?q=chair; get /search?q=lamp
kill $a; sleep 1; get /cart/19; kill $b; sleep 1; get /cart/20; get /cart/21
shop 9001; a=$!; shop 9003; c=$!; sleep 1.2; get /cart/22; get /search?q=sofa
kill -TERM $server; wait $server; kill $a $c
bad() { printf 'global\n  log stdout format short local0\n%s\n' "$1" > bad.cfg; timeout 3 haproxy -f bad.cfg >>"$out/edge-lb.log" 2>&1; }
bad 'frontend f
  bind 127.0.0.1:8000
  mode http
  defalt_backend nowhere'
bad 'defaults
  mode http
frontend f
  bind 127.0.0.1:8000
  default_backend nowhere'
bad 'frontend f
  bind 127.0.0.1:8443 ssl crt /srv/shop/edge-lb/missing.pem
  mode http'
bad 'backend b
  server s payments-v2.invalid:80 check'
exit 0
