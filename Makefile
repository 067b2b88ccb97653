# The commands of the guide. Everything needed is set up first; see README.md.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve test check fix site gate bench setup setup-tests

serve: setup  ## build and preview at http://localhost:8000
	$(BIN)/guide serve

# Three workers for two cores: some tests wait for a server or a timeout while the others work.
test: setup setup-tests  ## every test
	$(BIN)/pytest -n 3 --dist worksteal

check: setup  ## content and code rules, seconds
	$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check . && $(BIN)/mypy --no-error-summary && $(BIN)/lint-imports --no-logo
	$(BIN)/guide check

fix: setup  ## mends what can be mended without thinking
	$(BIN)/guide fix
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

site: setup  ## build/member and build/public with paper and downloads
	$(BIN)/guide build

gate: site  ## the built site behind the real gate, on loopback, with a demo identity provider
	$(PYTHON) hosting/bin/gate demo

bench: setup setup-tests  ## every figure of the budgets beside plain MkDocs
	$(BIN)/python -m tests.bench $(ARGUMENTS)

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --frozen --active --inexact --compile-bytecode --quiet
	@touch $@

setup-tests:
	@$(PYTHON) tests/system_packages.py
