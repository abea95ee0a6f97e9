# A newcomer needs two of these: make demo, make test. Both make the environment they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test campaign attack check audit browser pictures test-browser hook kills eval eval-hook bench bench-annotate bench-dumps bench-dumps-slow bench-hook format clean bench-report

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo: $(READY) ## clean the samples and print what was found
	@$(BIN)/python samples/demo.py

test: $(READY) ## the fast suite
	$(BIN)/python -m pytest -n auto

campaign: $(READY) ## the whole suite with all examples and enumerations; twice as long
	CLEANER_CAMPAIGN=1 $(BIN)/python -m pytest -n auto

SEED ?= 1

attack: $(READY) ## made-up articles of every format against the promises, another seed with SEED=; 20 minutes
	$(BIN)/python -m tests.attack --seed $(SEED) --store; status=$$?; $(BIN)/python benchmarks/tables.py && exit $$status

AXE := 4.14.1

# What the browser tests need beside Debian's chromium and chromium-driver, which only root can install.
$(VENV)/browser/.ready: pyproject.toml Makefile $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	npm install --silent --no-fund --no-audit --no-save --prefix $(VENV)/browser axe-core@$(AXE)
	touch $@

browser: $(VENV)/browser/.ready ## what the tests of report pages need: selenium, axe-core; says how to get Chromium
	@$(BIN)/python tests/browser/chromium.py || true

pictures: browser ## the pictures of report pages in docs/pictures (needs the shared data)
	$(BIN)/python tools/pictures.py

test-browser: browser ## report pages in a real Chromium; fails where it is missing
	CLEANER_BROWSER=required $(BIN)/python -m pytest tests/browser

check: $(READY) ## lint, format, types, patterns that are often unsafe
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive cleaner

$(VENV)/.audit: pyproject.toml $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[audit]'
	touch $@

audit: $(VENV)/.audit ## known advisories of what is installed; says so where pip-audit's service cannot be asked
	@$(BIN)/python tools/audit.py $(AUDIT)

hook: $(READY) ## our own hook on our own pages
	$(BIN)/cleaner-hook --all --fail-on warning README.md CHANGELOG.md docs benchmarks

eval: $(READY) ## quality figures (needs the shared data, see benchmarks/README.md)
	$(BIN)/python benchmarks/natural.py; status=$$?; $(BIN)/python benchmarks/quality.py || status=1; $(BIN)/python benchmarks/tables.py && exit $$status

eval-hook: $(READY) ## what the hook finds in real repositories (needs the shared data); 2 minutes
	$(BIN)/python benchmarks/hook_quality.py; status=$$?; $(BIN)/python benchmarks/tables.py && exit $$status

RIVALS ?= .venv-rivals
DOLMA ?= .venv-dolma
LISTS := benchmarks/rivals

# Other tools, for the benchmarks only; where they cannot be installed they are left out.
$(RIVALS)/.ready: $(LISTS)/requirements.txt
	$(PYTHON) -m venv $(RIVALS)
	echo '*' > $(RIVALS)/.gitignore
	$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || true

$(DOLMA)/.ready: $(LISTS)/dolma.txt
	$(PYTHON) -m venv $(DOLMA)
	echo '*' > $(DOLMA)/.gitignore
	$(DOLMA)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || true

$(RIVALS)/.slow: $(LISTS)/slow.txt $(RIVALS)/.ready
	$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || true

bench: $(READY) $(RIVALS)/.ready ## speed figures, beside other tools where they can be installed
	$(BIN)/python benchmarks/run.py --rivals-python $(RIVALS)/bin/python

DUMPS := benchmarks/run.py dumps --rivals-python $(RIVALS)/bin/python --dolma-python $(DOLMA)/bin/python

bench-annotate: $(READY) $(DOLMA)/.ready ## whether dolma mix takes out by our attributes what we take out
	$(BIN)/python benchmarks/annotate_dolma.py --dolma-python $(DOLMA)/bin/python; status=$$?; $(BIN)/python benchmarks/tables.py && exit $$status

bench-dumps: $(READY) $(RIVALS)/.ready $(DOLMA)/.ready ## a whole dump, beside other tools; 20 minutes
	$(BIN)/python $(DUMPS)

bench-dumps-slow: $(READY) $(RIVALS)/.slow $(DOLMA)/.ready ## and those that take minutes, and the dump ten times over
	$(BIN)/python $(DUMPS) --slow

HOOKS ?= .venv-hook

$(HOOKS)/.ready: $(LISTS)/hook.txt
	$(PYTHON) -m venv $(HOOKS)
	echo '*' > $(HOOKS)/.gitignore
	$(HOOKS)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || true
	npm install --silent --no-fund --no-audit --prefix $(HOOKS)/node markdownlint-cli2 jscpd@4 || true

bench-hook: $(READY) $(HOOKS)/.ready ## how long people wait for the hook, beside other tools; 3 minutes
	$(BIN)/python benchmarks/hook.py --rivals $(HOOKS)

# For opening times also `make browser`; without it they are left out.
bench-report: $(READY) ## what the report page costs, and how long it takes to open; 8 minutes
	$(BIN)/python benchmarks/report.py; status=$$?; $(BIN)/python benchmarks/tables.py && exit $$status

kills: $(READY) ## stop runs at 50 random moments and go on with them
	CLEANER_KILLS=50 $(BIN)/python -m pytest tests/test_resume.py tests/test_scratch.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
