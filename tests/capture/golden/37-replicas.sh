#!/bin/bash
# PostgreSQL with a standby and PgBouncer, MariaDB with a replica: primaries that go and come back, wrong passwords, pools used up.
# needs: /usr/lib/postgresql/15/bin/postgres=postgresql-15 pgbouncer=pgbouncer psql=postgresql-client-15 mariadbd=mariadb-server mariadb=mariadb-client
set -u
out=$1
bin=/usr/lib/postgresql/15/bin; d=/srv/shop/db; mkdir -p $d && chown postgres: $d && cd $d
as="setpriv --reuid postgres --regid postgres --clear-groups"
touch "$out"/{billing-db,billing-standby,billing-pool}.log; chown postgres: "$out"/*.log
$as $bin/initdb -D $d/a -U postgres --auth=trust >/dev/null
printf "unix_socket_directories='/tmp'\nlisten_addresses='127.0.0.1'\nlog_timezone=UTC\nwal_keep_size=0\nmax_wal_size=32MB\nmin_wal_size=32MB\n" >> $d/a/postgresql.conf
printf 'host replication all 127.0.0.1/32 trust\n' >> $d/a/pg_hba.conf
a() { $as $bin/postgres -D $d/a -p 5432 >>"$out/billing-db.log" 2>&1 & pa=$!; for _ in $(seq 50); do $bin/pg_isready -q -h /tmp -p 5432 && break; sleep 0.1; done; }
a; psql -qX -h /tmp -U postgres -c 'create database billing' -c "create role app login password 'right'" >/dev/null
$as $bin/pg_basebackup -c fast -h 127.0.0.1 -U postgres -D $d/b -R >/dev/null 2>&1
$as $bin/postgres -D $d/b -p 5433 -c wal_retrieve_retry_interval=1s >>"$out/billing-standby.log" 2>&1 & pb=$!
cat > pool.ini <<'Y'
[databases]
billing = host=127.0.0.1 port=5432 dbname=billing user=app
ghost = host=127.0.0.1 port=5432 dbname=ghost user=app
names = host=billing-db.invalid port=5432
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
unix_socket_dir =
auth_type = plain
auth_file = /srv/shop/db/users
pool_mode = transaction
default_pool_size = 1
max_client_conn = 4
query_wait_timeout = 2
server_login_retry = 1
server_connect_timeout = 2
logfile =
admin_users = app
Y
printf '"app" "right"\n' > users
$as pgbouncer pool.ini >>"$out/billing-pool.log" 2>&1 & pool=$!
sleep 1.5
q() { PGPASSWORD=$1 timeout 5 psql -qX -h 127.0.0.1 -p 6432 -U "$2" -d "$3" -c "$4" >/dev/null 2>&1; }
q right app billing 'select 1'; q wrong app billing 'select 1'; q right nobody billing 'select 1'; q right app ghost 'select 1'; q right app names 'select 1'; q right app stock 'select 1'
q right app billing 'select pg_sleep(4)' & one=$!; sleep 0.3; q right app billing 'select 2'; wait $one
many=; for _ in 1 2 3 4 5; do q right app billing 'select pg_sleep(1)' & many="$many $!"; done; wait $many
# writes on the standby, a query that replay cancels
psql -qX -h 127.0.0.1 -p 5433 -U postgres -d billing -c 'create table x (i int)' >/dev/null 2>&1
# the primary goes away and comes back
kill -INT $pa; wait $pa; q right app billing 'select 3'; sleep 2.5; a; sleep 2.5; q right app billing 'select 4'
kill -9 "$(head -1 $d/a/postmaster.pid)"; wait $pa; sleep 1.2; a; sleep 2
# the standby misses segments the primary has removed
kill -INT $pb; wait $pb
for _ in 1 2 3; do psql -qX -h /tmp -U postgres -d billing -c 'create table f as select generate_series(1, 20000) i' -c 'drop table f' -c 'select pg_switch_wal()' -c checkpoint >/dev/null 2>&1; done
$as timeout 4 $bin/postgres -D $d/b -p 5433 -c wal_retrieve_retry_interval=1s >>"$out/billing-standby.log" 2>&1
kill -INT $pool; wait $pool; kill -INT $pa; wait $pa
# MariaDB: a replica with a wrong password, a primary that restarts, a row that is missing
m=/srv/shop/crm; mkdir -p $m && chown mysql: $m && cd $m
for n in a b; do mariadb-install-db --no-defaults --user=mysql --datadir=$m/$n --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1; done
start() { mariadbd --no-defaults --user=mysql --datadir=$m/$1 --socket=/tmp/$1.sock --port=$2 --bind-address=127.0.0.1 --server-id=$2 --log-bin --log-warnings=2 --slave-net-timeout=2 --innodb-buffer-pool-size=8M >>"$out/$3.log" 2>&1 & last=$!; for _ in $(seq 60); do mariadb --no-defaults -S /tmp/$1.sock -u root -e 'select 1' >/dev/null 2>&1 && break; sleep 0.1; done; }
sa() { mariadb --no-defaults -S /tmp/a.sock -u root -e "$1" >/dev/null 2>&1; }; sb() { mariadb --no-defaults -S /tmp/b.sock -u root -e "$1" >/dev/null 2>&1; }
start a 3306 crm-primary; ma=$last; start b 3307 crm-replica; mb=$last
sa "create database crm; create table crm.t (i int primary key, n varchar(9)); create user repl@'%' identified by 'right'; grant replication slave on *.* to repl@'%'"
sb "change master to master_host='127.0.0.1', master_port=3306, master_user='repl', master_password='wrong', master_connect_retry=1; start slave"; sleep 1.5
sb "stop slave; change master to master_password='right'; start slave"; sleep 1.5
kill -TERM $ma; wait $ma; sleep 2; start a 3306 crm-primary; ma=$last; sleep 2.5
sa "insert into crm.t values (1, 'a'), (2, 'b')"; sleep 0.7; sb "set sql_log_bin=0; delete from crm.t where i = 1; insert into crm.t values (3, 'x')"; sa "insert into crm.t values (3, 'c')"; sleep 1
kill -TERM $mb; wait $mb; kill -TERM $ma; wait $ma
exit 0
