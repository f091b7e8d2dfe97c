"""Be one leg of a pair: what its market holds, bears and announces, and where it is to go.

Positions are counted in grains, of which a lot of either leg is a whole number. A leg's market goes
to a target as one that hedges does: the target is an event of its journal, so a recording replays
to the same bits. While it has none it does nothing, whatever becomes of its position.
"""

import math
from dataclasses import dataclass

from connectors.funded import Announced, Collateral, Collateralised, Funded
from connectors.model.events import BUY, SELL
from connectors.model.orders import FREE
from connectors.venue import Venue
from runner.engine.station import Station
from strategies.desk import Desk
from strategies.funding.book import Leg
from strategies.funding.sizing import Room
from strategies.routing.offer import offered_lots

SPOT_LEVERAGE = 1.0


@dataclass(slots=True)
class PairLeg:
    """One leg. `wallet_lots` is what a spot wallet holds besides; `target_lots` None: no target."""

    station: Station
    venue: Venue
    lot_grains: int
    taker_fee_bps: float
    leverage: float
    wallet_lots: int = 0
    target_lots: int | None = None

    @property
    def name(self) -> str:
        """The market's name."""
        return self.station.name

    @property
    def desk(self) -> Desk:
        """The market's desk, which is another one after a restart of the market."""
        return self.station.worker.market.desk

    @property
    def is_spot(self) -> bool:
        """Tell whether it is bought and owned: it pays no funding and cannot be sold short."""
        return self.station.worker.market.instrument.is_spot

    @property
    def held_grains(self) -> int:
        """What it holds for the pair."""
        return (self.desk.orders.position_lots - self.wallet_lots) * self.lot_grains

    @property
    def is_ready(self) -> bool:
        """Tell whether its position is proven, its book sound, and it may trade."""
        station = self.station
        is_away = station.is_suspended or station.is_halted or station.is_stopping
        return not is_away and self.desk.held == 0 and self.desk.signals.sound

    @property
    def least_lots(self) -> int:
        """The smallest order, by size and by worth at the last mid that was known."""
        params, half_ticks = self.desk.params, self.desk.signals.mid_half_ticks
        least = max(1, params.min_lots)
        if params.min_notional_tick_lots > 0.0 and half_ticks > 0:
            least = max(least, math.ceil(2.0 * params.min_notional_tick_lots / half_ticks))
        return least

    def seen(self) -> Leg:
        """Return the leg as the book of the pair reads it."""
        orders = self.desk.orders
        open_lots = orders.exposed_lots[BUY] + orders.exposed_lots[SELL]
        if self.target_lots is not None:
            open_lots += abs(self.target_lots - orders.position_lots)
        return Leg(self.held_grains, open_lots * self.lot_grains, self.is_ready)

    def take(self, grains: int, now_ns: int) -> None:
        """Let the market go so far from where it is."""
        lots = abs(grains) // self.lot_grains
        self.target_lots = self.desk.orders.position_lots + (lots if grains > 0 else -lots)
        self.tell(now_ns)

    def rest(self, now_ns: int) -> None:
        """Let the market stay where it is."""
        self.target_lots = None
        self.tell(now_ns)

    def settle(self) -> None:
        """Forget a target that is reached, or too near to be traded, once nothing is open."""
        if self.target_lots is None or any(status != FREE for status in self.desk.orders.status):
            return
        away = abs(self.target_lots - self.desk.orders.position_lots)
        if away == 0 or away < self.least_lots:
            self.target_lots = None

    def tell(self, now_ns: int) -> None:
        """Hand the target over, unless the market has it already."""
        told = self.desk.exposure
        is_wanted = self.target_lots is not None
        lots = self.desk.orders.position_lots if self.target_lots is None else self.target_lots
        if (told.known, told.grains) != (is_wanted, -lots):
            self.station.hear_exposure(is_wanted, -lots, now_ns)

    def announced(self) -> Announced | None:
        """Return what its venue announces of funding."""
        return self.venue.announced(self.name) if isinstance(self.venue, Funded) else None

    def collateral(self) -> Collateral | None:
        """Return what stands behind it: of spot what the wallet can pay; None: not known."""
        if self.is_spot:
            market = self.station.worker.market
            cash = market.instrument.notional_quote(1, self.desk.orders.cash_tick_lots)
            return Collateral(float(cash), float("inf"))
        return self.venue.collateral(self.name) if isinstance(self.venue, Collateralised) else None

    def price(self) -> float | None:
        """Return the mid; None while the book is not sound."""
        signals = self.desk.signals
        tick = self.station.worker.market.instrument.tick_size
        return signals.mid_ticks * float(tick) if signals.sound else None

    def trade_bps(self) -> float:
        """Return what one trade costs: the taker fee, and half of what the touch is apart."""
        book, mid = self.desk.book, self.desk.signals.mid_ticks
        half = 0.5 * (book.best_ask_ticks - book.best_bid_ticks)
        return self.taker_fee_bps + half / mid * 10_000.0

    def depth_lots(self, side: int) -> int:
        """Return what a side could take within the slippage that its orders may have."""
        return offered_lots(self.desk.book, side, self.desk.params.hedge.slippage_bps)

    def room(self, side: int) -> Room | None:
        """Return what it bears on a side; None: something of it is not known."""
        price, behind = self.price(), self.collateral()
        if price is None or behind is None:
            return None
        lot = float(self.station.worker.market.instrument.lot_size_base)
        params = self.desk.params
        limit = min(self.depth_lots(side), params.max_position_lots - self.wallet_lots)
        leverage = SPOT_LEVERAGE if self.is_spot else self.leverage
        return Room(limit * lot, price, behind.free_quote, leverage)
