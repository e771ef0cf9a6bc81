# make demo   trains on real text and asks what was learned
# make test   all checks: lint, types, imports, tests (also of the built wheel)
# make bench  measures; training side by side with gensim: make bench CORPUS=text.xz DATA=folder
#
# Needed are Python 3.11 or newer and make. All else goes into .venv.

# The first Python that is new enough; another: make PYTHON=/path/to/python3 demo
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$python" && break; done)
VENV := .venv
RUN := $(VENV)/bin/
PIP := $(RUN)python -m pip --disable-pip-version-check --quiet
# How many processes run the tests; threads within them are the tests' own matter.
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test lint types imports uncompiled check bench clean

help:
	@sed -n 's/^# make/make/p' Makefile

demo: $(VENV)/.demo
	@$(RUN)symvec demo

test: lint types imports uncompiled check

# Last, so that a run ends in the number of tests that passed.
check: $(VENV)/.test
	$(RUN)pytest -n $(WORKERS)

# Kernels as plain Python, where an index beyond an array's end is an error. The scanner's tests
# start such a process themselves: its arithmetic wraps around, which NumPy warns of.
uncompiled: $(VENV)/.test
	NUMBA_DISABLE_JIT=1 $(RUN)pytest tests/kernels -n $(WORKERS) --ignore tests/kernels/test_scanning.py

lint: $(VENV)/.test
	$(RUN)ruff check .
	$(RUN)ruff format --check .

types: $(VENV)/.test
	$(RUN)mypy

imports: $(VENV)/.test
	$(RUN)lint-imports

bench: $(VENV)/.bench
	$(RUN)python benchmarks/neighbours.py
	$(RUN)python benchmarks/cold_query.py
	$(if $(CORPUS),$(RUN)python benchmarks/training.py --corpus '$(CORPUS)' \
		$(if $(DATA),--data '$(DATA)'),@echo 'For training: make bench CORPUS=text.xz DATA=folder')

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is older than pyproject.toml when something else is to be installed.
$(VENV)/.made:
	@test -n '$(PYTHON)' || { echo 'symvec needs Python 3.11 or newer; none was found.' \
		'Give it by: make PYTHON=/path/to/python3 demo' >&2; exit 1; }
	@'$(PYTHON)' -c '$(NEW_ENOUGH)' || { echo 'symvec needs Python 3.11 or newer;' \
		'$(PYTHON) is older.' >&2; exit 1; }
	@echo 'Making $(VENV) and installing into it: once, for a minute or two.' >&2
	@'$(PYTHON)' -m venv $(VENV) || { rm -rf $(VENV); echo 'This Python has no venv or no pip.' \
		'On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1' # knows dependency groups
	@touch $@

$(VENV)/.demo: pyproject.toml | $(VENV)/.made
	@$(PIP) install --editable '.[demo]'
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/.made
	$(PIP) install --constraint constraints.txt --editable '.[demo]' --group test
	@touch $@ $(VENV)/.demo

$(VENV)/.bench: pyproject.toml constraints.txt | $(VENV)/.made
	$(PIP) install --constraint constraints.txt --editable '.[demo]' --group bench
	@touch $@
