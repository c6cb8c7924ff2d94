# Five verbs: demo, up, test, check, bench. Each sets itself up on a bare clone.

PYTHON ?= python3
BIN := .venv/bin
CITY ?= 36.71
TESTS ?= tests
# Seconds before midnight in Tangerang (a year's end), Makassar and Jayapura (ends of February).
CLOCKS ?= 2026-12-31T16:59:30Z 2027-02-28T15:59:30Z 2028-02-29T14:59:30Z
DAYS := tests/unit $(addprefix tests/integration/,local registry placement broadcast scoring)

.DEFAULT_GOAL := help
.PHONY: help demo up test check bench lock generate deploy-check deploy-test cluster-test identity-test watch-test test-clocks test-containers

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.installed ## run a season of the programme (CITY=36.71 SEED= KEEP=1 QUICK=1)
	@$(BIN)/kentongan demo --city "$(CITY)" $(if $(SEED),--seed "$(SEED)") $(if $(KEEP),--keep) $(if $(QUICK),--quick)

up: .venv/.installed ## start the whole stack on this machine; Ctrl-C stops it
	@$(BIN)/kentongan up --city "$(CITY)"

test: .venv/.installed ## run every test (TESTS=tests/unit for one level)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore=tests/deploy --ignore=tests/observed $(TESTS)

test-clocks: .venv/.installed ## run what depends on days over midnights (CLOCKS="…"; needs libfaketime)
	@for clock in $(CLOCKS); do \
		echo "the tests marked days, from $$clock on"; \
		KENTONGAN_TEST_CLOCK=$$clock $(BIN)/python -m pytest -n 2 --dist loadgroup -m days $(DAYS) || exit 1; \
	done

test-containers: .venv/.installed ## the fault and conformance suites on containers (needs or starts an engine)
	@tests/deploy/stacks/run

check: .venv/.installed ## lint, types, import contracts, generated files, golden schemas
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m kentongan.contracts check
	@$(MAKE) --no-print-directory deploy-check

deploy-check: .venv/.installed ## hold chart and manifests against a real API server, compose's files, rules
	@$(BIN)/python -m deploy.generate check
	@KENTONGAN_TEST_STACK=none $(BIN)/python -m pytest -q -n 0 tests/deploy/manifests tests/observed/test_rules.py tests/observed/test_dashboards.py

cluster-test: .venv/.installed ## roll the chart out on a real node on this machine (root; 4 to 12 minutes)
	@$(BIN)/python -m pytest -n 0 -s tests/deploy/cluster
	@$(BIN)/python -m tests.deploy.cluster.stamp write

bench: .venv/.installed ## measure the hot paths, each as a ratio to a bare loop
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.idle

deploy-test: .venv/.installed ## a city under compose on a real engine, tried (DEPLOY_TESTS=one file; QUICK=1)
	@tests/deploy/compose/run $(if $(QUICK),--quick) $(DEPLOY_TESTS)

watch-test: .venv/.installed ## a season under a real Prometheus: every query answers, every alert fires by a fault
	@$(BIN)/python -m pytest -n 0 tests/observed/test_season.py tests/observed/test_alerts_fire.py

identity-test: .venv/.installed ## a real Keycloak with the realm: persons, registration, rotation, a season
	@$(BIN)/python -m pytest -n 0 tests/deploy/identity

generate: .venv/.installed ## write what is generated: docs/events.md, docs/asyncapi.yaml, dashboards, the chart's facts, manifests
	@$(BIN)/python -m deploy.observability.generator
	@$(BIN)/python -m kentongan.contracts generate
	@$(BIN)/python -m deploy.generate write

lock: .venv/.installed ## pin all dependencies anew, with hashes and without hosts
	@$(PYTHON) requirements/lock.py

.venv/.installed: requirements/development.txt pyproject.toml
	@$(PYTHON) requirements/bootstrap.py
	@touch $@
