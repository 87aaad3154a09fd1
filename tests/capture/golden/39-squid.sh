#!/bin/bash
# Squid as web-proxy: a parent that dies and comes back, settings that do not load.
# needs: squid=squid curl=curl python3=python3
set -u
out=$1
mkdir -p /srv/shop/proxy && cd /srv/shop/proxy && chmod 777 .
cat > squid.conf <<'Y'
http_port 127.0.0.1:3128
pid_filename /srv/shop/proxy/squid.pid
cache_log /srv/shop/proxy/cache.log
access_log none
coredump_dir /srv/shop/proxy
cache_mem 8 MB
cache_peer 127.0.0.1 parent 3200 0 no-query default connect-fail-limit=2 connect-timeout=1
never_direct allow all
http_access allow all
dns_nameservers 127.0.0.1
shutdown_lifetime 1 seconds
max_filedescriptors 256
Y
parent() { python3 -c "
from http.server import *
class H(BaseHTTPRequestHandler):
    def do_GET(s):
        s.send_response(200); s.send_header('Content-Length', '2'); s.end_headers(); s.wfile.write(b'ok')
    def log_message(s, *a): pass
ThreadingHTTPServer(('127.0.0.1', 3200), H).serve_forever()" & parent=$!; sleep 0.5; }
parent
squid -N -f squid.conf >>squid.out 2>&1 & proxy=$!
sleep 2; get() { curl -s -o /dev/null -m 4 -x 127.0.0.1:3128 "$@"; }
get http://shop.example/1; kill $parent; wait $parent 2>/dev/null; for n in 1 2 3 4; do get http://shop.example/down$n; done; sleep 1; parent; sleep 12; get http://shop.example/2; get http://shop.example/3; sleep 1
printf 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 7\r\n\r\n' | timeout 1 curl -s telnet://127.0.0.1:3128 >/dev/null 2>&1
kill -TERM $proxy; wait $proxy; cp cache.log "$out/web-proxy.log"
timeout 4 squid -N -f missing.conf >>"$out/web-proxy.log" 2>&1
printf 'http_port 127.0.0.1:3128\nhtpp_access allow all\n' > bad.conf; timeout 4 squid -N -f bad.conf >>"$out/web-proxy.log" 2>&1
kill $parent
exit 0
