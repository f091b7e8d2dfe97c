# Everything goes through the locked environment in .venv, which is made when it is needed.

ARGS ?=
PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
ORACLE := outputs/oracle/.venv
RAY := outputs/ray/.venv

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint typecheck arrows unit slow deep site browser format bench oracle tables chaos drill drill_bybit drill_okx drill_portfolio fuzz soak sandbox sandbox_binance sandbox_binance_spot sandbox_bybit sandbox_hedged sandbox_hyperliquid sandbox_kucoin sandbox_mexc sandbox_okx ray lock clean
export PYTHON

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z_]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Quote btc and eth on paper for a minute: make run ARGS="market=btc gamma=0.2"
	@$(PY) -m runner duration_s=60 paper.account=fresh $(ARGS)

test: lint typecheck arrows unit ## Run every check; stop at the first that fails

lint: $(VENV)/.dev ## Check style and layout with ruff
	@echo "== lint"
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

typecheck: $(VENV)/.dev ## Check types with mypy --strict
	@echo "== typecheck"
	@$(PY) -m mypy --strict runner strategies connectors

arrows: $(VENV)/.dev ## Check that imports point down: runner > strategies > connectors
	@echo "== arrows"
	@$(VENV)/bin/lint-imports --no-logo

unit: $(VENV)/.dev ## Run the tests alone: make unit ARGS="tests/strategies -x"
	@echo "== unit"
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

slow: $(VENV)/.dev ## Run the tests that are too long for make test
	@echo "== slow"
	@$(PY) -m pytest -n 2 -m slow $(ARGS)

deep: $(VENV)/.dev ## Run the tests of properties with ten times as many examples: make deep ARGS="tests/strategies"
	@echo "== deep"
	@$(PY) -m pytest -n 2 --hypothesis-profile=deep $(ARGS)

browser: $(VENV)/.dev ## Look at the web view with the distribution's Chromium: pictures in outputs/browser/
	@$(PY) -m pytest -n 0 -m slow tests/runner/web/test_browser.py $(ARGS)

format: $(VENV)/.dev ## Rewrite the sources in the project's style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

site: $(VENV)/.dev ## Build the documents as a site in outputs/site
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --quiet --strict --site-dir outputs/site

bench: $(VENV)/.dev ## Measure, and compare with the committed baselines
	@$(PY) -m tests.bench $(ARGS)

chaos: $(VENV)/.dev ## End a deploy 200 times and play 1000 seeds of faults, judged: ARGS="N SEED" or "seeds N FIRST"
	@$(PY) -m tests.chaos $(ARGS)
	@$(if $(ARGS),,$(PY) -m tests.chaos seeds)

drill: $(VENV)/.dev ## Trade a stand-in of Lighter that fails in every way, judged: ARGS="MINUTES SEED", and "kills"
	@$(PY) -m tests.venues.lighter.drill $(ARGS)

drill_bybit: $(VENV)/.dev ## The same at a stand-in of Bybit, through ccxt
	@$(PY) -m tests.venues.bybit.drill $(ARGS)

drill_okx: $(VENV)/.dev ## The same at a stand-in of OKX
	@$(PY) -m tests.venues.okx.drill $(ARGS)

drill_portfolio: $(VENV)/.dev ## Quote at both stand-ins, hedge between them, and everything fails: ARGS="MINUTES SEED kills"
	@$(PY) -m tests.venues.hedged.drill $(ARGS)

fuzz: $(VENV)/.dev ## Spoil what Lighter sends 200,000 times: nothing of it ends a task, becomes an order or sends one
	@$(PY) -m pytest -n 2 -m slow tests/connectors/lighter \
		tests/venues/lighter/staged -k spoiled $(ARGS)

soak: $(VENV)/.dev ## Run 20 markets for a virtual day and see that nothing grows: ARGS="HOURS MARKETS"
	@$(PY) -m tests.soak $(ARGS)

sandbox_binance: $(VENV)/.dev ## Trade a stand-in of Binance's USD-M futures on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.binance.sandbox $(ARGS)

sandbox_binance_spot: $(VENV)/.dev ## Trade a stand-in of Binance spot on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.binance_spot.sandbox $(ARGS)

sandbox_bybit: $(VENV)/.dev ## Trade a stand-in of Bybit on this machine with the real adapter and ccxt: ARGS="duration_s=60"
	@$(PY) -m tests.venues.bybit.sandbox $(ARGS)

sandbox_hyperliquid: $(VENV)/.dev ## Trade a stand-in of Hyperliquid on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.hyperliquid.sandbox $(ARGS)

sandbox_kucoin: $(VENV)/.dev ## Trade a stand-in of KuCoin futures on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.kucoin.sandbox $(ARGS)

sandbox_mexc: $(VENV)/.dev ## Trade a stand-in of MEXC spot on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.mexc.sandbox $(ARGS)

sandbox_okx: $(VENV)/.dev ## Trade a stand-in of OKX on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.okx.sandbox $(ARGS)

sandbox_hedged: $(VENV)/.dev ## Quote at stand-ins of Lighter and Bybit, and hedge between them: ARGS="duration_s=60"
	@$(PY) -m tests.venues.hedged.sandbox $(ARGS)

sandbox: $(VENV)/.dev ## Trade a stand-in of Lighter on this machine with the real adapter: ARGS="duration_s=60"
	@$(PY) -m tests.venues.lighter.sandbox $(ARGS)

oracle: $(ORACLE)/.oracle $(VENV)/.dev ## Hold the simulator against hftbacktest, equal at every step: ARGS="WORD ..." or golden
	@$(PY) -m tests.oracle $(ARGS)

ray: $(RAY)/.ray ## Run a sweep on a Ray cluster: make ray ARGS="mode=replay gamma=0.1,0.2 ray.address=auto"
	@$(RAY)/bin/python -m runner -m hydra/launcher=ray $(ARGS)

tables: $(VENV)/.dev ## Reproduce the published tables of the pricing models
	@$(PY) -m tests.tables

COMPILE = $(PY) -m uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

lock: $(VENV)/.dev ## Pin the dependencies anew: make lock ARGS=--upgrade
	@$(COMPILE) $(ARGS) --all-extras --group build pyproject.toml -o requirements/dev.lock
	@$(COMPILE) -c requirements/dev.lock --extra replay --extra research pyproject.toml \
		-o requirements/run.lock
	@$(COMPILE) -c requirements/dev.lock --group build -o requirements/build.lock
	@$(COMPILE) $(ARGS) --no-deps requirements/oracle.in -o requirements/oracle.lock
	@$(COMPILE) $(ARGS) -c requirements/dev.lock --extra replay --extra research pyproject.toml \
		requirements/ray.in -o requirements/ray.lock

clean: ## Remove the environment and the caches; outputs/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find conf runner strategies connectors tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written when all its packages are in. The interpreter is a prerequisite so that a lost
# or replaced one is noticed.
$(PY): ;

$(VENV)/.run: requirements/build.lock requirements/run.lock pyproject.toml $(PY)
	@sh requirements/install.sh $(VENV) run

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@sh requirements/install.sh $(VENV) dev

$(RAY)/.ray: requirements/build.lock requirements/ray.lock pyproject.toml
	@mkdir -p $(dir $(RAY))
	@sh requirements/install.sh $(RAY) ray

$(ORACLE)/.oracle: requirements/oracle.lock
	@mkdir -p $(dir $(ORACLE))
	@sh requirements/install.sh $(ORACLE) oracle
