# Everything is installed into .venv and node_modules, and nothing twice: a stamp file stands for what is done.

PY := .venv/bin/python
NPM := npm run --silent

.PHONY: help run setup checks test lint types js unit e2e doctor audit lock clean
.NOTPARALLEL:

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/.run node_modules/.run ## serve on http://localhost:5000; more with ARGS="--port 8000"
	@$(PY) -m webapp serve $(ARGS)

setup: ## install again what run needs, whatever is there
	@rm -f .venv/.run node_modules/.run node_modules/.dev
	@$(MAKE) --no-print-directory .venv/.run node_modules/.run

checks: .venv/.dev node_modules/.dev ## install what the checks and `posecoach bench live` need

test: lint types js unit e2e ## every check there is
	@echo "All checks passed."

lint: checks ## how the code is written, and what it imports
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@.venv/bin/lint-imports --no-logo
	@$(NPM) lint

types: checks ## the types of the Python and the JavaScript
	@$(PY) -m mypy
	@$(NPM) types

js: checks ## the page's tests alone
	@$(NPM) test

unit: checks ## the Python tests without a browser alone, some at a time
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal tests/unit tests/contract

e2e: checks ## the tests in a browser alone, one at a time, for clips play in real time
	@$(PY) -m pytest tests/e2e

doctor: .venv/.run node_modules/.run ## what this machine lacks, and what brings it
	@$(PY) -m webapp doctor

audit: checks ## whether a package that is installed has a known hole, as the registries know it
	@.venv/bin/pip-audit -r requirements.lock --no-deps --disable-pip --strict
	@npm audit --omit=dev

lock: ## resolve the dependencies anew
	@./setup.sh lock

clean: ## remove all that was installed or built
	rm -rf .venv node_modules static/vendor build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/.run: requirements.lock requirements-build.lock
	@./setup.sh python requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock requirements-build.lock
	@./setup.sh python requirements-dev.lock
	@./setup.sh browser
	@touch .venv/.run $@

node_modules/.run: package-lock.json vendor.js
	@./setup.sh node --omit=dev
	@touch $@

node_modules/.dev: package-lock.json vendor.js
	@./setup.sh node
	@touch node_modules/.run $@
