# Bootstraps everything from the package index: needs python3 (3.11 or newer) with venv, make and git, no compiler.
PYTHON ?= python3
UV := .tool/bin/uv
RUN := .venv/bin/
# Arithmetic in one thread a process: many processes share few cores, and waiting threads spin.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1
# Commands, crawls and workers are processes: compiling every module anew in each would take half of their time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install dev demo run test test-slow test-live test-api test-recorded lint format lock bench bench-hashing bench-matching bench-search bench-labels bench-imports bench-suspect bench-consent bench-packs bench-registry bench-delivery bench-desk bench-figures bench-nights bench-nights-killed clean test-browser screenshots

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	$(PYTHON) -m venv .tool
	.tool/bin/python -m pip install --quiet uv

.venv/.installed: $(UV) requirements.lock pyproject.toml
	test -e .venv/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python .venv --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python .venv --no-deps -e .
	@touch $@

.venv/.dev: .venv/.installed requirements-dev.lock
	$(UV) pip install --quiet --compile-bytecode --python .venv --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.installed  ## make the environment: .venv/bin/twinwatch

dev: .venv/.dev  ## the environment with the development tools

demo: install  ## the whole nightly job on a small site it serves itself
	$(RUN)twinwatch demo

test: dev  ## the tests, under three minutes
	$(RUN)pytest -n 2 --dist loadfile

test-slow: dev  ## the tests that take their time: real OCR, many pictures, PostgreSQL
	$(RUN)pytest -n 2 --dist loadfile -m "slow or postgres"

test-live: dev  ## against a real Bluesky server (needs Node 20, npm and g++) and a real ActivityPub server (Debian, amd64)
	tests/live/pds/install.sh
	$(RUN)pytest -m live tests/live

test-api: dev  ## the HTTP API by its own description, ten thousand times (CASES=n)
	TWINWATCH_API_CASES=$(or $(CASES),10000) $(RUN)pytest -s -m slow tests/desk/web/test_api_described.py

test-browser: dev  ## the desk in a real Chromium: the morning, axe-core, without JavaScript, planted scripts (needs chromium, node, npm)
	tests/browser/install.sh
	$(RUN)pytest -n 2 -m browser tests/browser

screenshots: dev  ## docs/images: the desk's pages over the demo's synthetic pictures (needs chromium)
	$(RUN)python -m tests.browser.screenshots

test-recorded: dev  ## DATA=dir (mastodon, youtube, pinterest in it): what real servers answered, what vendors publish of their APIs
	TWINWATCH_TEST_DATA=$(abspath $(DATA)) $(RUN)pytest tests/crawler/test_mastodon_recorded.py tests/crawler/test_youtube_discovery.py tests/crawler/test_pinterest_openapi.py

lint: dev  ## formatting, ruff, mypy --strict, import-linter
	$(RUN)ruff format --check .
	$(RUN)ruff check .
	$(RUN)mypy
	$(RUN)lint-imports

format: dev  ## format and mend what ruff can mend
	$(RUN)ruff format .
	$(RUN)ruff check --fix .

lock: $(UV)  ## resolve the lock files anew: names, versions and hashes, no host
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

bench: dev  ## crawl throughput and memory, beside a bare Scrapy FilesPipeline
	$(RUN)python -m benchmarks.crawl

bench-hashing: dev  ## PHOTOS=dir: what the small decode's hashes cost, and how far they move
	$(RUN)python -m benchmarks.matching.hashing $(PHOTOS)

bench-matching: dev  ## PHOTOS=dir [ALSO=dir]: recall after sixty changes, false matches, peers, price
	$(RUN)python -m benchmarks.matching $(PHOTOS) $(if $(ALSO),--also $(ALSO)) --peers 20 --out docs/benchmarks/matching.md

bench-search: dev  ## [PHOTOS=dir]: a million hashes beside faiss, and looking back through a million pictures
	$(RUN)python -m benchmarks.matching.search $(PHOTOS)
	$(RUN)python -m benchmarks.matching.retro $(PHOTOS)

bench-suspect: dev  ## how often ordinary feeds are called suspect, and how much of what is broken is found
	$(RUN)python -m benchmarks.suspect

bench-imports: dev  ## a 300 MB Zeeschuimer file beside reading its lines with orjson alone
	$(RUN)python -m benchmarks.imports

bench-registry: dev  ## PHOTOS=dir: importing reference pictures beside fingerprinting them alone
	$(RUN)python -m benchmarks.registry.imported $(PHOTOS) --pictures 1000
	$(RUN)python -m benchmarks.registry.imported $(PHOTOS) --pictures 10000 --known

bench-delivery: dev  ## PHOTOS=dir ALSO=dir STORE=dir: a thousand renders delivered, registered and matched in one night
	$(RUN)python -m benchmarks.registry.delivery $(PHOTOS) $(ALSO) --store $(STORE)

bench-consent: dev  ## judging 100,000 uses against 5,000 licences
	$(RUN)python -m benchmarks.consent

bench-packs: dev  ## PHOTOS=dir: fingerprint packs beside pictures: size, recall, false matches, what can be read out of them
	$(RUN)python -m benchmarks.registry_packs $(PHOTOS)
	$(RUN)python -m benchmarks.packs_inverted $(PHOTOS)

bench-desk: dev  ## pages of the desk with 100,000 findings, twenty requests at once
	$(RUN)python -m benchmarks.desk

bench-figures: dev  ## intervals of figures on simulated feeds of which the rate is known
	$(RUN)python -m benchmarks.figures --out docs/benchmarks/figures.md

bench-nights: dev  ## three nights over 1,000 accounts on a server where everything goes wrong, and a quiet one
	$(RUN)python -m benchmarks.nights --stage crawl

bench-nights-killed: dev  ## fifty nights killed at random moments beside undisturbed ones
	$(RUN)python -m benchmarks.nights.kills --kills 40 --stage crawl
	$(RUN)python -m benchmarks.nights.kills --kills 10

bench-labels: dev  ## DATA=dir (photos, provenance, captions, eu-icons in it): origin, texts, text and marks on pictures, what was done to them
	$(RUN)python -m benchmarks.labels $(DATA) --out docs/benchmarks/labels.md

clean:  ## remove the environments and caches
	rm -rf .venv .tool .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
