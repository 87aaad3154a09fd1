#!/usr/bin/env bash
# Builds what the end-to-end tests run beside LogTriage: a Collector with every component that they use, the newest one
# without filelog and routing, and telemetrygen (the Go SDK's exporter). Unpacks the rotel agent (Rust) from its wheel.
#
#   build.sh           build, or say at once that it is built already
#   build.sh --where   print the folder and build nothing
#
# The result stands in ${LOGTRIAGE_CACHE:-$HOME/.cache/logtriage}/otelcol/<version>-<hash of the files beside this one>
# and nothing in the tree is written. Needs Go 1.25 or newer, the Go module proxy, and a Python with pip.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
telemetrygen_version=0.161.0
rotel_version=0.0.1a15

version_of() { sed -n 's/^  version: //p' "$1"; }
full_version=$(version_of "$here/manifest.yaml")
newest_version=$(version_of "$here/manifest-newest.yaml")
inputs_hash=$(cat "$here/manifest.yaml" "$here/manifest-newest.yaml" "$here/build.sh" | sha256sum | cut -c1-12)
target=${LOGTRIAGE_CACHE:-$HOME/.cache/logtriage}/otelcol/$full_version-$inputs_hash

if [ "${1:-}" = --where ]; then
  echo "$target"
  exit 0
fi
if [ -f "$target/build.txt" ]; then
  cat "$target/build.txt"
  echo "Already built: $target"
  exit 0
fi

if ! command -v go > /dev/null; then
  echo "make otelcol needs Go 1.25 or newer on the path" >&2
  exit 1
fi
go_minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
if [ "${go_minor:-0}" -lt 25 ]; then
  echo "make otelcol needs Go 1.25 or newer, this is $(go env GOVERSION) (Debian 12's package is too old)" >&2
  exit 1
fi

mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOBIN=$work/bin GOFLAGS=-buildvcs=false
figures=$work/build.txt
: > "$figures"

# Run a step, its output kept for the case that it fails, and note how long it took and how much memory its largest
# process had at most.
step() {
  local name=$1 log=$work/step.log began ended memory=""
  shift
  echo "building $name ..."
  began=$(date +%s)
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -o "$work/step.time" -f %M "$@" > "$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
    memory=", largest process $(($(tail -n 1 "$work/step.time") / 1024)) MiB"
  else
    "$@" > "$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
  fi
  ended=$(date +%s)
  echo "$name: $((ended - began)) s$memory" | tee -a "$figures"
}

# Build one Collector: its name, which is also the program's, its version, its manifest.
#
# The builder would run `go mod tidy`, which asks for the modules of its dependencies' own tests too, and one of those is
# refused by the proxy. So the builder writes the sources, the manifest's modules become go.mod here, and `go build`
# fetches what is compiled and nothing else.
build_collector() {
  local name=$1 version=$2 manifest=$3
  go install "go.opentelemetry.io/collector/cmd/builder@v$version"
  rm -rf sources
  "$GOBIN/builder" --config="$manifest" --skip-get-modules --skip-compilation
  {
    printf 'module go.opentelemetry.io/collector/cmd/builder\n\ngo 1.25\n\nrequire (\n'
    sed -n 's/^  - gomod: /\t/p' "$manifest"
    printf '\tgo.opentelemetry.io/collector/otelcol v%s\n)\n' "$version"
    sed -n 's/^  - \(.* => .*\)/replace \1/p' "$manifest"
  } > sources/go.mod
  (cd sources && go build -mod=mod -trimpath -ldflags="-s -w" -o "../$name" .)
}

build_telemetrygen() {
  go install "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen@v$telemetrygen_version"
  mv "$GOBIN/telemetrygen" telemetrygen
}

unpack_rotel() {
  local python=$here/../../../.venv/bin/python
  [ -x "$python" ] || python=python3
  # The wheel is named for one Python and one C library; what is wanted of it is the program inside.
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --implementation cp --platform manylinux_2_34_x86_64 --target rotel-wheel "rotel==$rotel_version"
  mv rotel-wheel/rotel/rotel-agent rotel-agent
  chmod +x rotel-agent
}

export -f build_collector build_telemetrygen unpack_rotel
export here telemetrygen_version rotel_version
build='build_collector "$@"'
step "otelcol $full_version" \
  bash -euo pipefail -c "$build" bash otelcol "$full_version" "$here/manifest.yaml"
step "otelcol-newest $newest_version" \
  bash -euo pipefail -c "$build" bash otelcol-newest "$newest_version" "$here/manifest-newest.yaml"
step "telemetrygen $telemetrygen_version" bash -euo pipefail -c build_telemetrygen
step "rotel-agent $rotel_version" bash -euo pipefail -c unpack_rotel
echo "with $(go env GOVERSION) on $(nproc) processors" | tee -a "$figures"

rm -rf bin rotel-wheel sources step.log step.time
rm -rf "$target"
mv "$work" "$target"
trap - EXIT
echo "Built: $target"
