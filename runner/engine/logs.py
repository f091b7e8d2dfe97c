"""Keep what has to be told later: fills with the mids around them, and decisions.

Both are fixed columns that fill up and are drained by their owner, so that the same kernels serve a
live worker and the compiled replay loop.
"""

from typing import Annotated

from connectors.model.events import BUY, SELL
from connectors.model.kernel import SPARSE, Floats, Ints, fields_of, kernel, shell_of, state
from connectors.model.orders import LEVELS
from strategies import reasons as why
from strategies.desk import Desk, Quotes
from strategies.gates.effect import asked_bps, asked_frac
from strategies.signals.imbalance import recent_flips
from strategies.signals.markout import HORIZONS, HORIZONS_NS, NEVER_NS

FILL_ROWS = 4096
DECISION_ROWS = 4096
FOLD_FACTOR = 1_000_003
FOLD_MASK = (1 << 40) - 1

UNMARKED = -1
"""A later mid of a fill that the run ended too soon after."""

NONE = 0
CHANGES = 1
ALL = 2
"""What to record of decisions."""


@state
class FillLog:
    """Fills in order; `marked` of them have their mid of each horizon (1, 5, 10 and 60 s later).

    `due_ns` is when the next horizon of any of them passes.
    """

    count: int
    due_ns: int
    marked: Annotated[Ints, HORIZONS]
    recv_ns: Annotated[Ints, FILL_ROWS, SPARSE]
    venue_ns: Annotated[Ints, FILL_ROWS, SPARSE]
    side: Annotated[Ints, FILL_ROWS, SPARSE]
    ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    lots: Annotated[Ints, FILL_ROWS, SPARSE]
    role: Annotated[Ints, FILL_ROWS, SPARSE]
    trade_id: Annotated[Ints, FILL_ROWS, SPARSE]
    client_id: Annotated[Ints, FILL_ROWS, SPARSE]
    mid_half_ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    mid_1s_half_ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    mid_5s_half_ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    mid_10s_half_ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    mid_60s_half_ticks: Annotated[Ints, FILL_ROWS, SPARSE]
    flips_200ms: Annotated[Ints, FILL_ROWS, SPARSE]
    position_before_lots: Annotated[Ints, FILL_ROWS, SPARSE]


@state
class DecisionLog:
    """Decisions in order: the quotes nearest to mid, their reasons and what they came from."""

    mode: int
    count: int
    now_ns: Annotated[Ints, DECISION_ROWS]
    mid_half_ticks: Annotated[Ints, DECISION_ROWS]
    bid_ticks: Annotated[Ints, DECISION_ROWS]
    ask_ticks: Annotated[Ints, DECISION_ROWS]
    bid_lots: Annotated[Ints, DECISION_ROWS]
    ask_lots: Annotated[Ints, DECISION_ROWS]
    bid_reasons: Annotated[Ints, DECISION_ROWS]
    ask_reasons: Annotated[Ints, DECISION_ROWS]
    position_lots: Annotated[Ints, DECISION_ROWS]
    inventory_clips: Annotated[Floats, DECISION_ROWS]
    reservation_bps: Annotated[Floats, DECISION_ROWS]
    half_spread_bps: Annotated[Floats, DECISION_ROWS]
    skew_bps: Annotated[Floats, DECISION_ROWS]
    sigma_live_bps: Annotated[Floats, DECISION_ROWS]
    sigma_reference_bps: Annotated[Floats, DECISION_ROWS]
    imbalance: Annotated[Floats, DECISION_ROWS]
    model_half_bps: Annotated[Floats, DECISION_ROWS]
    adverse_bps: Annotated[Floats, DECISION_ROWS]
    fair_bps: Annotated[Floats, DECISION_ROWS]
    fair_price_bps: Annotated[Floats, DECISION_ROWS]
    fair_imbalance_bps: Annotated[Floats, DECISION_ROWS]
    fair_flow_bps: Annotated[Floats, DECISION_ROWS]
    fair_lead_bps: Annotated[Floats, DECISION_ROWS]
    bid_wider_bps: Annotated[Floats, DECISION_ROWS]
    ask_wider_bps: Annotated[Floats, DECISION_ROWS]
    bid_size_frac: Annotated[Floats, DECISION_ROWS]
    ask_size_frac: Annotated[Floats, DECISION_ROWS]
    bid_pulled: Annotated[Ints, DECISION_ROWS]
    bid_toxic_flow_bps: Annotated[Floats, DECISION_ROWS]
    bid_ladder_bps: Annotated[Floats, DECISION_ROWS]
    bid_economics_bps: Annotated[Floats, DECISION_ROWS]
    bid_ladder_frac: Annotated[Floats, DECISION_ROWS]
    bid_probing_frac: Annotated[Floats, DECISION_ROWS]
    ask_pulled: Annotated[Ints, DECISION_ROWS]
    ask_toxic_flow_bps: Annotated[Floats, DECISION_ROWS]
    ask_ladder_bps: Annotated[Floats, DECISION_ROWS]
    ask_economics_bps: Annotated[Floats, DECISION_ROWS]
    ask_ladder_frac: Annotated[Floats, DECISION_ROWS]
    ask_probing_frac: Annotated[Floats, DECISION_ROWS]
    take_lots: Annotated[Ints, DECISION_ROWS]
    take_ticks: Annotated[Ints, DECISION_ROWS]
    take_reasons: Annotated[Ints, DECISION_ROWS]
    hedge_reasons: Annotated[Ints, DECISION_ROWS]
    quotes_fold: Annotated[Ints, DECISION_ROWS]
    seen: bool
    last_bid_ticks: int
    last_ask_ticks: int
    last_bid_lots: int
    last_ask_lots: int
    last_bid_reasons: int
    last_ask_reasons: int
    last_hedge_reasons: int


def short_log(rows: int) -> DecisionLog:
    """Return a log for an owner that drains it as soon as it holds so many rows."""
    log = shell_of(DecisionLog, DECISION_ROWS)
    for each in fields_of(DecisionLog):
        if getattr(log, each.name) == []:
            setattr(log, each.name, [0] * rows)
    return log


@kernel
def log_fill(
    log: FillLog,
    desk: Desk,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    role: int,
    trade_id: int,
    venue_ns: int,
    recv_ns: int,
) -> None:
    """Append a fill; call it before the fill moves the position."""
    k = log.count
    log.recv_ns[k] = recv_ns
    log.venue_ns[k] = venue_ns
    log.side[k] = side
    log.ticks[k] = ticks
    log.lots[k] = lots
    log.role[k] = role
    log.trade_id[k] = trade_id
    log.client_id[k] = client_id
    log.mid_half_ticks[k] = desk.signals.mid_half_ticks
    log.mid_1s_half_ticks[k] = UNMARKED
    log.mid_5s_half_ticks[k] = UNMARKED
    log.mid_10s_half_ticks[k] = UNMARKED
    log.mid_60s_half_ticks[k] = UNMARKED
    log.due_ns = min(log.due_ns, recv_ns + HORIZONS_NS[0])
    log.flips_200ms[k] = recent_flips(desk.signals, recv_ns)
    log.position_before_lots[k] = desk.orders.position_lots
    log.count = k + 1


@kernel
def mark_fills(log: FillLog, mid_half_ticks: int, now_ns: int) -> None:
    """Give fills the mid that held a horizon after them; call it before observing the batch."""
    if now_ns <= log.due_ns:
        return
    due_ns = _mark(log, 0, log.mid_1s_half_ticks, mid_half_ticks, now_ns)
    due_ns = min(due_ns, _mark(log, 1, log.mid_5s_half_ticks, mid_half_ticks, now_ns))
    due_ns = min(due_ns, _mark(log, 2, log.mid_10s_half_ticks, mid_half_ticks, now_ns))
    log.due_ns = min(due_ns, _mark(log, 3, log.mid_60s_half_ticks, mid_half_ticks, now_ns))


@kernel
def _mark(log: FillLog, horizon: int, column: Ints, mid_half_ticks: int, now_ns: int) -> int:
    """Mark the fills whose horizon has passed; return when that of the next one does."""
    due_ns = NEVER_NS
    while log.marked[horizon] < log.count:
        k = log.marked[horizon]
        due_ns = log.recv_ns[k] + HORIZONS_NS[horizon]
        if due_ns >= now_ns:
            break
        due_ns = NEVER_NS
        column[k] = mid_half_ticks
        log.marked[horizon] = k + 1
    return due_ns


@kernel
def fills_full(log: FillLog, expected: int) -> bool:
    """Tell whether `expected` more fills might not fit."""
    return log.count + expected > FILL_ROWS


@kernel
def log_decision(log: DecisionLog, desk: Desk, now_ns: int) -> None:
    """Append the decision if the mode asks for it."""
    if log.mode == NONE or log.count >= DECISION_ROWS:
        return
    quotes = desk.quotes
    bid_lots = quotes.lots[0]
    ask_lots = quotes.lots[LEVELS]
    bid_ticks = quotes.ticks[0] if bid_lots > 0 else 0
    ask_ticks = quotes.ticks[LEVELS] if ask_lots > 0 else 0
    if (
        log.mode == CHANGES
        and log.seen
        and log.last_bid_ticks == bid_ticks
        and log.last_ask_ticks == ask_ticks
        and log.last_bid_lots == bid_lots
        and log.last_ask_lots == ask_lots
        and log.last_bid_reasons == quotes.reasons[BUY]
        and log.last_ask_reasons == quotes.reasons[SELL]
        and log.last_hedge_reasons == quotes.hedge_reasons
    ):
        return
    log.seen = True
    log.last_bid_ticks = bid_ticks
    log.last_ask_ticks = ask_ticks
    log.last_bid_lots = bid_lots
    log.last_ask_lots = ask_lots
    log.last_bid_reasons = quotes.reasons[BUY]
    log.last_ask_reasons = quotes.reasons[SELL]
    log.last_hedge_reasons = quotes.hedge_reasons
    k = log.count
    log.now_ns[k] = now_ns
    log.mid_half_ticks[k] = desk.signals.mid_half_ticks
    log.bid_ticks[k] = bid_ticks
    log.ask_ticks[k] = ask_ticks
    log.bid_lots[k] = bid_lots
    log.ask_lots[k] = ask_lots
    log.bid_reasons[k] = quotes.reasons[BUY]
    log.ask_reasons[k] = quotes.reasons[SELL]
    log.position_lots[k] = desk.orders.position_lots
    log.inventory_clips[k] = quotes.inventory_clips
    log.reservation_bps[k] = quotes.reservation_bps
    log.half_spread_bps[k] = quotes.half_spread_bps
    log.skew_bps[k] = quotes.skew_bps
    log.sigma_live_bps[k] = desk.signals.sigma_live_bps
    log.sigma_reference_bps[k] = desk.signals.sigma_reference_bps
    log.imbalance[k] = desk.signals.imbalance
    _log_parts(log, desk, k)
    log.quotes_fold[k] = fold_quotes(quotes)
    log.count = k + 1


@kernel
def _log_parts(log: DecisionLog, desk: Desk, k: int) -> None:
    """Write what the prices were made of, and what gates left of them."""
    quotes = desk.quotes
    log.model_half_bps[k] = quotes.model_half_bps
    log.adverse_bps[k] = quotes.adverse_bps
    log.fair_bps[k] = quotes.fair_bps
    log.fair_price_bps[k] = quotes.fair_price_bps
    log.fair_imbalance_bps[k] = quotes.fair_imbalance_bps
    log.fair_flow_bps[k] = quotes.fair_flow_bps
    log.bid_wider_bps[k] = 0.0
    log.ask_wider_bps[k] = 0.0
    log.fair_lead_bps[k] = quotes.fair_lead_bps
    log.bid_size_frac[k] = 1.0
    log.ask_size_frac[k] = 1.0
    log.bid_pulled[k] = 0
    log.ask_pulled[k] = 0
    if desk.params.gates.on:
        log.bid_wider_bps[k] = quotes.wider_bps[BUY]
        log.ask_wider_bps[k] = quotes.wider_bps[SELL]
        log.bid_size_frac[k] = quotes.size_frac[BUY]
        log.ask_size_frac[k] = quotes.size_frac[SELL]
        log.bid_pulled[k] = quotes.pulled[BUY]
        log.ask_pulled[k] = quotes.pulled[SELL]
    log.take_lots[k] = quotes.take_lots
    log.take_ticks[k] = quotes.take_ticks
    log.take_reasons[k] = quotes.take_reasons
    log.hedge_reasons[k] = quotes.hedge_reasons
    _log_gates(log, quotes, k)


@kernel
def _log_gates(log: DecisionLog, quotes: Quotes, k: int) -> None:
    """Write what each gate asked for; a gate that is not here may only pull."""
    log.bid_toxic_flow_bps[k] = asked_bps(quotes, BUY, why.TOXIC_FLOW)
    log.bid_ladder_bps[k] = asked_bps(quotes, BUY, why.LADDER)
    log.bid_economics_bps[k] = asked_bps(quotes, BUY, why.ECONOMICS)
    log.bid_ladder_frac[k] = asked_frac(quotes, BUY, why.LADDER)
    log.bid_probing_frac[k] = asked_frac(quotes, BUY, why.PROBING)
    log.ask_toxic_flow_bps[k] = asked_bps(quotes, SELL, why.TOXIC_FLOW)
    log.ask_ladder_bps[k] = asked_bps(quotes, SELL, why.LADDER)
    log.ask_economics_bps[k] = asked_bps(quotes, SELL, why.ECONOMICS)
    log.ask_ladder_frac[k] = asked_frac(quotes, SELL, why.LADDER)
    log.ask_probing_frac[k] = asked_frac(quotes, SELL, why.PROBING)


@kernel
def fold_quotes(quotes: Quotes) -> int:
    """Fold all that is wanted, and why it is hedged, into one number: what differs shows it."""
    folded = 0
    for k in range(2 * LEVELS):
        folded = (folded * FOLD_FACTOR + quotes.ticks[k]) & FOLD_MASK
        folded = (folded * FOLD_FACTOR + quotes.lots[k]) & FOLD_MASK
    folded = (folded * FOLD_FACTOR + quotes.take_ticks) & FOLD_MASK
    return ((folded * FOLD_FACTOR + quotes.take_lots) & FOLD_MASK) ^ quotes.hedge_reasons
