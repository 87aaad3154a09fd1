# LogTriage: `make demo` and `make test` each work as the first command in a fresh clone with Python 3.11 or newer.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PROTO := $(shell find proto -name '*.proto')

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo run test check format proto bench bench-quick otelcol e2e faults capture long train clean

help: ## show this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "LogTriage needs Python 3.11 or newer: none was found on PATH (set PYTHON=/path/to/python)"; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing LogTriage and its pinned dependencies into $(VENV) (about half a minute) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for development and tests into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(VENV)/.installed ## install LogTriage into .venv
	@echo "Installed: $(BIN)/logtriage --help"

install-dev: $(VENV)/.installed-dev ## install what tests and checks need, too

demo: $(VENV)/.installed ## send a capture of real records through the service and show what it does
	@$(BIN)/logtriage demo

run: $(VENV)/.installed ## run the service with the built-in defaults (receiver :4317, exporter :14317)
	@$(BIN)/logtriage serve

test: $(VENV)/.installed-dev ## run the quick tests
	@echo "Running the quick tests (loopback only, in two processes) ..."
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: $(VENV)/.installed-dev ## lint, types, layers, generated files, signatures that decide nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory proto PROTO_OUT=$(VENV)/proto
	@diff -r -x __init__.py -x __pycache__ $(VENV)/proto processor/logtriage/_pb || { echo "generated code differs from proto/: run make proto"; exit 1; }
	@echo "generated code is up to date"
	@PYTHONPATH=processor:tests $(BIN)/python tests/measure/idle_signatures.py
	@PYTHONPATH=processor:tests $(BIN)/python tests/measure/train_calibration.py > /dev/null || { echo "calibration.json is not what a fit gives now: run make train"; exit 1; }

train: $(VENV)/.installed-dev ## fit fallback and confidence of the embedded engine again (after a change of signatures)
	@PYTHONPATH=processor:tests $(BIN)/python tests/measure/train_fallback.py --write
	@PYTHONPATH=processor:tests $(BIN)/python tests/measure/train_calibration.py --write

format: $(VENV)/.installed-dev ## format the code and sort imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

PROTO_OUT ?= processor/logtriage/_pb
proto: $(VENV)/.installed-dev ## generate the protobuf code from proto/
	@mkdir -p $(PROTO_OUT)
	@$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=$(PROTO_OUT) --pyi_out=$(PROTO_OUT) $(PROTO)

bench: $(VENV)/.installed-dev ## measure the service against a bare relay (a minute and a half on an idle machine)
	@PYTHONPATH=tests $(BIN)/python -m bench.run

bench-quick: $(VENV)/.installed-dev ## the same with fewer runs
	@PYTHONPATH=tests $(BIN)/python -m bench.run --quick

otelcol: ## build the OpenTelemetry Collector for the end-to-end tests (needs Go; cached outside the tree)
	@tests/e2e/otelcol/build.sh

e2e: $(VENV)/.installed-dev otelcol ## run the end-to-end tests behind real Collectors
	$(BIN)/python -m pytest -q -rA -m e2e tests/e2e tests/contract tests/faults

faults: $(VENV)/.installed-dev ## kill, cut and starve the service under load, count every record (needs gcc and strace)
	@$(BIN)/python -m pytest -q -m 'faults and not e2e' tests/faults

capture: $(VENV)/.installed-dev ## run software of the demo's capture again and compare fingerprints (needs root)
	$(BIN)/python -m pytest -q -m capture tests/long

long: $(VENV)/.installed-dev ## what is too long for CI: more property examples and faults, a real small model, the bench
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q tests/property
	PYTHONPATH=processor:tests $(BIN)/python tests/long/real_model.py
	LOGTRIAGE_FAULTS=long $(BIN)/python -m pytest -q -m faults tests/faults
	@$(MAKE) --no-print-directory bench

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
