#!/bin/bash
# Command line tools of nightly jobs, which give no level: tar, cp, gzip, rsync-like copies, git, sqlite3, openssl, on full disks and with broken input.
# needs: git=git sqlite3=sqlite3 openssl=openssl faketime=faketime python3=python3
set -u
out=$1
mkdir -p /srv/shop/nightly/full /srv/shop/nightly/src && cd /srv/shop/nightly
mount -t tmpfs -o size=64k tmpfs full
head -c 300000 /dev/urandom > src/orders.dump; echo a > src/a; chmod 000 src/a
export GIT_AUTHOR_NAME=ada GIT_AUTHOR_EMAIL=ada@shop.example GIT_COMMITTER_NAME=ada GIT_COMMITTER_EMAIL=ada@shop.example GIT_TERMINAL_PROMPT=0
b() { timeout 8 "$@" >>"$out/backup-job.log" 2>&1 </dev/null; }
b tar czf full/backup.tgz src; b cp src/orders.dump full/; b tar xzf src/orders.dump; b tar czf backup.tgz src missing-dir; b gzip -t src/orders.dump; b dd if=/dev/zero of=full/image bs=64k count=9; b mkdir full/a/b; b mv missing full/; b cp src/orders.dump /proc/x; b touch /proc/y
b setpriv --reuid nobody --regid nogroup --clear-groups cat src/a; b setpriv --reuid nobody --regid nogroup --clear-groups tar cf /dev/null src; b setpriv --reuid nobody --regid nogroup --clear-groups rm -f src/orders.dump
b mount -t ext4 src/orders.dump /mnt; b bash -c 'ulimit -f 1; cp src/orders.dump copy'; b bash -c 'ulimit -v 60000; sort -S 500M src/orders.dump >/dev/null'; b bash -c 'pg_dumpp shop'; b bash -c 'cd /srv/shop/none'; b bash -c './report.sh'; b bash -c 'echo x > /srv/shop/none/x'
g() { timeout 8 git "$@" >>"$out/release-job.log" 2>&1 </dev/null; }
g init -q -b main repo; cd repo; echo 1 > f; g add f; g commit -q -m one; g clone -q . ../mirror; g push origin main; g clone http://127.0.0.1:9899/shop.git; g clone https://git.invalid/shop.git; g checkout release-9; g clone /srv/shop/none.git
echo 2 > f; g commit -qam two; cd ../mirror; echo 3 > f; g commit -qam three; g push -q origin main; g pull -q --no-rebase; g status -s; g merge --abort; printf x > .git/index; g status; cd ..
g -C /srv/shop log; git init -q --bare full/repo.git 2>/dev/null; g -C repo push /srv/shop/nightly/full/none.git main
s() { timeout 8 sqlite3 "$@" >>"$out/stock-job.log" 2>&1 </dev/null; }
s stock.db 'create table stock (sku text primary key, n int check (n >= 0))'; s stock.db "insert into stock values ('SKU-1', 3)"; s stock.db "insert into stock values ('SKU-1', 4)"; s stock.db "insert into stock values ('SKU-2', -1)"; s stock.db 'select * from shelves'; s stock.db 'selec 1'; s stock.db 'select shelf from stock'
s full/s.db 'create table t (b blob); insert into t values (zeroblob(200000))'; s src/orders.dump 'select 1 from t'; s /srv/shop/none/s.db 'select 1'; s -readonly stock.db "delete from stock"
python3 -c "
import sqlite3, time
c = sqlite3.connect('stock.db'); c.execute('begin exclusive'); time.sleep(2)" & lock=$!
sleep 0.6; s stock.db "insert into stock values ('SKU-3', 1)"; wait $lock
o() { timeout 5 openssl "$@" >>"$out/cert-check.log" 2>&1 </dev/null; }
openssl req -x509 -newkey rsa:2048 -nodes -keyout k1.pem -out c1.pem -days 2 -subj /CN=payments 2>/dev/null; openssl req -x509 -newkey rsa:2048 -nodes -keyout k2.pem -out c2.pem -days 2 -subj /CN=ledger 2>/dev/null; faketime '2020-01-01 00:00:00' openssl req -x509 -newkey rsa:2048 -nodes -keyout k3.pem -out c3.pem -days 1 -subj /CN=old 2>/dev/null
o verify -CAfile c1.pem c1.pem; o verify -CAfile c1.pem c2.pem; o verify -CAfile c3.pem c3.pem; o x509 -in src/orders.dump -noout; o x509 -in c3.pem -noout -checkend 0; o s_client -brief -connect 127.0.0.1:9898; o s_client -brief -connect pay.invalid:443; o rsa -in none.pem; o s_server -accept 9897 -cert c1.pem -key k2.pem
exit 0
