# A newcomer needs two of these: make demo, make test. Both make the environment they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check eval bench format clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo: $(READY) ## clean the samples and print what was found
	@$(BIN)/python samples/demo.py

test: $(READY) ## the fast suite
	$(BIN)/python -m pytest

check: $(READY) ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(READY) ## quality figures (needs the shared data, see benchmarks/README.md)
	$(BIN)/python benchmarks/quality.py; status=$$?; $(BIN)/python benchmarks/tables.py && exit $$status

RIVALS ?= .venv-rivals

$(RIVALS)/.ready: # rensa and gaoya, for bench only; where they cannot be installed they are left out
	$(PYTHON) -m venv $(RIVALS)
	echo '*' > $(RIVALS)/.gitignore
	$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check rensa gaoya && touch $@ || true

bench: $(READY) $(RIVALS)/.ready ## speed figures, beside other tools where they can be installed
	$(BIN)/python benchmarks/run.py --rivals-python $(RIVALS)/bin/python

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
