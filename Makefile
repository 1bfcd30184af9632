# make demo: the main job on a virtual board. make test: every test. make check: what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
TRAIN := $(VENV)/trains
TYPES := build/types/depthwise

demo: $(STAMP)
	$(BIN)/depthwise demo

test: $(TRAIN)
	$(BIN)/pytest -n auto

check: lint types test

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/clang-format --dry-run --Werror $$(git ls-files 'firmware/*.[ch]' 'firmware/*.cpp')

types: $(STAMP)
	@mkdir -p $(TYPES)
	@ln -sfn ../../../codegen $(TYPES)/codegen
	@ln -sfn ../../../host $(TYPES)/host
	$(BIN)/mypy

# Every real model on every board, as the table of docs/verified.md.
verified: $(STAMP)
	$(BIN)/python -m docs.verified

# What was compiled, flashed, run and verified of every board: docs/boards.md.
boards: $(STAMP)
	$(BIN)/python -m docs.boards

# Native modules of MicroPython for every architecture, linked and run: docs/micropython-table.md.
natmods: $(STAMP)
	$(BIN)/python -m docs.micropython

# Every fault at every step of flashing, with the real programs, as the table of docs/faults.md.
faults: $(STAMP)
	$(BIN)/python -m docs.faults

# Instructions, modelled cycles, RAM and flash of every model beside its peers: docs/benchmarks.md.
bench: $(STAMP)
	$(BIN)/python -m docs.bench
	$(BIN)/python -m docs.memory

# What every compiler makes of the exported C: docs/compilers.md.
compilers: $(STAMP)
	$(BIN)/python -m docs.compilers

# Accepts changed golden texts after they have been looked at.
golden: $(STAMP)
	$(BIN)/pytest -q tests/test_render.py tests/test_frameworks.py -k "committed or accepted" --update-golden

setup: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

# TensorFlow, which only the tests of training need.
$(TRAIN): $(STAMP)
	$(BIN)/pip install --quiet --editable '.[dev,train]'
	touch $@

clean:
	rm -rf build dist *.egg-info $(VENV)

.PHONY: demo test check natmods compilers bench lint types verified boards faults golden setup clean
