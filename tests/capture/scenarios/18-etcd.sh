#!/bin/bash
# etcd as config-store (JSON lines of zap) and etcdctl as config-job: a member that leaves, a space quota, compacted revisions, wrong passwords.
# needs: etcd=etcd-server etcdctl=etcd-client
set -u
out=$1
mkdir -p /srv/shop/config-store && cd /srv/shop/config-store
member() { etcd --name "$1" --data-dir "/srv/shop/config-store/$1" --listen-client-urls "http://127.0.0.1:$2" --advertise-client-urls "http://127.0.0.1:$2" --listen-peer-urls "http://127.0.0.1:$3" --initial-advertise-peer-urls "http://127.0.0.1:$3" \
    --initial-cluster "a=http://127.0.0.1:2380,b=http://127.0.0.1:3380" --initial-cluster-state new --initial-cluster-token shop --logger zap --log-outputs stderr --quota-backend-bytes 300000 --heartbeat-interval 100 --election-timeout 1000 "${@:4}" >>"$out/config-store.log" 2>&1 & }
ctl() { ETCDCTL_API=3 timeout 8 etcdctl --endpoints=127.0.0.1:2379 --command-timeout=1500ms --dial-timeout=1s "$@" >>"$out/config-job.log" 2>&1; }
member a 2379 2380; a=$!; member b 3379 3380; b=$!
sleep 3
ctl put shop/price 12; ctl put shop/price 13; ctl get shop/price --rev=99; ctl compact 2; ctl get shop/price --rev=1; ctl lease revoke 1234; ctl member remove 1234; ctl user add ada:pw; ctl user add ada:pw; ctl role grant-permission nobody read x; ctl auth enable
ctl --user ada:wrong get shop/price; ctl --endpoints=127.0.0.1:2399 get shop/price; ctl --endpoints=etcd.invalid:2379 get shop/price
for i in 1 2 3 4 5; do head -c 200000 /dev/zero | tr '\0' x | ctl put "big/$i"; done; ctl put small 1; ctl alarm list
head -c 2000000 /dev/zero | tr '\0' x | ctl put toobig
kill -9 $b; wait $b 2>/dev/null; sleep 2.5; ctl put shop/price 14; ctl endpoint health
member b 3379 3380; b=$!; sleep 2.5; ctl get shop/price
kill -TERM $a; wait $a; kill -TERM $b; wait $b
timeout 3 etcd --listen-client-urls http://127.0.0.1:2379 >>"$out/config-store.log" 2>&1
timeout 3 etcd --config-file missing.yml >>"$out/config-store.log" 2>&1
timeout 3 etcd --name c --data-dir c --listen-client-urls http://10.9.9.9:2379 --advertise-client-urls http://10.9.9.9:2379 --listen-peer-urls http://127.0.0.1:4380 --logger zap >>"$out/config-store.log" 2>&1
exit 0
