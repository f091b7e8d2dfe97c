"""Follow one deploy: its last picture, what was seen before, and whether it still speaks."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import msgspec

from runner.control.words import Fill, Market, Picture, Warning, Welcome
from runner.web.moments import Change, Moments, Row

MOST_FILLS = 2000
MOST_WARNINGS = 500
STALE_S = 3.0

Status = Literal["live", "stale", "gone", "killed"]
"""`stale`: it runs, and tells nothing. `gone`: no process runs it. `killed`: nor may one start."""

_encode = msgspec.json.Encoder(decimal_format="string").encode
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Past:
    """What a deploy left on the disk before somebody looked: older fills (number 0) and moments."""

    fills: Sequence[Fill] = ()
    moments: Mapping[str, Sequence[tuple[Row, Change]]] = field(default_factory=dict)


class Deploy:
    """What is known of one deploy. Whoever waits for news asks `changed`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.status: Status = "gone"
        self.note = ""
        self.welcome: Welcome | None = None
        self.picture: Picture | None = None
        self.past_fills: Sequence[Fill] = ()
        self.fills: deque[Fill] = deque(maxlen=MOST_FILLS)
        self.warnings: deque[Warning] = deque(maxlen=MOST_WARNINGS)
        self.moments: dict[str, Moments] = {}
        self.version = 0
        self._lines: dict[str, bytes] = {}
        self._news: asyncio.Future[None] | None = None

    def greet(self, welcome: Welcome) -> None:
        """Take the first words of a connection: those of a new process begin anew."""
        if self.welcome is None or self.welcome.started_ns != welcome.started_ns:
            self.fills.clear()
            self.warnings.clear()
            self.moments.clear()
            self.past_fills = ()
        self.welcome = welcome
        self._learn(welcome.fills, welcome.warnings)

    def remember(self, past: Past) -> None:
        """Take what was before the first picture."""
        self.past_fills = past.fills
        for market, rows in past.moments.items():
            kept = self.moments.setdefault(market, Moments())
            for row, change in rows:
                kept.put(row, change)

    def see(self, picture: Picture) -> None:
        """Take a picture."""
        self.picture = picture
        self._learn(picture.fills, picture.warnings)
        for market in picture.markets:
            kept = self.moments.setdefault(market.name, Moments())
            kept.put(row_of(market, picture.stamp_ns), change_of(market, picture.stamp_ns))
        self.say("live")

    def say(self, status: Status, note: str = "") -> None:
        """Say how it is, to everybody who waits."""
        if status != "live" and (status, note) == (self.status, self.note):
            return
        self.status, self.note = status, note
        self.version += 1
        self._lines.clear()
        news, self._news = self._news, None
        if news is not None and not news.done():
            news.set_result(None)

    async def changed(self, within_s: float) -> None:
        """Return once there is something new, or after a while. Any number may wait."""
        if self._news is None:
            self._news = asyncio.get_running_loop().create_future()
        await asyncio.wait({self._news}, timeout=within_s)

    def line(self, market: str) -> bytes:
        """Return what a page is told, as JSON; it is made once, whoever asks for it."""
        if market not in self._lines:
            self._lines[market] = _encode(self._told(market))
        return self._lines[market]

    def head(self) -> dict[str, Any]:
        """Return what stays as it is, for a page that opens."""
        welcome = self.welcome
        told = {} if welcome is None else msgspec.to_builtins(welcome)
        for name in ("fills", "warnings", "told"):
            told.pop(name, None)
        return {"name": self.name, "status": self.status, "note": self.note, "welcome": told}

    def _told(self, market: str) -> Mapping[str, Any]:
        told = {
            "deploy": self.name,
            "status": self.status,
            "note": self.note,
            "started_ns": self.welcome.started_ns if self.welcome else 0,
        }
        if self.picture is not None:
            # Fills and warnings are asked for apart: who joins late must not miss any.
            picture = msgspec.structs.replace(self.picture, fills=(), warnings=())
            if market:
                own = tuple(m for m in picture.markets if m.name == market)
                picture = msgspec.structs.replace(picture, markets=own)
            told["picture"] = picture
        told["last_fill"] = self.fills[-1].number if self.fills else 0
        told["last_warning"] = self.warnings[-1].number if self.warnings else 0
        return told

    def _learn(self, fills: Sequence[Fill], warnings: Sequence[Warning]) -> None:
        """Keep what is new: numbers only grow."""
        last = self.fills[-1].number if self.fills else 0
        self.fills.extend(fill for fill in fills if fill.number > last)
        last = self.warnings[-1].number if self.warnings else 0
        self.warnings.extend(warning for warning in warnings if warning.number > last)


def row_of(market: Market, stamp_ns: int) -> list[float]:
    """Return a market's figures in the order of the kept columns."""
    parts = market.parts
    return [
        stamp_ns / 1e9,
        _number(market.mid),
        _number(market.bids[0].price if market.bids else None),
        _number(market.asks[0].price if market.asks else None),
        market.inventory_clips,
        _number(market.net_quote),
        _number(parts.spread),
        _number(parts.adverse),
        _number(parts.inventory),
        _number(parts.fees),
        _number(parts.funding),
        market.half_spread_bps,
        market.sigma_bps,
        market.reservation_bps,
    ]


def change_of(market: Market, stamp_ns: int) -> Change:
    """Return what held of a market at a moment."""
    return Change(stamp_ns / 1e9, market.state, market.why, market.bid_reasons, market.ask_reasons)


def _number(value: Decimal | None) -> float:
    return NAN if value is None else float(value)
