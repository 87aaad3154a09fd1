#!/bin/bash
# Run one scenario in namespaces of its own: isolate.sh OUT SCENARIO
#
# The scenario sees host name shop-1, a loopback and nothing else of a network, empty /srv and /tmp, the process
# ids of its own processes, and OUT as /var/log/shop. Programs may therefore use their usual ports, and whatever the
# scenario leaves behind ends with it.
set -eu
if [ "$#" -ne 2 ]; then echo "usage: isolate.sh OUT SCENARIO" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$1" && pwd)
scenario=$(readlink -f "$2")
go_cache=$(command -v go >/dev/null && go env GOCACHE || true)
node_modules=$(command -v npm >/dev/null && npm root -g || true)
export here out scenario go_cache node_modules

exec unshare --uts --net --mount --pid --fork --mount-proc --kill-child bash -eu -c '
hostname shop-1
ip link set lo up
mkdir -p /var/log/shop
mount --bind "$out" /var/log/shop
mount -t tmpfs tmpfs /srv
mkdir -p /srv/shop /srv/home/.cache/go-build /srv/capture /srv/node_modules
mount --bind "$here" /srv/capture
[ -z "$go_cache" ] || { mkdir -p "$go_cache"; mount --bind "$go_cache" /srv/home/.cache/go-build; }
[ ! -d "$node_modules" ] || mount --bind "$node_modules" /srv/node_modules
printf "127.0.0.1 localhost shop-1 orders-db crm-db cart-cache payments inventory search\n::1 localhost\n" > /srv/hosts
printf "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n" > /srv/resolv.conf
mount --bind /srv/hosts /etc/hosts
mount --bind /srv/resolv.conf "$(readlink -f /etc/resolv.conf)"
mount -t tmpfs tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
chmod 755 /srv /srv/shop /srv/home
chmod 1777 /var/log/shop
cd /srv/shop
exec timeout -k 2 75 env -i PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv/home \
    LANG=C.UTF-8 TZ=UTC NODE_PATH=/srv/node_modules GOFLAGS=-mod=mod GOTOOLCHAIN=local \
    "/srv/capture/$(basename "$(dirname "$scenario")")/$(basename "$scenario")" /var/log/shop
'
