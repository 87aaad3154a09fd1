#!/bin/bash
# A Java program as billing, logging through java.util.logging: exceptions, a heap that is full, classes out of step.
# needs: java=openjdk-17-jre-headless javac=openjdk-17-jdk-headless python3=python3
set -u
out=$1
mkdir -p /srv/shop/billing && cd /srv/shop/billing
mkdir -p src/shop/billing && cat > src/shop/billing/Tax.java <<'X'
package shop.billing;
public class Tax { public static long rate(String country) { return country.equals("CH") ? 8 : 19; } }
X
cat > src/shop/billing/Rates.java <<'X'
package shop.billing;
public class Rates { public static long today() { return 3; } }
X
cat > src/shop/billing/Billing.java <<'X'
package shop.billing;
import java.net.*; import java.net.http.*; import java.nio.file.*; import java.time.*; import java.util.*; import java.util.concurrent.*; import java.util.logging.*;
public class Billing {
    private static final Logger LOG = Logger.getLogger(Billing.class.getName());
    static Map<String, Long> prices = new HashMap<>(Map.of("SKU-1", 1290L));
    interface Step { void run() throws Throwable; }
    static void step(String what, Step s) {
        try { s.run(); LOG.info(what + " done"); } catch (Throwable t) { LOG.log(Level.SEVERE, what + " failed", t); }
    }
    static long price(String sku) { return prices.get(sku); }
    static String name(String customer) { String found = Map.of("1001", "Ada").get(customer); return found.trim(); }
    static void call(String url, int attempts) throws Exception {
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
        for (int n = 1; ; n++) {
            try {
                HttpResponse<String> r = client.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMillis(600)).build(), HttpResponse.BodyHandlers.ofString());
                if (r.statusCode() >= 500) throw new java.io.IOException("HTTP " + r.statusCode() + " from " + url);
                if (n > 1) LOG.info("call to " + url + " succeeded at attempt " + n);
                return;
            } catch (java.io.IOException e) {
                if (n == attempts) throw new IllegalStateException("giving up on " + url + " after " + n + " attempts", e);
                LOG.log(Level.WARNING, "attempt " + n + " of " + attempts + " to call " + url + " failed: " + e + ", retrying");
                Thread.sleep(100);
            }
        }
    }
    public static void main(String[] args) throws Exception {
        LOG.info("billing 2.14.3 starting with " + System.getProperty("java.version"));
        if (args.length > 0 && args[0].equals("oom")) { List<byte[]> held = new ArrayList<>(); step("month end report", () -> { while (true) held.add(new byte[4 << 20]); }); return; }
        if (args.length > 0 && args[0].equals("crash")) { LOG.info("loading " + args[1]); Class.forName(args[1]); }
        if (args.length > 0 && args[0].equals("config")) { step("reading setting billing.retries", () -> Integer.parseInt(System.getenv().getOrDefault("BILLING_RETRIES", "three"))); Objects.requireNonNull(System.getenv("BILLING_DB_URL"), "environment variable BILLING_DB_URL is not set"); }
        step("invoice 2026-0001", () -> price("SKU-1"));
        step("invoice 2026-0002", () -> price("SKU-9"));
        step("invoice 2026-0003", () -> price("SKU-77"));
        step("letter to customer 1001", () -> name("1001"));
        step("letter to customer 1002", () -> name("1002"));
        step("import of line 17", () -> Long.parseLong("12,90"));
        step("import of line 18", () -> LocalDate.parse("31.02.2026"));
        step("import of line 19", () -> UUID.fromString("not-a-uuid"));
        step("import of line 20", () -> { Object o = "12"; Integer i = (Integer) o; });
        step("import of line 21", () -> { String[] cols = "a;b".split(";"); LOG.info(cols[2]); });
        step("reading price list", () -> Files.readAllLines(Path.of("/srv/shop/billing/prices-2026.csv")));
        step("reading latin1 list", () -> { Files.write(Path.of("latin1.csv"), new byte[] {77, (byte) 0xfc, 108}); Files.readAllLines(Path.of("latin1.csv")); });
        step("exchange rates", () -> LOG.info("rate " + Rates.today()));
        step("tax of CH", () -> LOG.info("tax " + Tax.rate("CH")));
        step("loading plug-in", () -> Class.forName("shop.billing.plugins.SepaExport"));
        step("payment capture", () -> call("http://127.0.0.1:9099/capture", 3));
        step("currency service", () -> call("http://rates.invalid/eur", 2));
        step("slow ledger", () -> call("http://127.0.0.1:9098/slow", 2));
        step("flaky ledger", () -> call("http://127.0.0.1:9098/flaky", 3));
        step("broken ledger", () -> call("http://127.0.0.1:9098/broken", 2));
        step("dunning run", () -> { List<Integer> l = new ArrayList<>(List.of(1, 2, 3)); for (Integer i : l) l.remove(i); });
        step("ledger tree", () -> depth(0));
        step("pool of one", () -> { ExecutorService e = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1)); try { for (int i = 0; i < 5; i++) e.submit(() -> { Thread.sleep(300); return 1; }); } finally { e.shutdownNow(); } });
        step("waiting for audit", () -> new CompletableFuture<String>().get(200, TimeUnit.MILLISECONDS));
        step("total of empty batch", () -> LOG.info("mean " + 100 / new int[0].length));
        LOG.info("billing stopped");
    }
    static int depth(int n) { return depth(n + 1) + 1; }
}
X
python3 - > ledger.out 2>&1 <<'X' &
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
hits = []
class Ledger(BaseHTTPRequestHandler):
    def do_GET(self):
        hits.append(self.path)
        if self.path == "/slow": time.sleep(2)
        bad = self.path == "/broken" or (self.path == "/flaky" and hits.count("/flaky") < 2)
        self.send_response(503 if bad else 200); self.send_header("Content-Length", "0"); self.end_headers()
ThreadingHTTPServer(("127.0.0.1", 9098), Ledger).serve_forever()
X
ledger=$!
javac -d classes src/shop/billing/*.java
# a release in which one class is older and one is missing
sed 's/long rate/int rate/' src/shop/billing/Tax.java > Tax.java && javac -d classes Tax.java && rm classes/shop/billing/Rates.class
run() { java -XX:+UseSerialGC -XX:MaxJavaStackTraceDepth=12 "$@" >>"$out/billing.log" 2>&1; }
run -cp classes shop.billing.Billing
run -cp classes -Xmx32m shop.billing.Billing oom
run -cp classes shop.billing.Billing config
run -cp classes shop.billing.Billing crash shop.billing.Migrations
run -cp classes -Xmx2 shop.billing.Billing
run -cp classes -XX:+UseFastGC shop.billing.Billing
run -cp clases shop.billing.Billing
run -jar billing.jar
kill $ledger
exit 0
