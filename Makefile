# make book   check the data, execute the chapters, build the site into _build/html
# make pdf    build the book and print it into _build/embedded-governance.pdf (needs Chromium)
# make instructor  the same with the instructors' notes, into _build/instructor
# make test   look over the code and run every test, the browser's too
# make check  look over the code and run the tests that need neither a built book nor a browser
# make lint   look over the code: its form, its faults (ruff), the types of what any study can use (ty)
# make reproduce  build the book twice elsewhere and compare every byte, also with MANIFEST.sha256
# make manifest   build the book and write MANIFEST.sha256 and the outputs in codecheck.yml
# make bench  run the benchmarks, each of which compares two things in one run
# make serve  show the site on this computer
# make watch  the same, and build and reload the page on every save
# make lock   refresh requirements.lock from the direct dependencies
# make clean  remove what a build leaves behind; make distclean also removes .venv

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := book
.PHONY: book instructor pdf test check lint reproduce manifest bench serve watch lock clean distclean

# The first suitable interpreter; or say which: make PYTHON=/path/to/python3.12
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(shell \
  $(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
comma := ,
READY := .venv/ready
# Else every process of a build or a test would compile our modules again.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

book: $(READY)
	@$(BIN)/embedgov book

instructor: $(READY)
	@$(BIN)/embedgov book --instructor

pdf: book
	@$(BIN)/embedgov pdf

test: lint
	@$(PYTEST)

check: lint
	@$(PYTEST) -m "not book and not browser"

lint: $(READY)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "run $(BIN)/ruff format"; exit 1; } >&2
	@$(BIN)/ty check --quiet

reproduce: $(READY)
	@$(BIN)/embedgov reproduce

manifest: book
	@$(BIN)/embedgov manifest

bench: $(READY)
	@$(BIN)/python -m pytest -s -o python_files='bench_*.py' benchmarks

serve: $(READY)
	@$(BIN)/embedgov serve

watch: $(READY)
	@$(BIN)/embedgov watch

$(READY): requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  >/dev/null 2>&1 || { \
	  echo "Python 3.11, 3.12 or 3.13 is needed$(if $(PYTHON),$(comma) and $(PYTHON) is none of them)."; \
	  echo "Install one (Debian, Ubuntu: apt install python3 python3-venv; others: python.org)"; \
	  echo "or name it: make PYTHON=/path/to/python3.12"; exit 1; } >&2
	@echo "Installing the locked packages into .venv (once; about a minute)"
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing" \
	  "(Debian, Ubuntu: apt install python3-venv)"; rm -rf .venv; exit 1; } >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-annotate --custom-compile-command "make lock" --output-file requirements.lock \
	  requirements.txt requirements-test.txt

clean:
	rm -rf _build _executed

distclean: clean
	rm -rf .venv
