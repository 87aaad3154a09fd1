#!/bin/bash
# dnsmasq as dns-cache and unbound as dns-resolver: dead upstreams, names that do not exist, refusals, wrong configurations.
# needs: dnsmasq=dnsmasq-base unbound=unbound dig=bind9-dnsutils
set -u
out=$1
mkdir -p /srv/shop/dns && cd /srv/shop/dns
d() { dig +tries=1 +time=2 @127.0.0.1 "$@" >/dev/null 2>&1; }
touch "$out/dns-cache.log"; chmod 666 "$out/dns-cache.log"
dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --port=53 --listen-address=127.0.0.1 --bind-interfaces --log-facility=- --log-queries --user=root \
    --address=/cart.shop.example/10.0.0.7 --local=/shop.example/ --server=127.0.0.1#5399 --dns-forward-max=4 --pid-file= >>"$out/dns-cache.log" 2>&1 & mask=$!
sleep 0.4
d cart.shop.example; d billing.shop.example; d www.partner.example; d api.partner.example; d -x 10.0.0.7
for i in 1 2 3 4 5 6; do d "n$i.partner.example" & done; sleep 1.5
kill -HUP $mask; sleep 0.2; kill -TERM $mask; wait $mask
mask_bad() { timeout 2 dnsmasq --keep-in-foreground --pid-file= --log-facility=- --user=root --no-resolv --no-hosts "$@" >>"$out/dns-cache.log" 2>&1; }
mask_bad --conf-file=/srv/shop/dns/missing.conf; mask_bad --conf-file=/dev/null --port=99999; mask_bad --conf-file=/dev/null --cache-siz=10
mask_bad --conf-file=/dev/null --listen-address=10.9.9.9 --bind-interfaces --port=53
cat > unbound.conf <<'X'
server:
  directory: "/srv/shop/dns"
  chroot: ""
  username: ""
  pidfile: ""
  interface: 127.0.0.1@5353
  port: 5353
  use-syslog: no
  logfile: ""
  verbosity: 1
  log-queries: yes
  log-servfail: yes
  log-local-actions: yes
  log-time-ascii: no
  num-threads: 1
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  access-control: 127.0.0.0/8 allow
  access-control: 127.0.0.9/32 refuse
  local-zone: "shop.example." static
  local-data: "cart.shop.example. A 10.0.0.7"
  local-zone: "ads.example." refuse
forward-zone:
  name: "partner.example."
  forward-addr: 127.0.0.1@5398
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@5397
X
unbound -d -c unbound.conf >>"$out/dns-resolver.log" 2>&1 & resolver=$!
sleep 0.5
u() { dig +tries=1 +time=2 -p 5353 @127.0.0.1 "$@" >/dev/null 2>&1; }
u cart.shop.example; u billing.shop.example; u tracker.ads.example; u www.partner.example; u api.partner.example; u www.other.example
u -b 127.0.0.9 cart.shop.example; u cart.shop.example AAAA
kill -HUP $resolver; sleep 0.4; kill -TERM $resolver; wait $resolver
bad() { printf 'server:\n  use-syslog: no\n  chroot: ""\n  username: ""\n  pidfile: ""\n  do-ip6: no\n  directory: "/srv/shop/dns"\n%s\n' "$1" > bad.conf; timeout 2 unbound -d -c bad.conf >>"$out/dns-resolver.log" 2>&1; }
bad '  num-thread: 2'; bad '  interface: 10.9.9.9@5353'; bad '  auto-trust-anchor-file: "/srv/shop/dns/none/root.key"'; bad '  local-data: "cart A"'; bad '  tls-service-key: "missing.pem"
  tls-service-pem: "missing.pem"'
timeout 2 unbound -d -c missing.conf >>"$out/dns-resolver.log" 2>&1
exit 0
