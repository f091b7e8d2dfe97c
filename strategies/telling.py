"""Say in words what a decision wanted, and how it came to that, in the order of the adjustments.

A decision is a row: names and plain numbers, as `row_of` reads them from a desk and as a run's
`decisions.parquet` keeps them.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from strategies.desk import Desk
from strategies.gates.effect import asked_bps, asked_frac
from strategies.hedge_reasons import HEDGE_SENTENCES, HedgeReason
from strategies.reasons import SENTENCES, Reason, names

Row = Mapping[str, float]
SIDES = (("bid", BUY), ("ask", SELL))
WIDENING = (Reason.TOXIC_FLOW, Reason.LADDER, Reason.ECONOMICS)
SHRINKING = (Reason.LADDER, Reason.PROBING)
"""Reasons of the gates that may do so, in the order in which they are looked at."""


def sentences() -> dict[str, str]:
    """Return the sentence of every reason, of either word, by its name."""
    told = {_word(r): SENTENCES[r] for r in Reason}
    return told | {(r.name or "").lower(): HEDGE_SENTENCES[r] for r in HedgeReason}


def row_of(desk: Desk) -> dict[str, float]:
    """Return the decision that a desk has just taken, by the columns' names."""
    quotes, signals = desk.quotes, desk.signals
    row: dict[str, float] = {
        "now_ns": desk.decided_ns,
        "mid_half_ticks": signals.mid_half_ticks,
        "position_lots": desk.orders.position_lots,
        "sigma_live_bps": signals.sigma_live_bps,
        "sigma_reference_bps": signals.sigma_reference_bps,
        "imbalance": signals.imbalance,
    }
    row |= {name: getattr(quotes, name) for name in _PARTS}
    for name, side in SIDES:
        row |= {f"{name}_{key}": value for key, value in _side_of(desk, side).items()}
    return row


_PARTS = (
    "inventory_clips",
    "reservation_bps",
    "half_spread_bps",
    "skew_bps",
    "model_half_bps",
    "adverse_bps",
    "fair_bps",
    "fair_price_bps",
    "fair_imbalance_bps",
    "fair_flow_bps",
    "fair_lead_bps",
    "take_lots",
    "take_ticks",
    "take_reasons",
    "hedge_reasons",
)


def _side_of(desk: Desk, side: int) -> Row:
    quotes = desk.quotes
    lots = quotes.lots[side * LEVELS]
    has_gates = desk.params.gates.on
    return {
        "ticks": quotes.ticks[side * LEVELS] if lots > 0 else 0,
        "lots": lots,
        "reasons": quotes.reasons[side],
        "wider_bps": quotes.wider_bps[side] if has_gates else 0.0,
        "size_frac": quotes.size_frac[side] if has_gates else 1.0,
        "pulled": quotes.pulled[side] if has_gates else 0,
        **{f"{_word(r)}_bps": asked_bps(quotes, side, r) for r in WIDENING},
        **{f"{_word(r)}_frac": asked_frac(quotes, side, r) for r in SHRINKING},
    }


def lines(row: Row, tick_size: Decimal, lot_size: Decimal) -> Iterator[str]:
    """Yield a decision in words: inputs, each price in its order, what is taken, each side."""
    mid = int(row["mid_half_ticks"])
    if mid > 0:
        yield (
            f"mid {tick_size * mid / 2:,}, imbalance {row['imbalance']:+.2f},"
            f" sigma {row['sigma_live_bps']:.3f} (reference {row['sigma_reference_bps']:.3f})"
            f" bps/sqrt(s), inventory {row['inventory_clips']:+.2f} clips"
        )
        if not int(row["bid_reasons"]) & _UNPRICED:
            yield from _prices(row)
    for hedge in HedgeReason:
        if int(row["hedge_reasons"]) & hedge:
            yield f"{HEDGE_SENTENCES[hedge]} ({(hedge.name or '').lower()})"
    yield from _take(row, tick_size, lot_size)
    for name, side in SIDES:
        yield from _side(row, name, 1 - 2 * side, tick_size, lot_size)


def _prices(row: Row) -> Iterator[str]:
    """Yield how the theoretical prices came about."""
    yield (
        f"fair value {row['fair_bps']:+.3f} bps from mid = price {row['fair_price_bps']:+.3f},"
        f" imbalance {row['fair_imbalance_bps']:+.3f}, order flow {row['fair_flow_bps']:+.3f},"
        f" lead {row['fair_lead_bps']:+.3f}"
    )
    shift = row["reservation_bps"] - row["fair_bps"]
    yield (
        f"reservation {row['reservation_bps']:+.3f} bps = fair value {row['fair_bps']:+.3f},"
        f" inventory {shift:+.3f}"
    )
    bounds = row["half_spread_bps"] - row["model_half_bps"] - row["adverse_bps"]
    yield (
        f"half spread {row['half_spread_bps']:.3f} bps = model {row['model_half_bps']:.3f},"
        f" adverse {row['adverse_bps']:+.3f}, bounds {bounds:+.3f}"
    )


def _take(row: Row, tick: Decimal, lot: Decimal) -> Iterator[str]:
    """Yield what is to be taken from the other side of the book at once, if anything."""
    lots, ticks = int(row["take_lots"]), int(row["take_ticks"])
    if lots:
        yield f"{'buy' if lots > 0 else 'sell'} {_plain(lot * abs(lots))} at {_plain(tick * ticks)}"
        for reason in Reason:
            if int(row["take_reasons"]) & reason:
                yield f"  {SENTENCES[reason]} ({_word(reason)})"


def _side(row: Row, name: str, sign: int, tick: Decimal, lot: Decimal) -> Iterator[str]:
    """Yield what a side came to, then what led there: theory, each gate, and every reason."""
    yield f"{name} {_wanted(row, name, tick, lot)}"
    mid = row["mid_half_ticks"]
    if mid > 0 and not int(row[f"{name}_reasons"]) & (_UNPRICED | Reason.NOT_FINITE):
        away = row["reservation_bps"] - sign * row["half_spread_bps"]
        price = float(tick) * mid / 2 * (1 + away / 1e4)
        yield f"  theory {_rounded(price, tick)}, {away:+.3f} bps from mid"
    yield from _gates(row, name)
    for reason in Reason:
        if int(row[f"{name}_reasons"]) & reason:
            yield f"  {SENTENCES[reason]} ({_word(reason)})"


_UNPRICED = Reason.NO_BOOK | Reason.STOPPING | Reason.LINK_DOWN | Reason.RECONCILING
_UNPRICED |= Reason.SUSPENDED | Reason.UNRESOLVED | Reason.LAGGING
"""Reasons for which no price was made: the parts in the row are of an earlier decision."""


def _wanted(row: Row, name: str, tick: Decimal, lot: Decimal) -> str:
    ticks, lots, mid = int(row[f"{name}_ticks"]), int(row[f"{name}_lots"]), row["mid_half_ticks"]
    if lots <= 0:
        return "none"
    away = (2 * ticks - mid) / mid * 1e4
    return f"{_plain(tick * ticks)} x {_plain(lot * lots)}, {away:+.3f} bps from mid"


def _gates(row: Row, name: str) -> Iterator[str]:
    """Yield what each gate asked for, and what they left together."""
    for reason in WIDENING:
        if row[f"{name}_{_word(reason)}_bps"] > 0.0:
            yield f"  gate {_word(reason)}: {row[f'{name}_{_word(reason)}_bps']:.3f} bps wider"
    for reason in SHRINKING:
        share = row[f"{name}_{_word(reason)}_frac"]
        if share < 1.0:
            yield f"  gate {_word(reason)}: {share:g} of a full size"
    for pulling in names(int(row[f"{name}_pulled"])):
        yield f"  gate {pulling}: pulled"
    wider, share = row[f"{name}_wider_bps"], row[f"{name}_size_frac"]
    if wider > 0.0 or share < 1.0:
        yield f"  gates together: {wider:.3f} bps wider, {share:g} of a full size"


def _word(reason: Reason) -> str:
    return (reason.name or "").lower()


def _rounded(price: float, tick: Decimal) -> str:
    """Return a price with one digit more than the tick has: theory knows no ticks."""
    return f"{price:,.{max(-int(tick.normalize().as_tuple().exponent), 0) + 1}f}"


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
