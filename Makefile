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

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- environment --------------------------------------------------------------------------------------------------------

$(VENV)/bin/uv: requirements/bootstrap.txt
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
setup: $(VENV)/.ready ## prepare the environment in .venv, with the hookline command

# --- local stack --------------------------------------------------------------------------------------------------------

.PHONY: up
up: setup ## start the local stack (PORT=4566, SEED=again replays the sample once more)
	@$(STACK) up --port $(PORT) --sample $(SEED)

.PHONY: down
down: setup ## stop the local stack; its data stays
	@$(STACK) down

.PHONY: status
status: setup ## tell whether the local stack runs, and where
	@$(STACK) status

.PHONY: logs
logs: setup ## show the functions' logs
	@$(STACK) sam logs --stack-name hookline

.PHONY: console
console: setup ## build the console's page
	@$(STACK) console

# SAM asks for each layer and function by its name in the template.
build-%:
	@$(STACK) build $* --into "$(ARTIFACTS_DIR)"
