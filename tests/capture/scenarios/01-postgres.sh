#!/bin/bash
# PostgreSQL as orders-db: wrong statements, broken constraints, a deadlock, no connections left, a full disk.
# needs: /usr/lib/postgresql/15/bin/postgres=postgresql-15 psql=postgresql-client-15 python3=python3
set -u
out=$1
bin=/usr/lib/postgresql/15/bin
data=/srv/shop/orders-db
as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
mkdir -p "$data" /srv/shop/full && chown postgres: "$data" && touch "$out/orders-db.log" && chown postgres: "$out/orders-db.log"
as $bin/initdb -D $data/pg -U postgres --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C >/dev/null
cat > $data/pg/pg_hba.conf <<'X'
local all all trust
host orders shop 127.0.0.1/32 scram-sha-256
X
cat >> $data/pg/postgresql.conf <<'X'
unix_socket_directories = '/tmp'
listen_addresses = '127.0.0.1'
max_connections = 8
superuser_reserved_connections = 2
log_connections = on
log_disconnections = off
log_lock_waits = on
deadlock_timeout = 200ms
log_checkpoints = on
max_wal_size = 32MB
logging_collector = off
log_timezone = UTC
X
start() { as $bin/postgres -D $data/pg >>"$out/orders-db.log" 2>&1 & server=$!; for _ in $(seq 100); do as $bin/pg_isready -q -h /tmp && break; sleep 0.1; done; }
sql() { psql -X -q -h /tmp -U postgres -d orders -c "$1" >/dev/null 2>&1; }
start
psql -X -q -h /tmp -U postgres -c 'create database orders' >/dev/null
sql "create role shop login password 'right'"
sql "create table orders (id int primary key, customer int not null, total numeric(8,2) check (total >= 0), note varchar(20))"
sql "create table lines (order_id int references orders, sku text, qty int)"
sql "grant select on orders to shop"
sql "insert into orders values (4711, 1, 10, 'a'), (4712, 2, 20, 'b')"
sql "insert into orders values (4711, 3, 30, 'c')"
sql "insert into orders values (4712, 3, 30, 'c')"
sql "insert into lines values (9001, 'SKU-1', 1)"
sql "insert into lines values (9002, 'SKU-7', 2)"
sql "insert into orders values (4713, null, 1, '')"
sql "insert into orders values (4714, 1, -5, '')"
sql "insert into orders values (4715, 1, 5, 'a note that is far too long for the column')"
sql "select id, discount from orders"
sql "select * from order_items where id = 17"
sql "select * from orders where"
sql "selct * from orders"
sql "insert into orders values ('47x1', 1, 1, '')"
sql "select total / 0 from orders"
sql "select convert_from('\\xff'::bytea, 'UTF8')"
sql "select '{\"sku\": }'::json"
sql "select to_date('2026-02-31', 'YYYY-MM-DD')"
sql "select legacy_price(4711)"
sql "create table orders (id int)"
sql "update orders set total = 99999999999 where id = 4711"
sql "set statement_timeout = '150ms'; select pg_sleep(5)"
sql "create extension postgis"
sql "alter table orders add column customer int"
net() { PGPASSWORD=$1 psql -X -q -h 127.0.0.1 -U "$2" -d "$3" -c "$4" >/dev/null 2>&1; }
net right shop orders 'select 1'
net wrong shop orders 'select 1'
net wrong2 shop orders 'select 1'
net right shop billing 'select 1'
net right reporting orders 'select 1'
net right shop orders 'delete from orders'
psql -X -q -h /tmp -U postgres -d warehouse -c 'select 1' >/dev/null 2>&1
psql -X -q -h /tmp -U ghost -d orders -c 'select 1' >/dev/null 2>&1
# two transactions that take the same two rows in opposite order
psql -X -q -h /tmp -U postgres -d orders >/dev/null 2>&1 <<'X' &
set deadlock_timeout = '20s';
begin; update orders set total = 1 where id = 4711; select pg_sleep(1); update orders set total = 1 where id = 4712; commit;
X
one=$!
psql -X -q -h /tmp -U postgres -d orders >/dev/null 2>&1 <<'X'
begin; select pg_sleep(0.3); update orders set total = 2 where id = 4712; select pg_sleep(1.5); update orders set total = 2 where id = 4711; commit;
X
wait $one
# two serializable writers, a lock that is not free
psql -X -q -h /tmp -U postgres -d orders >/dev/null 2>&1 <<'X' &
begin isolation level repeatable read; select * from orders; select pg_sleep(1); update orders set total = 3 where id = 4711; commit;
X
one=$!; sleep 0.2; sql "update orders set total = 4 where id = 4711"; wait $one
psql -X -q -h /tmp -U postgres -d orders -c "begin" -c "lock table orders" -c "select pg_sleep(1.2)" -c "commit" >/dev/null 2>&1 & one=$!
sleep 0.2; psql -X -q -h /tmp -U postgres -d orders -c "begin" -c "lock table orders nowait" >/dev/null 2>&1; sql "set lock_timeout = '100ms'; select * from orders"; wait $one
# a session that an operator ends, one that cancels, one that sits idle in a transaction
sql "select pg_sleep(20) /* nightly */" & one=$!; sleep 0.3
sql "select pg_cancel_backend(pid) from pg_stat_activity where query like '%nightly%' and pid <> pg_backend_pid()"; wait $one
sql "select pg_sleep(20) /* export */" & one=$!; sleep 0.3
sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%export%' and pid <> pg_backend_pid()"; wait $one
psql -X -q -h /tmp -U postgres -d orders >/dev/null 2>&1 <<'X'
set idle_in_transaction_session_timeout = '200ms';
begin; select 1;
\! sleep 0.5
select 2;
X
# no connections left for ordinary roles
clients=
for _ in 1 2 3 4 5 6; do PGPASSWORD=right psql -X -q -h 127.0.0.1 -U shop -d orders -c 'select pg_sleep(2)' >/dev/null 2>&1 & clients="$clients $!"; done
sleep 0.8; net right shop orders 'select 1'; net right shop orders 'select 2'; wait $clients
# a full disk under a table space
mount -t tmpfs -o size=1m tmpfs /srv/shop/full && chown postgres: /srv/shop/full
sql "create tablespace archive location '/srv/shop/full'"
sql "create table archive (t text) tablespace archive"
sql "insert into archive select repeat('x', 900) from generate_series(1, 5000)"
# a backend killed from outside, with the crash recovery that follows
psql -X -q -h /tmp -U postgres -d orders -c "select pg_sleep(20) /* batch */" >/dev/null 2>&1 & one=$!; sleep 0.3
victim=$(psql -X -At -h /tmp -U postgres -d orders -c "select pid from pg_stat_activity where query like '%batch%' and pid <> pg_backend_pid()")
kill -9 "$victim"; wait $one; sleep 1.5
sql "drop table archive"; sql "checkpoint"
kill -INT "$(head -1 $data/pg/postmaster.pid)"; wait $server
# a second start with a setting that does not exist, and one whose port is taken
as $bin/postgres -D $data/pg -c shared_bufers=1GB >>"$out/orders-db.log" 2>&1
as $bin/postgres -D $data/pg -c max_connections=many >>"$out/orders-db.log" 2>&1
python3 -c "
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 5432)); s.listen(); time.sleep(2)" & holder=$!
sleep 0.5; as timeout 5 $bin/postgres -D $data/pg -c unix_socket_directories= >>"$out/orders-db.log" 2>&1; wait $holder
exit 0
