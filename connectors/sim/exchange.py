"""Simulate one market's exchange: the market's rows and our requests in, account rows out.

One engine for paper (interpreted) and replay (compiled). The caller keeps the time: it hands over
market rows in the venue's order (`on_row`), each request when it arrives (`submit`,
`next_request_ns`, `deliver_request`; at equal times rows come first), and fetches reports when they
reach us (`next_report_ns`, `report_row`). After each step it looks at `Exchange.overflow`: anything
but zero ends the run.

Funding is noted on its timestamps. Fees and funding are computed exactly, outside; with margin the
exchange counts them too, and acts on what is left (`margin`, `liquidation`).
"""

from dataclasses import dataclass

from connectors.model.book import (
    ask_lots_at,
    bid_lots_at,
    clear,
    clear_asks,
    clear_bids,
    set_ask,
    set_bid,
)
from connectors.model.errors import ConfigError
from connectors.model.events import (
    ASK,
    BID,
    BUY,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    SELL,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.model.kernel import kernel
from connectors.sim.compat import (
    match_arrival_in_full,
    match_trade_in_full,
    redisplay_in_full,
)
from connectors.sim.exchange_state import (
    EXPIRE_BOTH,
    EXPIRE_MAKER,
    EXPIRE_TAKER,
    FRONT,
    LOG,
    LOG_2,
    POWER,
    POWER_2,
    POWER_3,
    REDUCE,
    REPORTS_FULL,
    REQUESTS_FULL,
    RISK_AVERSE,
    Exchange,
)
from connectors.sim.funding import settle
from connectors.sim.intake import deliver_request
from connectors.sim.latency import work
from connectors.sim.line import empty
from connectors.sim.liquidation import look_at_margin
from connectors.sim.liquidity import print_at, redisplay
from connectors.sim.matching import match_arrival, match_trade, redisplay_own
from connectors.sim.random import seed_random
from connectors.sim.wire import FAR_NS, next_report_ns, next_request_ns, report_row, submit

__all__ = [
    "EXPIRE_BOTH",
    "EXPIRE_MAKER",
    "EXPIRE_TAKER",
    "FAR_NS",
    "FRONT",
    "IOC",
    "LOG",
    "LOG_2",
    "POST_ONLY",
    "POWER",
    "POWER_2",
    "POWER_3",
    "REDUCE",
    "REDUCE_ONLY",
    "REPORTS_FULL",
    "REQUESTS_FULL",
    "RISK_AVERSE",
    "Exchange",
    "ExchangeTerms",
    "deliver_request",
    "next_report_ns",
    "next_request_ns",
    "on_row",
    "report_row",
    "start",
    "submit",
]


@dataclass(frozen=True, slots=True)
class ExchangeTerms:
    """What is assumed about the exchange.

    Latencies are one way, and grow with the load as `connectors.sim.latency` says. `queue_model` is
    one of `connectors.sim.queue`, those of POWER with the exponent `power_n`; `self_trade` is one
    of `connectors.sim.taking`. `compat` matches as hftbacktest does. `reject_frac` and `drop_frac`
    are fault knobs; `seed` matters to them alone.
    """

    entry_latency_ns: int = 0
    response_latency_ns: int = 0
    load_ns_per_row: int = 0
    queue_model: int = RISK_AVERSE
    power_n: float = 3.0
    compat: bool = False
    self_trade: int = EXPIRE_TAKER
    reject_frac: float = 0.0
    drop_frac: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("entry_latency_ns", "response_latency_ns", "load_ns_per_row"):
            value = getattr(self, name)
            if not 0 <= value < 1 << 40:
                raise ConfigError(f"{name}: expected 0 ns to 18 minutes, was {value}")
        if not FRONT <= self.queue_model <= LOG_2:
            raise ConfigError(f"queue_model: expected {FRONT} to {LOG_2}, was {self.queue_model}")
        if not EXPIRE_TAKER <= self.self_trade <= REDUCE:
            raise ConfigError(
                f"self_trade: expected {EXPIRE_TAKER} to {REDUCE}, was {self.self_trade}"
            )
        if not 0.0 < self.power_n <= 20.0:
            raise ConfigError(f"power_n: expected more than 0 and up to 20, was {self.power_n}")
        for name in ("reject_frac", "drop_frac"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise ConfigError(f"{name}: expected 0 to 1, was {value}")
        if self.reject_frac + self.drop_frac > 1.0:
            raise ConfigError(
                "reject_frac + drop_frac: expected at most 1, was "
                f"{self.reject_frac} + {self.drop_frac}"
            )


def start(x: Exchange, terms: ExchangeTerms) -> None:
    """Open a fresh exchange: no book yet, no orders, a flat position."""
    clear(x.book)
    empty(x.bids, BUY)
    empty(x.asks, SELL)
    seed_random(x.random, terms.seed, 0)
    x.entry_latency_ns = terms.entry_latency_ns
    x.response_latency_ns = terms.response_latency_ns
    x.load_ns_per_row = terms.load_ns_per_row
    x.queue_model = terms.queue_model
    x.power_n = terms.power_n
    x.compat = terms.compat
    x.self_trade = terms.self_trade
    x.reject_frac = terms.reject_frac
    x.drop_frac = terms.drop_frac


@kernel
def on_row(x: Exchange, kind: int, ticks: int, lots: int, venue_ns: int) -> bool:
    """Apply one market row and fill what it reaches; True when reports were added.

    Most rows are depth that touches nothing of ours: they cost the book and a few comparisons.
    """
    reported = _pass_time(x, venue_ns)
    if kind == BID:
        before = bid_lots_at(x.book, ticks) if x.compat else 0
        set_bid(x.book, ticks, lots)
        if x.bids_used.marks > 0:
            redisplay(x.bids_used, x.book.anchor_ticks, ticks, lots)
        if ticks >= x.asks.best_ticks or x.bids.worst_ticks <= ticks <= x.bids.best_ticks:
            return _bid_near_us(x, ticks, before, lots, venue_ns) or reported
        return reported
    if kind == ASK:
        before = ask_lots_at(x.book, ticks) if x.compat else 0
        set_ask(x.book, ticks, lots)
        if x.asks_used.marks > 0:
            redisplay(x.asks_used, x.book.anchor_ticks, ticks, lots)
        if ticks <= x.bids.best_ticks or x.asks.best_ticks <= ticks <= x.asks.worst_ticks:
            return _ask_near_us(x, ticks, before, lots, venue_ns) or reported
        return reported
    if kind == TRADE_BUY:
        return _trade_buy(x, ticks, lots, venue_ns) or reported
    if kind == TRADE_SELL:
        return _trade_sell(x, ticks, lots, venue_ns) or reported
    if kind == CLEAR_BIDS:
        clear_bids(x.book)
        x.bids_unknown = False
    elif kind == CLEAR_ASKS:
        clear_asks(x.book)
        x.asks_unknown = False
    elif kind == GAP:
        x.bids_unknown = True
        x.asks_unknown = True
    return reported


@kernel
def _pass_time(x: Exchange, venue_ns: int) -> bool:
    """Let happen what the time alone brings, before the row; True when reports were added."""
    if x.load_ns_per_row > 0:
        work(x, venue_ns)
    if x.funding.marked < x.funding.scheduled:
        settle(x, venue_ns)
    if x.margin.is_on and venue_ns > x.margin.seen_ns:
        return look_at_margin(x, venue_ns)
    return False


@kernel
def _bid_near_us(x: Exchange, ticks: int, before_lots: int, lots: int, venue_ns: int) -> bool:
    """Let a bid level move our bids in their queue, and fill our asks that it comes across."""
    before = x.report_tail
    if x.compat:
        redisplay_in_full(x, x.bids, ticks, before_lots, lots)
    else:
        redisplay_own(x, x.bids, ticks, lots, venue_ns)
    if lots > 0 and ticks >= x.asks.best_ticks:
        if x.compat:
            match_arrival_in_full(x, x.asks, SELL, ticks, venue_ns)
        else:
            match_arrival(x, x.asks, SELL, x.bids_used, ticks, lots, venue_ns)
    return x.report_tail != before


@kernel
def _ask_near_us(x: Exchange, ticks: int, before_lots: int, lots: int, venue_ns: int) -> bool:
    """Let an ask level move our asks in their queue, and fill our bids that it comes across."""
    before = x.report_tail
    if x.compat:
        redisplay_in_full(x, x.asks, ticks, before_lots, lots)
    else:
        redisplay_own(x, x.asks, ticks, lots, venue_ns)
    if lots > 0 and ticks <= x.bids.best_ticks:
        if x.compat:
            match_arrival_in_full(x, x.bids, BUY, ticks, venue_ns)
        else:
            match_arrival(x, x.bids, BUY, x.asks_used, ticks, lots, venue_ns)
    return x.report_tail != before


@kernel
def _trade_buy(x: Exchange, ticks: int, lots: int, venue_ns: int) -> bool:
    """Let a buyer's trade fill our asks."""
    before = x.report_tail
    if lots > 0:
        x.margin.trade_half_ticks = 2 * ticks
    if lots > 0 and ask_lots_at(x.book, ticks) > 0:
        print_at(x.asks_used, ticks, lots)
    if lots > 0 and ticks >= x.asks.best_ticks:
        if x.compat:
            match_trade_in_full(x, x.asks, SELL, ticks, lots, venue_ns)
        else:
            match_trade(x, x.asks, SELL, ticks, lots, venue_ns)
    return x.report_tail != before


@kernel
def _trade_sell(x: Exchange, ticks: int, lots: int, venue_ns: int) -> bool:
    """Let a seller's trade fill our bids."""
    before = x.report_tail
    if lots > 0:
        x.margin.trade_half_ticks = 2 * ticks
    if lots > 0 and bid_lots_at(x.book, ticks) > 0:
        print_at(x.bids_used, ticks, lots)
    if lots > 0 and ticks <= x.bids.best_ticks:
        if x.compat:
            match_trade_in_full(x, x.bids, BUY, ticks, lots, venue_ns)
        else:
            match_trade(x, x.bids, BUY, ticks, lots, venue_ns)
    return x.report_tail != before
