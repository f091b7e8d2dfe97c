"""Set the ramp of order sizes, and refuse one whose first orders no venue would take."""

from decimal import Decimal

from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from runner.settings import Ramp
from strategies.desk import Params


def set_ramp(params: Params, ramp: Ramp, name: str, instrument: Instrument, price: Decimal) -> None:
    """Write the knobs; raise ConfigError where the first orders are under the smallest.

    Such orders would never be placed, and a ramp over fills would wait for ever.
    """
    knobs = params.ramp
    knobs.on = ramp.start_frac < 1.0
    knobs.start_frac = ramp.start_frac
    knobs.full_after_ns = int((ramp.full_after_s or 0.0) * 1e9)
    knobs.full_after_fills = ramp.full_after_fills or 0
    if not knobs.on or params.only_leads:
        return
    first_lots = int(params.order_lots * ramp.start_frac)
    first_quote = price * instrument.size_base(first_lots)
    if first_lots < max(1, params.min_lots) or first_quote < instrument.min_notional_quote:
        raise ConfigError(
            f"risk.ramp.start_frac: expected first orders of markets.{name} of at least"
            f" {instrument.size_base(max(1, params.min_lots))} {instrument.base} and"
            f" {instrument.min_notional_quote} {instrument.quote}, was {ramp.start_frac:g} of"
            f" {instrument.size_base(params.order_lots)} {instrument.base}; raise it or the size"
        )
