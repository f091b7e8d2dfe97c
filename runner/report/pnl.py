"""Account for one market's money, exactly.

``gross = sells - buys + position * mark - opening position * opening mark``,
``net = gross - fees + funding``. The unrealised part, which gross includes, measures the position
at the mark against its average cost; the opening position's cost is its opening mark.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connectors.model.events import BUY, MAKER
from connectors.model.instrument import Instrument
from runner.report.exact import HALF, PER_BPS, Step, exact_sum
from runner.results import MarketResult, whole

_FINE = 10**12
"""Average cost is a quotient: it is carried in such parts of a half tick times a lot,"""
_SHOWN = Step(1, 6)
"""and shown in such."""


@dataclass(frozen=True, slots=True)
class Pnl:
    """Money of one market in its quote currency; None where the mark that it needs is unknown."""

    gross: Decimal | None
    fees: Decimal
    funding: Decimal
    net: Decimal | None
    unrealised: Decimal | None


@dataclass(frozen=True, slots=True)
class Account:
    """One market's P&L, with its volume in quote units and its fills by role."""

    pnl: Pnl
    volume_quote: Decimal
    maker_fills: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The steps of one market's money: ticks times lots, half that, and its fees by role."""

    tick_lot: Step
    half_tick_lot: Step
    maker_fee: Step
    taker_fee: Step

    @classmethod
    def of(cls, instrument: Instrument, maker_fee_bps: Decimal, taker_fee_bps: Decimal) -> "Grid":
        """Return the grid of an instrument traded at these fees."""
        tick_lot = Step.of(instrument.tick_size).times(Step.of(instrument.lot_size_base))
        return cls(
            tick_lot=tick_lot,
            half_tick_lot=tick_lot.times(HALF),
            maker_fee=tick_lot.times(Step.of(maker_fee_bps)).times(PER_BPS),
            taker_fee=tick_lot.times(Step.of(taker_fee_bps)).times(PER_BPS),
        )


def grid_of(market: MarketResult) -> Grid:
    """Return the grid of a finished market."""
    return Grid.of(market.instrument, market.maker_fee_bps, market.taker_fee_bps)


def account_of(market: MarketResult) -> Account:
    """Return the exact account of one market from its fills, marks and funding."""
    grid = grid_of(market)
    sides, ticks = whole(market.fills.side), whole(market.fills.ticks)
    lots, roles = whole(market.fills.lots), whole(market.fills.role)
    total = sum(t * n for t, n in zip(ticks, lots, strict=True))
    signed = [n if side == BUY else -n for side, n in zip(sides, lots, strict=True)]
    fees = _fees(market, grid, [t * n for t, n in zip(ticks, lots, strict=True)], roles)
    pnl = _pnl(market, grid, fees, ticks, signed)
    return Account(pnl, grid.tick_lot.amount(total), roles.count(MAKER))


def _fees(market: MarketResult, grid: Grid, tick_lots: list[int], roles: list[int]) -> Decimal:
    """Return what was told of single fills, and what the rates make of all others."""
    told, trades = market.fees_quote, whole(market.fills.trade_id)
    if told:
        known = [trade in told for trade in trades]
        tick_lots = [0 if is_told else n for n, is_told in zip(tick_lots, known, strict=True)]
    maker = sum(n for n, role in zip(tick_lots, roles, strict=True) if role == MAKER)
    rest = sum(tick_lots) - maker
    single = (told[trade] for trade in trades if trade in told)
    return exact_sum(grid.maker_fee.amount(maker), grid.taker_fee.amount(rest), *single)


def _pnl(
    market: MarketResult, grid: Grid, fees: Decimal, ticks: list[int], signed: list[int]
) -> Pnl:
    funding = market.funding_quote
    held = _value(market.position_lots, market.mark_half_ticks)
    opening = _value(market.opening_position_lots, market.opening_mark_half_ticks)
    if held is None or opening is None:
        return Pnl(None, fees, funding, None, None)
    cash = -2 * sum(t * n for t, n in zip(ticks, signed, strict=True))
    gross = grid.half_tick_lot.amount(cash + held - opening)
    cost = _cost(market.opening_position_lots, opening, ticks, signed)
    parts = round((held * _FINE - cost) / Fraction(10**6))
    unrealised = grid.half_tick_lot.times(_SHOWN).amount(parts)
    net = exact_sum(gross, fees.copy_negate(), funding)
    return Pnl(gross, fees, funding, net, unrealised)


def _value(position_lots: int, mark_half_ticks: int) -> int | None:
    """Return a position's value; a flat one is worth nothing at any mark, known or not."""
    if position_lots == 0:
        return 0
    return position_lots * mark_half_ticks if mark_half_ticks > 0 else None


def _cost(position: int, opening_value: int, ticks: list[int], signed: list[int]) -> int:
    """Return the average cost of the final position, in fine parts of a half tick times a lot."""
    cost = opening_value * _FINE
    for tick, lots in zip(ticks, signed, strict=True):
        if position * lots < 0:
            closed = min(abs(lots), abs(position))
            cost -= cost * closed // abs(position)
            opened = lots + closed if lots < 0 else lots - closed
        else:
            opened = lots
        cost += 2 * tick * opened * _FINE
        position += lots
    return cost
