# The only commands one needs.  `make test` and `make demo` install what they need into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
GOLD ?= ../shared/gold

# Programs of Debian that tests drive; without them those tests are skipped, except where CI is set.
PACKAGES := chromium libreoffice-writer-nogui python3-uno grammalecte-cli
WORDPRESS_PACKAGES := wordpress php-cli php-mysql mariadb-server

.PHONY: setup system-packages test test-wordpress lint demo bench archive-bench docs silence pairs eval train-smoke clean

setup: $(VENV)/.done

$(VENV)/.base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.done: $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

system-packages: ## install what is missing of PACKAGES, where there is apt and we may use it
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  missing=$$(for each in $(PACKAGES); do dpkg -s $$each > /dev/null 2>&1 || echo $$each; done); \
	  if [ -n "$$missing" ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	  fi; \
	fi

test: setup ## the whole suite: style, types, examples of every rule, reports, hostile input, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

test-wordpress: setup ## the plugin in a real WordPress, on this machine
	$(MAKE) --no-print-directory system-packages PACKAGES="$(WORDPRESS_PACKAGES)"
	$(BIN)/python -m pytest -m wordpress tests/wordpress

lint: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

demo: $(VENV)/.base ## check the article that started the project
	$(BIN)/qa check samples/trump-poutine.fr.txt --lang fr --exit-zero

bench: setup ## speed and memory, in docs/benchmarks.md
	$(BIN)/python -m pytest tests/test_speed.py --benchmark-only --benchmark-columns=min,median,rounds
	$(BIN)/python -m qa.devtools bench --out docs/benchmarks.md

archive-bench: setup ## scans of archives: speed, memory, kills, a Ray cluster that loses a node (docs/scale.md; minutes)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[archive,ray]'
	$(BIN)/python -m qa.devtools archive-bench --data $(DATA) --write

docs: setup ## write the generated parts of docs/
	$(BIN)/python -m qa.devtools docs

silence: setup ## false alarms of every rule on clean text (needs the corpora)
	$(BIN)/python -m qa.devtools silence --data $(DATA)

pairs: setup ## recall and repairs on planted defects (needs the corpora)
	$(BIN)/python -m qa.devtools pairs --data $(DATA)

eval: setup ## recall, repairs and precision on texts with gold spans
	$(BIN)/qa eval $(GOLD)

train-smoke: setup ## train, convert and run a tiny seq2seq model; the tests that need torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[model,torch,train]'
	$(BIN)/python -m models.corrector.train --smoke
	$(BIN)/python -m pytest tests/test_model.py tests/test_model_use.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
