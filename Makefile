# Every command of the book. `make` alone lists them.
# PYTHON=python3.12 chooses an interpreter, PORT=8001 a port.

PORT ?= 8000
BIN := .venv/bin
# JupyterLab refuses to run as root, which is the user in a container, without this.
LAB := $(if $(filter 0,$(shell id -u)),--allow-root)
CHAPTERS := $(wildcard book/*.ipynb)
# One process for each core; each file of tests runs in one of them, the longest files first.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
export PYTHON
# The matrices of the book are small: more threads would only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help serve book test lab proofs assignments grade bench mnist check store lock clean setup

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: ## build the book and read it at http://127.0.0.1:8000 (PORT=… for another port)
	@python=$$(bash tools/setup.sh python) && "$$python" tools/book.py free $(PORT)
	@$(MAKE) --no-print-directory book
	@$(BIN)/python tools/book.py serve $(PORT)

book: setup ## build the book into _build/html; a warning is an error
	@$(BIN)/python tools/book.py build

# The chapters run separately: with coverage, nbval would measure inside their kernels, and hang.
test: book ## run every test, some of them in a real browser
	@$(BIN)/python tools/browser.py
	@echo "Comparing the chapters with what they store …"
	@$(BIN)/python -m pytest $(PARALLEL) --nbval $(CHAPTERS)
	@echo "Testing the package, the ledger, the commands and the built pages …"
	@$(BIN)/python -m pytest $(PARALLEL) --cov --cov-fail-under=98 tests

lab: setup ## open the chapters in JupyterLab, with live sliders
	@$(BIN)/python tools/bundle.py
	@$(BIN)/jupyter lab --ServerApp.root_dir=book $(LAB)

proofs: setup ## prove every formula of the book (LABEL=eq-… for one)
	@$(BIN)/python -m nnbook.ledger $(or $(LABEL),--jobs 2 --store)

assignments: setup ## make the hand-outs from the masters (ASSIGNMENT=06_backpropagation for one, COURSE=2027-spring)
	@$(BIN)/python -m nncourse.authoring.make $(ASSIGNMENT) $(if $(COURSE),--course $(COURSE))

# SHARD=1/4 grades a quarter, OUT=folder elsewhere; MERGE="one two" joins such parts.
grade: setup ## grade SUBMISSIONS=folder-or-zip into grades/ (ROSTER=ids.csv AGAIN=q3 SOLUTIONS=1 COURSE=…)
	@$(BIN)/python -m nncourse.grading.command $(if $(SUBMISSIONS),"$(SUBMISSIONS)") $(if $(OUT),--out "$(OUT)") \
	  $(if $(ROSTER),--roster "$(ROSTER)") $(if $(AGAIN),--again $(AGAIN)) $(if $(COURSE),--course $(COURSE)) \
	  $(if $(JOBS),--jobs $(JOBS)) $(if $(SOLUTIONS),--solutions) $(if $(UNSAFE),--unsafe) \
	  $(if $(SHARD),--shard $(SHARD)) $(if $(MERGE),--merge $(MERGE))

bench: book ## compare the package with PyTorch and scikit-learn, in an environment of its own
	@bash tools/setup.sh bench
	@PYTHONPATH=src .venv-bench/bin/python benchmarks/run.py

mnist: setup ## fetch the 70,000 digits of MNIST into data/mnist (once, 11.5 MB)
	@$(BIN)/python tools/fetch_mnist.py

check: setup ## check format, lint, spelling, links and scripts, as pre-commit does
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell
	@$(BIN)/python tools/links.py
	@$(BIN)/python tools/check_scripts.py

store: setup ## execute the chapters and store their text outputs
	@$(BIN)/python tools/notebooks.py store $(CHAPTERS)

lock: ## write requirements.txt from pyproject.toml (UPGRADE=1 for the newest versions)
	@bash tools/setup.sh lock
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --all-extras --custom-compile-command "make lock" --no-emit-index-url --no-emit-find-links \
	  $(if $(UPGRADE),--upgrade) --output-file requirements.txt pyproject.toml

clean: ## remove what was built (the environments stay)
	@rm -rf _build build dist .coverage .pytest_cache .hypothesis .ruff_cache
	@find src tests tools book benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

setup:
	@bash tools/setup.sh book
