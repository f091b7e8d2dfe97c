"""Say what mode=flatten would do, unarmed: the venue is read and nothing is sent."""

from collections.abc import Iterator

from connectors.model.account import Standing
from connectors.model.instrument import Instrument
from runner.engine.clock import Clock
from runner.engine.level import together
from runner.engine.patience import until_answered
from runner.engine.reconcile import is_ours
from runner.engine.session import NOT_CONFIRMED
from runner.engine.warnings import Warnings
from runner.guard import complain
from runner.settings import Flatten, Settings
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.venues import venues_of


async def would(settings: Settings, clock: Clock) -> int:
    """Print what would be done; return 0 where there is nothing to do, else 3."""
    warnings = Warnings(lambda now_ns, market, text: complain(f"{market}: {text}"))
    venues = venues_of(settings, clock, None, warnings)
    chosen = enabled_markets(settings)

    async def read() -> list[Standing]:
        return await together(venues[m.venue.name].standing(name) for name, m in chosen.items())

    try:
        standings = await until_answered(read, "account", clock, warnings)
    finally:
        for venue in venues.values():
            venue.close()
    is_done = True
    for number, (name, market) in enumerate(chosen.items()):
        if market.role == "lead":
            continue
        lines = list(
            _lines(standings[number], number, instrument_of(market.instrument), settings.flatten)
        )
        is_done &= not lines
        for line in lines or ["nothing to do"]:
            print(f"{name}: {line}", flush=True)
    if not is_done:
        print("nothing was sent: armed=true and account_id=YOURS do it", flush=True)
    return 0 if is_done else NOT_CONFIRMED


def _lines(standing: Standing, number: int, of: Instrument, wanted: Flatten) -> Iterator[str]:
    """Yield what there is to do in one market."""
    for order in standing.resting:
        size = f"{of.size_base(order.open_lots)} {of.base} at {of.price(order.ticks)}"
        if is_ours(order.client_id, number):
            yield f"would cancel order {order.client_id} of {size}"
        elif wanted.foreign:
            yield f"would cancel order {order.client_id} of others, {size}"
    if wanted.close and standing.position_lots and not of.is_spot:
        way = "sell" if standing.position_lots > 0 else "buy"
        held = of.size_base(abs(standing.position_lots))
        yield f"would {way} {held} {of.base} at the market, reduce-only"
