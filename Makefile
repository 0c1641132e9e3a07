# What people call; the work is done by the package. Everything installed goes to .venv/, everything written to .local/.

SHELL := /bin/sh
BIN := .venv/bin
WORKERS ?= 2
# Property tests run the same examples on every machine.
export CI ?= true

.PHONY: demo test up lint bench lock install clean

demo: .venv/installed  ## a whole site, and a synthetic case of every flow through it
	@$(BIN)/python -m ngc_pipelines.local.demo

up: .venv/installed  ## the embedded site with Dagster's UI, until Ctrl-C
	@exec $(BIN)/python -m ngc_pipelines.local.up

test: .venv/installed  ## every test, the ones against real servers included
	@# A test of real servers that a busy machine starved is run once more, and the report says so.
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --reruns 1 --durations 15

lint: .venv/installed  ## style, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

# What begins with an underscore is shared by several and measures nothing.
BENCHMARKS = $(notdir $(basename $(wildcard benchmarks/[a-z]*.py)))
bench: .venv/installed  ## the benchmarks whose figures stand in the README
	@set -e; for bench in $(BENCHMARKS); do echo "== $$bench"; $(BIN)/python -m benchmarks.$$bench; done

lock: .venv/installed  ## requirements.lock, from pyproject.toml
	@$(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-strip-extras \
		--group dev pyproject.toml --output-file requirements.lock

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml .ci/install .ci/install.py
	@.ci/install

clean:  ## removes the site's data and what was installed; no running site may be using them
	@if [ -L .local/postgres ]; then rm -rf "$$(readlink .local/postgres)"; fi
	@rm -rf .local .venv
