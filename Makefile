# The two commands of a newcomer are `make run` and `make test`; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run install dev test check bench rasa lock clean

help: ## List these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

run: install ## Set up what is missing and serve the demo on http://127.0.0.1:8000
	@$(BIN)/bauruf serve --demo

install: $(VENV)/.runtime ## Set up alone; leaves the command at .venv/bin/bauruf
	@$(BIN)/python handoff/web/hatch_build.py

test: dev ## Run every test; what cannot run here says what to install
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

check: dev ## ruff, mypy --strict, import-linter, tsc
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@cd handoff/web && ../../$(BIN)/npm run --silent check

bench: dev ## Measure; prints ratios and draws docs/bench.svg
	@$(BIN)/python -m benchmarks

rasa: dev ## Build Rasa's own environment (about 2.4 GB) and train the project in it
	@$(BIN)/python -m nlu.rasa_environment "$${BAURUF_DATA_DIR:-data}"

lock: dev ## Pin the newest fitting versions
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was built here; data stays
	@rm -rf $(VENV) handoff/web/dist handoff/web/node_modules

dev: install $(VENV)/.development

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bauruf needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1; }
	@test -x $(BIN)/python || { echo "Making the virtual environment …"; $(PYTHON) -m venv $(VENV) || { echo "This Python cannot make one. On Debian or Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }; }
	@echo "Installing the pinned packages (a minute the first time) …"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python handoff/web/hatch_build.py
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock
	@echo "Installing the pinned tools for development …"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
