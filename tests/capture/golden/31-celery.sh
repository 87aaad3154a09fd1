#!/bin/bash
# Celery as mail-worker: a broker that comes late, goes and comes back, tasks that are retried, time out, crash their process, or that nobody knows.
# needs: /opt/shop/bin/celery=celery(pip) redis-server=redis-server
set -u
out=$1
mkdir -p /srv/shop/mail-worker && cd /srv/shop/mail-worker
cat > mail.py <<'Y'
import os, signal, time
from celery import Celery
app = Celery("mail", broker="redis://127.0.0.1:6379/0", backend="redis://127.0.0.1:6379/1")
app.conf.update(broker_connection_retry_on_startup=True, worker_hijack_root_logger=True, worker_cancel_long_running_tasks_on_connection_loss=True, task_acks_late=False)
tries = {}
@app.task(bind=True, max_retries=3)
def send(self, address, fails):
    if self.request.retries < fails:
        raise self.retry(exc=ConnectionRefusedError(111, "Connection refused by smtp.partner.example:587"), countdown=0.3)
    return "sent"
@app.task
def render(order): return order["customer"]["name"].upper()
@app.task
def count(text): return int(text)
@app.task(time_limit=1)
def export(): time.sleep(9)
@app.task(soft_time_limit=1)
def digest(): time.sleep(9)
@app.task
def crash(): os.kill(os.getpid(), signal.SIGKILL)
@app.task
def blob(): return {1, 2}
@app.task(bind=True)
def skip(self):
    from celery.exceptions import Ignore, Reject
    raise Reject("address is on the suppression list", requeue=False)
Y
cat > ask.py <<'Y'
from mail import app, send, render, count, export, digest, crash, blob, skip
send.delay("ada@shop.example", 1); send.delay("bob@shop.example", 9); render.delay({"customer": None}); count.delay("12 pcs")
export.delay(); digest.delay(); blob.delay(); skip.delay(); app.send_task("mail.newsletter", args=["de"]); render.delay()
crash.delay()
Y
log="$out/mail-worker.log"
redis() { redis-server --port 6379 --bind 127.0.0.1 --save '' --logfile redis.log "$@" & server=$!; }
/opt/shop/bin/celery -A mail worker --loglevel INFO -c 2 -n mail@shop-1 >>"$log" 2>&1 & worker=$!
sleep 4; redis; sleep 7
/opt/shop/bin/python ask.py >/dev/null 2>&1
sleep 7
kill -9 $server; sleep 5; redis; sleep 7
redis-cli config set requirepass s3cret >/dev/null; redis-cli -a s3cret client kill type pubsub >/dev/null 2>&1; redis-cli -a s3cret client kill type normal >/dev/null 2>&1; sleep 4; redis-cli -a s3cret config set requirepass '' >/dev/null 2>&1; sleep 5
printf '%s' 'not a message' | redis-cli -x lpush celery >/dev/null; sleep 3
kill -TERM $worker; sleep 2; kill -9 $worker 2>/dev/null; kill -9 $server; wait
/opt/shop/bin/celery -A mial worker >>"$log" 2>&1
exit 0
