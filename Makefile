# Each target works as the first command in a fresh clone: it makes its own
# virtual environment. `make test PYTHON=path/to/python` uses that interpreter as it is,
# with whatever is installed in it.

ifdef PYTHON
READY :=
else
PYTHON := .venv/bin/python
READY := .venv/.ready
endif

# stubtest must not run from the root, where mypy would find the sources before the stubs.
ANYWHERE := $(if $(findstring /,$(PYTHON)),$(abspath $(PYTHON)),$(PYTHON))
BASE_PYTHON ?= python3
WORKERS ?= 2

.PHONY: demo test check check-static format bench clean

demo: $(READY)
	$(PYTHON) -m dorm demo

test: $(READY)
	$(PYTHON) -m pytest -n $(WORKERS)

check: check-static test

check-static: $(READY)
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy --strict dorm mypy_plugin
	$(PYTHON) -m pyright --pythonpath $(PYTHON) dorm
	cd typing_tests && $(ANYWHERE) -m mypy.stubtest dorm --ignore-missing-stub --allowlist stubtest.allow

format: $(READY)
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

bench: $(READY)
	$(PYTHON) -m benchmarks

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build dist

# The stamp is younger than pyproject.toml when everything that it names is installed.
.venv/.ready: pyproject.toml
	$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dorm needs Python 3.11 or newer: make BASE_PYTHON=python3.12 $(MAKECMDGOALS)")'
	test -x .venv/bin/python || $(BASE_PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --editable ".[dev]"
	touch $@
