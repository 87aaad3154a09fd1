#!/bin/bash
# gunicorn as catalog-api, and uvicorn as search-api: workers that time out, die and fail to boot, exceptions in requests, a taken port.
# needs: gunicorn=gunicorn import:gunicorn=gunicorn import:uvicorn=python3-uvicorn curl=curl
set -u
out=$1
mkdir -p /srv/shop/catalog-api && cd /srv/shop/catalog-api
cat > catalog.py <<'X'
import os, time
ITEMS = {"1": {"name": "lamp", "price": "12.90"}}
def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow": time.sleep(30)
    if path == "/die": os._exit(9)
    if path == "/kill": os.kill(os.getpid(), 9)
    if path == "/header": start_response("200 OK", [("X-Name", "a\nb")]); return [b""]
    if path == "/none": start_response("200 OK", []); return None
    item = ITEMS[path.rsplit("/", 1)[1]] if path.startswith("/item/") else {"name": "root", "price": "0"}
    start_response("200 OK", [("Content-Length", "2")]); return [b"ok"]
X
echo 'import catalogue_models' > broken.py
cat > search.py <<'X'
import asyncio
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive(); await send({"type": "lifespan.startup.complete"}); await receive(); await send({"type": "lifespan.shutdown.complete"}); return
    if scope["path"] == "/query": raise ValueError("cannot parse query 'lamp AND'")
    if scope["path"] == "/silent": return
    if scope["path"] == "/bytes": await send({"type": "http.response.start", "status": 200, "headers": []}); await send({"type": "http.response.body", "body": "text"}); return
    if scope["path"] == "/long": await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]}); await send({"type": "http.response.body", "body": b"text"}); return
    await send({"type": "http.response.start", "status": 200, "headers": []}); await send({"type": "http.response.body", "body": b"ok"})
X
python3=/usr/bin/python3
$python3 -m gunicorn -b 127.0.0.1:8300 -w 1 -t 1 --graceful-timeout 1 --log-level info catalog:app >>"$out/catalog-api.log" 2>&1 & server=$!
sleep 1.2
get() { curl -s -o /dev/null -m 4 "$@"; }
b=http://127.0.0.1:8300
get $b/item/1; get $b/item/77; get $b/item/78; get $b/header; get $b/none; get $b/die; sleep 0.7; get $b/kill; sleep 0.7; get $b/slow; sleep 0.7
python3 -c "
import socket
for raw in (b'GET / HTTP/1.1\r\nHo st: x\r\n\r\n', b'NONSENSE\r\n\r\n'):
    c = socket.create_connection(('127.0.0.1', 8300)); c.sendall(raw); c.recv(999); c.close()"
kill -HUP $server; sleep 0.8; timeout 7 $python3 -m gunicorn -b 127.0.0.1:8300 catalog:app >>"$out/catalog-api.log" 2>&1
kill -TERM $server; wait $server
timeout 6 $python3 -m gunicorn -b 127.0.0.1:8300 broken:app >>"$out/catalog-api.log" 2>&1
timeout 6 $python3 -m gunicorn -b 127.0.0.1:8300 catalog:application >>"$out/catalog-api.log" 2>&1
$python3 -m uvicorn --port 8301 search:app >>"$out/search-api.log" 2>&1 & server=$!
sleep 1.2; b=http://127.0.0.1:8301
get $b/; get $b/query?q=lamp; get $b/silent; get $b/bytes; get $b/long; get $b/query?q=sofa
python3 -c "
import socket
c = socket.create_connection(('127.0.0.1', 8301)); c.sendall(b'NONSENSE\r\n\r\n'); c.recv(999); c.close()"
timeout 4 $python3 -m uvicorn --port 8301 search:app >>"$out/search-api.log" 2>&1
kill -TERM $server; wait $server
timeout 4 $python3 -m uvicorn --port 8302 serch:app >>"$out/search-api.log" 2>&1
exit 0
