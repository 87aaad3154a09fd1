#!/bin/bash
# Redis as cart-cache, and its client redis-cli as cart-job: memory limit, wrong types, passwords, a snapshot that cannot be written.
# needs: redis-server=redis-server redis-cli=redis-tools
set -u
out=$1
mkdir -p /srv/shop/cart-cache/data && cd /srv/shop/cart-cache
mount -t tmpfs -o size=64k tmpfs data
cat > redis.conf <<'X'
port 6379
bind 127.0.0.1
dir /srv/shop/cart-cache/data
save 60 1000
maxmemory 3mb
maxmemory-policy noeviction
requirepass secret
daemonize no
logfile ""
X
redis-server redis.conf >>"$out/cart-cache.log" 2>&1 & server=$!
cli() { redis-cli -p 6379 --no-auth-warning "$@"; }
for _ in $(seq 50); do cli -a secret ping >/dev/null 2>&1 && break; sleep 0.1; done
job="$out/cart-job.log"
{
cli get cart:1
cli -a wrong get cart:1
cli -a secret set cart:1 'two books'
cli -a secret lpush cart:1 pen
cli -a secret incr cart:1
cli -a secret hgetall cart:1
cli -a secret incr cart:1 extra
cli -a secret expire_all cart
cli -a secret setex cart:2 0 x
cli -a secret eval "return redis.call('get', KEYS[1]) + 1" 1 cart:1
cli -a secret eval "return tonumbr(1)" 0
cli -a secret evalsha 0123456789012345678901234567890123456789 0
cli -a secret select 99
cli -a secret xreadgroup group billing worker streams events '>'
cli -a secret exec
cli -a secret debug sleep 0
cli -a secret cluster info
cli -p 6390 get cart:1
cli -h cart-cache.invalid get cart:1
} >>"$job" 2>&1
# more keys than the memory limit allows
head -c 400000 /dev/zero | tr '\0' x > blob
for i in 1 2 3 4 5 6 7 8; do cli -a secret -x set "blob:$i" < blob; done >>"$job" 2>&1
cli -a secret config set maxmemory 0 >>"$job" 2>&1
# a snapshot folder that is full, writes that are refused because of it, and room again
i=0; while [ $i -lt 4 ]; do head -c 60000 /dev/urandom | cli -a secret -x set "rnd:$i" >/dev/null; i=$((i + 1)); done
cli -a secret bgsave >>"$job" 2>&1; sleep 0.7
cli -a secret set cart:3 x >>"$job" 2>&1
cli -a secret incr visits >>"$job" 2>&1
cli -a secret bgsave >>"$job" 2>&1; sleep 0.7
cli -a secret config set dir /srv/shop/missing >>"$job" 2>&1
mount -o remount,size=16m data
cli -a secret bgsave >>"$job" 2>&1; sleep 0.7
cli -a secret set cart:3 x >>"$job" 2>&1
# a replica without the password of its primary, then with it
redis-server --port 6380 --bind 127.0.0.1 --dir /srv/shop/cart-cache --replicaof "127.0.0.1 6379" --logfile "" --save "" --repl-diskless-sync-delay 0 >>"$out/cart-replica.log" 2>&1 & replica=$!
sleep 0.4
redis-cli -p 6380 set cart:9 x >>"$job" 2>&1
redis-cli -p 6380 config set masterauth secret >/dev/null; sleep 2.5
kill -TERM $server; wait $server
sleep 1.5; kill -TERM $replica; wait $replica
# configurations that do not start
printf 'port 6379\nmaxmemory 12 potatoes\n' > bad1.conf; redis-server bad1.conf >>"$out/cart-cache.log" 2>&1
printf 'port 6379\nappendfsynch always\n' > bad2.conf; redis-server bad2.conf >>"$out/cart-cache.log" 2>&1
head -c 200 /dev/urandom > data/dump.rdb; redis-server redis.conf >>"$out/cart-cache.log" 2>&1
redis-server missing.conf >>"$out/cart-cache.log" 2>&1
exit 0
