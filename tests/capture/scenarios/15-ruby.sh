#!/bin/bash
# Ruby with its Logger as invoices: exceptions with back traces, retries with both ends, an uncaught error.
# needs: ruby=ruby python3=python3
set -u
out=$1
mkdir -p /srv/shop/invoices && cd /srv/shop/invoices
cat > invoices.rb <<'X'
require 'logger'; require 'net/http'; require 'json'; require 'date'; require 'socket'; require 'openssl'; require 'timeout'; require 'bigdecimal'
LOG = Logger.new($stderr, progname: 'invoices')
def step(name) = (LOG.info("#{name} started"); yield; LOG.info("#{name} finished"))
def guard(name) = step(name) { yield } rescue LOG.error($!)
def fetch(path, tries: 3)
  n = 0
  begin
    n += 1
    r = Net::HTTP.start('127.0.0.1', 9700, open_timeout: 1, read_timeout: 0.4) { |h| h.get(path) }
    raise "HTTP #{r.code} for #{path}" if r.code.to_i >= 500
    LOG.info("GET #{path} succeeded at try #{n}") if n > 1
    r.body
  rescue StandardError => e
    if n < tries then LOG.warn("GET #{path} failed (#{e.class}: #{e.message}), retry #{n}/#{tries - 1}"); retry end
    raise
  end
end
Order = Struct.new(:id, :lines)
def total(order) = order.lines.sum { |l| l.fetch(:price) * l.fetch(:qty) }
LOG.info('invoices 0.9.4 up'); LOG.debug('settings read')
guard('invoice 1') { total(Order.new(1, [{ price: 3, qty: 2 }])) }
guard('invoice 2') { total(Order.new(2, nil)) }
guard('invoice 3') { total(Order.new(3, [{ price: 3 }])) }
guard('invoice 4') { total(Order.new(4, [{ price: '3', qty: 2 }, { price: 1, qty: 1 }])) }
guard('invoice 5') { total(Order.new(5, nil)) }
guard('date') { Date.parse('31.02.2026') }
guard('number') { Integer('12 EUR') }
guard('json') { JSON.parse('{"total": ') }
guard('encoding') { "M\xFCller".encode('UTF-16') }
guard('file') { File.read('/srv/shop/invoices/logo.png') }
guard('disk') { File.write('/srv/shop/invoices/full/1.pdf', 'x' * 100_000) }
guard('ledger') { fetch('/ok') }
guard('ledger') { fetch('/flaky') }
guard('ledger') { fetch('/down') }
guard('ledger') { fetch('/slow', tries: 2) }
guard('archive') { TCPSocket.new('127.0.0.1', 9799) }
guard('mail') { TCPSocket.new('smtp.invalid', 25) }
guard('tls') { Net::HTTP.start('127.0.0.1', 9700, use_ssl: true) { |h| h.get('/') } }
guard('render') { Timeout.timeout(0.2) { sleep 2 } }
guard('config') { ENV.fetch('INVOICE_BUCKET') }
guard('zero') { 1 / 0 }
guard('frozen') { 'EUR'.freeze << '!' }
guard('gem') { Object.const_get('InvoiceTemplateV2') }
begin; require 'prawn_v9'; rescue LoadError => e; LOG.fatal(e); end
raise 'queue invoices is gone'
X
cat > ledger.py <<'X'
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = []
class Ledger(BaseHTTPRequestHandler):
    def do_GET(self):
        hits.append(self.path)
        if self.path == "/slow": time.sleep(1.5)
        self.send_response(503 if self.path == "/down" or self.path == "/flaky" and hits.count("/flaky") < 2 else 200); self.send_header("Content-Length", "0"); self.end_headers()
ThreadingHTTPServer(("127.0.0.1", 9700), Ledger).serve_forever()
X
python3 ledger.py >/dev/null 2>&1 & ledger=$!
mkdir full && mount -t tmpfs -o size=16k tmpfs full; sleep 0.6
ruby invoices.rb >>"$out/invoices.log" 2>&1
printf 'def broken(\n  1 +\nend\n' > s.rb; ruby s.rb >>"$out/invoices.log" 2>&1
ruby missing.rb >>"$out/invoices.log" 2>&1
kill $ledger
exit 0
