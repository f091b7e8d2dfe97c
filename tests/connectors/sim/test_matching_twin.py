"""The kernels against a plain twin on random streams, interpreted and compiled."""

from collections import Counter

import pytest

from connectors.model import events as ev
from connectors.model.errors import Refusal
from connectors.sim.exchange import (
    EXPIRE_BOTH,
    EXPIRE_MAKER,
    EXPIRE_TAKER,
    FRONT,
    LOG_2,
    REDUCE,
    RISK_AVERSE,
    ExchangeTerms,
)
from tests.connectors.sim.exchange_drive import compiled, interpreted
from tests.connectors.sim.exchange_scripts import random_script
from tests.connectors.sim.naive_exchange import NaiveExchange


def conditions(queue_model: int, seed: int) -> ExchangeTerms:
    return ExchangeTerms(
        entry_latency_ns=seed % 4,
        response_latency_ns=seed % 3,
        queue_model=queue_model,
        power_n=(0.5, 1.0, 2.0, 3.0)[seed % 4],
        self_trade=seed % (REDUCE + 1),
    )


@pytest.mark.parametrize("queue_model", range(FRONT, LOG_2 + 1))
def test_as_the_plain_twin(queue_model: int) -> None:
    seen: Counter[tuple[int, int]] = Counter()
    for seed in range(25):
        terms = conditions(queue_model, seed)
        script = random_script(seed, 300)
        reports = interpreted(terms, script)
        assert reports == NaiveExchange(terms).run(script)
        seen.update((report.kind, report.code) for report in reports)
    assert min(seen[ev.FILLED, ev.MAKER], seen[ev.FILLED, ev.TAKER], seen[ev.CANCELLED, 0]) > 20
    assert min(seen[ev.AMENDED, 0], seen[ev.AMEND_REJECTED, int(Refusal.POST_ONLY)]) > 10


@pytest.mark.parametrize("self_trade", [EXPIRE_MAKER, EXPIRE_BOTH, REDUCE])
def test_the_twin_has_met_each_way_to_prevent_a_self_trade(self_trade: int) -> None:
    differ = 0
    for seed in range(25):
        script = random_script(seed, 300)
        other = ExchangeTerms(self_trade=self_trade)
        default = NaiveExchange(ExchangeTerms(self_trade=EXPIRE_TAKER)).run(script)
        differ += NaiveExchange(other).run(script) != default
    assert differ > 10


@pytest.mark.parametrize("queue_model", range(FRONT, LOG_2 + 1))
def test_compiled_as_interpreted(queue_model: int) -> None:
    for seed in range(100, 104):
        terms = conditions(queue_model, seed)
        script = random_script(seed, 4_000)
        assert compiled(terms, script) == interpreted(terms, script)


def test_compat_compiled_as_interpreted() -> None:
    for seed, model in enumerate(range(RISK_AVERSE, LOG_2 + 1), start=200):
        terms = ExchangeTerms(compat=True, queue_model=model, power_n=(1.0, 1.5, 2.0)[seed % 3])
        script = random_script(seed, 4_000)
        assert compiled(terms, script) == interpreted(terms, script)


def test_faults_compiled_as_interpreted() -> None:
    terms = ExchangeTerms(reject_frac=0.2, drop_frac=0.1, seed=5)
    script = random_script(300, 4_000)
    reports = interpreted(terms, script)
    assert compiled(terms, script) == reports
    assert any(report.kind == ev.OUTCOME_UNKNOWN for report in reports)
