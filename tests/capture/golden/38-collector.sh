#!/bin/bash
# The OpenTelemetry Collector as telemetry-gateway: backends that are dead, busy, refuse, come back; memory at its limit; settings that do not load.
# needs: otelcol=otelcol(go) telemetrygen=telemetrygen(go) python3=python3
set -u
out=$1
mkdir -p /srv/shop/gateway && cd /srv/shop/gateway
log="$out/telemetry-gateway.log"
cat > backend.py <<'Y'
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class B(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0)); code = int(self.path.split("/")[1]); body = b"" 
        self.send_response(code); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *a): pass
ThreadingHTTPServer(("127.0.0.1", 4000), B).serve_forever()
Y
python3 backend.py & backend=$!
one() { cat <<Y
receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:4317}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: $2}}
exporters:
  $3
service:
  telemetry: {metrics: {level: none}}
  pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [$1]}}
Y
}
col() { otelcol --config "$1" >>"$log" 2>&1 & c=$!; sleep 1.6; }
gen() { timeout 6 telemetrygen logs --otlp-insecure --otlp-endpoint 127.0.0.1:4317 --logs "${1:-3}" --rate 0 "${@:2}" >/dev/null 2>&1; }
r='retry_on_failure: {initial_interval: 700ms, max_interval: 1s, max_elapsed_time: 2500ms}, sending_queue: {queue_size: 3, num_consumers: 1}'
# dead, then back
one otlp 400 "otlp: {endpoint: '127.0.0.1:4400', tls: {insecure: true}, retry_on_failure: {initial_interval: 700ms, max_interval: 1s, max_elapsed_time: 20s}}" > dead.yaml; col dead.yaml; gen 2; sleep 3
printf 'receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:4400}}}}\nexporters: {debug: {}}\nservice: {telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n' > back.yaml; otelcol --config back.yaml >back.out 2>&1 & back=$!; sleep 4; kill $back; kill -TERM $c; wait $c $back
# dead for good, a queue that fills up
one otlp 400 "otlp: {endpoint: '127.0.0.1:4400', tls: {insecure: true}, $r}" > full.yaml; col full.yaml; for _ in 1 2 3 4 5 6 7; do gen 1 >/dev/null; done; sleep 3; kill -TERM $c; wait $c
for code in 401 403 400 404 413 429 503; do one otlphttp 400 "otlphttp: {endpoint: 'http://127.0.0.1:4000/$code', $r}" > h.yaml; col h.yaml; gen 1; [ $code -ge 429 ] && sleep 3; sleep 0.5; kill -TERM $c; wait $c; done
one otlphttp 400 "otlphttp: {endpoint: 'http://backend.invalid:4318', $r}" > n.yaml; col n.yaml; gen 1; sleep 1; kill -TERM $c; wait $c
one otlp 40 "otlp: {endpoint: '127.0.0.1:4400', tls: {insecure: true}, retry_on_failure: {enabled: false}, sending_queue: {enabled: false}}" > m.yaml; col m.yaml; gen 3000 --body "$(head -c 9000 /dev/zero | tr '\0' x)"; sleep 1.5; kill -TERM $c; wait $c
for text in 'exporters: {otlpp: {}}' 'receivers: {otlp: {protocols: {grpc: {endpont: x}}}}' 'service: {pipelines: {logs: {receivers: [otlp], exporters: [nowhere]}}}' 'receivers: [' "receivers: {otlp: {protocols: {grpc: {endpoint: '10.9.9.9:4317'}}}}
exporters: {debug: {}}
service: {telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}" "receivers: {otlp: {protocols: {grpc: {endpoint: '127.0.0.1:4317', tls: {cert_file: none.pem, key_file: none.key}}}}}
exporters: {debug: {}}
service: {telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}"; do printf '%s\n' "$text" > bad.yaml; timeout 3 otelcol --config bad.yaml >>"$log" 2>&1; done
timeout 3 otelcol --config missing.yaml >>"$log" 2>&1
kill $backend
exit 0
