"""Say what a fill of a market is worth, for the ledger."""

from runner.engine.ledger.entries import Terms
from runner.settings import Settings
from runner.wiring.markets import fee_rates, instrument_of


def terms_of(settings: Settings, name: str) -> Terms:
    """Return a market's venue, currency, steps and fees."""
    chosen = settings.markets[name]
    instrument = instrument_of(chosen.instrument)
    maker_bps, taker_bps = fee_rates(settings.markets, name)
    return Terms(
        venue=chosen.venue.name,
        base=instrument.base,
        lot_base=instrument.lot_size_base,
        currency=instrument.quote,
        tick_lot_quote=instrument.tick_size * instrument.lot_size_base,
        maker_fee_bps=maker_bps,
        taker_fee_bps=taker_bps,
    )
