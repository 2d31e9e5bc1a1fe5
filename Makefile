# What people type. Each target makes the checkout ready first (tools/setup), which costs nothing when it is.
# The machine needs Python 3.11 or later and Node 20.19 or later.

BIN := .venv/bin

# Compiled modules are kept beside the sources, whatever the shell says: without them each of the hundred processes that
# the tests start compiles the whole program anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo dev test lint format page-checks bench setup lock clean

demo:             ## a running Postroom with a sandbox mailbox, everything under ./.demo
	@tools/setup demo
	@exec $(BIN)/python -m demo

dev:              ## the same, with the page rebuilt as you type (http://localhost:5173)
	@tools/setup demo
	@trap 'kill 0' INT TERM EXIT; $(BIN)/python -m demo & cd ui && POSTROOM_URL=http://127.0.0.1:8080 npm run dev

# A test that fails is run anew, up to twice: it may have been the machine. Such a test stands in the summary as RERUN and
# in the last line's count. It is to be mended: what it waits for, not how long.
test:             ## everything that CI checks
	@tools/setup test
	@$(BIN)/python tools/run_tests.py

lint:             ## style, types, and the stairs of ARCHITECTURE.md
	@tools/setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format:           ## lay out the Python files
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

page-checks:      ## types, style and tests of the page, in a browser too where there are such tests
	@if [ -f ui/package.json ]; then cd ui && npm run --silent typecheck && npm run --silent lint && npm run --silent test; fi
	@if [ -d ui/e2e ]; then cd ui && npm run --silent e2e; fi

bench:            ## measure, side by side with other programs; results go into docs/benchmarks.md
	@tools/setup bench
	$(BIN)/python -m bench

setup:
	@tools/setup test

lock:             ## requirements/*.txt anew from pyproject.toml
	tools/lock

clean:            ## everything made here but the demo's data
	rm -rf .venv .build ui/node_modules src/postroom/static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
