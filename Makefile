# Every target is a line or two that you can also type yourself. `make` alone lists them.
BIN ?= .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install check quick lint types imports words test fix demo lock resilience year figures api troubles breaks keys screenshots

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install:  ## a virtual environment with the versions of the lock file
	python3 -m venv .venv
	$(BIN)/pip install --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --no-deps --no-build-isolation -e .

check: quick test  ## the whole gate, as CI runs it

quick: lint types imports words  ## the gate without the tests

lint:  ## style, complexity and layout of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:  ## mypy, strict
	$(BIN)/mypy

imports:  ## who may import whom
	$(BIN)/lint-imports

words:  ## every screen, text and plan: does it fit, is it discreet, is it whole?
	$(BIN)/khopotso check

test:  ## the tests, on SQLite and on PostgreSQL
	$(BIN)/pytest

fix:  ## mend what can be mended by a machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

resilience:  ## break the service in every way, in full (about an hour), and publish the figures
	$(BIN)/python -m tests.resilience

year:  ## a year of 2,000 women on the production engine (half an hour on two cores), with its figures
	$(BIN)/python -m tests.year --clients 2000

figures:  ## a made-up year of 100,000 women and 5 million texts: how long their figures take (an hour or so)
	$(BIN)/python -m tests.scale

api:  ## hundreds of odd requests to every address of the API, for each role (some minutes)
	API_EXAMPLES=300 $(BIN)/pytest -n 0 -s tests/api/test_schema.py --timeout 0

breaks:  ## each line that a safety behaviour rests on, broken in a copy, with the test that notices
	$(BIN)/python -m tests.safety.breaks

troubles:  ## such a year with losses, stops, wrong numbers, shared phones and cries for help, with its figures
	$(BIN)/python -m tests.year.worlds --keep

keys:  ## 100,000 random key-presses over a bad network (half an hour and more), with their figures
	$(BIN)/python -m tests.keys

screenshots:  ## the pictures of the README, from a demonstration in Chromium
	$(BIN)/python -m tests.screenshots docs/screenshots

demo:  ## the service with clearly fake people, on http://127.0.0.1:8000
	$(BIN)/khopotso demo

lock:  ## renew requirements-dev.lock from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" --output-file requirements-dev.lock
