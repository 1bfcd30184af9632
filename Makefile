# make demo: the main job on a virtual board. make test: every test but those of training. make check: what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
TRAIN := $(VENV)/trains
TYPES := build/types/depthwise
# What pip may install: LOCK=requirements.lock gives the very versions that CI runs with.
LOCK ?=
PIP := $(BIN)/pip install --quiet $(if $(LOCK),--constraint $(LOCK))

demo: $(STAMP)
	$(BIN)/depthwise demo

# The everyday rings. One of them alone: pytest -m unit (CONTRIBUTING.md names them).
test: $(STAMP)
	$(BIN)/pytest -m "not training"

# The ring that TensorFlow is installed for.
test-training: $(TRAIN)
	$(BIN)/pytest -m training

# What uses one core each is done side by side, the rings one after another on all cores.
check:
	+$(MAKE) --jobs=3 --output-sync lint types site
	+$(MAKE) test
	+$(MAKE) test-training

# Lines and branches of codegen/ and host/ that the everyday rings reach; as pages in build/coverage/html.
coverage: $(STAMP)
	@rm -rf build/coverage && mkdir -p build/coverage
	COVERAGE_FILE=$(CURDIR)/build/coverage/data $(BIN)/pytest -m "not training" --cov --cov-report=term --cov-report=html

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/clang-format --dry-run --Werror $$(git ls-files 'firmware/*.[ch]' 'firmware/*.cpp')

types: $(STAMP)
	@mkdir -p $(TYPES)
	@ln -sfn ../../../codegen $(TYPES)/codegen
	@ln -sfn ../../../host $(TYPES)/host
	@ln -sfn ../../../host/package/__init__.py $(TYPES)/__init__.py
	$(BIN)/mypy

# Every real model on every board, as the table of docs/results/verified.md.
verified: $(STAMP)
	$(BIN)/python -m docs.make.verified

# What was compiled, flashed, run and verified of every board: docs/results/boards.md.
boards: $(STAMP)
	$(BIN)/python -m docs.make.boards

# Native modules of MicroPython for every architecture, linked and run: docs/results/micropython-table.md.
natmods: $(STAMP)
	$(BIN)/python -m docs.make.micropython

# Every fault at every step of flashing, with the real programs, as the table of docs/results/faults.md.
faults: $(STAMP)
	$(BIN)/python -m docs.make.faults

# Damaged files, hostile lines, random networks, long runs: docs/results/torture.md. Resumable; hours.
torture: $(STAMP)
	$(BIN)/python -m docs.make.torture

# 500 random networks of each operator, three ways: docs/results/conformance.md.
conformance: $(STAMP)
	$(BIN)/python -m docs.make.conformance

# Some of these networks on every virtual core: columns of the same page.
core-samples: $(STAMP)
	$(BIN)/python -m docs.make.core_samples

# Instructions, modelled cycles, RAM and flash of every model beside its peers: docs/results/benchmarks.md, and of every
# operator: operators-speed.md. DEPTHWISE_M4CYCLES names the folder of the counting plugin (cycles are left out without
# it), DEPTHWISE_CMSIS_NN a checkout of CMSIS-NN: it is measured beside ours, or its last figures are taken.
bench: $(STAMP)
	$(BIN)/python -m docs.make.flash_waits
	$(BIN)/python -m docs.make.bench
	$(BIN)/python -m docs.make.operator_speed
	$(BIN)/python -m docs.make.memory
	@if command -v clang-22 >/dev/null; then $(BIN)/python -m docs.make.esp32; \
	else echo "no clang-22 on PATH: docs/results/esp32.md stays as it is" >&2; fi

# Whether any of these figures grew by more than 1 %.
bench-check: $(STAMP)
	$(BIN)/python -m docs.make.bench_check

# What every compiler makes of the exported C: docs/results/compilers.md.
compilers: $(STAMP)
	$(BIN)/python -m docs.make.compilers

# The RP2040 that a test of the Pico runs on; it is skipped where this is not there.
rp2040js:
	npm install --no-fund --no-audit --prefix build/node rp2040js@1.4.1

# Accepts changed golden texts after they have been looked at.
golden: $(STAMP)
	$(BIN)/pytest -q tests/text/test_render.py tests/text/test_frameworks.py -k "committed or accepted" --update-golden

# The pages of modules and of operators, and whether folders import what docs/architecture.md says.
map: $(STAMP)
	$(BIN)/python -m docs.make.operators
	$(BIN)/python -m docs.make.architecture

# The versions of everything that tests install, and the page of their licences.
lock: $(TRAIN)
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-emit-index-url --no-emit-find-links --extra dev --extra train \
		--output-file requirements.lock pyproject.toml
	$(BIN)/python -m docs.make.licences

# The documents as a site in host/site/pages, without a network: `depthwise docs` opens it.
site: $(STAMP)
	$(BIN)/python -m docs.make.site

# The pictures of docs/how.md, of MLPerf Tiny's person detector.
pictures: $(STAMP)
	$(BIN)/python -m docs.make.pictures

# Wheel and sdist in dist/, with the site; both are tried in a new environment of their own.
release: site
	$(BIN)/python -m docs.make.release

setup: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	$(PIP) --editable '.[dev]'
	touch $@

# TensorFlow, which only the tests of training need.
$(TRAIN): $(STAMP)
	$(PIP) --editable '.[dev,train]'
	touch $@

clean:
	rm -rf build dist host/site/pages *.egg-info $(VENV)

.PHONY: demo test conformance core-samples torture test-training check coverage rp2040js natmods compilers bench bench-check lint types verified boards faults golden map lock site pictures release setup clean
