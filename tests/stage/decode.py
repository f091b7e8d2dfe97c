"""Turn the venue's bytes into rows of integers, or say Malformed; never guess.

A market's channel is a chain: each frame names the one before. `Chain` follows it, and keeps so
much of the book as shows that it is sound.
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from connectors.model.account import Fee, Payment, Trade
from connectors.model.errors import OffGrid, Refusal
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    ASK,
    BID,
    BUY,
    CANCELLED,
    CLEAR_ASKS,
    CLEAR_BIDS,
    EXPIRED,
    FILLED,
    GAP,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
    TRADE_BUY,
    TRADE_SELL,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.socket import Malformed

MS = 1_000_000
MOST_ONE_SIDED = 20
"""A side that stands still while the other changes so often is taken for frozen."""
SIDES = {"buy": BUY, "sell": SELL}
ROLES = {"maker": MAKER, "taker": TAKER}
ORDERS = {
    "accepted": ACCEPTED,
    "amended": AMENDED,
    "cancelled": CANCELLED,
    "expired": EXPIRED,
}
"""Kinds of account frames that tell of an order. One that is not known proves nothing."""
STATUSES = {"open": ACCEPTED, "cancelled": CANCELLED, "expired": EXPIRED, "filled": FILLED}
MONEY = frozenset({"charged", "paid", "hello"})
REFUSALS = {
    "post_only": Refusal.POST_ONLY,
    "insufficient_margin": Refusal.INSUFFICIENT_MARGIN,
    "min_size": Refusal.MIN_SIZE,
    "price_band": Refusal.PRICE_BAND,
    "reduce_only": Refusal.REDUCE_ONLY,
    "rate_limit": Refusal.RATE_LIMIT,
    "not_found": Refusal.NOT_FOUND,
}


def words_of(frame: bytes) -> dict[str, Any]:
    """Return a frame's JSON object."""
    try:
        words = msgspec.json.decode(frame)
    except msgspec.DecodeError as error:
        raise Malformed(f"expected JSON, was {frame[:80]!r}") from error
    if not isinstance(words, dict):
        raise Malformed(f"expected an object, was {frame[:80]!r}")
    return words


def ticks_of(instrument: Instrument, text: object) -> int:
    """Return a price above 0 in ticks."""
    ticks = _steps(text, "price", instrument.exact_ticks)
    if ticks <= 0:
        raise Malformed(f"expected a price above 0, was {text}")
    return ticks


def lots_of(instrument: Instrument, text: object) -> int:
    """Return a size that is not negative, in lots."""
    lots = signed_lots_of(instrument, text)
    if lots < 0:
        raise Malformed(f"expected a size, was {text}")
    return lots


def signed_lots_of(instrument: Instrument, text: object) -> int:
    """Return a position in lots."""
    return _steps(text, "size", instrument.exact_lots)


def _steps(text: object, what: str, exact: Any) -> int:
    if not isinstance(text, str):
        raise Malformed(f"expected a {what} as text, was {text!r}")
    try:
        return int(exact(Decimal(text)))
    except (InvalidOperation, OffGrid) as error:
        raise Malformed(f"expected a {what} on the grid, was {text}") from error


def word(words: dict[str, Any], key: str, kind: type) -> Any:
    """Return a field that has to be there."""
    value = words.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f"expected {key} to be {kind.__name__}, was {value!r}")
    return value


@dataclass(slots=True)
class Chain:
    """One market's channel. `last` is the sequence of the last frame taken (None: none yet)."""

    instrument: Instrument
    last: int | None = None
    bids: set[int] = field(default_factory=set)
    asks: set[int] = field(default_factory=set)
    changes_of_other: list[int] = field(default_factory=lambda: [0, 0])
    """By side, how often the other has changed since this one last did."""

    def reset(self) -> None:
        """Forget everything: a snapshot has to come."""
        self.last = None
        self.changes_of_other = [0, 0]

    def take(self, words: dict[str, Any], rows: MarketRows, recv_ns: int) -> bool:
        """Append a frame's rows; tell whether the chain holds. Raises Malformed."""
        sequence, before = word(words, "seq", int), word(words, "prev", int)
        is_snapshot = words.get("type") == "snapshot"
        if not is_snapshot:
            if self.last is None or sequence <= self.last:
                return True
            if before != self.last:
                return self._broken(rows, recv_ns)
        elif self.last is not None and sequence <= self.last:
            return True
        changes = self._changes(words)
        venue_ns = word(words, "ts", int) * MS
        if is_snapshot:
            rows.add(CLEAR_BIDS, 0, 0, venue_ns, recv_ns)
            rows.add(CLEAR_ASKS, 0, 0, venue_ns, recv_ns)
            self.bids.clear()
            self.asks.clear()
        for kind, ticks, lots in changes:
            rows.add(kind, ticks, lots, venue_ns, recv_ns)
            if kind in (BID, ASK):
                levels = self.bids if kind == BID else self.asks
                (levels.add if lots else levels.discard)(ticks)
        self.last = sequence
        self._count_changes({kind for kind, _, _ in changes})
        return self._is_sound() or self._broken(rows, recv_ns)

    def _changes(self, words: dict[str, Any]) -> list[tuple[int, int, int]]:
        """Return kind, ticks and lots of all that a frame changes."""
        of = self.instrument
        changes = []
        for kind, side in ((BID, "bids"), (ASK, "asks")):
            for level in _listed(words, side):
                if not isinstance(level, list) or len(level) != 2:
                    raise Malformed(f"expected a price and a size, was {level!r}")
                changes.append((kind, ticks_of(of, level[0]), lots_of(of, level[1])))
        for trade in _listed(words, "trades"):
            kind = TRADE_BUY if SIDES[word(trade, "side", str)] == BUY else TRADE_SELL
            changes.append((kind, ticks_of(of, trade.get("price")), lots_of(of, trade.get("size"))))
        return changes

    def _count_changes(self, kinds: set[int]) -> None:
        for kind in (BID, ASK):
            if kind in kinds:
                self.changes_of_other[kind] = 0
            elif BID + ASK - kind in kinds:
                self.changes_of_other[kind] += 1

    def _is_sound(self) -> bool:
        if max(self.changes_of_other) > MOST_ONE_SIDED:
            return False
        return bool(self.bids and self.asks) and max(self.bids) < min(self.asks)

    def _broken(self, rows: MarketRows, recv_ns: int) -> bool:
        self.reset()
        rows.add(GAP, 0, 0, recv_ns, recv_ns)
        return False


def _listed(words: dict[str, Any], key: str) -> list[Any]:
    value = words.get(key, [])
    if not isinstance(value, list):
        raise Malformed(f"expected {key} to be a list, was {value!r}")
    return value


def trade_of(instrument: Instrument, words: dict[str, Any]) -> Trade:
    """Return a trade; its fee is None until the venue has set it."""
    fee = words.get("fee")
    return Trade(
        trade_id=word(words, "trade", int),
        client_id=word(words, "cid", int),
        side=SIDES[word(words, "side", str)],
        ticks=ticks_of(instrument, words.get("price")),
        lots=lots_of(instrument, words.get("size")),
        role=ROLES[word(words, "role", str)],
        venue_ns=word(words, "at", int) * MS,
        fee=None if fee is None else Fee(Decimal(word(words, "fee", str)), word(words, "ccy", str)),
    )


def payment_of(instrument: Instrument, words: dict[str, Any]) -> Payment:
    """Return a funding payment."""
    return Payment(
        payment_id=word(words, "id", str),
        paid_ns=word(words, "ts", int) * MS,
        amount=Decimal(word(words, "amount", str)),
        currency=word(words, "ccy", str),
    )


def add_account_row(
    instrument: Instrument, words: dict[str, Any], rows: AccountRows, recv_ns: int
) -> None:
    """Append what an account frame tells. Raises Malformed."""
    kind = word(words, "kind", str)
    venue_ns = word(words, "ts", int) * MS
    if kind == "filled":
        add_trade(rows, trade_of(instrument, words), recv_ns)
        return
    client_id = word(words, "cid", int)
    side = SIDES[word(words, "side", str)]
    ticks, lots = ticks_of(instrument, words.get("price")), lots_of(instrument, words.get("size"))
    if kind == "rejected":
        code = REFUSALS.get(word(words, "code", str), Refusal.OTHER)
        rows.add(REJECTED, client_id, side, ticks, lots, code, 0, venue_ns, recv_ns)
        return
    known = ORDERS.get(kind, OUTCOME_UNKNOWN)
    rows.add(known, client_id, side, ticks, lots, 0, 0, venue_ns, recv_ns)


def add_trade(rows: AccountRows, trade: Trade, recv_ns: int) -> None:
    """Append a trade."""
    rows.add(
        FILLED,
        trade.client_id,
        trade.side,
        trade.ticks,
        trade.lots,
        trade.role,
        trade.trade_id,
        trade.venue_ns,
        recv_ns,
        trade.fee,
    )
