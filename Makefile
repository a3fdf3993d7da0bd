# Every command a person needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
PYTHON ?= python3
PORT ?= 4566
SEED ?= empty
ENV ?= dev
VENV := .venv
PY := $(VENV)/bin/python
STACK := $(PY) -m stack
SAM := .local/tools/bin/sam
PYTEST := $(VENV)/bin/pytest
# What shares no stack with other tests runs on several processors, a file on one of them.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadfile
export SAM_CLI_TELEMETRY := 0

# The tests have a stack of their own, with a webhook receiver on this machine and no patience.
TEST_PORT ?= 4570
TEST_HOOK := $(shell expr $(TEST_PORT) + 1)
TEST_HOME := .local/test
TEST_STACK := $(STACK) --home $(TEST_HOME)
TEST_PARAMETERS := --parameter WebhookUrl=http://127.0.0.1:$(TEST_HOOK)/hook --parameter WebhookAllowLoopback=true \
	--parameter WebhookRetrySeconds=1,1,1
ON_TEST_STACK := HOOKLINE_STACK=$(TEST_HOME)/stack.json AWS_ENDPOINT_URL=http://localhost:$(TEST_PORT) \
	AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
# The functions as they were built speak to the stack; other component tests bring all they need.
BUILT_TESTS := tests/component/test_functions.py
SIDE_BY_SIDE := --jobs=2 --no-print-directory $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# --- environment --------------------------------------------------------------------------------------------------------

$(VENV)/bin/uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hookline needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { echo "This Python lacks venv. Install it: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/.ready: $(VENV)/bin/uv requirements/dev.txt pyproject.toml
	@echo "Installing the project's packages into $(VENV) …"
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: setup
setup: tools console ## prepare the environments (.venv with the hookline command, .local) and build the console

.PHONY: tools
tools: $(VENV)/.ready
	@$(STACK) tools

# --- local stack --------------------------------------------------------------------------------------------------------

.PHONY: up
up: $(VENV)/.ready ## start the local stack and fill it with a sample (PORT=4566; SEED=again replays the sample once more)
	@$(STACK) up --port $(PORT) --sample $(SEED)

.PHONY: down
down: $(VENV)/.ready ## stop the local stack; its data stays
	@$(STACK) down

.PHONY: status
status: $(VENV)/.ready ## tell whether the local stack runs, and where
	@$(STACK) status

.PHONY: logs
logs: $(VENV)/.ready ## show the functions' logs
	@$(STACK) sam logs --stack-name hookline

.PHONY: clean
clean: $(VENV)/.ready ## stop the local stack and forget its data, keys and everything built
	@$(STACK) down
	@rm -rf .local .aws-sam console/dist

# --- build and deploy ---------------------------------------------------------------------------------------------------

.PHONY: console
console: $(VENV)/.ready ## build the console's page
	@$(STACK) console

.PHONY: build
build: tools console ## build layers and functions for this machine, and hold them to their budgets
	@$(SAM) build --config-env local
	@$(STACK) sizes

.PHONY: deploy
deploy: tools console ## build for AWS and deploy there, or to LocalStack (ENV=dev, prod or localstack)
	@$(VENV)/bin/uv python find --quiet --no-python-downloads 3.13 || $(VENV)/bin/uv python install 3.13 || true
	@HOOKLINE_TARGET=aws $(SAM) build --config-env $(ENV) --build-dir .aws-sam/$(ENV)
	@$(STACK) sizes --built .aws-sam/$(ENV)
	@$(SAM) deploy --config-env $(ENV) --config-file $(CURDIR)/samconfig.toml --template-file .aws-sam/$(ENV)/template.yaml
	@echo 'Make the first key: $(STACK) key admin --name "me" --stack-name NAME --region REGION'

# SAM asks for each layer and function by its name in the template.
build-%:
	@$(STACK) build $* --into "$(ARTIFACTS_DIR)"

# --- checks -------------------------------------------------------------------------------------------------------------

.PHONY: format
format: $(VENV)/.ready ## put all Python into the house's form
	@$(VENV)/bin/ruff check --quiet --fix .
	@$(VENV)/bin/ruff format --quiet .

.PHONY: lint
lint: tools ## check form, types and the template
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/cfn-lint --append-rules infra/lint -- infra/template.yaml
	@AWS_DEFAULT_REGION=us-east-1 $(SAM) validate --lint --config-env local

.PHONY: console-test
console-test: console ## check the console's types and logic
	@$(STACK) console-test

.PHONY: pictures
pictures: chromium ## take the documentation's pictures of the running console (after make up)
	@$(PY) -m tests.browser.pictures docs/images --best

.PHONY: test
test: $(VENV)/.ready ## check everything, with a stack of its own (under ten minutes)
	@$(TEST_STACK) down && rm -rf $(TEST_HOME)
	@trap '$(TEST_STACK) down > /dev/null' EXIT; \
	echo "Two parts at a time; each shows what it says when it ends."; \
	$(MAKE) $(SIDE_BY_SIDE) test-browser lint console-test test-alone && echo "All checks passed." || \
	{ echo "FAILED: look above for lines with ***." >&2; exit 1; }

# What runs on the stack runs in turn, and is what takes longest: all else is done beside it, and gives way.
.PHONY: test-up test-integration test-browser test-alone chromium
test-up: tools console
	@$(TEST_STACK) up --port $(TEST_PORT) --sample never $(TEST_PARAMETERS)

test-integration: test-up
	@$(ON_TEST_STACK) $(PYTEST) $(BUILT_TESTS) tests/integration

test-browser: test-integration chromium
	@$(ON_TEST_STACK) $(PYTEST) tests/browser

test-alone: tools
	@nice -n 5 $(PYTEST) tests/unit tests/contract tests/component --ignore $(BUILT_TESTS)

chromium: $(VENV)/.ready
	@$(STACK) chromium

.PHONY: unit
unit: $(VENV)/.ready ## run the tests that need no stack
	@$(PYTEST) --quiet $(PARALLEL) tests/unit tests/contract

.PHONY: pr
pr: test ## what must pass before a change goes in: the same as CI

.PHONY: train
train: setup ## train the model that ships, and write its card (DATA=folder with train.jsonl.gz and sources.json)
	@test -n "$(DATA)" || { echo "Say where the messages are: make train DATA=folder" >&2; exit 1; }
	@$(PY) -m training train --data "$(DATA)"

.PHONY: rules
rules: setup ## check the rule files and build what is read at run time
	@$(PY) -m hookline_ml.rules.build

.PHONY: openapi
openapi: setup ## write the API's OpenAPI document anew
	@$(PY) -m stack.openapi

.PHONY: revision
revision: $(VENV)/.ready ## name the REST API's deployment after its present paths; run it when a test asks for it
	@$(STACK) revision

.PHONY: lock
lock: $(VENV)/.ready ## lock requirements/*.in anew, with hashes (UPGRADE=--upgrade takes the newest)
	@for name in requirements/*.in; do \
		$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url $(UPGRADE) $$name --output-file $${name%.in}.txt; \
	done
