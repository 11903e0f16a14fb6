# Two commands do everything: `make run` shows the program, `make test` proves it. Each sets up what it needs first.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo
INSTALLED := $(VENV)/installed-from-lock
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard assets/translations/*/LC_MESSAGES/*.po))
OFFSCREEN := QT_QPA_PLATFORM=offscreen
ROUNDS ?= 10
KILLS ?= 1000
RESPONSES ?= 1000000
CUTS ?= 10000
LIVES ?= 1000
# One worker more than there are cores: half of a test's time is waiting, for readers, printers and programs that start.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))
TESTS := $(OFFSCREEN) $(BIN)/python -m pytest -q --numprocesses $(WORKERS)

.PHONY: run test setup check bench endurance clean system demo-material
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

# The demonstration in a window; where there is no display, the same visits offscreen, with pictures.
run: setup
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
	$(BIN)/python main.py demo
else
	@echo "No display here: the visits run offscreen."
	$(OFFSCREEN) $(BIN)/python main.py tour --out build/tour
	@echo "Pictures, receipts and tour.json are in $(CURDIR)/build/tour"
endif

test: setup
	$(TESTS)

setup: system $(INSTALLED) $(CATALOGUES) demo-material

# Always asked, never stamped: the answer takes milliseconds, and a machine can change under a build folder.
system:
	@python=$$(.ci/python) && .ci/system-packages "$$python"

# The environment is made anew, so that nothing is left that the lock no longer names, and only when it is missing or
# the lock has changed. pip takes its index from the machine's own configuration; the lock's hashes decide what is
# accepted.
$(INSTALLED): requirements-dev.lock | system
	@echo "Installing the locked libraries into $(VENV) (the first time takes a few minutes)"
	@python=$$(.ci/python) && "$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --progress-bar off --no-input --require-hashes -r $<
	@touch $@

%.mo: %.po | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Test keys, certificates and cards: made once, kept until `make clean`; both commands leave good ones alone.
demo-material: $(INSTALLED)
	@mkdir -p $(DEMO)
	@$(BIN)/python -m offline_queue.intake.issue_keys --out $(DEMO)/keys
	@$(BIN)/python -m devices.virtual.issuer --out $(DEMO)/cards

# Import rules are pyproject.toml's; import-linter cannot name main.py, so that nothing imports it is one line here.
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@test "$$(echo *.py)" = main.py || { echo "Only main.py stands at the top level: $$(echo *.py)"; exit 1; }
	@! grep -rnE --include='*.py' '^\s*(import|from) main\b' kiosk devices offline_queue ui || { echo "Nothing imports main.py, the one place that knows every part"; exit 1; }
	$(BIN)/python main.py catalogue check
	$(BIN)/python -m kiosk.texts_check

bench: setup
	$(OFFSCREEN) $(BIN)/python -m tests.benchmarks

# The long forms: hostile cards are read, the power is cut, days of a terminal are lived in seconds, the program is killed
# again and again, then the whole suite, in another order each time.
endurance: setup
	$(BIN)/python -m tests.faults.cards --responses $(RESPONSES)
	$(BIN)/python -m tests.faults.power_cuts --cuts $(CUTS)
	$(BIN)/python -m tests.faults.simulation --seeds $(LIVES)
	$(OFFSCREEN) $(BIN)/python -m tests.faults.kills --rounds $(KILLS)
	for round in $$(seq $(ROUNDS)); do echo "Round $$round of $(ROUNDS)"; $(TESTS) || exit 1; done

# Only what git ignores goes; a file that was written and not yet committed stays.
clean:
	git -c core.excludesFile=/dev/null clean -fdqX
