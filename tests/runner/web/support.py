"""A view in this process: no socket, no other process, a clock that stands where it is put."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from runner.control.client import Gone
from runner.control.words import (
    Answer,
    Command,
    Fill,
    Health,
    Job,
    Level,
    Market,
    Order,
    Parts,
    Picture,
    Portfolio,
    Steerable,
    Welcome,
)
from runner.web.app import View, Whose, view_of
from runner.web.deploy import Deploy, Past
from runner.web.hub import Hub
from runner.web.keys import Keys
from runner.web.roles import Role

S = 1_000_000_000
NOW_NS = 1_800_000_000 * S
HOST = "127.0.0.1:8420"
ORIGIN = f"http://{HOST}"
READ, OPERATE = "r" * 40, "o" * 40
LINK = "l" * 32
HOSTILE = "<img src=x onerror=alert(1)>\"'`{{7*7}}"


class Clock:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.at_ns = NOW_NS

    def now_ns(self) -> int:
        return self.at_ns

    def monotonic_ns(self) -> int:
        return self.at_ns

    async def sleep_until_ns(self, stamp_ns: int) -> None:
        self.at_ns = max(self.at_ns, stamp_ns)


@dataclass
class Lines:
    """Deploys that answer at once; what they are asked is kept."""

    names: list[str] = field(default_factory=list)
    asked: list[Command] = field(default_factory=list)
    told: Mapping[str, list[Welcome | Picture]] = field(default_factory=dict)
    is_gone: bool = False

    def deploys(self, ledgers: Path) -> list[str]:
        return self.names

    async def watch(self, path: Path) -> AsyncIterator[Welcome | Picture]:
        for word in self.told[path.stem]:
            yield word
        raise Gone(f"{path.stem}: has ended the connection")

    async def command(self, path: Path, asked: Command) -> Answer:
        self.asked.append(asked)
        if self.is_gone:
            raise Gone(f"{path.stem}: no answer within 5 s")
        return Answer(asked.identity, asked.market != "refused", f"{asked.what} {asked.market}")


@dataclass
class Stage:
    """A view with one deploy, and what stands behind it."""

    view: View
    hub: Hub
    line: Lines
    clock: Clock
    outputs: Path


def stage(home: Path, origin: str = ORIGIN) -> Stage:
    """Return a view of a home that has one running deploy, `alpha`, with one market, `btc`."""
    outputs = home / "outputs"
    (outputs / "ledgers").mkdir(parents=True, exist_ok=True)
    clock, line = Clock(), Lines()
    hub = Hub(outputs / "ledgers", line, lambda welcome: Past())
    hub.deploys["alpha"] = deploy = Deploy("alpha")
    deploy.greet(welcome(outputs))
    deploy.see(picture())
    keys = Keys({Role.READ: READ, Role.OPERATE: OPERATE}, b"signing" * 6)
    whose = Whose(keys, frozenset({origin}), 3600.0, LINK, "mmrunner_8420")
    return Stage(view_of(whose, hub, outputs / "runs", clock), hub, line, clock, outputs)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def cookie(self) -> str:
        """The cookie that was set, as it is sent back."""
        return self.headers["set-cookie"].split(";")[0]


OWN = {"host": HOST}
CHANGE = {
    "host": HOST,
    "origin": ORIGIN,
    "x-mmrunner": "1",
    "content-type": "application/json",
}


def reads(token: str = READ) -> dict[str, str]:
    """Return the headers of a question by somebody with a token."""
    return {**OWN, "authorization": f"Bearer {token}"}


def changes(token: str = OPERATE) -> dict[str, str]:
    """Return the headers of a wish by somebody with a token."""
    return {**CHANGE, "authorization": f"Bearer {token}"}


def call(
    view: View, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", most: int = 1
) -> Reply:
    """Ask a view once; of an answer that does not end, take `most` parts."""
    return loop().run_until_complete(_call(view, method, path, headers, body, most))


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the loop that every call runs on, as it is in a process that serves."""
    return asyncio.new_event_loop()


async def _call(
    view: View, method: str, path: str, headers: Mapping[str, str], body: bytes, most: int
) -> Reply:
    target, _, query = path.partition("?")
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if method not in ("GET", "HEAD") and "content-length" not in headers:
        raw.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "headers": raw,
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8420),
    }
    parts: list[dict[str, Any]] = []
    enough = asyncio.Event()
    is_read = False

    async def receive() -> dict[str, Any]:
        nonlocal is_read
        if not is_read:
            is_read = True
            return {"type": "http.request", "body": body, "more_body": False}
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        parts.append(message)
        bodies = sum(bool(part.get("body")) for part in parts)
        if bodies >= most or (message["type"].endswith("body") and not message.get("more_body")):
            enough.set()

    await view.app(scope, receive, send)
    head = parts[0]
    found = {name.decode(): value.decode() for name, value in head["headers"]}
    return Reply(head["status"], found, b"".join(part.get("body", b"") for part in parts))


def welcome(outputs: Path, started_ns: int = NOW_NS - 60 * S) -> Welcome:
    """Return the first words of `alpha`."""
    return Welcome(
        version=1,
        release="0.1.0",
        deploy="alpha",
        mode="paper",
        armed=False,
        run=str(outputs / "runs" / "2027-01-15T08-00-00.000000Z-1"),
        process=1,
        started_ns=started_ns,
        ends_ns=None,
        config_hash="0" * 64,
        sentences={"kept": "kept: the resting order is close enough", "no_book": "held: no book"},
        steerable=(Steerable("strategy.gamma", "a number from 0.01 to 1"),),
        fills=(fill(1),),
    )


def fill(number: int, stamp_ns: int = NOW_NS - S) -> Fill:
    """Return a fill of `btc`."""
    return Fill(
        number, "btc", stamp_ns, "buy", "maker", Decimal("100.1"), Decimal("0.5"), 10 + number
    )


def picture(stamp_ns: int = NOW_NS, **changed: Any) -> Picture:
    """Return a picture of `alpha`; `changed` goes into its one market."""
    words: dict[str, Any] = {
        "name": "btc",
        "symbol": "BTCUSDT",
        "venue": "sim",
        "base": "BTC",
        "quote": "USDT",
        "role": "quote",
        "state": "quoting",
        "why": (),
        "paused_by": "",
        "mid": Decimal("100.25"),
        "touch_bid": Decimal("100.2"),
        "touch_ask": Decimal("100.3"),
        "bids": (Level(Decimal("100.1"), Decimal("0.5")),),
        "asks": (Level(Decimal("100.4"), Decimal("0.5")),),
        "orders": (Order(7, "buy", Decimal("100.1"), Decimal("0.5"), "live", False),),
        "bid_reasons": ("kept",),
        "ask_reasons": ("no_book",),
        "position_base": Decimal("0.5"),
        "max_position_base": Decimal("5"),
        "inventory_clips": 1.0,
        "target_clips": 0.0,
        "sigma_bps": 0.5,
        "reservation_bps": -0.25,
        "half_spread_bps": 1.5,
        "net_quote": Decimal("0.075"),
        "parts": Parts(Decimal("0.1"), Decimal("-0.02"), Decimal("-0.005"), *[Decimal(0)] * 3),
        "volume_quote": Decimal("50.05"),
        "fills": 1,
        "bid_markout_bps": 0.1,
        "ask_markout_bps": None,
        "uptime_frac": 0.99,
        "age_s": 0.1,
        "turn_p99_us": 300.0,
        "unknown_orders": 0,
        "orders_left": None,
        "parameters": {"strategy.gamma": "0.2"},
    }
    money = Decimal("0.075")
    return Picture(
        number=1,
        stamp_ns=stamp_ns,
        health=Health(True, ()),
        markets=(Market(**(words | changed)),),
        portfolio=Portfolio("USDT", money, money, Decimal(50), Decimal(50), {}),
        guards=(),
        jobs=(Job("metrics", NOW_NS + 60 * S),),
        killed="",
        fault="",
        late_s=0.001,
    )
