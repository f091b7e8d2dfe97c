"""Be Lighter's house in memory: sockets that answer subscriptions, and a REST API."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.calls import Calls, Patience, Reply, Request
from connectors.lighter.adapter import LighterVenue
from connectors.lighter.budgets import Budgets, Caps
from connectors.lighter.network import Network
from connectors.lighter.rest import Rest
from connectors.lighter.terms import Terms
from connectors.model.events import AccountRows, MarketRows
from connectors.model.instrument import Instrument
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.market_files import BTC, ETH
from tests.connectors.memory import Memory, Peer
from tests.virtual import VirtualClock

CAPS = Caps(60, 200, 35, 24_000, True, 90)
TERMS = Terms("http://venue", "ws://venue/stream", CAPS, True, 15.0, 30.0, 82_800.0, 300.0)

Answer = Callable[[dict[str, str]], Any]


class Api:
    """A `Sender` that answers paths from a table; what is not there is a 404."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.answers: dict[str, Answer] = {
            "orderBookDetails": lambda params: DETAILS,
            "funding-rates": lambda params: {"funding_rates": []},
        }

    async def send(self, request: Request) -> Reply:
        """Answer soon."""
        await asyncio.sleep(0.01)
        url = urlsplit(request.url)
        path, params = url.path.removeprefix("/api/v1/"), dict(parse_qsl(url.query))
        self.asked.append((path, params, dict(request.headers)))
        answer = self.answers.get(path)
        if answer is None:
            return Reply(404, {}, b"not found")
        said = answer(params)
        if isinstance(said, Reply):
            return said
        return Reply(200, {}, json.dumps({"code": 200, **said}).encode())


def detail(symbol: str, market_id: int, decimals: tuple[int, int], least: str) -> dict[str, Any]:
    """Return a market as it is listed."""
    return {
        "symbol": symbol,
        "market_id": market_id,
        "market_type": "perp",
        "status": "active",
        "price_decimals": decimals[0],
        "size_decimals": decimals[1],
        "min_base_amount": least,
        "min_quote_amount": "10.000000",
        "last_trade_price": 100000.1,
    }


DETAILS = {
    "order_book_details": [
        detail("BTC", 1, (1, 5), "0.00020"),
        detail("ETH", 0, (2, 4), "0.0050"),
    ]
}


class Sinks:
    """A `Sink` of one market that keeps what it hears."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self.account: list[tuple[int, ...]] = []
        self.fees: list[object] = []
        self.links: list[bool] = []

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Keep the rows."""
        self.rows += zip(rows.kind, rows.ticks, rows.lots, strict=True)
        columns = (account.kind, account.client_id, account.side, account.ticks, account.lots)
        self.account += zip(*columns, account.code, account.trade_id, strict=True)
        self.fees += account.fee

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Keep the word."""
        self.links.append(is_whole)


FIRST: dict[str, Callable[[int], bytes]] = {
    "order_book": lambda market_id: said.snapshot(100, market_id=market_id),
    "trade": lambda market_id: said.trades("subscribed", market_id=market_id),
    "ticker": lambda market_id: said.ticker(("99999.9", "1.5"), ("100000.1", "2.0"), market_id),
    "market_stats": said.stats,
    "height": lambda market_id: said.height(),
    "account_all_orders": lambda account: said.orders("subscribed"),
    "account_all_trades": lambda account: said.own_trades("subscribed"),
    "account_all_positions": lambda account: said.position("subscribed", "0.00000"),
    "account_all_assets": lambda account: said.assets(),
    "user_stats": lambda account: said.user_stats("subscribed"),
    "account_tx": lambda account: said.transactions("subscribed"),
}
"""The first frame of each channel."""


async def serve(peer: Peer) -> None:
    """Answer each subscription with the channel's first frame, and pings with pongs."""
    peer.say(said.said(session_id="5f0c", type="connected"))
    while True:
        asked = json.loads(await peer.asked())
        match asked["type"]:
            case "subscribe":
                name, _, of = asked["channel"].partition("/")
                peer.say(FIRST[name](int(of or 0)))
            case "unsubscribe":
                channel = asked["channel"].replace("/", ":")
                peer.say(said.said(channel=channel, type="unsubscribed"))
            case "ping":
                peer.say(said.said(type="pong"))


async def serve_blocks(peer: Peer) -> None:
    """Do the same, and tell the chain's height every other second."""
    task = asyncio.create_task(serve(peer))
    number = 5
    while peer.closed is None and not peer.was_closed_by_client:
        await asyncio.sleep(2)
        number += 1
        peer.say(said.height(number))
    task.cancel()


Serve = Callable[[Peer], Coroutine[Any, Any, None]]


class House:
    """A venue over memory: its sockets, its API, and what a person was told."""

    def __init__(self, clock: VirtualClock, serving: Serve = serve_blocks, **venue: Any) -> None:
        self.memory = Memory(serving)
        self.api = Api()
        self.told: list[str] = []
        self.hung_up = 0
        terms: Terms = venue.pop("terms", TERMS)
        budgets = Budgets(terms.caps)
        rng = random.Random(3)
        rest = Rest("http://venue", Calls(self.api, budgets.reads, clock, rng, Patience()))
        self.network = Network(
            terms,
            budgets,
            rest,
            self.memory,
            clock,
            rng,
            lambda now_ns, market, text: self.told.append(f"{market}: {text}"),
            self._hang_up,
        )
        instruments: dict[str, Instrument] = venue.pop("instruments", {"btc": BTC, "eth": ETH})
        self.venue = LighterVenue(self.network, instruments, **venue)
        self.sinks = {name: Sinks() for name in instruments}

    @property
    def account_peers(self) -> list[Peer]:
        """The venue's ends of the account's connections, the last one last."""
        return [peer for peer in self.memory.peers if "readonly" not in peer.url]

    def start(self) -> "asyncio.Task[None]":
        """Run the venue."""
        return asyncio.create_task(self.venue.run(self.sinks))

    async def _hang_up(self) -> None:
        self.hung_up += 1


async def stopped(task: "asyncio.Task[None]") -> None:
    """Cancel a venue's task and wait for its end; raise what ended it before."""
    if task.done():
        task.result()
    task.cancel()
    await asyncio.wait((task,))
