#!/bin/bash
# Prometheus as metrics and Alertmanager as alerts: broken rules, wrong scrapes, receivers that refuse, configurations that do not load.
# needs: prometheus=prometheus prometheus-alertmanager=prometheus-alertmanager curl=curl python3=python3
set -u
out=$1
mkdir -p /srv/shop/metrics && cd /srv/shop/metrics
cat > target.py <<'X'
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
n = [0]
class Target(BaseHTTPRequestHandler):
    def answer(self):
        n[0] += 1
        if self.path == "/hook500": self.send_response(500); self.send_header("Content-Length", "4"); self.end_headers(); self.wfile.write(b"boom"); return
        if self.path == "/hook403": self.send_response(403); self.send_header("Content-Length", "6"); self.end_headers(); self.wfile.write(b"denied"); return
        if self.path == "/hookflaky" and n[0] % 3: self.send_response(503); self.send_header("Content-Length", "0"); self.end_headers(); return
        if self.path == "/slow": time.sleep(2)
        stamp = int(time.time() * 1000)
        body = {"/dup": "jobs 1\njobs 2\n", "/garbage": "<html>\n", "/old": f"old 1 {stamp - 5 * 3600000}\n", "/order": f"order 1 {stamp - n[0] * 20000}\n", "/future": f"fut 1 {stamp + 7200000}\n"}.get(self.path, 'stock{sku="1"} 3\nstock{sku="2"} 4\nprice{sku="1",old="a"} 1\nprice{sku="1",old="b"} 1\n').encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    do_GET = do_POST = answer
    def log_message(self, *args): pass
s = ThreadingHTTPServer(("127.0.0.1", 9800), Target); s.handle_error = lambda *a: None; s.serve_forever()
X
python3 target.py 2>/dev/null & target=$!
cat > rules.yml <<'X'
groups:
- name: shop
  interval: 1s
  rules:
  - {alert: LowStock, expr: stock < 5, labels: {team: hook}, annotations: {summary: 'stock of {{ $labels.sku }} is {{ $value }}'}}
  - {alert: Joined, expr: price * on(sku) price > 0}
  - {record: stock_copy, expr: 'label_replace(stock, "sku", "x", "", "")'}
X
cat > ok.yml <<'X'
global: {scrape_interval: 1s, scrape_timeout: 800ms, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:9801', '127.0.0.1:9093']}]}]}
remote_write: [{url: 'http://127.0.0.1:9802/write', queue_config: {max_backoff: 1s, min_backoff: 300ms, batch_send_deadline: 500ms}}]
scrape_configs:
- {job_name: shop, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: dup, metrics_path: /dup, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: garbage, metrics_path: /garbage, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: old, metrics_path: /old, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: order, metrics_path: /order, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: future, metrics_path: /future, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: limited, sample_limit: 2, static_configs: [{targets: ['127.0.0.1:9800']}]}
- {job_name: dns, dns_sd_configs: [{names: [shop.invalid], type: A, port: 1, refresh_interval: 2s}]}
- {job_name: file, file_sd_configs: [{files: [/srv/shop/metrics/sd.json]}]}
X
printf '[{"targets": [' > sd.json
cat > am.yml <<'X'
route: {receiver: all, group_by: [alertname, sku], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}
receivers:
- name: all
  webhook_configs: [{url: 'http://127.0.0.1:9800/hook500'}, {url: 'http://127.0.0.1:9803/none'}, {url: 'http://127.0.0.1:9800/hook403'}, {url: 'http://127.0.0.1:9800/hookflaky'}, {url: 'http://pager.invalid/x'}]
  email_configs: [{to: ops@shop.example, from: am@shop.example, smarthost: '127.0.0.1:2525', require_tls: false}]
X
prometheus-alertmanager --config.file=am.yml --storage.path=amdata --web.listen-address=127.0.0.1:9093 --cluster.listen-address= >>"$out/alerts.log" 2>&1 & am=$!
prometheus --config.file=ok.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:9090 --web.enable-lifecycle >>"$out/metrics.log" 2>&1 & server=$!
sleep 12
echo "  - {alert: BadTemplate, expr: stock > 0, annotations: {summary: '{{ \$labels.sku | nothing }}'}}" >> rules.yml; kill -HUP $server; sleep 0.5
echo '- x: [' >> rules.yml; kill -HUP $server; sleep 0.5; echo 'route: {}' > am.yml; kill -HUP $am; sleep 0.5
curl -s -o /dev/null --data-urlencode 'query=price * on(sku) price' http://127.0.0.1:9090/api/v1/query
kill -TERM $server; wait $server; kill -TERM $am; wait $am; kill $target
bad() { printf '%s\n' "$1" > bad.yml; timeout 3 prometheus --config.file=bad.yml --storage.tsdb.path=d2 --web.listen-address=127.0.0.1:9090 >>"$out/metrics.log" 2>&1; }
bad 'scrape_config: []'; bad 'global: {scrape_interval: 1 minute}'; bad 'scrape_configs: [{job_name: a}, {job_name: a}]'
timeout 3 prometheus --config.file=ok.yml --storage.tsdb.path=d3 --web.listen-address=127.0.0.1:99999 >>"$out/metrics.log" 2>&1
timeout 3 prometheus --config.file=missing.yml --storage.tsdb.path=d4 >>"$out/metrics.log" 2>&1
printf 'receivers: []\nroute: {receiver: none}\n' > bad.yml; timeout 3 prometheus-alertmanager --config.file=bad.yml --storage.path=am2 --cluster.listen-address= --web.listen-address=127.0.0.1:9094 >>"$out/alerts.log" 2>&1
exit 0
