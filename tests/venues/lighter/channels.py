"""Know the venue's channels: how each is named, whether it needs a token, and its first frame."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.venues.lighter.errors import INVALID_CHANNEL, Refused
from tests.venues.lighter.shapes import accounts, books, frames, stats

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
FIRST_TRADES = 50
KIND = "subscribed"

OF_MARKET = frozenset({"order_book", "ticker", "trade", "market_stats", "spot_market_stats"})
OF_ACCOUNT = frozenset(
    {
        "account_all_orders",
        "account_all_trades",
        "account_all_positions",
        "account_all_assets",
        "user_stats",
        "account_tx",
    }
)
WITHOUT_TOKEN = frozenset({"user_stats"})


def first_frame(venue: "Venue", channel: str) -> Words:
    """Return a channel's first frame; raise Refused for one that does not exist."""
    name, _, rest = channel.partition("/")
    if name == "height" and not rest:
        return {**frames.height(venue.exchange), "type": f"{KIND}/height"}
    if name == "market_stats" and rest == "all":
        return _all_stats(venue)
    number = int(rest) if rest.isdecimal() else -1
    if name in OF_MARKET and _has(venue, name, number):
        return MARKET_FRAMES[name](venue, number)
    if name in OF_ACCOUNT and number in venue.exchange.accounts:
        return ACCOUNT_FRAMES[name](venue, number)
    raise Refused(INVALID_CHANNEL, f"Invalid Channel:  ({channel})")


def _has(venue: "Venue", name: str, number: int) -> bool:
    """Tell whether a market has a channel: its figures are of its own kind."""
    floor = venue.exchange.floors.get(number)
    if floor is None:
        return False
    return not name.endswith("market_stats") or name.startswith("spot") == floor.market.is_spot


def account_of(channel: str) -> int | None:
    """Return whose token a channel needs; None where it needs none."""
    name, _, rest = channel.partition("/")
    needs = name in OF_ACCOUNT and name not in WITHOUT_TOKEN
    return int(rest) if needs and rest.isdecimal() else None


def _ticker(venue: "Venue", m: int) -> Words:
    x = venue.exchange
    return books.ticker(KIND, x.floors[m], x.nonce, x.now_ns)


def _trades(venue: "Venue", m: int) -> Words:
    last = list(venue.exchange.floors[m].trades)[-FIRST_TRADES:]
    return frames.public_trades(venue.exchange, KIND, m, last)


def _stats(venue: "Venue", m: int) -> Words:
    x = venue.exchange
    return stats.stats_frame(KIND, str(m), stats.market_stats(x.floors[m], x.now_ns), x.now_ns)


def _spot_stats(venue: "Venue", m: int) -> Words:
    return stats.spot_frame(KIND, venue.exchange.floors[m], venue.exchange.now_ns)


def _all_stats(venue: "Venue") -> Words:
    x = venue.exchange
    perpetuals = {m: floor for m, floor in x.floors.items() if not floor.market.is_spot}
    rows = {str(m): stats.market_stats(floor, x.now_ns) for m, floor in perpetuals.items()}
    return stats.stats_frame(KIND, "all", rows, x.now_ns)


def _orders(venue: "Venue", a: int) -> Words:
    live = venue.exchange.accounts[a].live_orders()
    return frames.orders(venue.exchange, KIND, a, live)


def _own_trades(venue: "Venue", a: int) -> Words:
    """Tell the last trades again: they are history, not news."""
    return frames.own_trades(
        venue.exchange, KIND, a, venue.exchange.accounts[a].trades[-FIRST_TRADES:]
    )


def _positions(venue: "Venue", a: int) -> Words:
    held = venue.exchange.accounts[a].positions
    return frames.positions(
        venue.exchange,
        KIND,
        a,
        [m for m, p in held.items() if accounts.is_told(venue.exchange, m, p)],
    )


def _book(venue: "Venue", m: int) -> Words:
    return venue.publisher.snapshot(m)


def _assets(venue: "Venue", a: int) -> Words:
    return frames.assets(venue.exchange, KIND, a)


def _user_stats(venue: "Venue", a: int) -> Words:
    return frames.user_stats(venue.exchange, KIND, a)


def _txs(venue: "Venue", a: int) -> Words:
    return frames.transactions(KIND, a, venue.log.last(a))


MARKET_FRAMES: dict[str, Callable[["Venue", int], Words]] = {
    "order_book": _book,
    "ticker": _ticker,
    "trade": _trades,
    "market_stats": _stats,
    "spot_market_stats": _spot_stats,
}
ACCOUNT_FRAMES: dict[str, Callable[["Venue", int], Words]] = {
    "account_all_orders": _orders,
    "account_all_trades": _own_trades,
    "account_all_positions": _positions,
    "account_all_assets": _assets,
    "user_stats": _user_stats,
    "account_tx": _txs,
}
