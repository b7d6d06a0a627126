# Every step of the project's life is a target here; `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
QUIETLY := PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1
export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check evaluate nlu-report quality bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## environments, encoder, Rasa model, index snapshot: whatever is missing or out of date
	@$(PYTHON) tools/setup.py

run: setup ## everything in the foreground on 127.0.0.1:$GOVCHAT_PORT (8080); Ctrl-C stops it
	@exec $(PY) tools/run.py

demo: setup ## make run with fake Zalo and Messenger and a page that plays the telephone: no account needed
	@GOVCHAT_DEMO=true exec $(PY) tools/run.py

test: ## set-up, then every test that needs no network
	@$(PYTHON) tools/setup.py --tests
	$(PY) -m pytest -m "" tests
	bot/.venv/bin/python -m pytest -q tests/bot_env
	$(QUIETLY) bot/.venv/bin/rasa data validate --config config.yml --fail-on-warnings
	$(QUIETLY) bot/.venv/bin/rasa test core --model models --stories tests/conversations --out var/stories \
		--fail-on-prediction-errors --no-plot

check: ## format, lint, types, import rules, unit and contract tests
	@$(PYTHON) tools/setup.py --tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m pytest -q tests/unit tests/contract

evaluate: setup ## understanding by way of writing, refusals, paraphrases, conversations, development questions
	$(PY) -m tools.evaluate

nlu-report: setup ## cross-validation of the intents: figures, confusion matrix, calibration plot
	@$(QUIETLY) bot/.venv/bin/python -m bot.nlu.report

quality: setup ## numbers, validity, relations and retrieval of the index on real documents and our own sets
	$(PY) -m tools.quality

bench: ## speed figures beside a plain Rasa bot, in one run
	@$(PYTHON) tools/setup.py --tests
	$(PY) -m tools.bench

lock: ## renew the three lock files (needs uv)
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements.in --override requirements-override.txt -o requirements.txt
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements-dev.in --override requirements-override.txt -o requirements-dev.txt
	uv pip compile -q --generate-hashes --no-header --python-version 3.10 bot/requirements.in --override bot/requirements-override.txt -o bot/requirements.txt

clean: ## remove everything that was built
	rm -rf .venv bot/.venv var models
