#!/bin/bash
# A Go service as inventory, logging through log/slog: refused and slow peers, descriptors used up, panics, a TLS server's complaints.
# needs: go=golang-go
set -u
out=$1
mkdir -p /srv/shop/inventory && cd /srv/shop/inventory
cat > go.mod <<'X'
module shop.example/inventory
go 1.21
X
cat > main.go <<'X'
package main
import (
	"context"; "crypto/tls"; "encoding/json"; "errors"; "fmt"; "io"; "log/slog"; "net"; "net/http"; "net/http/httptest"; "os"; "strconv"; "time"
)
type Item struct { SKU string `json:"sku"`; Stock int `json:"stock"`; Shelf *Shelf }
type Shelf struct{ Row int }
var log = slog.New(slog.NewJSONHandler(os.Stdout, nil))
func step(name string, f func() error) {
	log.Info("step started", "step", name)
	if err := f(); err != nil { log.Error(name+" failed", "err", err.Error(), "type", fmt.Sprintf("%T", err)); return }
	log.Info("step finished", "step", name)
}
func get(url string, d time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), d); defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil { return fmt.Errorf("get stock: %w", err) }
	defer res.Body.Close(); io.Copy(io.Discard, res.Body)
	if res.StatusCode >= 500 { return fmt.Errorf("get stock: unexpected status %s", res.Status) }
	return nil
}
func retry(name string, n int, f func(int) error) error {
	for i := 1; ; i++ {
		err := f(i)
		if err == nil { if i > 1 { log.Info("retry succeeded", "op", name, "attempt", i) }; return nil }
		if i == n { return fmt.Errorf("giving up after %d attempts: %w", n, err) }
		log.Warn("attempt failed, will retry", "op", name, "attempt", i, "err", err.Error())
	}
}
func main() {
	if len(os.Args) > 1 { crash(os.Args[1]); return }
	peer := http.NewServeMux()
	peer.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {})
	peer.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) { time.Sleep(time.Second) })
	peer.HandleFunc("/down", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502) })
	peer.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { var i *Item; i.Stock++ })
	peer.HandleFunc("/twice", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200); w.WriteHeader(500) })
	l, err := net.Listen("tcp", "127.0.0.1:9400"); if err != nil { log.Error("listen failed", "err", err.Error()); os.Exit(1) }
	go http.Serve(l, peer)
	log.Info("inventory listening", "addr", l.Addr().String(), "version", "1.9.0")
	base := "http://127.0.0.1:9400"
	step("stock of SKU-1", func() error { return get(base+"/ok", time.Second) })
	step("stock of SKU-2", func() error { return get("http://127.0.0.1:9401/stock", time.Second) })
	step("stock of SKU-3", func() error { return get("http://127.0.0.1:9401/stock", time.Second) })
	step("stock of SKU-4", func() error { return get(base+"/slow", 200*time.Millisecond) })
	step("stock of SKU-5", func() error { return get(base+"/down", time.Second) })
	step("stock of SKU-6", func() error { return get(base+"/panic", time.Second) })
	step("stock of SKU-7", func() error { return get("http://warehouse.invalid/stock", time.Second) })
	step("stock of SKU-8", func() error { return get(base+"/twice", time.Second) })
	step("reserve 31", func() error { return retry("reserve", 3, func(i int) error { if i < 2 { return get("http://127.0.0.1:9401/", time.Second) }; return get(base+"/ok", time.Second) }) })
	step("reserve 32", func() error { return retry("reserve", 3, func(int) error { return get(base+"/down", time.Second) }) })
	step("reserve 33", func() error { ctx, c := context.WithCancel(context.Background()); c(); <-ctx.Done(); return fmt.Errorf("reserve: %w", ctx.Err()) })
	step("decode 41", func() error { var i Item; return json.Unmarshal([]byte(`{"sku": "SKU-1", "stock": "many"}`), &i) })
	step("decode 42", func() error { var i Item; return json.Unmarshal([]byte(`{"sku": "SKU-1", "sto`), &i) })
	step("decode 43", func() error { var i Item; return json.Unmarshal([]byte(`<xml/>`), &i) })
	step("count", func() error { _, err := strconv.Atoi("12 pcs"); return err })
	step("price list", func() error { _, err := os.ReadFile("/srv/shop/inventory/prices.json"); return err })
	step("snapshot", func() error { return os.WriteFile("/srv/shop/inventory/full/snapshot", make([]byte, 1<<20), 0o644) })
	step("second listener", func() error { _, err := net.Listen("tcp", "127.0.0.1:9400"); return err })
	step("audit", func() error { return errors.Join(errors.New("audit sink closed"), io.ErrUnexpectedEOF) })
	srv := httptest.NewUnstartedServer(peer); srv.Config.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelError); srv.StartTLS()
	step("tls without trust", func() error { return get(srv.URL, time.Second) })
	step("tls too old", func() error { _, err := tls.Dial("tcp", srv.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}); return err })
	step("plain http to tls", func() error { return get("http://"+srv.Listener.Addr().String(), time.Second) })
	step("files", func() error { var fs []*os.File; defer func() { for _, f := range fs { f.Close() } }(); for { f, err := os.Open("/dev/null"); if err != nil { return err }; fs = append(fs, f) } })
	time.Sleep(300 * time.Millisecond)
	log.Info("inventory stopped")
}
func crash(how string) {
	log.Info("worker started", "mode", how)
	switch how {
	case "nil": var i *Item = &Item{}; fmt.Println(i.Shelf.Row)
	case "index": s := []int{1, 2, 3}; n := len(os.Args) + 5; fmt.Println(s[n])
	case "map": var m map[string]int; m["SKU-1"] = 1
	case "type": var v any = "12"; fmt.Println(v.(int))
	case "writes": m := map[int]int{}; for g := 0; g < 4; g++ { go func() { for i := 0; ; i++ { m[i%7] = i } }() }; time.Sleep(5 * time.Second)
	case "closed": c := make(chan int); close(c); close(c)
	case "error": panic(fmt.Errorf("load config: %w", os.ErrNotExist))
	}
}
X
mkdir full && mount -t tmpfs -o size=64k tmpfs full
go build -trimpath -o inventory . || exit 1
(ulimit -n 40; ./inventory) >>"$out/inventory.log" 2>&1
for how in nil index map type writes closed error; do ./inventory $how >>"$out/inventory-worker.log" 2>&1; done
exit 0
