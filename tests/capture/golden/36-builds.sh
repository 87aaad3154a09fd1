#!/bin/bash
# Builds as build-job, and Rust as ledger: compilers, package managers and make that fail, Rust programs that panic or end with an error.
# needs: rustc=rustc gcc=gcc make=make javac=openjdk-17-jdk-headless go=golang-go npm=npm /opt/shop/bin/python=pip(pip)
set -u
out=$1
mkdir -p /srv/shop/build && cd /srv/shop/build
export GOPROXY=off GOFLAGS=-mod=mod
log="$out/build-job.log"
r() { timeout 20 "$@" >>"$log" 2>&1; }
printf 'fn main() {\n    let total: u32 = "12";\n    println!("{}", totl);\n}\n' > a.rs; r rustc a.rs
printf 'fn longest(a: &str, b: &str) -> &str { if a.len() > b.len() { a } else { b } }\nfn main() { let s = String::from("x"); let t = s; println!("{s}{t}{}", longest("a", "b")); }\n' > b.rs; r rustc b.rs
printf 'use serde::Serialize;\nfn main() {}\n' > c.rs; r rustc --edition 2021 c.rs
printf 'int price(int);\nint main(void) { return price(3); }\n' > p.c; r gcc p.c -o p; printf '#include <libtax.h>\nint main(void) { retrun 0; }\n' > q.c; r gcc q.c; printf 'int main(void) { int x = "a"; return; }\n' > w.c; r gcc -Wall -c w.c
printf 'all: p.o\n\ttrue\np.o: missing.c\n\tcc -c missing.c\n' > Makefile; r make; printf 'all:\n\tfalse\n' > M2; r make -f M2; printf 'all:\n    true\n' > M3; r make -f M3
mkdir g && cd g && printf 'module shop.example/tax\ngo 1.20\n' > go.mod && printf 'package main\nimport ("fmt"; "shop.example/rates")\nfunc main() { var n int = "x"; fmt.Println(rates.Today()) }\n' > main.go; r go build .; printf 'package main\nimport "os"\nfunc main() { total := 3 }\n' > main.go; r go vet .; printf 'package main\nimport "testing"\nfunc TestTax(t *testing.T) { if 19 != 8 { t.Errorf("tax of CH = %%d, want %%d", 19, 8) } }\n' > tax_test.go; printf 'package main\nfunc main() {}\n' > main.go; r go test .; cd ..
printf 'class Tax { long rate() { return "8"; } void x() { Rates.today(); } }\n' > Tax.java; r javac Tax.java; printf 'class Old { void f() { new Integer(3); Thread.currentThread().stop(); } }\n' > Old.java; r javac -Xlint:deprecation Old.java
mkdir n && cd n; r npm run build; printf '{"name": "shop", "version": "1.0.0", "scripts": {"build": "tsc", "test": "exit 3"}, "dependencies": {"left": "^9"}}' > package.json; r npm run build; r npm test; r npm run biuld; printf '{"name": "shop",' > package.json; r npm install; printf '{"name": "shop", "version": "1.0.0"}' > package.json; r npm ci; r npm install --registry http://127.0.0.1:4873 --fetch-retries 0 left-pad; cd ..
r /opt/shop/bin/python -m pip install --disable-pip-version-check --retries 1 --timeout 1 --index-url http://127.0.0.1:3141/simple shop-tax; r /opt/shop/bin/python -m pip install --disable-pip-version-check --no-index shop-tax==4.2; printf 'shop tax\n' > req.txt; r /opt/shop/bin/python -m pip install --disable-pip-version-check --no-index -r req.txt; r /opt/shop/bin/python -m pip install --disable-pip-version-check --no-index 'celery<1'
printf 'def test_tax(): assert 19 == 8\n' > t.py; r /opt/shop/bin/python t.py; printf 'def f(:\n' > s.py; r /opt/shop/bin/python -m py_compile s.py
cat > ledger.rs <<'Y'
use std::{collections::HashMap, fs::File, net::TcpStream, sync::{Arc, Mutex, RwLock, mpsc}, thread};
fn book(total: &str) -> i64 { total.parse::<i64>().expect("total is a number") }
fn small(n: u64) -> u8 { u8::try_from(n).unwrap() }
fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { deep(n + 1) + std::hint::black_box(1) } }
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let what = std::env::args().nth(1).unwrap();
    let none: Option<u32> = if what.len() > 99 { Some(1) } else { None };
    let empty: Vec<i32> = Vec::new(); let zero = empty.len() as i32;
    match what.as_str() {
        "none" => { none.unwrap(); } "number" => { book("12,90"); } "index" => { println!("{}", empty[what.len()]); } "divide" => { println!("{}", 7 / zero); }
        "overflow" => { println!("{}", (250 + what.len() as u8) * 2); } "key" => { println!("{}", HashMap::from([("CH", 8)])[what.as_str()]); } "peer" => { TcpStream::connect("127.0.0.1:9")?; } "peers" => { TcpStream::connect("127.0.0.1:9").unwrap(); } "name" => { TcpStream::connect("rates.invalid:80")?; }
        "file" => { File::open("/srv/shop/ledger/rates.toml")?; } "env" => { std::env::var("LEDGER_KEY")?; } "small" => { small(4711); } "borrow" => { let c = std::cell::RefCell::new(1); let _a = c.borrow_mut(); c.borrow_mut(); }
        "slice" => { println!("{}", &"Müller"[0..2]); } "poison" => { let m = Arc::new(Mutex::new(1)); let n = m.clone(); let _ = thread::spawn(move || { let _g = n.lock().unwrap(); panic!("posting 4711 is out of balance") }).join(); m.lock().unwrap(); }
        "channel" => { let (s, r) = mpsc::channel::<u8>(); drop(r); s.send(1).unwrap(); } "todo" => todo!("credit notes"), "state" => unreachable!("invoice in state {}", 7), "deep" => { println!("{}", deep(0)); } "utf8" => { String::from_utf8(vec![77, 0xfc])?; } "rw" => { let l = RwLock::new(3); assert_eq!(*l.read().unwrap(), 4, "balance of account 4711"); }
        "float" => { "1.2.3".parse::<f64>()?; } "full" => { std::io::Write::write_all(&mut File::create("/dev/full")?, b"x")?; } "root" => { File::create("/proc/ledger")?; } "big" => { let v: Vec<u8> = Vec::with_capacity(1usize << 46); println!("{}", v.len()); } _ => {}
    }
    Ok(())
}
Y
rustc --edition 2021 -A warnings ledger.rs 2>>"$log"
for w in none number index divide overflow key peer peers name file env small borrow slice poison channel todo state deep utf8 rw float full root big; do timeout 5 ./ledger $w >>"$out/ledger.log" 2>&1; done
exit 0
