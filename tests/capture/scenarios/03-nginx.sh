#!/bin/bash
# nginx as web-gateway: dead and slow upstreams, missing and forbidden files, too large bodies, TLS that does not agree.
# needs: nginx=nginx-light openssl=openssl curl=curl python3=python3
set -u
out=$1
root=/srv/shop/web-gateway
mkdir -p $root/html $root/tmp && cd $root
echo '<h1>shop</h1>' > html/index.html; echo secret > html/private.html; chmod 600 html/private.html
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj /CN=shop.example 2>/dev/null
cat > nginx.conf <<'X'
daemon off;
user www-data;
worker_processes 1;
pid /srv/shop/web-gateway/nginx.pid;
error_log stderr info;
events { worker_connections 24; }
http {
  access_log off;
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy;
  fastcgi_temp_path tmp/f; uwsgi_temp_path tmp/u; scgi_temp_path tmp/s;
  limit_req_zone $binary_remote_addr zone=search:1m rate=1r/m;
  upstream pool { server 127.0.0.1:9101; server 127.0.0.1:9102; }
  server {
    listen 127.0.0.1:8080;
    server_name shop.example;
    root html;
    client_max_body_size 1k;
    location /orders { proxy_pass http://127.0.0.1:9001; }
    location /pool { proxy_pass http://pool; }
    location /slow { proxy_pass http://127.0.0.1:9002; proxy_read_timeout 1s; }
    location /reset { proxy_pass http://127.0.0.1:9003; }
    location /garbage { proxy_pass http://127.0.0.1:9004; }
    location /huge { proxy_pass http://127.0.0.1:9005; }
    location /tls { proxy_pass https://127.0.0.1:9006; proxy_ssl_verify on; proxy_ssl_trusted_certificate cert.pem; proxy_ssl_name payments.example; }
    location /search { limit_req zone=search; try_files /index.html =404; }
    location /php { fastcgi_pass unix:/run/php/php-fpm.sock; }
    location /admin { auth_basic "admin"; auth_basic_user_file html/htpasswd; }
  }
  server { listen 127.0.0.1:8443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_protocols TLSv1.3; root html; }
}
X
cat > upstream.py <<'X'
import socket, ssl, threading, time
def serve(port, answer, tls=False):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port)); s.listen()
    ctx = None
    if tls:
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); ctx.load_cert_chain("cert.pem", "key.pem")
    while True:
        c, _ = s.accept()
        try:
            if ctx: c = ctx.wrap_socket(c, server_side=True)
            c.recv(4096); answer(c)
        except OSError: pass
        c.close()
def reset(c): c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
for port, answer, tls in [(9002, lambda c: time.sleep(3), 0), (9003, reset, 0), (9004, lambda c: c.sendall(b"220 smtp ready\r\n"), 0),
        (9005, lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nX-Blob: " + b"x" * 9000 + b"\r\n\r\n"), 0), (9006, lambda c: None, 1)]:
    threading.Thread(target=serve, args=(port, answer, tls), daemon=True).start()
time.sleep(40)
X
printf 'ada:{PLAIN}pw\n' > html/htpasswd
python3 upstream.py & upstream=$!
log="$out/web-gateway.log"
nginx -p $root -c nginx.conf >>"$log" 2>&1 & server=$!
for _ in $(seq 50); do curl -s -o /dev/null http://127.0.0.1:8080/ && break; sleep 0.1; done
get() { curl -s -o /dev/null -m 4 "$@"; }
b=http://127.0.0.1:8080
get $b/index.html; get $b/missing.html; get $b/favicon.ico; get $b/private.html; get $b/html/; get $b/orders/4711; get $b/orders/4712 -H 'Referer: http://shop.example/cart'
get $b/pool/1; get $b/pool/2; get $b/slow/report?id=17; get $b/reset/1; get $b/garbage/1; get $b/huge/1; get $b/tls/1; get $b/php/index.php
for _ in 1 2 3; do get $b/search?q=lamp; done
get $b/admin/; get -u ada:wrong $b/admin/; get -u bob:pw $b/admin/
head -c 5000 /dev/zero | get --data-binary @- $b/upload; head -c 9000 /dev/zero | get --data-binary @- $b/upload
get -H 'Host: a b' $b/;python3 -c "
import socket; c = socket.create_connection(('127.0.0.1', 8080)); c.sendall(b'GET / HTTP/9\r\n\r\n'); c.recv(99)"
python3 -c "
import socket; c = socket.create_connection(('127.0.0.1', 8080)); c.sendall(b'GET /../../etc/passwd HTTP/1.1\r\n\r\n'); c.recv(99)
c = socket.create_connection(('127.0.0.1', 8080)); c.sendall(b'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n'); c.recv(99)"
get -k https://127.0.0.1:8443/; get -k --tls-max 1.2 https://127.0.0.1:8443/; get http://127.0.0.1:8443/; get https://127.0.0.1:8443/
echo plain | timeout 1 openssl s_client -connect 127.0.0.1:8443 -tls1_2 >/dev/null 2>&1
# more connections than worker_connections
python3 -c "
import socket, time
s = [socket.create_connection(('127.0.0.1', 8080)) for _ in range(40)]; time.sleep(1)"
kill -HUP $server; sleep 0.5
kill -9 "$(pgrep -P $server | tail -1)"; sleep 0.5
get $b/index.html
# configurations that do not start
bad() { printf "daemon off; error_log stderr info; pid bad.pid; events {}\n%s\n" "$1" > bad.conf; timeout 3 nginx -p $root -c bad.conf >>"$log" 2>&1; }
bad 'http { server { listen 8081; proxy_pas http://x; } }'
bad 'http { upstream u { server inventory-v2.invalid:80; } server { listen 8081; location / { proxy_pass http://u; } } }'
bad 'http { server { listen 8443 ssl; ssl_certificate missing.pem; ssl_certificate_key key.pem; } }'
bad 'http { server { listen 8081 }'
bad 'http { server { listen 127.0.0.1:8080; } }'
kill -QUIT $server; wait $server; kill $upstream
exit 0
