#!/bin/bash
# kubectl as release-pipeline against an API server that is missing, foreign, expired, refuses, is overloaded, or does not know what is asked for.
# needs: kubectl=kubernetes-client openssl=openssl faketime=faketime python3=python3
set -u
out=$1
mkdir -p /srv/shop/release && cd /srv/shop/release
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 9 -subj /CN=api -addext subjectAltName=IP:127.0.0.1 2>/dev/null
faketime '2020-01-01 00:00:00' openssl req -x509 -newkey rsa:2048 -nodes -keyout oldkey.pem -out old.pem -days 1 -subj /CN=api -addext subjectAltName=IP:127.0.0.1 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout okey.pem -out other.pem -days 9 -subj /CN=other -addext subjectAltName=DNS:other.shop.example 2>/dev/null
cat > api.py <<'Y'
import json, ssl, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
def status(code, reason, message, **details): return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "details": details, "code": code}
ANSWERS = {
    "nologin": status(401, "Unauthorized", "Unauthorized"),
    "norights": status(403, "Forbidden", 'pods is forbidden: User "system:serviceaccount:shop:release" cannot list resource "pods" in API group "" in the namespace "norights"', kind="pods"),
    "busy": status(429, "TooManyRequests", "the server has received too many requests and has asked us to try again later", retryAfterSeconds=0),
    "gone": status(410, "Expired", "The provided continue parameter is too old to display a consistent list result."),
    "etcd": status(500, "InternalError", "etcdserver: request timed out"),
    "starting": status(503, "ServiceUnavailable", "apiserver not ready"),
    "quota": status(403, "Forbidden", 'pods "orders-7f9c" is forbidden: exceeded quota: shop-quota, requested: limits.memory=2Gi, used: limits.memory=15Gi, limited: limits.memory=16Gi', name="orders-7f9c", kind="pods"),
    "conflict": status(409, "Conflict", 'Operation cannot be fulfilled on pods "orders": the object has been modified; please apply your changes to the latest version and try again', name="orders", kind="pods"),
    "webhook": status(500, "InternalError", 'Internal error occurred: failed calling webhook "validate.shop.example": failed to call webhook: Post "https://guard.shop.svc:443/validate?timeout=10s": no endpoints available for service "guard"'),
    "invalid": status(422, "Invalid", 'Pod "orders" is invalid: spec.containers[0].image: Required value', name="orders", kind="Pod"),
}
class Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self): self.do_GET()
    def do_PATCH(self): self.do_GET()
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        if path == "/api": body = {"kind": "APIVersions", "versions": ["v1"]}
        elif path == "/apis": body = {"kind": "APIGroupList", "apiVersion": "v1", "groups": []}
        elif path == "/api/v1": body = {"kind": "APIResourceList", "groupVersion": "v1", "resources": [{"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get", "list", "create", "patch"]}]}
        elif path.startswith("/api/v1/namespaces/slow"): time.sleep(4); body = {}
        elif path.startswith("/api/v1/namespaces/"): body = ANSWERS.get(path.split("/")[4], status(404, "NotFound", f'pods "{path.rsplit("/", 1)[1]}" not found', name=path.rsplit("/", 1)[1], kind="pods"))
        else: body = status(404, "NotFound", "the server could not find the requested resource")
        raw = json.dumps(body).encode(); self.send_response(body.get("code", 200)); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(raw))); self.end_headers(); self.wfile.write(raw)
    def log_message(self, *a): pass
def serve(port, cert, key):
    s = ThreadingHTTPServer(("127.0.0.1", port), Api); s.handle_error = lambda *a: None; c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(cert, key); s.socket = c.wrap_socket(s.socket, server_side=True); threading.Thread(target=s.serve_forever, daemon=True).start()
serve(6443, "cert.pem", "key.pem"); serve(6444, "old.pem", "oldkey.pem"); serve(6445, "other.pem", "okey.pem"); time.sleep(60)
Y
python3 api.py & api=$!
sleep 0.7
log="$out/release-pipeline.log"
k() { timeout 9 kubectl --request-timeout=2s "$@" >>"$log" 2>&1; }
ok="--server=https://127.0.0.1:6443 --certificate-authority=cert.pem --token=x"
k get pods; k --server=https://127.0.0.1:6449 --token=x get pods; k --server=https://api.shop.invalid:6443 --token=x get pods; k --server=https://127.0.0.1:6443 --token=x get pods
k --server=https://127.0.0.1:6444 --certificate-authority=old.pem --token=x get pods; k --server=https://127.0.0.1:6445 --certificate-authority=other.pem --token=x get pods; k --server=http://127.0.0.1:6443 get pods
for n in nologin norights busy gone etcd starting slow conflict; do k $ok -n $n get pods; done
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: orders}\nspec: {containers: [{name: a, image: b}]}\n' > pod.yaml
for n in quota conflict webhook invalid; do k $ok -n $n create --validate=false -f pod.yaml; done
k $ok get pod orders-gone; k $ok get deployments; k $ok apply -f missing.yaml; printf 'apiVersion: v1\nkind: Pod\nmetadata: [\n' > bad.yaml; k $ok create --validate=false -f bad.yaml; printf 'apiVersion: shop.example/v2\nkind: Campaign\nmetadata: {name: x}\n' > crd.yaml; k $ok create --validate=false -f crd.yaml
k $ok rollout restrat deployment/x; k --kubeconfig missing.kubeconfig $ok get pods; printf 'apiVersion: v1\nkind: Config\ncurrent-context: prod\n' > c.kubeconfig; k --kubeconfig c.kubeconfig get pods; k --context=prod-eu get pods; k $ok -n default get pods --output=jsn; k $ok exec orders -- ls
kill $api
exit 0
