#!/bin/bash
# MariaDB as crm-db: wrong passwords, aborted connections, a lock that is waited for, a full disk, a start that fails.
# needs: mariadbd=mariadb-server mariadb=mariadb-client python3=python3
set -u
out=$1
data=/srv/shop/crm-db
mkdir -p $data && cd /srv/shop && chown mysql: $data
mount -t tmpfs -o size=220m tmpfs $data && chown mysql: $data
touch "$out/crm-db.log" && chmod 666 "$out/crm-db.log"
mariadb-install-db --no-defaults --user=mysql --datadir=$data/d --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
flags="--no-defaults --user=mysql --datadir=$data/d --socket=/tmp/m.sock --port=3306 --bind-address=127.0.0.1 --log-warnings=4 --max-connections=4 --connect-timeout=2 --innodb-lock-wait-timeout=1 --innodb-print-all-deadlocks=0 --max-allowed-packet=1M --plugin-load-add=sql_errlog --sql-error-log-filename=$out/crm-db-sql.log"
mariadbd $flags >>"$out/crm-db.log" 2>&1 & server=$!
for _ in $(seq 100); do mariadb-admin --no-defaults -S /tmp/m.sock ping >/dev/null 2>&1 && break; sleep 0.1; done
sql() { mariadb --no-defaults -S /tmp/m.sock -u root -e "$1" crm >/dev/null 2>&1; }
mariadb --no-defaults -S /tmp/m.sock -u root -e "create database crm; create user shop@'127.0.0.1' identified by 'right'; grant select on crm.* to shop@'127.0.0.1'"
net() { mariadb --no-defaults -h 127.0.0.1 -P 3306 -u "$1" -p"$2" -e "$3" "$4" >/dev/null 2>&1; }
sql "create table contacts (id int primary key, name varchar(10) not null, city int) engine=innodb"
sql "insert into contacts values (1, 'ada', 1), (2, 'bob', 2)"
sql "insert into contacts values (1, 'eve', 3)"; sql "insert into contacts values (2, 'eve', 3)"
sql "select * from leads"; sql "select phone from contacts"; sql "selec 1"; sql "insert into contacts values (3, 'a very long name', 1)"; sql "insert into contacts values (4, null, 1)"
sql "insert into contacts values ('x4', 'ann', 1)"; sql "drop table leads"; sql "select no_such(1)"; sql "select cast('2026-02-31' as date) + interval 1 day from contacts where signal_it"
net shop right 'select 1' crm; net shop wrong 'select 1' crm; net shop wrong2 'select 1' crm; net ghost x 'select 1' crm; net shop right 'delete from contacts' crm; net shop right 'select 1' payroll
mariadb --no-defaults -S /tmp/m.sock -u root crm -e "begin; update contacts set city = 9 where id = 1; select sleep(2); commit" >/dev/null 2>&1 & one=$!
sleep 0.4; sql "update contacts set city = 8 where id = 1"; wait $one
mariadb --no-defaults -S /tmp/m.sock -u root crm -e "begin; update contacts set city = 9 where id = 1; select sleep(0.6); update contacts set city = 9 where id = 2; commit" >/dev/null 2>&1 & one=$!
sleep 0.2; sql "begin; update contacts set city = 7 where id = 2; select sleep(0.6); update contacts set city = 7 where id = 1; commit"; wait $one
# clients that vanish, and too many of them
mariadb --no-defaults -h 127.0.0.1 -u shop -pright -e 'select sleep(9)' crm >/dev/null 2>&1 & one=$!; sleep 0.5; kill -9 $one; wait $one 2>/dev/null
python3 -c "
import socket, time
s = socket.create_connection(('127.0.0.1', 3306)); s.recv(99); s.sendall(b'GET / HTTP/1.0\r\n\r\n'); time.sleep(0.3)"
for _ in 1 2 3 4 5; do mariadb --no-defaults -S /tmp/m.sock -u root -e 'select sleep(1)' >/dev/null 2>&1 & done; sleep 0.4; net shop right 'select 1' crm; sleep 1.2
sql "kill connection_id()"
head -c 300m /dev/zero > $data/filler 2>/dev/null
sql "create table big (b longblob)"; sql "insert into big select repeat('x', 900000) from contacts"; sql "insert into big select b from big"; sql "insert into big select b from big"; sql "insert into big select b from big"
rm -f $data/filler
kill -TERM $server; wait $server
timeout 8 mariadbd $flags --innodb-bufer-pool=1M >>"$out/crm-db.log" 2>&1
printf x > $data/d/ibdata1
timeout 8 mariadbd $flags >>"$out/crm-db.log" 2>&1
exit 0
