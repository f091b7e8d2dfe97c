"""Make the words of a deploy for tests, and a source that tells them."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from runner.control import words

NOW_NS = 1_763_000_000_000_000_000


def market(name: str = "btc", **given: object) -> words.Market:
    """Return a market that quotes both sides."""
    told: dict[str, object] = {
        "name": name,
        "symbol": "BTCUSDT",
        "venue": "sim",
        "base": "BTC",
        "quote": "USDT",
        "role": "quote",
        "state": "quoting",
        "why": (),
        "paused_by": "",
        "mid": Decimal("100000.05"),
        "touch_bid": Decimal("100000.0"),
        "touch_ask": Decimal("100000.1"),
        "bids": (words.Level(Decimal("99990.0"), Decimal("0.010")),),
        "asks": (words.Level(Decimal("100010.0"), Decimal("0.010")),),
        "orders": (),
        "bid_reasons": ("kept",),
        "ask_reasons": ("kept", "size_skew"),
        "position_base": Decimal("0.020"),
        "max_position_base": Decimal("0.100"),
        "inventory_clips": 2.0,
        "target_clips": 0.0,
        "sigma_bps": 0.5,
        "reservation_bps": -0.2,
        "half_spread_bps": 1.1,
        "net_quote": Decimal("1.25"),
        "parts": words.Parts(
            Decimal(2), Decimal("-0.5"), Decimal(0), Decimal("-0.25"), Decimal(0), Decimal(0)
        ),
        "volume_quote": Decimal(2000),
        "fills": 2,
        "bid_markout_bps": -0.1,
        "ask_markout_bps": None,
        "uptime_frac": 0.97,
        "age_s": 0.02,
        "turn_p99_us": 90.0,
        "unknown_orders": 0,
        "orders_left": None,
        "parameters": {"strategy.gamma": "0.2"},
    }
    return words.Market(**(told | given))  # type: ignore[arg-type]


def picture(
    number: int = 1, markets: Sequence[words.Market] = (), **given: object
) -> words.Picture:
    """Return a picture of a deploy that is well."""
    told: dict[str, object] = {
        "number": number,
        "stamp_ns": NOW_NS,
        "health": words.Health(True, ()),
        "markets": tuple(markets) or (market(),),
        "portfolio": words.Portfolio("USDT", Decimal("1.25"), Decimal("1.25"), None, None, {}),
        "guards": (),
        "jobs": (words.Job("metrics", NOW_NS + 1),),
        "killed": "",
        "fault": "",
        "late_s": 0.0,
    }
    return words.Picture(**(told | given))  # type: ignore[arg-type]


def welcome(**given: object) -> words.Welcome:
    """Return what a paper deploy says first."""
    told: dict[str, object] = {
        "version": words.VERSION,
        "release": "0.1.0",
        "deploy": "default",
        "mode": "paper",
        "armed": False,
        "run": "/runs/one",
        "process": 7,
        "started_ns": NOW_NS,
        "ends_ns": None,
        "config_hash": "abc",
        "sentences": {"kept": "kept: close enough"},
        "steerable": (),
    }
    return words.Welcome(**(told | given))  # type: ignore[arg-type]


def command(what: words.What = "pause", identity: str = "one", **given: str) -> words.Command:
    """Return a command of an operator."""
    return words.Command(identity=identity, what=what, who="ada", role="operate", **given)


class Source:
    """Tells pictures by their number, and keeps what it was asked."""

    def __init__(self) -> None:
        self.drawn = 0
        self.asked: list[tuple[words.Command, int]] = []
        self.doors: list[asyncio.StreamWriter] = []

    def welcome(self) -> words.Welcome:
        """Return a welcome."""
        return welcome()

    async def picture(self) -> words.Picture:
        """Return the next picture."""
        self.drawn += 1
        await asyncio.sleep(0)
        return picture(self.drawn)

    def obey(self, command: words.Command, uid: int) -> words.Answer:
        """Keep the command and say that it was carried out."""
        self.asked.append((command, uid))
        return words.Answer(command.identity, True, f"{command.what}: done")
