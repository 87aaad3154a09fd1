#!/bin/bash
# Clients that wait for a server, as parcel (Python: tenacity, backoff, urllib3, PyMySQL, psycopg2, redis) and as start-check (wget, curl, pg_isready, mariadb-admin, redis-cli): it comes.
# needs: /opt/shop/bin/python=tenacity(pip) wget=wget curl=curl redis-server=redis-server /usr/lib/postgresql/15/bin/postgres=postgresql-15 mariadbd=mariadb-server
set -u
out=$1
mkdir -p /srv/shop/parcel/r /srv/shop/db && cd /srv/shop/parcel && chown postgres: /srv/shop/db
bin=/usr/lib/postgresql/15/bin
as="setpriv --reuid postgres --regid postgres --clear-groups"
$as $bin/initdb -D /srv/shop/db/a -U postgres --auth=trust >/dev/null
mariadb-install-db --no-defaults --user=mysql --datadir=/srv/shop/m --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
cat > parcel.py <<'Y'
import logging, sys, time
import backoff, psycopg2, pymysql, redis, requests, tenacity, urllib3
logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
log = logging.getLogger("parcel.labels")
logging.getLogger("backoff").addHandler(logging.NullHandler())
slow = dict(wait=tenacity.wait_fixed(0.7), stop=tenacity.stop_after_attempt(20), before_sleep=tenacity.before_sleep_log(log, logging.WARNING), after=None, reraise=True)
@tenacity.retry(**slow)
def carrier(): return requests.get("http://127.0.0.1:9300/rates", timeout=1).raise_for_status()
@tenacity.retry(**slow)
def database(): psycopg2.connect("host=127.0.0.1 port=5432 user=postgres connect_timeout=1").close()
@tenacity.retry(**slow)
def crm(): pymysql.connect(host="127.0.0.1", port=3306, user="root").close()
@tenacity.retry(**slow)
def cache(): redis.Redis(port=6379, socket_timeout=1).get("x")
@backoff.on_exception(backoff.constant, Exception, interval=0.6, jitter=None, max_tries=25)
def tracking(): requests.get("http://127.0.0.1:9301/events", timeout=0.4).raise_for_status()
@backoff.on_exception(backoff.constant, Exception, interval=0.5, jitter=None, max_tries=3)
def closed(): requests.get("http://127.0.0.1:9309/events", timeout=0.4)
def busy():
    s = urllib3.PoolManager(retries=urllib3.Retry(5, backoff_factor=0.3, status_forcelist=[429, 503]), timeout=1); s.request("GET", "http://127.0.0.1:9301/busy"); s.request("GET", "http://127.0.0.1:9301/cut")
for what, f in (("rates", carrier), ("orders database", database), ("customer database", crm), ("cache", cache), ("tracking", tracking), ("labels", busy), ("archive", closed)):
    try: f(); log.info("%s ready", what)
    except Exception as e: log.error("%s given up: %r", what, e)
Y
cat > peer.py <<'Y'
import socket, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = {}
class P(BaseHTTPRequestHandler):
    def do_GET(self):
        n = hits[self.path] = hits.get(self.path, 0) + 1
        if self.path == "/events" and n < 3: time.sleep(0.8); return
        if self.path == "/cut" and n < 2: self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); self.connection.close(); return
        self.send_response(429 if self.path == "/busy" and n < 3 else 503 if self.path in ("/rates", "/maintenance") and n < 4 else 200); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *a): pass
s = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), P); s.handle_error = lambda *a: None; s.serve_forever()
Y
python3 peer.py 9301 & peers=$!
/opt/shop/bin/python parcel.py >>"$out/parcel.log" 2>&1 & parcel=$!
sleep 2.5; python3 peer.py 9300 & peers="$peers $!"
sleep 4; $as $bin/postgres -D /srv/shop/db/a -c unix_socket_directories=/tmp -c log_timezone=UTC >>"$out/parcel-db.log" 2>&1 & db=$!
sleep 3; mariadbd --no-defaults --user=mysql --datadir=/srv/shop/m --socket=/tmp/m.sock --port=3306 --bind-address=127.0.0.1 >m.out 2>&1 & my=$!
sleep 5; redis-server --port 6379 --bind 127.0.0.1 --save '' --dir r --appendonly yes --logfile redis.log & cache=$!
wait $parcel
# the database recovers from a crash while clients ask for it
psql -qX -h /tmp -U postgres -c 'create table t as select generate_series(1, 700000) i' >/dev/null 2>&1
kill -9 $db; wait $db 2>/dev/null; rm -f /srv/shop/db/a/postmaster.pid
check="$out/start-check.log"
pg_isready -h 127.0.0.1 >>"$check" 2>&1
$as $bin/postgres -D /srv/shop/db/a -c unix_socket_directories=/tmp -c log_timezone=UTC >>"$out/parcel-db.log" 2>&1 & db=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do pg_isready -h 127.0.0.1; psql -qXAt -h 127.0.0.1 -U postgres -c "select 'orders database up'"; sleep 0.15; done >>"$check" 2>&1
# a cache that loads a large file
redis-cli config set save '' >/dev/null; redis-cli debug populate 900000 key 200 >/dev/null 2>&1 || for i in $(seq 40); do redis-cli eval "for i=1,20000 do redis.call('set', 'k'..ARGV[1]..':'..i, string.rep('x', 120)) end" 0 "$i" >/dev/null; done
redis-cli bgrewriteaof >/dev/null; sleep 2.5; kill -9 $cache; wait $cache 2>/dev/null
redis-cli ping >>"$check" 2>&1; redis-server --port 6379 --bind 127.0.0.1 --save '' --dir r --appendonly yes >>"$out/parcel-cache.log" 2>&1 & cache=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do redis-cli ping; sleep 0.1; done >>"$check" 2>&1; sleep 1; redis-cli ping >>"$check" 2>&1
kill -TERM $my; wait $my; mariadb-admin --no-defaults -h 127.0.0.1 -u root ping >>"$check" 2>&1; mariadbd --no-defaults --user=mysql --datadir=/srv/shop/m --socket=/tmp/m.sock --port=3306 --bind-address=127.0.0.1 >m.out 2>&1 & my=$!; sleep 1.5; mariadb-admin --no-defaults -h 127.0.0.1 -u root ping >>"$check" 2>&1
(sleep 2; exec python3 peer.py 9302) & late=$!
wget -nv -O /dev/null --retry-connrefused --waitretry 1 --tries 6 http://127.0.0.1:9302/ 2>>"$check"; wget -O /dev/null --retry-on-http-error 503 --waitretry 1 --tries 6 http://127.0.0.1:9302/maintenance 2>>"$check"
kill $late; (sleep 2.5; exec python3 peer.py 9303) & late=$!
curl -sS -o /dev/null --retry 5 --retry-delay 1 --retry-connrefused -w 'HTTP %{http_code} after %{time_total} s\n' http://127.0.0.1:9303/ 2>>"$check" >>"$check"; curl -sS -o /dev/null --retry 5 --retry-delay 1 -w 'HTTP %{http_code} after %{time_total} s\n' http://127.0.0.1:9303/maintenance 2>>"$check" >>"$check"; curl -sS -o /dev/null --retry 5 --retry-delay 1 --retry-all-errors -w 'HTTP %{http_code} after %{time_total} s\n' http://127.0.0.1:9303/cut 2>>"$check" >>"$check"
kill -9 $my $cache $db $late $peers
exit 0
