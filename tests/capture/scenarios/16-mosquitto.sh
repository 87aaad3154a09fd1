#!/bin/bash
# Mosquitto as sensor-broker: anonymous clients, wrong passwords, broken packets, a bridge without a peer, configurations that do not load.
# needs: mosquitto=mosquitto mosquitto_pub=mosquitto-clients python3=python3
set -u
out=$1
mkdir -p /srv/shop/sensor-broker && cd /srv/shop/sensor-broker
printf 'sensor:right\n' > users && mosquitto_passwd -U users
cat > ok.conf <<'X'
listener 1883 127.0.0.1
allow_anonymous false
password_file /srv/shop/sensor-broker/users
log_dest stderr
log_type all
log_timestamp_format %Y-%m-%dT%H:%M:%SZ
user root
max_packet_size 2000
connection cloud
address 127.0.0.1:1884
topic # out
X
chmod 600 users
mosquitto -c ok.conf 2>>"$out/sensor-broker.log" & server=$!
sleep 0.5
p() { timeout 3 mosquitto_pub -h 127.0.0.1 "$@" >>"$out/sensor-job.log" 2>&1; }
p -i s1 -u sensor -P right -t shop/door/1 -m open; p -i s2 -t shop/door/2 -m open; p -i s3 -u sensor -P wrong -t shop/door/3 -m open; p -i s4 -u ghost -P x -t t -m m
p -i s5 -u sensor -P right -t t -m "$(head -c 5000 /dev/zero | tr '\0' x)"; p -p 1899 -t t -m m; p -h broker.invalid -t t -m m; p -i s6 -u sensor -P right -t 'shop/#' -m m; p -V mqttv9 -t t -m m; p -i s7 -u sensor -P right -t t -f missing.json; p --cafile missing.pem -t t -m m
python3 -c "
import socket, time
def send(raw):
    c = socket.create_connection(('127.0.0.1', 1883)); c.sendall(raw); time.sleep(0.2); c.close()
send(b'GET / HTTP/1.0\r\n\r\n'); send(b'\x10\x0c\x00\x04MQTX\x04\x02\x00\x3c\x00\x00'); send(b'\x10\x10\x00\x04MQTT\x09\x02\x00\x3c\x00\x04abcd'); send(b'')"
timeout 2 mosquitto_sub -h 127.0.0.1 -i s8 -u sensor -P right -t shop/# >/dev/null 2>&1 & sub=$!
sleep 0.3; timeout 1 mosquitto_sub -h 127.0.0.1 -i s8 -u sensor -P right -t shop/# >/dev/null 2>&1; kill -9 $sub 2>/dev/null
kill -HUP $server; sleep 0.3; kill -TERM $server; wait $server
bad() { printf 'log_dest stderr\nuser root\nlog_timestamp_format %%Y-%%m-%%dT%%H:%%M:%%SZ\n%s\n' "$1" > bad.conf; timeout 1 mosquitto -c bad.conf 2>>"$out/sensor-broker.log"; }
bad 'listner 1885'; bad 'listener 99999'; bad 'password_file /srv/shop/sensor-broker/none'; bad 'listener 1886 10.9.9.9'; bad 'listener 8883 127.0.0.1
certfile /srv/shop/sensor-broker/none.pem
keyfile /srv/shop/sensor-broker/none.key'; bad 'max_inflight_messages many'; bad 'plugin /srv/shop/sensor-broker/auth.so'
timeout 1 mosquitto -c missing.conf 2>>"$out/sensor-broker.log"
exit 0
