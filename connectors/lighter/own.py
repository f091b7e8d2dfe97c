"""Say what the venue tells of our orders, trades and positions in the words of every venue."""

from dataclasses import dataclass, replace
from decimal import Decimal

from connectors.lighter.account_wire import Order, Position
from connectors.lighter.listing import Listed
from connectors.lighter.wire import Trade as Told
from connectors.model.account import Fee, Trade
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
)
from connectors.socket import Malformed

RATE = Decimal("1e-6")
"""Fees are told as rates in millionths of the notional, and left out where they are none."""

ENDED = {
    "canceled-expired",
    "canceled-self-trade",
    "canceled-oco",
    "canceled-child",
    "canceled-liquidation",
}
"""What the venue ends by itself, whatever has been filled."""
REFUSED = {
    "canceled-post-only": Refusal.POST_ONLY,
    "canceled-reduce-only": Refusal.REDUCE_ONLY,
    "canceled-position-not-allowed": Refusal.REDUCE_ONLY,
    "canceled-margin-not-allowed": Refusal.INSUFFICIENT_MARGIN,
    "canceled-invalid-balance": Refusal.INSUFFICIENT_MARGIN,
    "canceled-too-much-slippage": Refusal.PRICE_BAND,
    "canceled-not-enough-liquidity": Refusal.OTHER,
}
"""What it refuses: a refusal as long as nothing has been filled, else an end."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the venue says of an order: a kind of account row, OUTCOME_UNKNOWN for what we do not
    know, with REJECTED why; and its terms, where it is known at all: `lots` are its size in all."""

    kind: int
    code: int = 0
    filled_lots: int = 0
    ticks: int = 0
    lots: int = 0

    @property
    def is_final(self) -> bool:
        """Tell whether the order has ended."""
        return self.kind not in (ACCEPTED, OUTCOME_UNKNOWN)


def word_of(order: Order, market: Listed) -> Word:
    """Return what an order's status says; raise Malformed for a size off the grid.

    A status that is not known is neither open nor over.
    """
    filled = market.grid.lots(order.filled_base_amount)
    kind, code = _kind_of(order.status, filled)
    ticks, lots = market.grid.ticks(order.price), market.grid.lots(order.initial_base_amount)
    return Word(kind, code, filled, ticks, lots)


def _kind_of(status: str, filled_lots: int) -> tuple[int, int]:
    """Return the kind of row that a status is, and the reason of a refusal."""
    if status in REFUSED and not filled_lots:
        return REJECTED, REFUSED[status]
    if status in REFUSED or status in ENDED:
        return EXPIRED, 0
    return _PLAIN.get(status, OUTCOME_UNKNOWN), 0


_PLAIN = {"open": ACCEPTED, "filled": FILLED, "canceled": CANCELLED}


def after(before: Word | None, word: Word) -> Word:
    """Return a word on an order of which another was heard before: what has rested was let in, and
    its end is no refusal."""
    if word.kind == REJECTED and before is not None and before.kind == ACCEPTED:
        return replace(word, kind=EXPIRED, code=0)
    return word


def side_of(order: Order) -> int:
    """Return an order's side."""
    return SELL if order.is_ask else BUY


def own_trades(told: Told, account: int, market: Listed) -> list[Trade]:
    """Return our side of a trade, both where we have traded with ourselves; raise Malformed.

    Its cost is the rate of our role, on what we have received where the market is spot, else on the
    exact notional.
    """
    ticks, lots = market.grid.ticks(told.price), market.grid.lots(told.size)
    if lots == 0:
        raise Malformed(f"trade {told.trade_id} of nothing")
    sides = []
    if told.bid_account_id == account:
        sides.append((BUY, told.bid_client_id, not told.is_maker_ask))
    if told.ask_account_id == account:
        sides.append((SELL, told.ask_client_id, told.is_maker_ask))
    if not sides:
        raise Malformed(
            f"trade {told.trade_id} is of accounts {told.bid_account_id} and"
            f" {told.ask_account_id}, not of {account}"
        )
    return [
        Trade(
            told.trade_id,
            client_id,
            side,
            ticks,
            lots,
            MAKER if is_maker else TAKER,
            told.venue_ns(),
            _fee(told, is_maker, market, side, ticks, lots),
        )
        for side, client_id, is_maker in sides
    ]


def position_lots(position: Position, market: Listed) -> int:
    """Return a position with its sign; raise Malformed for one off the grid."""
    size = market.grid.lots(float(position.position))
    if size and not position.sign:
        raise Malformed(f"a position of {position.position} without a sign")
    return size * position.sign


def _fee(told: Told, is_maker: bool, market: Listed, side: int, ticks: int, lots: int) -> Fee:
    """Return a trade's cost: of spot, a share of what was received
    (elliottech/lighter-prover, circuit/src/apply_trade.rs, `apply_spot_trade`)."""
    rate = told.maker_fee if is_maker else told.taker_fee
    of = market.instrument
    if market.is_spot and side == BUY:
        return Fee(of.size_base(lots) * rate * RATE, of.base)
    return Fee(of.notional_quote(ticks, lots) * rate * RATE, of.quote)
