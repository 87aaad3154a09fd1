#!/bin/bash
# Node as notifications (JSON lines of the pino package) and as webhooks (plain console): refused ports, bad JSON, a full disk, a full heap.
# needs: node=nodejs node:pino=pino(npm)
set -u
out=$1
mkdir -p /srv/shop/notifications/spool /srv/shop/webhooks && cd /srv/shop/notifications
cat > app.js <<'X'
const http = require('http'), fs = require('fs'), dns = require('dns');
const log = require('pino')({ name: 'notifications', base: { service: 'notifications' } });
const flaky = http.createServer((req, res) => {
  if (req.url === '/hang') return;
  if (req.url === '/reset') return req.socket.resetAndDestroy();
  res.statusCode = req.url === '/500' ? 500 : 200; res.end(req.url === '/bad' ? '{"id": 1,' : '{"id": 1}');
});
const get = (url, timeout = 400) => new Promise((ok, no) => {
  const req = http.get(url, { timeout }, res => { let b = ''; res.on('data', d => b += d); res.on('end', () => res.statusCode >= 500 ? no(Object.assign(new Error(`HTTP ${res.statusCode} from ${url}`), { status: res.statusCode })) : ok(b)); });
  req.on('error', no); req.on('timeout', () => req.destroy(new Error('request timed out after ' + timeout + ' ms')));
});
async function step(name, f) {
  log.info({ step: name }, 'sending');
  try { await f(); log.info({ step: name }, 'sent'); } catch (err) { log.error({ step: name, err }, `${name} failed`); }
}
async function retry(name, attempts, f) {
  for (let n = 1; ; n++) {
    try { await f(n); if (n > 1) log.info({ attempt: n }, `${name} succeeded on attempt ${n}`); return; } catch (err) {
      if (n === attempts) throw err;
      log.warn({ attempt: n, code: err.code }, `${name} attempt ${n} failed, retrying`);
    }
  }
}
flaky.listen(9300, '127.0.0.1', async () => {
  log.info({ port: 9300 }, 'listening');
  await step('mail 81', () => get('http://127.0.0.1:9300/'));
  await step('mail 82', () => get('http://127.0.0.1:9301/send'));
  await step('mail 83', () => get('http://127.0.0.1:9301/send'));
  await step('push 84', () => get('http://127.0.0.1:9300/hang'));
  await step('push 85', () => get('http://127.0.0.1:9300/reset'));
  await step('push 86', () => get('http://127.0.0.1:9300/500'));
  await step('push 87', () => retry('push 87', 3, n => get('http://127.0.0.1:9300/' + (n < 3 ? 'reset' : ''))));
  await step('push 88', () => retry('push 88', 3, () => get('http://127.0.0.1:9301/')));
  await step('sms 89', () => get('http://sms-gateway.invalid/'));
  await step('sms 90', async () => JSON.parse(await get('http://127.0.0.1:9300/bad')));
  await step('sms 91', async () => JSON.parse(undefined));
  await step('user 17', async () => { const user = undefined; return user.locale; });
  await step('user 18', async () => { const list = {}; return list.map(x => x); });
  await step('template de', async () => fs.readFileSync('/srv/shop/notifications/templates/de.hbs'));
  await step('spool', async () => fs.writeFileSync('/srv/shop/notifications/spool/big', Buffer.alloc(1 << 20)));
  await step('config', async () => new URL(process.env.SMTP_URL));
  await step('locale', async () => new Intl.NumberFormat('xx-invalid-locale-zz').format(1));
  await step('plug-in', async () => require('./plugins/whatsapp'));
  await step('certificate', () => new Promise((ok, no) => require('https').get('https://127.0.0.1:9300/', ok).on('error', no)));
  log.fatal('queue is gone, stopping');
  process.exit(1);
});
X
mount -t tmpfs -o size=64k tmpfs spool
timeout 20 node app.js >>"$out/notifications.log" 2>&1
cd /srv/shop/webhooks
run() { timeout 20 node "$@" >>"$out/webhooks.log" 2>&1; }
cat > ok.js <<'X'
const s = require('http').createServer((q, r) => r.end('ok')).listen(9310, '127.0.0.1', () => { console.log('webhooks listening on port 9310'); console.info('webhook 1 delivered'); s.close(() => console.log('webhooks stopped')); });
X
run ok.js
echo "async function deliver(hook) { return hook.url.host; } console.log('webhook 2 queued'); deliver({});" > a.js; run a.js
echo "Promise.reject('queue closed');" > b.js; run b.js
echo "const s = require('http').createServer(); s.listen(9310, '127.0.0.1', () => require('http').createServer().listen(9310, '127.0.0.1'));" > c.js; run c.js
echo "const held = []; console.log('report started'); for (;;) held.push(new Array(1e5).fill('x' + held.length));" > d.js; run --max-old-space-size=24 d.js
echo "require('left-pad-2');" > e.js; run e.js
echo "const x = { a: 1, ;" > f.js; run f.js
echo "import fs from 'fs';" > g.js; run g.js
echo "const e = new (require('events'))(); for (let i = 0; i < 12; i++) e.on('hook', () => {}); new Buffer(1); e.emit('error', new Error('hook 7 has no endpoint'));" > h.js; run h.js
run missing.js
exit 0
