#!/bin/bash
# RabbitMQ as event-bus and pika as event-job: wrong passwords, vanished clients, wrong queues, memory and disk alarms that come and go, a shutdown.
# needs: rabbitmq-server=rabbitmq-server /opt/shop/bin/python=pika(pip)
set -u
out=$1
mkdir -p /srv/shop/event-bus /run/rabbitmq && cd /srv/shop/event-bus && chown rabbitmq: . /run/rabbitmq
export HOME=/srv/shop/event-bus RABBITMQ_BASE=/srv/shop/event-bus RABBITMQ_NODENAME=rabbit@shop-1 RABBITMQ_MNESIA_BASE=/srv/shop/event-bus/mnesia RABBITMQ_LOG_BASE=/srv/shop/event-bus/log RABBITMQ_CONFIG_FILE=/srv/shop/event-bus/rabbitmq RABBITMQ_ENABLED_PLUGINS_FILE=/srv/shop/event-bus/plugins RABBITMQ_PID_FILE=/srv/shop/event-bus/pid
printf 'listeners.tcp.default = 127.0.0.1:5672\nlog.console = false\nlog.file = /srv/shop/event-bus/bus.log\nlog.file.level = info\nheartbeat = 2\n' > rabbitmq.conf; echo '[].' > plugins
as() { setpriv --reuid rabbitmq --regid rabbitmq --clear-groups "$@"; }
bin=/usr/lib/rabbitmq/bin
as $bin/rabbitmq-server >start.out 2>&1 & server=$!
for _ in $(seq 60); do as $bin/rabbitmqctl -q await_startup --timeout 2 >/dev/null 2>&1 && break; sleep 0.5; done
cat > job.py <<'Y'
import logging, os, socket, sys, time
import pika
logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
log = logging.getLogger("events.job")
def connect(user="guest", password="guest", vhost="/", port=5672, **kw):
    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, vhost, pika.PlainCredentials(user, password), connection_attempts=2, retry_delay=0.3, **kw))
def step(what, f):
    try: f()
    except Exception as e: log.error("%s failed: %s", what, repr(e))
step("wrong password", lambda: connect(password="wrong"))
step("wrong vhost", lambda: connect(vhost="invoices"))
step("no broker", lambda: connect(port=5699))
c = connect()
step("missing queue", lambda: c.channel().queue_declare("orders", passive=True))
def other():
    ch = c.channel(); ch.queue_declare("orders", durable=True); ch.queue_declare("orders", durable=False)
step("other arguments", other)
def nowhere():
    ch = c.channel(); ch.basic_publish("no-exchange", "x", b"1"); ch.queue_declare("a")
step("missing exchange", nowhere)
def twice():
    ch = c.channel(); ch.basic_ack(77); ch.queue_declare("b")
step("unknown tag", twice)
def exclusive():
    d = connect(); c.channel().queue_declare("cash", exclusive=True); d.channel().queue_declare("cash")
step("exclusive queue", exclusive)
raw = socket.create_connection(("127.0.0.1", 5672)); raw.sendall(b"GET / HTTP/1.1\r\n\r\n"); time.sleep(0.3); raw.close()
quiet = connect(heartbeat=2)
pid = os.fork()
if pid == 0:
    connect(); os._exit(0)
os.waitpid(pid, 0)
time.sleep(6)
Y
/opt/shop/bin/python job.py >>"$out/event-job.log" 2>&1
as $bin/rabbitmqctl set_vm_memory_high_watermark 0.0001 >/dev/null 2>&1; sleep 2.5; as $bin/rabbitmqctl set_vm_memory_high_watermark 0.4 >/dev/null 2>&1; sleep 2
as $bin/rabbitmqctl set_disk_free_limit 900GB >/dev/null 2>&1; sleep 2; as $bin/rabbitmqctl set_disk_free_limit 1MB >/dev/null 2>&1; sleep 2
/opt/shop/bin/python -c "
import pika, time, logging, sys
logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format='%(asctime)s %(levelname)s [%(name)s] %(message)s')
c = pika.BlockingConnection(pika.ConnectionParameters('127.0.0.1'))
try: c.process_data_events(time_limit=20)
except Exception as e: logging.getLogger('events.job').error('consumer stopped: %r', e)" >>"$out/event-job.log" 2>&1 & client=$!
sleep 1.5; as $bin/rabbitmqctl stop >/dev/null 2>&1; wait $client; wait $server
cp bus.log "$out/event-bus.log"
exit 0
