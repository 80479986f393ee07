# Everything is installed into .venv and node_modules, once: a stamp file marks each finished step.

PY := .venv/bin/python
NPM := npm run --silent

.PHONY: help run setup checks test lint types js unit e2e doctor audit lock clean
.NOTPARALLEL:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/.run node_modules/.run ## serve on http://localhost:5000; pass settings with ARGS="--port 8000"
	@$(PY) -m webapp serve $(ARGS)

setup: ## reinstall what run needs
	@rm -f .venv/.run node_modules/.run node_modules/.dev
	@$(MAKE) --no-print-directory .venv/.run node_modules/.run

checks: .venv/.dev node_modules/.dev ## install what the checks and `posecoach bench live` need

test: lint types js unit e2e ## run every check
	@echo "All checks passed."

lint: checks ## check style and imports
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@.venv/bin/lint-imports --no-logo
	@$(NPM) lint

types: checks ## check the types of Python and JavaScript
	@$(PY) -m mypy
	@$(NPM) types

js: checks ## run the page's tests only
	@$(NPM) test

unit: checks ## run the Python tests without a browser only, several at a time
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal tests/unit tests/contract

e2e: checks ## run the browser tests only, one at a time: clips play in real time
	@$(PY) -m pytest tests/e2e

doctor: .venv/.run node_modules/.run ## check what this machine lacks, and how to install it
	@$(PY) -m webapp doctor

audit: checks ## check installed packages for known vulnerabilities
	@.venv/bin/pip-audit -r requirements.lock --no-deps --disable-pip --strict
	@npm audit --omit=dev

lock: ## resolve the dependencies again
	@./setup.sh lock

clean: ## remove everything installed or built
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
