"""Make one market's result again from its entry in `summary.json`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.errors import DataError
from connectors.model.events import MAKER
from connectors.model.instrument import Instrument
from runner.report.pnl import Grid, account_of
from runner.report.saved.fills import SavedFills
from runner.results import (
    UNKNOWN_MID,
    BookCheck,
    HedgeState,
    Latency,
    MarginState,
    MarketResult,
    QuotedTime,
    SeriesColumns,
    TapeState,
    whole,
)

Entry = Mapping[str, Any]


def instrument_of(entry: Entry) -> Instrument:
    """Return the instrument of a market's entry."""
    own = entry["instrument"]
    return Instrument(
        symbol=own["symbol"],
        base=own["base"],
        quote=entry["quote"],
        tick_size=Decimal(own["tick_size"]),
        lot_size_base=Decimal(own["lot_size_base"]),
    )


def market_of(
    path: Path,
    name: str,
    entry: Entry,
    instrument: Instrument,
    saved: SavedFills,
    series: SeriesColumns | None,
) -> MarketResult:
    """Return a market's result; raise DataError where its fills do not make its money."""
    lots = _Lots(instrument)
    fills = saved.columns
    market = MarketResult(
        name=name,
        instrument=instrument,
        maker_fee_bps=Decimal(entry["fee_bps"]["maker"]),
        taker_fee_bps=Decimal(entry["fee_bps"]["taker"]),
        position_lots=lots.count(entry["position_base"]),
        mark_half_ticks=lots.half_ticks(entry["mark_price"]),
        opening_position_lots=lots.count(entry["inventory"]["start_base"]),
        opening_mark_half_ticks=lots.half_ticks(entry["opening_mark_price"]),
        order_lots=lots.count(entry["clip_base"]),
        funding_quote=Decimal(entry["pnl"]["funding"]),
        fills=fills,
        fees_quote=_told(saved, instrument, entry),
        reason_ns={
            side: {reason: round(s * 1e9) for reason, s in times.items()}
            for side, times in entry["reasons"].items()
        },
        quoted=QuotedTime(**entry["quoted_ns"]),
        latency_us={
            stage: Latency(**{k: float("nan") if v is None else v for k, v in times.items()})
            for stage, times in entry["latency_us"].items()
        },
        book_check=BookCheck(**entry["book_check"]) if entry["book_check"] else None,
        tape=_tape(entry["tape"]),
        margin=_margin(entry["margin"]),
        hedge=_hedge(entry.get("hedge")),
        series=series or SeriesColumns(),
        **{key: entry[key] for key in _AS_IS},
        # Runs from before there were amends or pools do not say.
        amends=entry.get("amends", 0),
        underlying=entry.get("underlying", ""),
        open_lots=_sides(lots, entry.get("open_base", ("0", "0"))),
        leverage=Decimal(entry.get("leverage", "1")),
    )
    _check(path, market, entry)
    return market


_AS_IS = (
    *("venue", "first_ns", "last_ns", "events", "decisions", "orders", "cancels", "rejected"),
    *("refused", "open_orders_end", "unknown_orders_end", "only_leads"),
)


def _told(saved: SavedFills, instrument: Instrument, entry: Entry) -> dict[int, Decimal]:
    """Return the fees that are not what the fill's role pays: those were told of it."""
    rates = (Decimal(entry["fee_bps"][role]) for role in ("maker", "taker"))
    grid, fills = Grid.of(instrument, *rates), saved.columns
    columns = (fills.trade_id, fills.role, fills.ticks, fills.lots)
    return {
        trade: saved.fees_quote[trade]
        for trade, role, ticks, lots in zip(*map(whole, columns), strict=True)
        if saved.fees_quote[trade]
        != (grid.maker_fee if role == MAKER else grid.taker_fee).amount(ticks * lots)
    }


def _sides(lots: "_Lots", open_base: Sequence[str]) -> tuple[int, int]:
    buys, sells = map(lots.count, open_base)
    return buys, sells


class _Lots:
    """Counts of one instrument's steps."""

    def __init__(self, instrument: Instrument) -> None:
        self._lot, self._half = instrument.lot_size_base, instrument.tick_size / 2

    def count(self, base: str) -> int:
        """Return a position in lots."""
        return int(Decimal(base) / self._lot)

    def half_ticks(self, price: str | None) -> int:
        """Return a mark in half ticks."""
        return UNKNOWN_MID if price is None else int(Decimal(price) / self._half)


def _tape(entry: Entry | None) -> TapeState | None:
    if entry is None:
        return None
    shift_ns, notes = round(entry["clock_shift_ms"] * 1e6), tuple(entry["notes"].items())
    return TapeState(entry["gaps"], shift_ns, entry["torn"], notes)


def _margin(entry: Entry | None) -> MarginState | None:
    if entry is None:
        return None
    return MarginState(
        mode=entry["mode"],
        collateral_quote=Decimal(entry["collateral"]),
        equity_quote=Decimal(entry["equity"]),
        insurance_quote=Decimal(entry["insurance"]),
        liquidations=entry["liquidations"],
    )


def _hedge(entry: Entry | None) -> HedgeState | None:
    """Return where a hedge stood; runs from before there were hedges do not say."""
    if entry is None:
        return None
    return HedgeState(
        underlying=entry["underlying"],
        hedged=tuple(entry["hedged"]),
        exposure_base=Decimal(entry["exposure_base"]),
        net_base=Decimal(entry["net_base"]),
        band_base=Decimal(entry["band_base"]),
        hedges=entry["hedges"],
    )


def _check(path: Path, market: MarketResult, entry: Entry) -> None:
    """Refuse fills that do not make what the summary says: one of the files is not this run's."""
    net, told = account_of(market).pnl.net, entry["pnl"]["net"]
    if len(market.fills) != entry["fills"] or net != (None if told is None else Decimal(told)):
        raise DataError(
            f"{path}: expected fills.csv to make the {entry['fills']} fills and the net"
            f" {told} of {market.name} in summary.json, was {len(market.fills)} and {net}"
        )
