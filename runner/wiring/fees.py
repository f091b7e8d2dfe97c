"""Make a simulated account's fees from settings, and say what each fill of a replay cost."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from connectors.model.account import Fee
from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from connectors.sim.adapter import Charge
from connectors.sim.fees import Fees, charge_ppb
from runner.report.exact import exact_product
from runner.settings import Settings, Sim, VenueSettings

PPB_PER_BPS = 100_000
PER_PPB = Decimal("1e-9")


def opening_fees(venue: VenueSettings) -> tuple[Decimal, Decimal]:
    """Return the maker and taker fee [bps], exact, that hold when a run begins."""
    maker, taker = venue.maker_fee_bps, venue.taker_fee_bps
    if isinstance(venue, Sim):
        for volume_quote, *rates in venue.fee_tiers:
            if venue.fee_volume_quote >= volume_quote:
                maker, taker = rates
    return maker, taker


def fees_of(name: str, venue: Sim, instrument: Instrument) -> Fees:
    """Return a market's fees at the start of a run; raise ConfigError for a rate too fine."""
    fees = Fees()
    fees.maker_ppb = _ppb(name, "maker_fee_bps", venue.maker_fee_bps)
    fees.taker_ppb = _ppb(name, "taker_fee_bps", venue.taker_fee_bps)
    fees.liquidation_ppb = _ppb(
        name, "margin.liquidation_fee_bps", venue.margin.liquidation_fee_bps
    )
    fees.count = len(venue.fee_tiers)
    for k, (volume_quote, maker_bps, taker_bps) in enumerate(venue.fee_tiers):
        steps = volume_quote / _tick_lot(instrument)
        fees.from_tick_lots[k] = int(steps.to_integral_value(ROUND_CEILING))
        fees.tier_maker_ppb[k] = _ppb(name, f"fee_tiers[{k}].maker_fee_bps", maker_bps)
        fees.tier_taker_ppb[k] = _ppb(name, f"fee_tiers[{k}].taker_fee_bps", taker_bps)
    fees.opening_tick_lots = int(venue.fee_volume_quote // _tick_lot(instrument))
    return fees


def fee_quote(fees: Fees, instrument: Instrument, role: int, tick_lots: int, ns: int) -> Decimal:
    """Return the exact fee of a market's next fill."""
    rate = charge_ppb(fees, role, tick_lots, ns)
    return exact_product(_tick_lot(instrument), exact_product(Decimal(tick_lots * rate), PER_PPB))


def charge_of(fees: Fees, instrument: Instrument) -> Charge:
    """Return what tells the fee of each fill of a market in turn."""

    def charge(role: int, tick_lots: int, venue_ns: int) -> Fee:
        return Fee(fee_quote(fees, instrument, role, tick_lots, venue_ns), instrument.quote)

    return charge


def has_own_fees(venue: VenueSettings) -> bool:
    """Tell whether a fill's fee is more than its role's flat share."""
    return isinstance(venue, Sim) and (bool(venue.fee_tiers) or venue.margin.mode != "none")


def fill_fees(
    settings: Settings, name: str, instrument: Instrument, fills: Mapping[str, Sequence[int]]
) -> dict[int, Decimal]:
    """Return what each fill of a run cost, by trade id; nothing where fees are flat."""
    venue = settings.markets[name].venue
    if not isinstance(venue, Sim) or not has_own_fees(venue):
        return {}
    fees = fees_of(name, venue, instrument)
    columns = (fills[name] for name in ("trade_id", "role", "ticks", "lots", "venue_ns"))
    return {
        trade_id: fee_quote(fees, instrument, role, ticks * lots, ns)
        for trade_id, role, ticks, lots, ns in zip(*columns, strict=True)
    }


def _tick_lot(instrument: Instrument) -> Decimal:
    return instrument.tick_size * instrument.lot_size_base


def _ppb(name: str, key: str, bps: Decimal) -> int:
    rate = bps * PPB_PER_BPS
    if rate != int(rate):
        raise ConfigError(
            f"markets.{name}.venue.{key}: expected at most 5 decimals beside fee tiers or margin,"
            f" was {bps}"
        )
    return int(rate)
