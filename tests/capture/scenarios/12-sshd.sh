#!/bin/bash
# OpenSSH sshd as bastion: wrong passwords, unknown users, keys that are too open, clients that speak something else.
# needs: /usr/sbin/sshd=openssh-server ssh=openssh-client python3=python3
set -u
out=$1
mkdir -p /srv/shop/bastion /run/sshd && cd /srv/shop/bastion
ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f deploy; ssh-keygen -q -t rsa -b 2048 -N '' -f open && chmod 644 open
mkdir -p home && cp deploy.pub authorized_keys && chmod 700 . && chmod 600 authorized_keys
cat > sshd_config <<'X'
Port 2222
ListenAddress 127.0.0.1
HostKey /srv/shop/bastion/host
PidFile none
AuthorizedKeysFile /srv/shop/bastion/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin no
MaxAuthTries 2
MaxStartups 3:100:3
LoginGraceTime 2
LogLevel VERBOSE
X
/usr/sbin/sshd -D -e -f sshd_config 2>>"$out/bastion.log" & server=$!
sleep 0.5
cat > askpass <<'X'
#!/bin/sh
echo wrong
X
chmod +x askpass
login() { SSH_ASKPASS=./askpass SSH_ASKPASS_REQUIRE=force timeout 4 ssh -F none -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/srv/shop/bastion/known -o NumberOfPasswordPrompts=2 "$@" </dev/null >>"$out/deploy-job.log" 2>&1; }
login -o PreferredAuthentications=password nobody@127.0.0.1 true
login -o PreferredAuthentications=password oracle@127.0.0.1 true
login -o PreferredAuthentications=password admin@127.0.0.1 true
login -o PreferredAuthentications=password root@127.0.0.1 true
login -i deploy -o PasswordAuthentication=no nobody@127.0.0.1 true
login -i open -o PasswordAuthentication=no nobody@127.0.0.1 true
login -i missing -o PasswordAuthentication=no nobody@127.0.0.1 true
login -o KexAlgorithms=diffie-hellman-group1-sha1 nobody@127.0.0.1 true
login -c aes128-cbc nobody@127.0.0.1 true
login -p 2299 nobody@127.0.0.1 true
login nobody@bastion-eu.invalid true
ssh-keygen -q -t ed25519 -N '' -f host2; sed -i "s|.*|[127.0.0.1]:2222 $(cut -d' ' -f1,2 host2.pub)|" known
timeout 4 ssh -F none -p 2222 -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/srv/shop/bastion/known nobody@127.0.0.1 true </dev/null >>"$out/deploy-job.log" 2>&1
python3 -c "
import socket, time
c = socket.create_connection(('127.0.0.1', 2222)); c.sendall(b'GET / HTTP/1.0\r\n\r\n'); c.recv(99); c.close()
c = socket.create_connection(('127.0.0.1', 2222)); c.close()
s = [socket.create_connection(('127.0.0.1', 2222)) for _ in range(6)]; time.sleep(2.6)"
kill -TERM $server; wait $server
bad() { timeout 2 /usr/sbin/sshd -D -e -f "$1" 2>>"$out/bastion.log"; }
sed 's/PermitRootLogin/PermitRotLogin/' sshd_config > bad1; bad bad1
sed 's/MaxAuthTries 2/MaxAuthTries two/' sshd_config > bad2; bad bad2
chmod 644 host; bad sshd_config; chmod 600 host; sed 's|bastion/host|bastion/nohost|' sshd_config > bad3; bad bad3
sed 's/127.0.0.1/10.9.9.9/' sshd_config > bad4; bad bad4
bad missing_config
exit 0
