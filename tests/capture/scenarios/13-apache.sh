#!/bin/bash
# Apache httpd as storefront: missing and forbidden files, a dead backend, broken rewrites and scripts, configurations that do not load.
# needs: apache2=apache2-bin curl=curl python3=python3
set -u
out=$1
root=/srv/shop/storefront
mkdir -p $root/htdocs/private $root/htdocs/cgi $root/htdocs/broken $root/htdocs/loop && cd $root
echo ok > htdocs/index.html; echo x > htdocs/secret.html; chmod 600 htdocs/secret.html
echo 'FooBar on' > htdocs/broken/.htaccess; printf 'RewriteEngine on\nRewriteRule .* /loop/x\n' > htdocs/loop/.htaccess
printf '#!/bin/sh\necho oops >&2\nexit 3\n' > htdocs/cgi/fail.sh; printf '#!/bin/sh\necho no header at all\n' > htdocs/cgi/nohead.sh; printf '#!/bin/sh\nsleep 4\n' > htdocs/cgi/slow.sh; printf '#!/usr/bin/nothere\n' > htdocs/cgi/interp.sh; chmod +x htdocs/cgi/*.sh; printf '#!/bin/sh\n' > htdocs/cgi/noexec.sh
printf 'ada:$apr1$x$0000000000000000000000\n' > users
m=/usr/lib/apache2/modules
mods="mpm_event authz_core authz_host authz_user authn_core authn_file auth_basic dir alias mime rewrite proxy proxy_http cgid unixd reqtimeout ssl socache_shmcb"
conf() { for n in $mods; do [ -f "$m/mod_$n.so" ] && echo "LoadModule ${n}_module $m/mod_$n.so"; done; cat <<X
ServerRoot $root
ServerName shop.example
TypesConfig /dev/null
PidFile $root/pid
Listen 127.0.0.1:8180
User www-data
Group www-data
ErrorLog $out/storefront.log
LogLevel info
DocumentRoot $root/htdocs
ScriptSock $root/cgisock
StartServers 1
ServerLimit 2
ThreadsPerChild 5
MaxRequestWorkers 5
MinSpareThreads 1
MaxSpareThreads 5
LimitRequestBody 1000
LimitRequestFieldSize 2000
Timeout 1
RequestReadTimeout header=1 body=1
<Directory $root/htdocs>
  AllowOverride All
  Require all granted
</Directory>
<Directory $root/htdocs/private>
  Require all denied
</Directory>
<Directory $root/htdocs/cgi>
  Options +ExecCGI
  SetHandler cgi-script
</Directory>
<Location /admin>
  AuthType Basic
  AuthName admin
  AuthUserFile $root/users
  Require valid-user
</Location>
<Location /reports>
  AuthType Basic
  AuthName reports
  AuthUserFile $root/nousers
  Require valid-user
</Location>
ProxyPass /api http://127.0.0.1:9601/api
ProxyPass /geo http://geo.invalid/
ProxyPass /slow http://127.0.0.1:9602/
$1
X
}
conf '' > ok.conf
python3 -c "
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 9602)); s.listen(); time.sleep(30)" & slow=$!
apache2 -D FOREGROUND -f $root/ok.conf >>"$out/storefront.log" 2>&1 & server=$!
sleep 1
get() { curl -s -o /dev/null -m 4 "$@"; }
b=http://127.0.0.1:8180
get $b/; get $b/secret.html; get $b/private/; get $b/broken/; get $b/loop/a; get $b/nothere; get $b/cgi/fail.sh; get $b/cgi/nohead.sh; get $b/cgi/slow.sh; get $b/cgi/interp.sh; get $b/cgi/noexec.sh; get $b/cgi/gone.sh
get $b/api/orders/17; get $b/api/orders/18; get $b/geo/; get $b/slow/
get -u ada:wrong $b/admin/; get -u bob:x $b/admin/; get -u ada:x $b/reports/; get -u ada:wrong2 $b/admin/
head -c 5000 /dev/zero | get --data-binary @- $b/index.html; get -H "X-Long: $(head -c 3000 /dev/zero | tr '\0' a)" $b/
printf 'GET /%%zz HTTP/1.1\r\nHost: x\r\n\r\n' | timeout 1 curl -s telnet://127.0.0.1:8180 >/dev/null 2>&1
python3 -c "
import socket, time
for raw in (b'GET / HTTP/1.1\r\nHo st: x\r\n\r\n', b'FETCH\x01 / HTTP/1.1\r\n\r\n', b'GET /../../x HTTP/1.1\r\nHost: x\r\n\r\n'):
    c = socket.create_connection(('127.0.0.1', 8180)); c.sendall(raw); c.recv(99); c.close()
s = [socket.create_connection(('127.0.0.1', 8180)) for _ in range(14)]
for c in s: c.sendall(b'GET / HT')
time.sleep(2.5)"
kill -9 "$(pgrep -n apache2)"; sleep 1.2; get $b/
kill -USR1 $server; sleep 1; kill -TERM $server; wait $server; kill $slow
bad() { conf "$1" > bad.conf; timeout 3 apache2 -D FOREGROUND -f $root/bad.conf >>"$out/storefront.log" 2>&1; }
bad 'ProxyPas /x http://x'; bad 'LoadModule php_module /usr/lib/apache2/modules/libphp9.so'; bad '<Location /x>'; bad 'Include /srv/shop/storefront/none.conf'; bad 'Listen 10.9.9.9:80'; bad 'SSLCertificateFile /srv/shop/storefront/none.pem'
exit 0
