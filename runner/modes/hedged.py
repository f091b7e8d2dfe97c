"""Say where a market that hedges stands in the end, and how long its hedges took."""

from decimal import Decimal

from runner.engine.worker import Market
from runner.results import HedgeState, Latency
from runner.settings import Settings
from runner.settings.hedge import first_of
from runner.wiring.hedging import hedges_of
from strategies.desk import Tally
from strategies.hedge_state import HEDGES

US_NS = 1000


def hedge_state(market: Market, settings: Settings) -> HedgeState | None:
    """Return what was left unhedged; None for a market that does not hedge."""
    desk = market.desk
    lot_grains = desk.params.hedge.lot_grains
    if settings.markets[market.name].role != "hedge":
        return None
    grain = market.instrument.lot_size_base / lot_grains
    exposure = int(desk.exposure.grains)
    return HedgeState(
        underlying=settings.markets[market.name].underlying,
        hedged=tuple(hedges_of(settings).get(first_of(settings.markets, market.name), ())),
        exposure_base=_size(exposure, grain),
        net_base=_size(exposure + int(desk.orders.position_lots) * lot_grains, grain),
        band_base=_size(desk.params.hedge.band_grains, grain),
        hedges=int(desk.tally.hedges),
    )


def hedge_latency(tally: Tally) -> dict[str, Latency]:
    """Return how long the last exposures beyond the band waited for an order, by stage."""
    count = min(int(tally.hedges), HEDGES)
    if count == 0:
        return {}
    waits = sorted(int(ns) for ns in tally.hedge_wait_ns[:count])
    p50, p99, most = (waits[min(count - 1, int(count * part))] for part in (0.5, 0.99, 1.0))
    return {"hedge": Latency(p50 / US_NS, p99 / US_NS, most / US_NS)}


def _size(grains: int, grain: Decimal) -> Decimal:
    return (grains * grain).normalize()
