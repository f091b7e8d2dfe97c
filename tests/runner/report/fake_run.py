"""Make runs that look real: a wandering mid, quotes around it, and fills that add up."""

import math
import random
from decimal import Decimal

from connectors.model.events import BUY, MAKER, SELL, TAKER
from connectors.model.instrument import Instrument
from runner.results import (
    BookCheck,
    FillColumns,
    Latency,
    MarketResult,
    RunResult,
    SeriesColumns,
)

START_NS = 1_782_907_200_000_000_000
KEPT, SIZE_SKEW, FILL_LOCKOUT, INVENTORY_LIMIT, WARMING = 1 << 11, 1 << 8, 1 << 12, 1 << 7, 1 << 1
REASONS = {
    "kept": KEPT,
    "size_skew": SIZE_SKEW,
    "fill_lockout": FILL_LOCKOUT,
    "inventory_limit": INVENTORY_LIMIT,
    "prior_volatility": WARMING,
}
EXPLANATIONS = {
    "kept": "kept: the resting order is close enough to what is wanted",
    "size_skew": "shrunk: inventory is heavy on this side",
    "fill_lockout": "waiting: this side was filled a moment ago",
    "inventory_limit": "held: the position is at its limit on this side",
    "prior_volatility": "priced partly from the configured volatility: still warming up",
}
STEP_NS = 100_000_000
CLIP, LIMIT = 20, 120


def instrument(symbol: str = "BTCUSDT", tick: str = "0.1", quote: str = "USDT") -> Instrument:
    """Return an instrument whose lot is a thousandth."""
    base = symbol.removesuffix(quote)
    return Instrument(symbol, base, quote, Decimal(tick), Decimal("0.001"))


class Walk:
    """One market's walk, collected into columns."""

    def __init__(self, seed: int, mid_ticks: int, sigma_ticks: float, fill_frac: float) -> None:
        """Start at a mid; `fill_frac` is the chance of a fill a side and step."""
        self.random = random.Random(seed)
        self.mid = float(mid_ticks)
        self.sigma, self.fill_frac = sigma_ticks, fill_frac
        self.position = 0
        self.fills: dict[str, list[int]] = {name: [] for name in FillColumns.__dataclass_fields__}
        self.rows: dict[str, list[float]] = {
            name: [] for name in SeriesColumns.__dataclass_fields__
        }
        self.reason_ns: dict[str, dict[str, int]] = {"bid": {}, "ask": {}}

    def step(self, k: int) -> None:
        """Move the mid, quote, maybe fill, and keep a row."""
        now = START_NS + k * STEP_NS
        self.mid += self.random.gauss(0.0, self.sigma)
        half = 2 * int(self.mid) + 1
        width = self.sigma * (9 + 2 * math.sin(k / 90))
        centre = self.mid - self.position / CLIP * self.sigma * 1.2
        bid, ask = math.floor(centre - width), math.ceil(centre + width)
        masks = [KEPT if k % 5 else 0, KEPT if k % 5 else 0]
        for side, ticks in ((BUY, bid), (SELL, ask)):
            heavy = self.position * (1 - 2 * side)
            masks[side] |= (SIZE_SKEW if heavy > CLIP else 0) | (WARMING if k < 100 else 0)
            if heavy >= LIMIT:
                masks[side] = INVENTORY_LIMIT
            elif self.random.random() < self.fill_frac:
                self.fill(now, side, ticks, half)
                masks[side] |= FILL_LOCKOUT
        self.keep(now, half, bid, ask, masks, width)

    def fill(self, now: int, side: int, ticks: int, half: int) -> None:
        """Trade one clip or a part of it."""
        lots = self.random.choice((CLIP, CLIP, CLIP // 2, 3))
        number = len(self.fills["recv_ns"]) + 1
        drift = self.random.gauss(-0.3, 4.0) * self.sigma * (1 - 2 * side)
        row = {
            "recv_ns": now + 6_000_000,
            "venue_ns": now + 1_000_000,
            "side": side,
            "ticks": ticks,
            "lots": lots,
            "role": TAKER if self.random.random() < 0.01 else MAKER,
            "trade_id": number,
            "client_id": 2048 * number + side * 16,
            "mid_half_ticks": half,
            "mid_1s_half_ticks": half + int(2 * drift),
            "mid_5s_half_ticks": half + int(3 * drift),
            "mid_10s_half_ticks": half + int(4 * drift) if number % 7 else -1,
            "mid_60s_half_ticks": -1 if number % 3 else half - int(drift),
            "flips_200ms": self.random.randrange(4),
            "position_before_lots": self.position,
        }
        for name, value in row.items():
            self.fills[name].append(value)
        self.position += lots if side == BUY else -lots

    def keep(self, now: int, half: int, bid: int, ask: int, masks: list[int], width: float) -> None:
        """Append one row of the series and credit its reasons."""
        row = {
            "now_ns": now,
            "mid_half_ticks": half,
            "bid_ticks": 0 if masks[BUY] & INVENTORY_LIMIT else bid,
            "ask_ticks": 0 if masks[SELL] & INVENTORY_LIMIT else ask,
            "position_lots": self.position,
            "bid_reasons": masks[BUY],
            "ask_reasons": masks[SELL],
            "reservation_bps": -self.position * 0.01,
            "half_spread_bps": width / self.mid * 1e4,
            "sigma_bps": self.sigma / self.mid * 1e4 * (3 + math.sin(k_of(now) / 200)),
        }
        for name, value in row.items():
            self.rows[name].append(value)
        for side, mask in zip(("bid", "ask"), masks, strict=True):
            for name, bit in REASONS.items():
                if mask & bit:
                    times = self.reason_ns[side]
                    times[name] = times.get(name, 0) + STEP_NS


def k_of(now: int) -> int:
    """Return the step of a stamp."""
    return (now - START_NS) // STEP_NS


def market(
    name: str = "btc",
    *,
    seed: int = 1,
    steps: int = 600,
    mid_ticks: int = 1_000_000,
    sigma_ticks: float = 14.0,
    fill_frac: float = 0.02,
    quote: str = "USDT",
    tick: str = "0.1",
    maker_fee_bps: str = "0",
    funding_quote: str = "0",
) -> MarketResult:
    """Return one market's result; all of it adds up."""
    walk = Walk(seed, mid_ticks, sigma_ticks, fill_frac)
    for k in range(steps):
        walk.step(k)
    last = START_NS + steps * STEP_NS
    return MarketResult(
        name=name,
        venue="sim",
        instrument=instrument(f"{name.upper()}{quote}", tick, quote),
        maker_fee_bps=Decimal(maker_fee_bps),
        taker_fee_bps=Decimal("3.5"),
        first_ns=START_NS,
        last_ns=last,
        events=steps * 97,
        decisions=steps,
        orders=steps // 3,
        cancels=steps // 4,
        amends=steps // 8,
        rejected=2,
        refused=0,
        open_orders_end=0,
        unknown_orders_end=0,
        position_lots=walk.position,
        mark_half_ticks=2 * int(walk.mid) + 1,
        order_lots=CLIP,
        funding_quote=Decimal(funding_quote),
        fills=FillColumns(**walk.fills),
        reason_ns=walk.reason_ns,
        latency_us={"decide": Latency(4.8, 11.2, 210.0), "turn": Latency(9.1, 31.7, 480.5)},
        book_check=BookCheck(9_012, 9_012),
        series=SeriesColumns(**walk.rows),  # type: ignore[arg-type]
    )


SETTINGS = {
    "deploy": "default",
    "seed": 7,
    "gamma": 0.2,
    "kappa": 1.5,
    "reporting_currency": "USDT",
    "record": {"decisions": "changes", "tape": False},
    "markets": {
        "btc": {
            "underlying": "BTC",
            "order_size_base": "0.02",
            "max_position_base": "0.12",
            "strategy": {"name": "avellaneda_stoikov", "gamma": 0.2, "kappa": 1.5, "levels": 1},
            "venue": {"name": "sim", "queue_model": "risk_averse", "entry_latency_ms": 5.0},
        }
    },
}


def run(*markets: MarketResult, mode: str = "paper", exit_code: int = 0) -> RunResult:
    """Return a run of these markets."""
    ended = max((m.last_ns for m in markets), default=START_NS)
    return RunResult(
        mode=mode,
        version="0.1.0",
        config_hash="3f9a1c2b7d5e4f60" * 4,
        started_ns=START_NS,
        ended_ns=ended,
        exit=exit_code,
        reporting_currency="USDT",
        markets=markets,
        reasons=REASONS,
        explanations=EXPLANATIONS,
        settings=SETTINGS,
    )
