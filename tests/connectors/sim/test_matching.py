"""Each rule of the simulated exchange, on a sequence made by hand, interpreted and compiled."""

import pytest

from tests.connectors.sim import (
    cases_amends,
    cases_compat,
    cases_fills,
    cases_orders,
    cases_queue,
    cases_refusals,
    cases_self_trades,
)
from tests.connectors.sim.exchange_cases import Case, outcome
from tests.connectors.sim.exchange_drive import compiled, interpreted

CASES = (
    *cases_fills.TRADES,
    *cases_fills.ARRIVALS,
    *cases_fills.SWEEPS,
    *cases_queue.RISK_AVERSE_CASES,
    *cases_queue.FRONT_CASES,
    *cases_queue.POWER_CASES,
    *cases_orders.TAKING,
    *cases_refusals.REFUSALS,
    *cases_refusals.HALF_SNAPSHOTS,
    *cases_orders.CANCELS,
    *cases_amends.AMENDS,
    *cases_self_trades.SELF_TRADES,
    *cases_orders.REDUCING,
    *cases_compat.CASES,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_interpreted(case: Case) -> None:
    assert [outcome(report) for report in interpreted(case.terms, case.script)] == case.outcomes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_compiled_reports_the_same(case: Case) -> None:
    assert compiled(case.terms, case.script) == interpreted(case.terms, case.script)
