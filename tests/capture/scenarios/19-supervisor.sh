#!/bin/bash
# supervisord as job-runner over programs that crash, do not exist, or do not stop.
# needs: supervisord=supervisor
set -u
out=$1
mkdir -p /srv/shop/job-runner && cd /srv/shop/job-runner
cat > ok.conf <<X
[supervisord]
nodaemon=true
logfile=$out/job-runner.log
pidfile=/srv/shop/job-runner/pid
loglevel=info
childlogdir=/srv/shop/job-runner
user=root
[unix_http_server]
file=/srv/shop/job-runner/sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix:///srv/shop/job-runner/sock
[program:mailer]
command=/bin/sleep 60
[program:importer]
command=/bin/sh -c "sleep 0.2; exit 3"
startsecs=1
startretries=2
[program:exporter]
command=/bin/sh -c "sleep 1.4; exit 1"
[program:indexer]
command=/srv/shop/job-runner/indexer
startretries=1
[program:reports]
command=/etc/hostname
startretries=1
[program:stubborn]
command=/bin/sh -c "trap '' TERM; while :; do sleep 1; done"
stopwaitsecs=1
[program:crasher]
command=/bin/sh -c "sleep 1.2; kill -SEGV \$\$\$\$"
startretries=1
[program:nouser]
command=/bin/sleep 60
directory=/srv/shop/nowhere
startretries=1
X
supervisord -c ok.conf >/dev/null 2>&1 & server=$!
sleep 5; supervisorctl -c ok.conf restart mailer >>"$out/job-ctl.log" 2>&1; supervisorctl -c ok.conf start indexer >>"$out/job-ctl.log" 2>&1; supervisorctl -c ok.conf start unknown >>"$out/job-ctl.log" 2>&1
supervisorctl -c ok.conf status >>"$out/job-ctl.log" 2>&1
sleep 1; kill -TERM $server; wait $server
supervisorctl -c ok.conf status >>"$out/job-ctl.log" 2>&1
exit 0
