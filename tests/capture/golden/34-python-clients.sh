#!/bin/bash
# Python with the clients of S3, gRPC, MongoDB, Kafka, Elasticsearch, ZooKeeper, OTLP, SQLAlchemy and Flask as loyalty: servers that are missing, refuse or come late.
# needs: /opt/shop/bin/python=boto3(pip) /usr/share/java/zookeeper.jar=libzookeeper-java
set -u
out=$1
mkdir -p /srv/shop/loyalty && cd /srv/shop/loyalty
cat > peers.py <<'Y'
import json, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = {}
def xml(code, text): return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{text}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>".encode()
S3 = {"/denied": (403, "AccessDenied", "Access Denied"), "/expired": (400, "ExpiredToken", "The provided token has expired."), "/slow": (503, "SlowDown", "Please reduce your request rate."),
      "/none": (404, "NoSuchBucket", "The specified bucket does not exist"), "/key": (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."), "/skew": (403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."), "/fail": (500, "InternalError", "We encountered an internal error. Please try again.")}
class S3Like(BaseHTTPRequestHandler):
    def do_PUT(self): self.do_GET()
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, code, text = S3.get("/" + self.path.split("/")[1], (200, "", ""))
        body = xml(code, text) if code else b""
        self.send_response(status); self.send_header("Content-Type", "application/xml"); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
class Vault(BaseHTTPRequestHandler):
    def do_GET(self):
        sealed = "sealed" in self.path
        body = json.dumps({"errors": ["Vault is sealed"] if sealed else ["permission denied"]}).encode()
        self.send_response(503 if sealed else 403); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
class Search(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.path.split("/")[1]
        status, error = {"missing": (404, "index_not_found_exception"), "full": (429, "circuit_breaking_exception"), "block": (403, "cluster_block_exception"), "mapping": (400, "mapper_parsing_exception"), "login": (401, "security_exception")}.get(kind, (200, ""))
        reason = {"index_not_found_exception": "no such index [missing]", "circuit_breaking_exception": "[parent] Data too large, data for [<http_request>] would be [1036542988/988.5mb], which is larger than the limit of [1020054732/972.7mb]", "cluster_block_exception": "index [block] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];", "mapper_parsing_exception": "failed to parse field [points] of type [long] in document with id '7'. Preview of field's value: 'many'", "security_exception": "unable to authenticate user [loyalty] for REST request [/login/_doc]", "": ""}[error]
        body = json.dumps({"error": {"root_cause": [{"type": error, "reason": reason}], "type": error, "reason": reason}, "status": status} if error else {}).encode()
        self.send_response(status); self.send_header("X-Elastic-Product", "Elasticsearch"); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    do_PUT = do_POST
    def do_GET(self): self.do_POST()
    def log_message(self, *a): pass
for port, kind in ((9000, S3Like), (8200, Vault)): threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), kind).serve_forever, daemon=True).start()
time.sleep(6); ThreadingHTTPServer.allow_reuse_address = True
ThreadingHTTPServer(("127.0.0.1", 9200), Search).serve_forever()
Y
cat > loyalty.py <<'Y'
import asyncio, logging, os, socket, ssl, sys, threading, time, warnings
from concurrent import futures
logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
logging.captureWarnings(True)
log = logging.getLogger("loyalty.main")
for quiet in ("botocore.credentials",): logging.getLogger(quiet).setLevel(logging.WARNING)
def step(what, f):
    try: f(); log.info("%s done", what)
    except Exception as e: log.error("%s failed: %s: %s", what, type(e).__name__, e)
def clouds():
    import boto3
    from botocore.config import Config
    s3 = lambda **kw: boto3.client("s3", **{"endpoint_url": "http://127.0.0.1:9000", "region_name": "eu-central-1", "aws_access_key_id": "AKIASHOP", "aws_secret_access_key": "x", "config": Config(retries={"max_attempts": 1}, connect_timeout=1, s3={"addressing_style": "path"}), **kw})
    for bucket in ("denied", "expired", "slow", "none", "key", "skew", "fail"): step(f"upload of receipts to {bucket}", lambda: s3().put_object(Bucket=bucket, Key="r.csv", Body=b"1"))
    step("upload of receipts", lambda: s3(endpoint_url="http://127.0.0.1:9001").put_object(Bucket="receipts", Key="r.csv", Body=b"1"))
    step("upload without a login", lambda: s3(aws_access_key_id=None, aws_secret_access_key=None).put_object(Bucket="receipts", Key="r.csv", Body=b"1"))
    step("queue of points", lambda: boto3.client("sqs").list_queues())
    step("upload with a wrong name", lambda: s3().put_object(Bucket="Receipts of May", Key="r.csv", Body=b"1"))
    step("upload with a wrong argument", lambda: s3().put_object(Bucket="receipts", Key="r.csv", Bdy=b"1"))
def rpcs():
    import grpc
    def handler(method):
        def run(request, context):
            kinds = {"Sleep": None, "Login": grpc.StatusCode.UNAUTHENTICATED, "Rights": grpc.StatusCode.PERMISSION_DENIED, "Quota": grpc.StatusCode.RESOURCE_EXHAUSTED, "Bad": grpc.StatusCode.INVALID_ARGUMENT, "Lost": grpc.StatusCode.DATA_LOSS, "State": grpc.StatusCode.FAILED_PRECONDITION}
            name = method.rsplit("/", 1)[1]
            texts = {"Login": "token is expired by 3h12m", "Rights": "role customer may not call Points.Rights", "Quota": "quota 'points-per-minute' exceeded", "Bad": "field points: want a positive number, got -3", "Lost": "checksum of page 12 does not match", "State": "account 4711 is closed"}
            if name == "Sleep": time.sleep(2); return b""
            if name == "Boom": raise ValueError("no tier for 0 points")
            if name == "Big": return b"x" * (5 << 20)
            context.abort(kinds[name], texts[name])
        return run
    class All(grpc.GenericRpcHandler):
        def service(self, details): return None if details.method.endswith("Gone") else grpc.unary_unary_rpc_method_handler(handler(details.method))
    server = grpc.server(futures.ThreadPoolExecutor(4)); server.add_generic_rpc_handlers((All(),)); server.add_insecure_port("127.0.0.1:50051"); server.start()
    channel = grpc.insecure_channel("127.0.0.1:50051")
    for name in ("Sleep", "Login", "Rights", "Quota", "Bad", "Lost", "State", "Boom", "Big", "Gone"): step(f"points call {name}", lambda: channel.unary_unary(f"/shop.Points/{name}")(b"", timeout=0.5))
    step("points call of a dead peer", lambda: grpc.insecure_channel("127.0.0.1:50059").unary_unary("/shop.Points/Get")(b"", timeout=2))
    step("points call without a name", lambda: grpc.insecure_channel("points.invalid:50051").unary_unary("/shop.Points/Get")(b"", timeout=3))
    server.stop(0)
def search():
    from elasticsearch import Elasticsearch
    es = Elasticsearch("http://127.0.0.1:9200", max_retries=8, retry_on_timeout=True, request_timeout=1)
    def patient():
        for n in range(12):
            try: return es.index(index="points", id="7", document={"points": 1})
            except Exception as e: log.warning("search index does not answer, attempt %d: %s", n + 1, type(e).__name__); time.sleep(0.8)
    step("index of points", patient)
    for index in ("missing", "full", "block", "mapping", "login"): step(f"index of {index}", lambda: es.options(max_retries=0).index(index=index, id="7", document={"points": "many"}))
def databases():
    from pymongo import MongoClient
    step("catalogue of rewards", lambda: MongoClient("mongodb://127.0.0.1:27017", serverSelectionTimeoutMS=500).shop.rewards.find_one())
    step("catalogue with a wrong address", lambda: MongoClient("mongo://127.0.0.1:27017"))
    from kafka import KafkaProducer, KafkaConsumer
    step("producer of points", lambda: KafkaProducer(bootstrap_servers="127.0.0.1:9092", bootstrap_timeout_ms=700))
    step("consumer of orders", lambda: KafkaConsumer("orders", bootstrap_servers="kafka.invalid:9092", bootstrap_timeout_ms=500))
    import sqlalchemy as sa
    from sqlalchemy.pool import QueuePool
    e = sa.create_engine("sqlite:///points.db", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.4)
    with e.begin() as c: c.execute(sa.text("create table points (id integer primary key, n integer not null)"))
    held = e.connect(); step("points of customer 17", lambda: e.connect()); held.close()
    def sql(q, **kw):
        with e.begin() as c: c.execute(sa.text(q), kw)
    step("points of customer 18", lambda: sql("insert into points values (1, null)")); step("tiers", lambda: sql("select tier from points")); step("points of customer 19", lambda: sql("insert into points values (:id, 2)"))
    step("points of customer 20", lambda: sa.create_engine("postgresql+psycopg2://shop@127.0.0.1:5499/orders").connect()); step("driver", lambda: sa.create_engine("oracle+cx_oracle://x@y/z").connect())
    os.mkdir("ro"); 
def tokens():
    import jwt, hvac
    t = jwt.encode({"sub": "17", "exp": 1700000000, "aud": "shop"}, "k" * 32, "HS256")
    step("session", lambda: jwt.decode(t, "k" * 32, ["HS256"], audience="shop")); step("session", lambda: jwt.decode(t, "j" * 32, ["HS256"], audience="shop")); step("session", lambda: jwt.decode("abc", "k" * 32, ["HS256"]))
    step("session", lambda: jwt.decode(jwt.encode({"aud": "shop"}, "k" * 32, "HS256"), "k" * 32, ["HS256"], audience="admin"))
    v = hvac.Client("http://127.0.0.1:8200", token="s.x"); step("secret loyalty/db", lambda: v.secrets.kv.v2.read_secret_version("loyalty/db")); step("secret sealed/db", lambda: v.secrets.kv.v2.read_secret_version("sealed/db"))
    import pydantic
    class Order(pydantic.BaseModel): id: int; total: float; currency: str
    step("order event", lambda: Order.model_validate_json('{"id": "47x", "total": "12,90"}')); step("order event", lambda: Order.model_validate_json('{"id": 1, "total": 2, "currency"'))
    step("settings", lambda: pydantic.create_model("Settings", db_url=(str, ...))(**{}))
def zookeeper():
    from kazoo.client import KazooClient
    zk = KazooClient("127.0.0.1:2181", timeout=4, connection_retry={"max_tries": -1, "delay": 0.4, "backoff": 1})
    zk.start_async(); time.sleep(2); os.system("touch start-zk"); time.sleep(6); step("lock of tiers", lambda: zk.get("/shop/tiers"))
    os.system("touch stop-zk"); time.sleep(4); zk.stop()
def telemetry():
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    p = TracerProvider(); p.add_span_processor(BatchSpanProcessor(OTLPSpanExporter("http://127.0.0.1:4317", insecure=True), schedule_delay_millis=300))
    with p.get_tracer("x").start_as_current_span("tiers") as s: s.set_attribute("basket", {"a": 1}); s.set_attribute("n", 1)
    time.sleep(2.5); os.system("touch start-otel"); time.sleep(4); p.shutdown()
    with p.get_tracer("x").start_as_current_span("late"): pass
    p.shutdown()
def web():
    import flask, requests, urllib3
    app = flask.Flask("loyalty")
    @app.get("/tier/<int:n>")
    def tier(n): return {0: "wood", 1: "tin"}[n]
    @app.get("/page")
    def page(): return flask.render_template("tier.html")
    @app.post("/points")
    def points(): return flask.request.get_json()["points"]
    threading.Thread(target=lambda: app.run("127.0.0.1", 8600), daemon=True).start(); time.sleep(0.8)
    for path in ("/tier/7", "/page", "/nothere"): requests.get("http://127.0.0.1:8600" + path)
    requests.post("http://127.0.0.1:8600/points", data="{", headers={"Content-Type": "application/json"})
    pool = urllib3.PoolManager(maxsize=1); list(futures.ThreadPoolExecutor(4).map(lambda n: pool.request("GET", "http://127.0.0.1:8600/tier/1"), range(8)))
    class Old:
        def run(self): warnings.warn("Old.run is deprecated and will be removed in 5.0, use New.run", DeprecationWarning, stacklevel=2)
    warnings.simplefilter("always"); Old().run()
    import datetime; datetime.datetime.utcnow()
    async def main():
        async def broken(): raise RuntimeError("tier cache is empty")
        t = asyncio.create_task(broken()); await asyncio.sleep(0.05); del t
        asyncio.get_running_loop().set_debug(True); asyncio.get_running_loop().call_soon(time.sleep, 0.3); await asyncio.sleep(0.4)
        asyncio.create_task(asyncio.sleep(9)); 
        async def never(): pass
        never(); import aiohttp; s = aiohttp.ClientSession(); await asyncio.sleep(0)
    asyncio.run(main()); import gc; gc.collect(); open("points.db"); gc.collect()
    def worker(): raise KeyError("tier")
    th = threading.Thread(target=worker, name="tier-refresh"); th.start(); th.join()
log.info("loyalty starting")
for part in (search, clouds, rpcs, databases, tokens, zookeeper, telemetry, web): step(part.__name__, part)
os._exit(0)
Y
/opt/shop/bin/python peers.py >/dev/null 2>&1 & peers=$!
printf 'tickTime=500\ndataDir=/srv/shop/loyalty/zk\nclientPort=2181\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n' > zoo.cfg
waiter() { while [ ! -e "$1" ]; do sleep 0.2; done; }
(waiter start-zk; cat > log4j.properties <<'Y'
log4j.rootLogger=INFO, C
log4j.appender.C=org.apache.log4j.ConsoleAppender
log4j.appender.C.layout=org.apache.log4j.PatternLayout
log4j.appender.C.layout.ConversionPattern=%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n
Y
exec java -cp "/srv/shop/loyalty:$(echo /usr/share/java/{zookeeper,zookeeper-jute,slf4j-api,slf4j-log4j12,log4j-1.2,netty-all,netty-handler,netty-common,metrics-core,snappy-java,audience-annotations}.jar | tr " " :)" -Dzookeeper.log.dir=/tmp org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg >>"$out/lock-service.log" 2>&1) & zk=$!
(waiter stop-zk; kill $zk) &
(waiter start-otel; printf 'receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:4317}}}}\nexporters: {debug: {}}\nservice: {telemetry: {metrics: {level: none}}, pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}\n' > o.yaml; exec otelcol --config o.yaml >o.out 2>&1) &
/opt/shop/bin/python loyalty.py >>"$out/loyalty.log" 2>&1
kill $peers
exit 0
