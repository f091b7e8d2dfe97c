"""Give simulated markets their margin from settings, and say where it stands in the end."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from connectors.sim.adapter import SimVenue
from connectors.sim.exchange_state import Exchange, Wallet
from connectors.sim.margin import BILLION
from connectors.venue import Venue
from runner.report.exact import exact_product
from runner.results import MarginState
from runner.settings import Settings, Sim
from runner.settings.venue import Margin as MarginSettings
from runner.wiring.fees import fees_of
from runner.wiring.markets import instrument_of

NONE, ISOLATED, CROSS = "none", "isolated", "cross"


def margin_settings(settings: Settings, name: str) -> MarginSettings | None:
    """Return a market's margin as configured; None where it has none."""
    venue = settings.markets[name].venue
    return None if not isinstance(venue, Sim) or venue.margin.mode == NONE else venue.margin


def require_margin(settings: Settings, names: Sequence[str]) -> None:
    """Raise ConfigError for margin on a spot market, or cross over different terms."""
    crossing = crossing_markets(settings, names)
    for name in names:
        if margin_settings(settings, name) and settings.markets[name].instrument.is_spot:
            raise ConfigError(
                f"markets.{name}.venue.margin.mode: expected none on a spot market,"
                f" was {_mode(settings, name)}"
            )
    for name in crossing[1:]:
        for key, one, other in _shared(settings, crossing[0], name):
            if one != other:
                raise ConfigError(
                    f"markets.{name}.{key}: expected {one} as on {crossing[0]}: they share one"
                    f" cross margin, was {other}"
                )


def crossing_markets(settings: Settings, names: Sequence[str]) -> list[str]:
    """Return the markets of a cross margin."""
    return [name for name in names if _mode(settings, name) == CROSS]


def require_one_loop(settings: Settings, names: Sequence[str]) -> None:
    """Raise ConfigError where markets of one cross margin would be replayed each by itself."""
    crossing = crossing_markets(settings, names)
    if len(crossing) > 1 and settings.replay.merge == "never":
        raise ConfigError(
            f"replay.merge: expected auto or always, because {' and '.join(crossing)} share one"
            f" cross margin, was never"
        )


def set_margin(x: Exchange, settings: Settings, name: str) -> None:
    """Switch an exchange's margin on as configured, with a wallet of its own.

    Raises ConfigError for fees too fine to be exact.
    """
    chosen = margin_settings(settings, name)
    if chosen is None:
        return
    venue = settings.markets[name].venue
    instrument = instrument_of(settings.markets[name].instrument)
    if isinstance(venue, Sim):
        x.fees = fees_of(name, venue, instrument)
    m = x.margin
    m.is_on = True
    m.is_stale = True
    m.marks_by_trade = chosen.mark == "trade"
    m.units = 1
    m.initial_ppb = int((BILLION / chosen.leverage).to_integral_value(ROUND_CEILING))
    tiers = ((Decimal(0), chosen.maintenance_frac, Decimal(0)), *chosen.maintenance_tiers)
    m.count = len(tiers)
    for k, (notional_quote, share, deduction_quote) in enumerate(tiers):
        m.from_half_tick_lots[k] = int(notional_quote / _half_tick_lot(instrument))
        m.maintenance_ppb[k] = int(share * BILLION)
        m.deduction_half_tick_lots[k] = int(deduction_quote / _half_tick_lot(instrument))
    x.wallet.equity_units = int(chosen.collateral_quote / _half_tick_lot(instrument))


def share_wallets(exchanges: Mapping[str, Exchange], settings: Settings) -> None:
    """Let the plain exchanges of a cross margin share one wallet."""
    crossing = crossing_markets(settings, list(exchanges))
    wallet = Wallet()
    steps = {name: _half_tick_lot(_instrument(settings, name)) for name in crossing}
    unit = common_step(list(steps.values()))
    for name in crossing:
        margin = margin_settings(settings, name)
        exchanges[name].margin.units = int(steps[name] / unit)
        exchanges[name].wallet = wallet
        wallet.equity_units = 0 if margin is None else int(margin.collateral_quote / unit)


def common_step(steps: Sequence[Decimal]) -> Decimal:
    """Return the largest step of which all of these are whole multiples; 1 of none."""
    fractions = [Fraction(step) for step in steps]
    if not fractions:
        return Decimal(1)
    below = lcm(*(f.denominator for f in fractions))
    above = gcd(*(f.numerator * (below // f.denominator) for f in fractions))
    return Decimal(above) / Decimal(below)


def margin_state(x: Any, settings: Settings, name: str) -> MarginState | None:
    """Return where a market's margin stands after a run, by its last mark; None without one."""
    chosen = margin_settings(settings, name)
    if chosen is None:
        return None
    m = x.margin
    unit = _half_tick_lot(_instrument(settings, name)) / int(m.units)
    worth = int(m.cash_half_tick_lots) + int(x.position_lots) * int(m.mark_half_ticks)
    others = int(x.wallet.equity_units) - int(m.equity_units)
    equity = others + worth * int(m.units) + int(m.insured_units)
    rests = Fraction(int(m.fee_rest_ppb) + int(m.funding_rest_ppb), BILLION)
    if chosen.mode == CROSS:
        rests = Fraction(0)
    return MarginState(
        mode=chosen.mode,
        collateral_quote=chosen.collateral_quote,
        equity_quote=exact_product(unit, Decimal(equity)) - exact_product(unit, _decimal(rests)),
        insurance_quote=exact_product(unit, Decimal(int(m.insured_units))),
        liquidations=int(x.wallet.liquidations),
    )


def margin_of(venue: Venue, settings: Settings, name: str) -> MarginState | None:
    """Return where a market's margin stands at its venue; None where that keeps none."""
    if not isinstance(venue, SimVenue):
        return None
    return margin_state(venue.exchange(name), settings, name)


def _decimal(billionths: Fraction) -> Decimal:
    """Return a number of billionths as an exact decimal."""
    return Decimal(int(billionths * BILLION)).scaleb(-9)


def _mode(settings: Settings, name: str) -> str:
    chosen = margin_settings(settings, name)
    return NONE if chosen is None else chosen.mode


def _shared(settings: Settings, first: str, other: str) -> list[tuple[str, object, object]]:
    """Return what two markets of one cross margin have to have in common, with both values."""
    one, two = settings.markets[first], settings.markets[other]
    pairs = [("instrument.quote", one.instrument.quote, two.instrument.quote)]
    mine, theirs = margin_settings(settings, first), margin_settings(settings, other)
    collateral = [str(m.collateral_quote) if m else "" for m in (mine, theirs)]
    return [*pairs, ("venue.margin.collateral_quote", collateral[0], collateral[1])]


def _instrument(settings: Settings, name: str) -> Instrument:
    return instrument_of(settings.markets[name].instrument)


def _half_tick_lot(instrument: Instrument) -> Decimal:
    return instrument.tick_size * instrument.lot_size_base / 2
