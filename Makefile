# make demo    a day's briefs of the sample workspace, in briefings/
# make test    every check: lint, types, tests
# make bench   speeds, as ratios measured in one run
# make docs    the reference pages and manual pages, from the code
# make site    the documentation as a site to search, in dist/site/
# make release the wheel, the source and a list of what is in them, in dist/, the same bytes each time
# make fresh   briefgen on bare Debian roots: from a clone, and from wheels alone (as root)
# make simulate SEEDS=40 FROM=1   lives of thirty nights, in which everything happens that can
# make mutants ROOM=delivery/ledger.py   small faults put into a module, and whether its tests notice
# make fuzz TARGET=feed SECONDS=180   made-up bytes for what reads strangers' files (feed, yaml, vcard, table, answers, html)
# make gallery pictures of real pages, for the docs and for the eye
# make measures   every kind of sheet in numbers: one page, overlaps, margins, type, lines to write on
# make catalogues   new messages into the catalogues; says what has no translation yet
# make languages    a rich, a strained and a grieving page, day sheet and mail of each language, in dist/languages/
.DEFAULT_GOAL := help
.PHONY: help demo test check bench simulate mutants fuzz gallery measures languages docs site fresh release catalogues clean

# Kept byte code halves the start of each of the many commands that the tests run.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
DEMO := --as-of 2026-11-22T22:10 --date 2026-11-23
TESTS_SIDE_BY_SIDE ?= auto

help:
	@sed -n 's/^# make/make/p' Makefile

.venv/demo: pyproject.toml constraints.txt
	@tools/system_packages.sh demo
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@echo "Installing Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/test: .venv/demo
	@tools/system_packages.sh test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[caldav,heif,keyring,spreadsheets,team,web]' --group dev
	@touch $@

demo: .venv/demo
	@$(BIN)/briefgen run --workspace . $(DEMO)

test: .venv/test check

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses $(TESTS_SIDE_BY_SIDE)

bench: .venv/test
	@for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

simulate: .venv/test
	$(BIN)/python tests/simulation/life.py --seeds $(or $(SEEDS),40) --from $(or $(FROM),1)

mutants: .venv/test
	$(BIN)/python tools/mutants.py $(ROOM)

fuzz: .venv/test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group fuzz
	$(BIN)/python tools/fuzz.py $(TARGET) --seconds $(or $(SECONDS),180)

gallery: .venv/test
	$(BIN)/python tools/gallery.py

measures: .venv/test
	$(BIN)/python tools/measures.py

languages: .venv/test
	$(BIN)/python tools/languages.py $(LANGUAGES)

docs: .venv/test
	$(BIN)/python tools/reference/make.py

site: docs
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group docs
	$(BIN)/zensical build -f mkdocs.yml

fresh: .venv/test
	@command -v mmdebstrap patchelf >/dev/null || { echo "Type: apt install mmdebstrap patchelf" >&2; exit 1; }
	tools/fresh.sh wheel bookworm trixie
	tools/fresh.sh demo bookworm trixie

release: .venv/test docs
	$(BIN)/python tools/release.py

catalogues: .venv/test
	$(BIN)/python tools/catalogues.py

clean:
	rm -rf .venv .briefgen dist
