PYTHON ?= $(shell deploy/choose-python)
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE  # a container may set it: each command would compile all of ours anew
ROOMS := schemas pipelines connectors flows
INSTALL := $(BIN)/uv pip install --python $(BIN)/python

help:  ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

install: .venv/.installed  ## a virtual environment with what the service needs, locked and hashed
setup: .venv/.developed  ## the same, and the tools of development

.venv/.installed: requirements.lock pyproject.toml connectors/bytescan/compiled/glance.c
	@echo "Installation dans .venv : une minute la première fois…"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(INSTALL) --quiet --compile-bytecode --require-hashes --constraint requirements.lock \
		--requirement pyproject.toml --extra dask --group build
	@$(INSTALL) --quiet --no-build-isolation --no-deps --editable .
	@for one in .venv/lib/*/site-packages/*efit_annuaire_sync.pth; do echo ../../../.. > "$$one"; done  # no accent of ours: Python 3.11 reads it in the terminal's encoding
	@$(BIN)/python -m compileall -q -j 0 $(ROOMS)  # here once, else by each of those who start at once
	@touch $@

.venv/.developed: .venv/.installed
	$(INSTALL) --compile-bytecode --require-hashes --requirement requirements.lock
	@touch $@

demo: install  ## one night on sample_data/, nothing to configure; look in out/demo
	$(BIN)/efit-annuaire demo --out out/demo

up: install  ## a Prefect server with worker, deployments and automations on this machine
	@deploy/up

down: install  ## stop them
	@deploy/down

test: setup  ## the tests, on every core
	$(BIN)/pytest -n auto

lint: setup  ## form, types, import contracts
	@$(call each,"ruff format --check ." "ruff check ." "mypy" "lint-imports --no-logo",$(BIN)/)

docs: setup  ## the documentation as a site in site/, to be opened as files; a warning is an error
	$(BIN)/zensical build --clean --strict
	@! grep -rnoE '<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//[^"]*' site --include='*.html' \
		|| { echo "A page of the site would ask the network for this."; exit 1; }

drawings:  ## the diagrams of docs/pictures anew, from their .dot (graphviz)
	@for one in docs/pictures/*.dot; do dot -Tsvg "$$one" -o "$${one%.dot}.svg"; done

check: setup  ## everything CI checks
	@$(call each,"lint" "test" "docs" "bench-quick",$(MAKE) --no-print-directory )

pictures: setup  ## the pictures of docs/ made anew from sample_data/ (needs chromium and LibreOffice)
	$(BIN)/python -m tests.pictures

fuzz: setup  ## spoil files for every reader, ten minutes each (FUZZ="--target xls --minutes 2"); look in out/fuzz
	$(INSTALL) --quiet atheris==3.0.0
	$(BIN)/python -m tests.fuzz $(FUZZ)

bench-hostile: setup  ## play every hostile file, print what each cost, write docs/hostile.md anew
	$(BIN)/python -m tests.hostile --write

audit: setup  ## known vulnerabilities of the locked packages; needs the network, so not part of `make check`
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/python -m pip install --quiet pip-audit==2.10.1
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

bench: setup .venv/peers/.installed  ## the table of goals at national scale: ratios, medians of five turns, as Markdown (15 minutes); BENCH=delta: another part
	@$(BIN)/python -m benchmarks $(BENCH)

bench-quick: setup  ## the same on 100,000 rows; fails on a wrong result only
	@$(BIN)/python -m benchmarks --quick

.venv/peers/.installed: benchmarks/peers/requirements.lock | setup
	$(PYTHON) -m venv .venv/peers
	$(BIN)/uv pip install --quiet --python .venv/peers/bin/python --compile-bytecode --require-hashes -r $<
	@touch $@

bench-matching: setup .venv/peers/.installed  ## what the matching does to people, class by class, and its precision and recall beside others
	@$(BIN)/python -m benchmarks.consequences
	@$(BIN)/python -m benchmarks.matching

bench-shapes: setup  ## one truth in every shape of a workbook, alone and two by two: harmless, harmful, rows used (8 minutes)
	$(BIN)/python -m benchmarks.shapes

bench-reports: setup  ## how long a report of 2,000 lines takes to write
	$(BIN)/python -m benchmarks.reports

bench-growth: setup  ## how a night grows, from 5 thousand accounts to 2 million; takes hours and 16 GB
	$(BIN)/python -m benchmarks.growth --picture

schema: setup  ## write the JSON Schema of changeset.json anew
	$(BIN)/python -m schemas.changes.jsonschema > schemas/changeset.schema.json

glossary: setup  ## write docs/glossaire.md anew
	$(BIN)/python -m schemas.glossary > docs/glossaire.md

sample: setup  ## make sample_data/ anew, byte for byte the same
	$(BIN)/python -m sample_data.generate

format: setup  ## put the code in form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: setup  ## choose versions anew, within pyproject.toml
	$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --group dev --extra dask --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet \
		--output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --group pyproject.toml:peers --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet \
		--output-file benchmarks/peers/requirements.lock

# $(call each,"job" "job",prefix) runs every job, then says which failed and how many.
define each
failed=0; verdicts=; \
for job in $(1); do \
	printf '\n── %s\n' "$$job"; \
	if $(2)$$job; then verdict='ok    '; else verdict='FAILED'; failed=$$((failed + 1)); fi; \
	verdicts="$$verdicts  $$verdict  $$job\n"; \
done; \
printf "\n── $@: $$failed failed\n$$verdicts"; [ $$failed -eq 0 ]
endef

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))
