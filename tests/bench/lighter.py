"""Measure Lighter's wire: the time from a frame's bytes to rows, beside reading its JSON alone."""

import json
from collections.abc import Sequence

from connectors.lighter.grid import Grid
from connectors.lighter.market import PublicMarket
from connectors.lighter.market_feed import MarketFeed
from connectors.lighter.wire import ErrorBody
from connectors.model.events import AccountRows, MarketRows
from tests.bench.figures import Figure, Peer
from tests.bench.timing import in_turns

MESSAGES = 400
LEVELS = 10
ROUNDS = 100
AIM_US = 15.0
JSON = "json.loads of the same frames"
NOW_NS = 1_790_000_000_000_000_000


class _Line:
    """A stream that is asked for nothing: every frame is good."""

    def drop(self, why: str) -> None:
        raise ValueError(why)

    def resubscribe(self, channel: str) -> None:
        raise ValueError(channel)

    def replace_soon(self) -> None:
        raise ValueError("replaced")


def measure() -> list[Figure]:
    """Return the figures of the wire."""
    updates = [_update(k) for k in range(MESSAGES)]
    feed = _feed()

    def ours() -> None:
        feed.on_connected()
        feed.on_frames([_snapshot()], NOW_NS)
        for frame in updates:
            feed.on_frames([frame], NOW_NS)

    def peers() -> None:
        for frame in updates:
            json.loads(frame)

    ours_s, peers_s = in_turns(ROUNDS, ours, peers)
    peer = Peer(JSON, peers_s * 1e6 / MESSAGES)
    return [Figure("book_of_10_levels", ours_s * 1e6 / MESSAGES, "µs", peer, AIM_US)]


def _feed() -> MarketFeed:
    market = PublicMarket("btc", 1, Grid.of(1, 5))
    feed = MarketFeed(
        (market,), _take, lambda market, is_whole, why: None, _refused, lambda: NOW_NS
    )
    feed.line = _Line()
    return feed


def _take(market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
    """Be where rows go."""


def _refused(error: ErrorBody) -> None:
    raise ValueError(error.message)


def _snapshot() -> bytes:
    return _frame("subscribed", 0, 0, [], [])


def _update(k: int) -> bytes:
    bids = [(f"{99_999 - i}.{k % 10}", f"{(k + i) % 7}.{k % 100:05d}") for i in range(LEVELS // 2)]
    asks = [(f"{100_001 + i}.{k % 10}", f"{(k + i) % 5}.{k % 99:05d}") for i in range(LEVELS // 2)]
    return _frame("update", k + 1, k, bids, asks)


def _frame(
    kind: str,
    nonce: int,
    begin_nonce: int,
    bids: Sequence[tuple[str, str]],
    asks: Sequence[tuple[str, str]],
) -> bytes:
    """Return a frame as the venue spells it, its type last."""
    return json.dumps(
        {
            "channel": "order_book:1",
            "last_updated_at": 1_790_000_000_000_123,
            "offset": nonce,
            "order_book": {
                "code": 0,
                "asks": [{"price": price, "size": size} for price, size in asks],
                "bids": [{"price": price, "size": size} for price, size in bids],
                "offset": nonce,
                "nonce": nonce,
                "last_updated_at": 1_790_000_000_000_123,
                "begin_nonce": begin_nonce,
            },
            "timestamp": 1_790_000_000_000,
            "type": f"{kind}/order_book",
        },
        separators=(",", ":"),
    ).encode()
