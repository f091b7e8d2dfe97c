"""A venue without real orders: mmrunner's simulated exchange on a market from a script."""

from collections.abc import Sequence
from typing import Annotated, cast

from connectors.model.events import (
    ASK,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    TRADE_BUY,
    TRADE_SELL,
    MarketRows,
)
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import SimMarket, SimVenue
from connectors.sim.exchange import Exchange, ExchangeTerms, start
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.settings import Settings as Deploy
from runner.settings import VenueSettings
from runner.settings.fields import Real

SIMULATED = True
"""No order of this venue is real, so paper may use it."""

MS = 1_000_000
STEP_NS = 100 * MS
TOUCH_LOTS = 1_000
TAKER_LOTS = 5


class Settings(VenueSettings):
    """What every venue has, and the script."""

    latency_ms: Annotated[float, Real(0, 60_000)]
    swing_bps: Annotated[float, Real(0, 1000, above=True)]
    period_s: Annotated[float, Real(1, 3600)]
    reach_bps: Annotated[float, Real(0, 1000)]


def connect(deploy: Deploy, markets: Sequence[str], clock: Clock) -> Venue:
    """Return this venue for the markets that have chosen it."""
    made = {name: _market(deploy, name, clock.now_ns()) for name in markets}
    return SimVenue(clock, PaperAccount(None), made)


class Swing:
    """A source of messages, ten a second: one level a side, and a taker order, by turns."""

    def __init__(self, settings: Settings, start_ticks: int, start_ns: int) -> None:
        self._start_ticks = start_ticks
        self._swing_ticks = settings.swing_bps * 1e-4 * start_ticks
        self._reach_ticks = int(settings.reach_bps * 1e-4 * start_ticks)
        self._period_ns = int(settings.period_s * 1e9)
        self._start_ns = start_ns
        self._next_ns = start_ns

    def next_ns(self) -> int:
        """Return the stamp of the next message."""
        return self._next_ns

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Append the rows of the next message, received one feed latency after their stamp."""
        now_ns = self._next_ns
        self._next_ns += STEP_NS
        bid = self._bid_ticks(now_ns)
        taken = (TRADE_BUY, bid + 1 + self._reach_ticks, TAKER_LOTS)
        if now_ns // STEP_NS % 2:
            taken = (TRADE_SELL, bid - self._reach_ticks, TAKER_LOTS)
        for kind, ticks, lots in (
            (CLEAR_BIDS, 0, 0),
            (CLEAR_ASKS, 0, 0),
            (BID, bid, TOUCH_LOTS),
            (ASK, bid + 1, TOUCH_LOTS),
            taken,
        ):
            rows.add(kind, ticks, lots, now_ns, now_ns + feed_latency_ns)

    def _bid_ticks(self, now_ns: int) -> int:
        """Return the best bid: up a quarter of the period, down a half, up a quarter."""
        phase = (now_ns - self._start_ns) % self._period_ns / self._period_ns
        height = 1.0 - abs((phase + 0.25) % 1.0 * 4.0 - 2.0)
        return self._start_ticks + round(self._swing_ticks * height)


def _market(deploy: Deploy, name: str, now_ns: int) -> SimMarket:
    market = deploy.markets[name]
    venue = cast("Settings", market.venue)
    latency_ns = int(venue.latency_ms * MS)
    exchange = Exchange()
    start(exchange, ExchangeTerms(entry_latency_ns=latency_ns, response_latency_ns=latency_ns))
    start_ticks = int(market.synthetic.start_price / market.instrument.tick_size)
    return SimMarket(
        name=name,
        exchange=exchange,
        source=Swing(venue, start_ticks, now_ns),
        feed_latency_ns=latency_ns,
        wake_every_ns=100 * MS,
    )
