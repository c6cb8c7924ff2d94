# Five verbs: demo, up, test, check, bench. Each sets itself up on a bare clone.

PYTHON ?= python3
BIN := .venv/bin
CITY ?= 36.71
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help demo up test check bench lock generate

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/.installed ## run a season of the programme (CITY=36.71 SEED= KEEP=1 QUICK=1)
	@$(BIN)/kentongan demo --city "$(CITY)" $(if $(SEED),--seed "$(SEED)") $(if $(KEEP),--keep) $(if $(QUICK),--quick)

up: .venv/.installed ## start the whole stack on this machine; Ctrl-C stops it
	@$(BIN)/kentongan up --city "$(CITY)"

test: .venv/.installed ## run every test (TESTS=tests/unit for one level)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

check: .venv/.installed ## lint, types, import contracts, generated files, golden schemas
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m kentongan.contracts check

bench: .venv/.installed ## measure the hot paths, each as a ratio to a bare loop
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.idle

generate: .venv/.installed ## write what is generated: docs/events.md, docs/asyncapi.yaml
	@$(BIN)/python -m kentongan.contracts generate

lock: .venv/.installed ## pin all dependencies anew, with hashes and without hosts
	@$(PYTHON) requirements/lock.py

.venv/.installed: requirements/development.txt pyproject.toml
	@$(PYTHON) requirements/bootstrap.py
	@touch $@
