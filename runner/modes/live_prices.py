"""Make a paper deploy on the prices of real venues: nothing is sent there, and no key is needed."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, Writer
from runner.engine.level import together
from runner.engine.patience import until_answered
from runner.engine.warnings import Warnings
from runner.engine.worker import Market
from runner.guard import complain
from runner.modes.built import Built
from runner.modes.deploy import build_on
from runner.modes.outcome import DecisionFiles
from runner.settings import Settings
from runner.wiring.live_prices import public_venues, sources_of
from runner.wiring.markets import enabled_markets, market_of
from runner.wiring.sim import require_possible
from runner.wiring.stand_in import real_markets, simulated
from runner.wiring.venues import venues_of


async def build_on_prices(
    settings: Settings,
    clock: Clock,
    account: Path | None,
    tapes: Path,
    files: DecisionFiles,
    ledger: Path | None = None,
    writer_of: Callable[[Store, Clock], Writer] = DirectWriter,
    public: Mapping[str, Venue] | None = None,
) -> Built:
    """Connect the real venues' public data and build the simulated deploy on them.

    `settings` name the real venues; `public` are those venues where they are made already.
    """
    # Until the session shows them: a start may have to wait for a venue.
    warnings = Warnings(lambda now_ns, market, text: complain(f"{market}: {text}"))
    deploy = simulated(settings)
    real = real_markets(settings)
    for name in enabled_markets(deploy):
        require_possible(deploy, name, is_synthetic=name not in real)
    venues = dict(public) if public is not None else public_venues(settings, clock, warnings)
    try:
        priced = partial(_priced, settings, deploy, clock, venues)
        markets = await until_answered(priced, "prices", clock, warnings)
        feeds = sources_of(settings, venues)
        connected = venues_of(deploy, clock, account, warnings, feeds)
        return await build_on(
            deploy, clock, markets, connected, warnings, tapes, files, ledger, writer_of
        )
    except BaseException:
        # Also an interrupt: nothing runs yet that would let go of what is open.
        for venue in venues.values():
            venue.close()
        raise


async def _priced(
    settings: Settings, deploy: Settings, clock: Clock, venues: Mapping[str, Venue]
) -> dict[str, Market]:
    """Return every market, sized at the price that its real venue tells now, or its start price."""
    real = real_markets(settings)
    chosen = enabled_markets(settings)
    told = await together(venues[chosen[name].venue.name].mid_half_ticks(name) for name in real)
    half_ticks = dict(zip(real, told, strict=True))
    found = {}
    for number, (name, market) in enumerate(chosen.items()):
        price = market.synthetic.start_price
        if name in half_ticks:
            price = market.instrument.tick_size * half_ticks[name] / 2
        found[name] = market_of(name, number, deploy, price, clock.now_ns())
    return found
