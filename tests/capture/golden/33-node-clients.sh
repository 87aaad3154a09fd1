#!/bin/bash
# Node with kafkajs, ioredis, pg, amqplib, mongodb, axios and express as basket: servers that are not there and some that come, broken requests.
# needs: node=nodejs node:kafkajs=kafkajs(npm) redis-server=redis-server /usr/lib/postgresql/15/bin/postgres=postgresql-15 curl=curl
set -u
out=$1
mkdir -p /srv/shop/basket && cd /srv/shop/basket
cat > app.js <<'Y'
const { Kafka } = require('kafkajs'), Redis = require('ioredis'), { Pool } = require('pg'), amqp = require('amqplib'), { MongoClient } = require('mongodb'), axios = require('axios'), express = require('express');
const line = (level, msg, extra) => console.error(JSON.stringify({ level, time: new Date().toISOString(), service: 'basket', msg, ...extra }));
const say = (what, e) => line('error', what + ' failed', { code: e.code, error: String(e.message || e), name: e.name });
const sleep = ms => new Promise(r => setTimeout(r, ms));
process.on('warning', w => line('warn', String(w.message), { name: w.name, code: w.code }));
async function main() {
  line('info', 'basket starting');
  const redis = new Redis({ port: 6379, retryStrategy: n => 400, maxRetriesPerRequest: 2 });
  redis.on('error', e => line('warn', 'redis client error', { code: e.code, error: e.message }));
  redis.on('reconnecting', ms => line('info', 'redis client reconnects', { delay: ms }));
  redis.on('ready', () => line('info', 'redis client ready'));
  await redis.get('basket:1').catch(e => say('read of basket 1', e));
  const pool = new Pool({ host: '127.0.0.1', port: 5432, user: 'postgres', database: 'orders', max: 1, connectionTimeoutMillis: 400 });
  pool.on('error', e => line('error', 'idle client of the pool failed', { code: e.code, error: e.message }));
  for (let n = 1; n <= 20; n++) {
    try { await pool.query('select 1'); line('info', 'database answers', { attempt: n }); break; } catch (e) { line('warn', 'database does not answer yet', { attempt: n, code: e.code, error: String(e.message || e.errors) }); await sleep(500); }
  }
  await redis.get('basket:2').then(() => line('info', 'read of basket 2 done')).catch(e => say('read of basket 2', e));
  await redis.call('GETT', 'x').catch(e => say('redis command', e)); await redis.lpush('s', 1).then(() => redis.get('s')).catch(e => say('read of a list', e));
  await pool.query('select totl from baskets').catch(e => say('query', e));
  const held = await pool.connect(); await pool.query('select 1').catch(e => say('checkout of a client', e)); held.release();
  await pool.query("select pg_terminate_backend(pg_backend_pid())").catch(e => say('session', e));
  await sleep(300); await pool.query('select 1').then(() => line('info', 'database answers again')).catch(e => say('query', e));
  await amqp.connect('amqp://127.0.0.1:5672').catch(e => say('event bus', e));
  const mongo = new MongoClient('mongodb://127.0.0.1:27017', { serverSelectionTimeoutMS: 600 }); await mongo.connect().catch(e => say('catalogue', e));
  const kafka = new Kafka({ clientId: 'basket', brokers: ['127.0.0.1:9092'], retry: { retries: 2, initialRetryTime: 100 } });
  await kafka.producer().connect().catch(e => say('producer', e));
  const app = express(); app.use(express.json({ limit: '1kb' }));
  app.get('/slow', () => {}); app.get('/limit', (q, s) => s.status(429).set('Retry-After', '7').send('slow down')); app.get('/login', (q, s) => s.status(401).json({ error: 'invalid_token', error_description: 'token expired at 2026-11-23T22:00:00Z' })); app.get('/down', (q, s) => s.status(503).send('maintenance')); app.get('/rights', (q, s) => s.status(403).json({ error: 'insufficient_scope' }));
  app.post('/basket', (q, s) => s.send(q.body.lines.map(l => l.sku).join()));
  app.use((e, q, s, n) => { line(e.status < 500 ? 'warn' : 'error', 'request failed', { method: q.method, path: q.path, status: e.status || 500, type: e.type, error: e.message }); s.status(e.status || 500).end(); });
  const srv = app.listen(8501, '127.0.0.1'); await sleep(200);
  const at = 'http://127.0.0.1:8501';
  for (const [what, f] of [['stock', () => axios.get(at + '/slow', { timeout: 300 })], ['limits', () => axios.get(at + '/limit')], ['login', () => axios.get(at + '/login')], ['prices', () => axios.get(at + '/down')], ['report', () => axios.get(at + '/rights')], ['tax', () => axios.get('http://tax.invalid/')], ['big', () => axios.get(at + '/down', { maxContentLength: 2, validateStatus: null })], ['proxy', () => axios.get('http://127.0.0.1:9'), ]]) await f().catch(e => say('call of ' + what, e));
  await axios.post(at + '/basket', '{"lines": [', { headers: { 'Content-Type': 'application/json' }, transformRequest: [d => d] }).catch(() => {});
  await axios.post(at + '/basket', { note: 'x'.repeat(3000) }).catch(() => {}); await axios.post(at + '/basket', {}).catch(() => {});
  const many = new (require('events'))(); for (let i = 0; i < 11; i++) many.on('x', () => {});
  new Buffer(3); await sleep(200);
  const token = require('crypto').createDecipheriv; try { token('aes-256-gcm', 'short', 'iv'); } catch (e) { say('cookie', e); }
  try { JSON.parse(Buffer.from([0x7b, 0xff]).toString()); } catch (e) { say('message of partner', e); }
  try { const loop = {}; loop.self = loop; JSON.stringify(loop); } catch (e) { say('state dump', e); }
  line('info', 'basket stopping'); process.exit(0);
}
main().catch(e => { say('start', e); process.exit(1); });
Y
data=/srv/shop/orders-db; mkdir -p $data && chown postgres: $data
as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
as /usr/lib/postgresql/15/bin/initdb -D $data/pg -U postgres --auth=trust >/dev/null
node app.js >>"$out/basket.log" 2>&1 & app=$!
sleep 4.5; redis-server --port 6379 --bind 127.0.0.1 --save '' --logfile /srv/shop/redis.log & server=$!
as /usr/lib/postgresql/15/bin/postgres -D $data/pg -c unix_socket_directories=/tmp >/srv/shop/pg.log 2>&1 & db=$!
sleep 1.2; psql -h /tmp -U postgres -c 'create database orders' >/dev/null 2>&1
wait $app; kill -9 $server $db
exit 0
