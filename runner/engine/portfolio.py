"""Hold all markets of a deploy inside the limits of their pools: at the sender, before an order.

A pool is all markets together, or those of one underlying or of one venue (`runner.engine.pools`).

Exposure is the worst that may become of it, in the reporting currency: a market may come to be long
its position and every open buy, or short by every open sell less its position. Open is whatever is
not proven to be over. `gross` adds up each market's larger side. `net` is the larger of all that
may be long together and all that may be short together: a leg that hedges another is not counted on
to stay, because closing it is never refused. `capital` is the gross, each market's part by what
its leverage binds; what a market has bound nobody takes from it.

An order that can only reduce its market's position always passes, and so does one of a market that
hedges which, with all that is open beside it, only takes the underlying's net exposure down: a
limit on all positions would otherwise leave one of them alone. Any other is refused also while a
market that is exposed has no mark, or an old one: what is not known is not small.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from connectors.model.events import BUY, SELL
from runner.engine.exposure import Exposure, Held, exposures
from runner.engine.peg import Peg
from runner.engine.pools import KINDS, PoolLimits, Worst
from strategies.trades import DAY_NS

ZERO = Decimal(0)
NO_LIMITS = PoolLimits()
TELL_EVERY_NS = 60_000_000_000

Closes = Callable[[int, int], bool]
"""Given side and lots, tell whether they only take down what is unhedged of an underlying."""

Gate = Callable[[int, int, int], str | None]
"""Given side, lots and now [ns], return the limit that refuses an order by its key, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLimits(PoolLimits):
    """Limits over all markets in the reporting currency (None: off)."""

    max_open_orders: int | None = None
    max_daily_loss_quote: Decimal | None = None
    max_drawdown_quote: Decimal | None = None
    max_mark_age_ns: int = 60_000_000_000


class Exposed(Protocol):
    """What a market's outbox knows: its position, and what is open on either side."""

    position_lots: int
    exposed_lots: list[int]

    @property
    def open_orders(self) -> int:
        """How many orders are not proven to be over."""


class Marked(Protocol):
    """What a market's signals know of its price."""

    @property
    def sound(self) -> bool:
        """Whether the mid can be relied on."""

    @property
    def seen_ns(self) -> int:
        """The stamp of the last market data."""

    @property
    def mid_half_ticks(self) -> int:
        """The mid."""


class Day(Protocol):
    """What a market's brakes know of its money today."""

    is_marked: bool
    day: int
    equity_half_tick_lots: int
    opening_half_tick_lots: int


@dataclass(slots=True)
class Holding:
    """One market. `half_tick_lot` is what a half tick times a lot is worth; None: no rate is known.

    `wallet_lots` is what a spot wallet held before it traded. The last sound mark is kept.
    `pools` names the market's pool of each kind, `leverage` is its worth by the capital
    that it binds, `pegs` are of its currencies.
    """

    market: str
    exposed: Exposed
    marked: Marked
    day: Day
    half_tick_lot: Decimal | None
    pools: tuple[str, str, str] = ("", "", "")
    leverage: Decimal = Decimal(1)
    wallet_lots: int = 0
    mark_half_ticks: int = 0
    marked_ns: int = 0
    closes: Closes = lambda side, lots: False
    pegs: list[Peg] = field(default_factory=list)

    def look(self) -> None:
        """Take the mark if there is a sound one."""
        if self.marked.sound:
            self.mark_half_ticks = self.marked.mid_half_ticks
            self.marked_ns = self.marked.seen_ns

    def long_lots(self) -> int:
        """Return what the market is long once every open buy is filled."""
        return self.wallet_lots + self.exposed.position_lots + self.exposed.exposed_lots[BUY]

    def short_lots(self) -> int:
        """Return what the market is short once every open sell is filled."""
        return self.exposed.exposed_lots[SELL] - self.exposed.position_lots - self.wallet_lots

    def worth(self, lots: int) -> Decimal:
        """Return what so many lots are worth at the mark; less than none are none."""
        if lots <= 0 or self.half_tick_lot is None:
            return ZERO
        return lots * self.mark_half_ticks * self.half_tick_lot

    def is_known(self, now_ns: int, most_age_ns: int) -> bool:
        """Tell whether the mark may be relied on, and its worth is told."""
        return self.half_tick_lot is not None and self.is_marked(now_ns, most_age_ns)

    def is_marked(self, now_ns: int, most_age_ns: int) -> bool:
        """Tell whether the mark may be relied on."""
        return self.marked_ns > 0 and now_ns - self.marked_ns <= most_age_ns

    def held(self, now_ns: int, most_age_ns: int) -> Held:
        """Return what is held and may come to be held, at the last sound mark."""
        long, short = self.long_lots(), self.short_lots()
        lots = self.wallet_lots + self.exposed.position_lots
        is_told = self.is_known(now_ns, most_age_ns) or (lots == 0 and max(long, short) <= 0)
        worth = self.worth(lots) - self.worth(-lots)
        return Held(
            market=self.market,
            pools=self.pools,
            position=worth if is_told else None,
            long=self.worth(long),
            short=self.worth(short),
            leverage=self.leverage,
        )

    def result(self, day: int) -> Decimal:
        """Return what the market has won since the UTC day began, open position at the mark."""
        if not self.day.is_marked or self.day.day != day or self.half_tick_lot is None:
            return ZERO
        won = self.day.equity_half_tick_lots - self.day.opening_half_tick_lots
        return won * self.half_tick_lot


@dataclass(slots=True)
class Portfolio:
    """All markets of a deploy; money is in `currency`.

    `peak` is the best result of the UTC day `day` so far.
    """

    limits: AccountLimits
    warn: Callable[[int, str, str], None]
    by_underlying: PoolLimits = NO_LIMITS
    by_venue: PoolLimits = NO_LIMITS
    currency: str = ""
    pegs: list[Peg] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    day: int = 0
    peak: Decimal = ZERO
    _told_ns: dict[tuple[str, str], int] = field(default_factory=dict)

    def gate(self, holding: Holding) -> Gate:
        """Take a market in, and return what its outbox asks before it sends an order."""
        self.holdings.append(holding)

        def ask(side: int, lots: int, now_ns: int) -> str | None:
            limit = self._refusal(holding, side, lots, now_ns)
            if limit is not None:
                self._tell(holding.market, limit, now_ns)
            return limit

        return ask

    def exposures(self, now_ns: int) -> list[Exposure]:
        """Return what every pool of markets holds, and the worst that may become of it."""
        most_age_ns = self.limits.max_mark_age_ns
        return exposures([holding.held(now_ns, most_age_ns) for holding in self.holdings])

    def look(self, now_ns: int) -> str | None:
        """Mark every market; return why the deploy has to be killed, or None."""
        for holding in self.holdings:
            holding.look()
        for peg in self.pegs:
            peg.follow(now_ns)
        day = now_ns // DAY_NS
        result = sum((holding.result(day) for holding in self.holdings), ZERO)
        if day != self.day:
            self.day = day
            self.peak = ZERO
        self.peak = max(self.peak, result)
        limits = self.limits
        if _reached(-result, limits.max_daily_loss_quote):
            return f"all markets have lost {-result:f} today: risk.account.max_daily_loss_quote"
        if _reached(self.peak - result, limits.max_drawdown_quote):
            fall = self.peak - result
            return f"all markets are {fall:f} below today's best: risk.account.max_drawdown_quote"
        return None

    def _tell(self, market: str, limit: str, now_ns: int) -> None:
        """Tell a person once in a while which limit refuses."""
        told_ns = self._told_ns.get((market, limit))
        if told_ns is None or now_ns - told_ns >= TELL_EVERY_NS:
            self._told_ns[market, limit] = now_ns
            self.warn(now_ns, market, f"{limit} refuses orders that add risk")

    def _refusal(self, holding: Holding, side: int, lots: int, now_ns: int) -> str | None:
        """Return the limit that an order would break; it is not yet counted among the open ones."""
        open_lots = holding.exposed.exposed_lots[side] + lots
        if _only_reduces(holding, side, lots) or holding.closes(side, open_lots):
            return None
        limits = self.limits
        for peg in holding.pegs:
            if peg.holds(now_ns, limits.max_mark_age_ns):
                return f"risk.peg.depeg_bps of {peg.currency}"
        most = limits.max_open_orders
        if most is not None and sum(h.exposed.open_orders for h in self.holdings) >= most:
            return "risk.account.max_open_orders"
        for kind, pool in enumerate((limits, self.by_underlying, self.by_venue)):
            limit = None if pool.is_off else self._breaks(kind, pool, holding, side, lots, now_ns)
            if limit is not None:
                return limit
        return None

    def _breaks(
        self, kind: int, limits: PoolLimits, holding: Holding, side: int, lots: int, now_ns: int
    ) -> str | None:
        """Return the limit of the market's pool of a kind that an order would break."""
        worst = Worst()
        for other in self.holdings:
            is_own = other is holding
            added = lots if is_own else 0
            bought = other.long_lots() + (added if side == BUY else 0)
            sold = other.short_lots() + (added if side == SELL else 0)
            is_exposed = is_own or bought > 0 or sold > 0
            if not is_exposed or other.pools[kind] != holding.pools[kind]:
                continue
            other.look()
            if not other.is_known(now_ns, self.limits.max_mark_age_ns):
                return "risk.account.max_mark_age_s"
            long, short = other.worth(bought), other.worth(sold)
            worst.add(long, short, is_own=is_own)
            if limits.max_capital_quote is not None:
                worst.bind(max(long, short), other.leverage, is_own=is_own)
        limit = worst.breaks(limits, buys=side == BUY)
        return None if limit is None else f"risk.{KINDS[kind]}.{limit}"


def worst_gross(holdings: Sequence[Holding]) -> Decimal:
    """Return the sum of each market's larger side."""
    return sum((max(h.worth(h.long_lots()), h.worth(h.short_lots())) for h in holdings), ZERO)


def worst_net(holdings: Sequence[Holding]) -> Decimal:
    """Return the larger of all that may be long and all that may be short."""
    longs = sum((h.worth(h.long_lots()) for h in holdings), ZERO)
    return max(longs, sum((h.worth(h.short_lots()) for h in holdings), ZERO))


def _only_reduces(holding: Holding, side: int, lots: int) -> bool:
    """Tell whether all open orders of the side together, with this one, still reduce."""
    after = holding.short_lots() if side == SELL else holding.long_lots()
    return after + lots <= 0


def _reached(amount: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and amount >= limit


def _passed(amount: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and amount > limit
