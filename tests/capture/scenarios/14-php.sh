#!/bin/bash
# PHP (its built-in web server) as legacy-shop: fatal errors, warnings, notices, the memory limit, missing extensions.
# needs: php=php-cli curl=curl
set -u
out=$1
mkdir -p /srv/shop/legacy-shop && cd /srv/shop/legacy-shop
cat > index.php <<'X'
<?php
class Cart { public ?array $lines = null; function total(): int { return array_sum($this->lines); } }
function price(string $sku): int { return ['SKU-1' => 12][$sku]; }
switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
  case '/': echo 'ok'; break;
  case '/cart': echo (new Cart)->total(); break;
  case '/price': echo price($_GET['sku']); break;
  case '/user': $u = null; echo $u->name(); break;
  case '/undef': echo $total; break;
  case '/div': echo intdiv(1, 0); break;
  case '/func': echo money_fmt(3); break;
  case '/class': new Voucher(); break;
  case '/memory': $a = []; while (true) $a[] = str_repeat('x', 1 << 20); break;
  case '/time': set_time_limit(1); while (true); break;
  case '/deep': function f($n) { return f($n + 1); } f(0); break;
  case '/file': echo file_get_contents('/srv/shop/legacy-shop/rates.json'); break;
  case '/http': echo file_get_contents('http://127.0.0.1:9799/rates'); break;
  case '/dns': echo file_get_contents('http://rates.invalid/'); break;
  case '/include': require 'inc/db.php'; break;
  case '/json': json_decode('{"a":', flags: JSON_THROW_ON_ERROR); break;
  case '/pdo': new PDO('mysql:host=127.0.0.1;dbname=shop', 'shop', 'x'); break;
  case '/warn': trigger_error('voucher 17 is used twice', E_USER_WARNING); break;
  case '/old': trigger_error('price() goes away in 9.0', E_USER_DEPRECATED); break;
  case '/dep': echo strlen(null); break;
  case '/log': error_log('order 5001 exported'); break;
  default: http_response_code(404); echo 'no';
}
X
flags="-d log_errors=1 -d display_errors=0 -d error_log= -d error_reporting=-1 -d memory_limit=16M -d html_errors=0"
php $flags -S 127.0.0.1:8280 index.php >>"$out/legacy-shop.log" 2>&1 & server=$!
sleep 0.7
for p in / /cart '/price?sku=SKU-1' '/price?sku=SKU-7' '/price?sku=SKU-8' /user /undef /div /func /class /memory /file /http /dns /include /json /pdo /warn /old /dep /log /missing /time; do curl -s -o /dev/null -m 5 "http://127.0.0.1:8280$p"; done
kill $server; wait $server
run() { timeout 5 php $flags -d memory_limit=32M "$@" >>"$out/legacy-cron.log" 2>&1; }
printf '<?php\nfunction run( {\n' > syntax.php; run syntax.php; run -d extension=imagick.so -r 'echo "report done\n";'; run missing.php
run -r 'fopen("/srv/shop/legacy-shop/none/out.csv", "w"); throw new RuntimeException("export of batch 31 failed", 4, new InvalidArgumentException("column 3 is empty"));'
run -r 'function f($n) { return f($n + 1); } f(0);'
exit 0
