"""Make the paper twins of a live deploy: the same strategy on the simulated exchange of paper."""

from collections.abc import Mapping

from connectors.sim.shadow import Shadow
from runner.engine.history import History
from runner.engine.logs import NONE
from runner.engine.twin import Twin
from runner.engine.worker import Market, Worker
from runner.settings import Settings
from runner.wiring.markets import market_of
from runner.wiring.sim import exchange_of, require_possible
from runner.wiring.stand_in import simulated


def twins_of(settings: Settings, markets: Mapping[str, Market], now_ns: int) -> dict[str, Twin]:
    """Return a twin of each market that quotes by itself, sized as the live one; none where none
    is wanted. One that follows a lead would not hear it.

    Raises ConfigError for a simulated exchange that cannot be.
    """
    if not settings.twin:
        return {}
    deploy = simulated(settings)
    chosen = {
        name: market
        for name, market in markets.items()
        if settings.markets[name].role == "quote" and settings.markets[name].reference.lead is None
    }
    return {name: _twin(deploy, name, market, now_ns) for name, market in chosen.items()}


def _twin(deploy: Settings, name: str, live: Market, now_ns: int) -> Twin:
    require_possible(deploy, name, is_synthetic=False)
    shadow = Shadow(name, exchange_of(deploy, name, None))
    number = live.desk.orders.market_number
    worker = Worker(
        market=market_of(name, number, deploy, live.sized_price, now_ns),
        venue=shadow.venue,
        clock=shadow.clock,
        tape=None,
        journal=None,
        history=History(),
        record=NONE,
    )
    shadow.attach(worker)
    return Twin(worker, shadow)
