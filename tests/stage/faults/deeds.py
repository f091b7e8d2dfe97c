"""Deeds of a moment: what the venue, the market or somebody else does by itself.

Each has `do(play)`; it returns whether there was something to do it to.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.model.events import BUY, SELL
from tests.stage.exchange import FeeRule, Order, foreign_id
from tests.stage.front import ACCOUNT, MARKET
from tests.stage.truth import FOREIGN, OURS

if TYPE_CHECKING:
    from tests.stage.play import Play

SIDES = {"buy": BUY, "sell": SELL}


@dataclass(frozen=True, slots=True)
class Close:
    """A stream is closed by the venue."""

    stream: str = MARKET
    code: int = 1006

    def do(self, play: "Play") -> bool:
        """Close it."""
        lines = play.network.streams(self.stream)
        for line in lines:
            line.fail(self.code, "closed by the venue")
        return bool(lines)


@dataclass(frozen=True, slots=True)
class Silence:
    """A stream stays open and brings nothing more: half open, or alive in pongs alone."""

    stream: str = MARKET

    def do(self, play: "Play") -> bool:
        """Deliver nothing on its open lines from now on."""
        lines = play.network.streams(self.stream)
        for line in lines:
            line.is_silent = True
            for market in sorted(line.channels - {ACCOUNT}):
                play.network.feed(market, False)
        return bool(lines)


@dataclass(frozen=True, slots=True)
class Burst:
    """A market moves many times at once."""

    market: str
    moves: int = 50

    def do(self, play: "Play") -> bool:
        """Move it."""
        for _ in range(self.moves):
            play.exchange.move(self.market, play.flows[self.market].step())
        return True


@dataclass(frozen=True, slots=True)
class Leap:
    """A market's mid jumps."""

    market: str
    bps: float

    def do(self, play: "Play") -> bool:
        """Let it jump; whatever rests in between trades."""
        play.flows[self.market].leap(self.bps)
        play.exchange.move(self.market, play.flows[self.market].step())
        return True


@dataclass(frozen=True, slots=True)
class Stall:
    """A market stands still: nothing is wrong, and nothing happens."""

    market: str
    s: float

    def do(self, play: "Play") -> bool:
        """Let no step of it happen for a while."""
        play.stalled[self.market] = play.clock.now_ns() + int(self.s * 1e9)
        return True


@dataclass(frozen=True, slots=True)
class FillOurs:
    """Orders of ours trade, `most` of them: a share of each, in so many pieces of one moment."""

    market: str
    side: str | None = None
    frac: float = 1.0
    pieces: int = 1
    most: int = 1_000

    def do(self, play: "Play") -> bool:
        """Let them trade."""
        found = resting(play, self.market, self.side)[: self.most]
        for order in found:
            lots = max(1, int(Decimal(str(self.frac)) * order.open_lots))
            for k in range(self.pieces):
                part = lots // self.pieces + (1 if k < lots % self.pieces else 0)
                if part and order.open_lots:
                    play.exchange.fill(order, min(part, order.open_lots))
        return bool(found)


@dataclass(frozen=True, slots=True)
class ForeignTrade:
    """The account trades without an order of ours: `order` (by hand), `liquidation` or `adl`.

    Without lots: the whole position away.
    """

    market: str
    side: str | None = None
    lots: int | None = None
    kind: str = "order"

    def do(self, play: "Play") -> bool:
        """Trade at the touch."""
        position = play.exchange.position_lots(self.market)
        lots = abs(position) if self.lots is None else self.lots
        side = (SELL if position > 0 else BUY) if self.side is None else SIDES[self.side]
        if lots:
            book = play.exchange.books[self.market]
            ticks = (book.asks if side == BUY else book.bids)[0][0]
            play.exchange.trade_without_order(self.market, side, ticks, lots, self.kind)
        return bool(lots)


@dataclass(frozen=True, slots=True)
class Bust:
    """The venue takes the last trade back."""

    market: str

    def do(self, play: "Play") -> bool:
        """Take it back."""
        trades = [t for t in play.exchange.books[self.market].trades if t.kind == "order"]
        if trades:
            play.exchange.bust(self.market, trades[-1])
        return bool(trades)


@dataclass(frozen=True, slots=True)
class Fees:
    """From now on trades cost this; `is_late`: they are told without, until `charge_fees`."""

    market: str
    maker_bps: str = "1"
    currency: str | None = None
    is_late: bool = False

    def do(self, play: "Play") -> bool:
        """Change the rule."""
        book = play.exchange.books[self.market]
        book.fee = FeeRule(Decimal(self.maker_bps), Decimal(3), self.currency, self.is_late)
        return True


@dataclass(frozen=True, slots=True)
class ChargeFees:
    """The fees that were late are told."""

    market: str

    def do(self, play: "Play") -> bool:
        """Charge each trade that has none."""
        late = [t for t in play.exchange.books[self.market].trades if t.fee is None]
        for trade in late:
            play.exchange.charge(self.market, trade)
        return bool(late)


@dataclass(frozen=True, slots=True)
class Pay:
    """Funding or a transfer: money without a trade. `corrects` is the id of a former payment."""

    market: str
    amount: str
    what: str = "funding"
    currency: str = "USDT"
    corrects: int = 0

    def do(self, play: "Play") -> bool:
        """Pay it."""
        amount = Decimal(self.amount)
        play.exchange.pay(self.market, self.what, amount, self.currency, self.corrects)
        return True


@dataclass(frozen=True, slots=True)
class ForeignOrder:
    """Somebody else with the same account rests an order, far from the touch."""

    market: str
    side: str = "buy"
    lots: int = 5
    away_ticks: int = 5_000

    def do(self, play: "Play") -> bool:
        """Place it."""
        book = play.exchange.books[self.market]
        side = SIDES[self.side]
        touch = (book.bids if side == BUY else book.asks)[0][0]
        ticks = touch - self.away_ticks if side == BUY else touch + self.away_ticks
        client_id = foreign_id(play.exchange)
        play.exchange.place(self.market, client_id, side, ticks, self.lots, 0, FOREIGN)
        return True


@dataclass(frozen=True, slots=True)
class EndOurs:
    """The venue ends orders of ours: `expired`, or another reason of its own."""

    market: str
    why: str = "expired"

    def do(self, play: "Play") -> bool:
        """End them."""
        found = resting(play, self.market, None)
        for order in found:
            play.exchange.end(order, self.why)
        return bool(found)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Lists are cut after so many rows."""

    rows: int

    def do(self, play: "Play") -> bool:
        """Cut them."""
        play.front.page = self.rows
        return True


@dataclass(frozen=True, slots=True)
class Skew:
    """The venue's clock is ahead, or behind."""

    ms: int

    def do(self, play: "Play") -> bool:
        """Set it."""
        play.front.skew_ms = self.ms
        return True


@dataclass(frozen=True, slots=True)
class Inactive:
    """A market takes no new orders, or does again."""

    market: str
    is_active: bool = False

    def do(self, play: "Play") -> bool:
        """Halt or resume it."""
        play.exchange.books[self.market].is_active = self.is_active
        return True


def resting(play: "Play", market: str, side: str | None) -> list[Order]:
    """Return our resting orders of a market and side."""
    return [
        order
        for order in list(play.exchange.books[market].resting.values())
        if order.owner == OURS and (side is None or order.side == SIDES[side])
    ]
