"""What happens at the venue at a moment: moves, halts, trades and orders by other hands."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.venues.common.hands import client_among, ours_among, pieces_of
from tests.venues.lighter.accounts import Account
from tests.venues.lighter.faults.hands import fill, trade_for
from tests.venues.lighter.orders import Order, Status
from tests.venues.lighter.unsigned import lasting, unsigned

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Inactive:
    """A market takes no new orders, or does again."""

    market: str
    is_active: bool = False

    def do(self, venue: "Venue") -> None:
        """Change its status."""
        status = "active" if self.is_active else "inactive"
        venue.change(venue.market_id(self.market), status=status)


@dataclass(frozen=True, slots=True)
class ChangeMarket:
    """A market's description changes while all run on: least size, margin, reduce-only."""

    market: str
    words: dict[str, Any] = field(default_factory=dict)

    def do(self, venue: "Venue") -> None:
        """Change it."""
        venue.change(venue.market_id(self.market), **self.words)


@dataclass(frozen=True, slots=True)
class FillOurs:
    """Orders of ours trade, `most` of them: a share of each, in so many pieces of one moment."""

    market: str
    side: str | None = None
    frac: float = 1.0
    pieces: int = 1
    most: int = 1_000

    def do(self, venue: "Venue") -> None:
        """Let them trade."""
        for order in ours(venue, self.market, self.side)[: self.most]:
            for lots in pieces_of(order.open_lots, self.frac, self.pieces):
                fill(venue.exchange, order, lots)


@dataclass(frozen=True, slots=True)
class EndOurs:
    """The venue ends orders of ours: `canceled-expired`, `canceled-liquidation`, .."""

    market: str
    why: str = Status.EXPIRED

    def do(self, venue: "Venue") -> None:
        """End them."""
        for order in ours(venue, self.market):
            venue.exchange.end(order, self.why)


@dataclass(frozen=True, slots=True)
class ForeignOrder:
    """Somebody else with the same account rests an order, far from the touch."""

    market: str
    side: str = "buy"
    lots: int = 1_000
    away_bps: float = 100.0

    def do(self, venue: "Venue") -> None:
        """Let it rest."""
        x, market_id = venue.exchange, venue.market_id(self.market)
        is_ask, mark = self.side == "sell", x.floors[market_id].mark_ticks
        ticks = round(mark * (1 + self.away_bps * 1e-4 * (1 if is_ask else -1)))
        account = client_account(venue)
        order = unsigned(x, market_id, account.index, is_ask, ticks, self.lots)
        lasting(order, x.now_ms + DAY_MS).is_foreign = True
        account.remember(order)
        x.rest(order)
        x.touched(order)


@dataclass(frozen=True, slots=True)
class ForeignTrade:
    """The account trades without an order of ours: `trade`, `liquidation` or `deleverage`.

    Without a side it closes what is held; a liquidation ends our orders of that market first.
    """

    market: str
    side: str | None = None
    lots: int | None = None
    kind: str = "trade"

    def do(self, venue: "Venue") -> None:
        """Let it trade."""
        x, market_id = venue.exchange, venue.market_id(self.market)
        account = client_account(venue)
        held = account.position(market_id).lots
        is_ask = held > 0 if self.side is None else self.side == "sell"
        lots = abs(held) if self.lots is None else self.lots
        if self.kind == "liquidation":
            for order in account.live_orders(market_id):
                x.end(order, Status.LIQUIDATION)
        if lots:
            trade_for(x, market_id, account.index, is_ask, lots, self.kind)


@dataclass(frozen=True, slots=True)
class Bust:
    """The venue takes the last trade back: the same size the other way, settled by the market."""

    market: str

    def do(self, venue: "Venue") -> None:
        """Take it back."""
        market_id, account = venue.market_id(self.market), client_account(venue)
        trades = [t for t in account.trades if t.market_id == market_id]
        if trades:
            _, was_ask, _ = trades[-1].side_of(account.index)
            lots = trades[-1].lots
            trade_for(
                venue.exchange, market_id, account.index, not was_ask, lots, "market-settlement"
            )


@dataclass(frozen=True, slots=True)
class Ban:
    """All requests are refused for a while, with the seconds to wait."""

    s: float = 60.0
    status: int = 429

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.gateway.banned_until_ns = venue.agenda.now_ns + round(self.s * 1e9)
        venue.gateway.ban_status = self.status


@dataclass(frozen=True, slots=True)
class UseNonces:
    """Another process uses nonces of a key of ours."""

    count: int = 1
    key: int | None = None

    def do(self, venue: "Venue") -> None:
        """Move the nonces on."""
        for index, key in client_account(venue).keys.items():
            if self.key in (None, index):
                key.next_nonce += self.count


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """A key of ours is no key any more; what its tokens have opened goes on."""

    key: int

    def do(self, venue: "Venue") -> None:
        """Take it away."""
        client_account(venue).keys.pop(self.key, None)


@dataclass(frozen=True, slots=True)
class ForceUpgrade:
    """Every signature is refused until a newer signer comes; or accepted again."""

    is_forced: bool = True

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.guard.forced_upgrade = self.is_forced


def client_account(venue: "Venue") -> Account:
    """Return the first account of a client."""
    return client_among(venue.exchange.accounts)


def ours(venue: "Venue", market: str, side: str | None = None) -> list[Order]:
    """Return the resting orders that clients have sent to a market, of one side or of both."""
    return ours_among(venue.exchange.accounts, venue.market_id(market), side)
