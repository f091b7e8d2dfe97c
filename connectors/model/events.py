"""Name what reaches a worker: market rows and account rows, in integers only.

A *row* is one change. Rows travel in columns (`MarketRows`, `AccountRows`), the same shape live
(Python lists), in parity replay (memoryviews) and in exact replay (numpy arrays), so that one
kernel reads all three. Every row carries the venue's clock and ours, in nanoseconds since the
epoch, UTC.

A *batch* is everything that was drained from the socket at once: a range of market rows, a range of
account rows and one stamp, which is "now" for every decision taken on it.
"""

from dataclasses import dataclass, field
from typing import Protocol

from connectors.model.account import Fee

BUY = 0
SELL = 1
"""Sides, also the index of a side in every two-sided array. ``1 - 2 * side`` is the sign."""

# Market rows ------------------------------------------------------------------------------------
BID = 0
"""Displayed lots at a bid level are now `lots` (0: the level is gone)."""
ASK = 1
"""Displayed lots at an ask level are now `lots`."""
TRADE_BUY = 2
"""A buyer took `lots` at `ticks` from resting asks."""
TRADE_SELL = 3
"""A seller took `lots` at `ticks` from resting bids."""
CLEAR_BIDS = 4
"""Every bid is gone; what follows is a snapshot."""
CLEAR_ASKS = 5
"""Every ask is gone; what follows is a snapshot."""
BEST_BID = 6
"""The venue's own top of book says this bid. Not applied: it is the check on our rebuilding."""
BEST_ASK = 7
"""The venue's own top of book says this ask. Not applied."""
GAP = 8
"""The sequence broke: the book is unknown until CLEAR rows and a snapshot follow."""
LEAD = 9
"""The leading market's mid is `ticks` half ticks of its own (0: not known). It comes last in its
batch, and says nothing about this market's book."""

SCHEDULED = 10
"""The schedule says that number `ticks` of what it asks of the market is now `lots`, as
strategies/scheduled.py counts them. It comes after every other row of its batch."""

# Account rows -----------------------------------------------------------------------------------
ACCEPTED = 16
"""The venue shows the order resting."""
REJECTED = 17
"""The venue refused the order for good; `code` is a Refusal of connectors.model.errors."""
FILLED = 18
"""`lots` of the order traded at `ticks`; `code` is its role, `trade_id` unique per market."""
CANCELLED = 19
"""The venue ended the order at our request."""
EXPIRED = 20
"""The venue ended the order by itself."""
CANCEL_REJECTED = 21
"""The venue could not cancel: it says the order is not there. Proves nothing about a fill."""
OUTCOME_UNKNOWN = 22
"""The command may or may not have arrived. The order keeps its slot and its full exposure."""
AMENDED = 23
"""The order has other terms by the venue's word: it stands at `ticks`, with `lots` in all, which
are never less than it has filled. One that has filled as much is over. Terms are told in the order
in which the venue has changed them, each change once."""
AMEND_REJECTED = 24
"""The venue did not amend to `ticks` and `lots`, and never will: the order stands as it did, or is
over. `code` is a Refusal of connectors.model.errors."""
AMEND_UNKNOWN = 25
"""The amend to `ticks` and `lots` may or may not have worked: the order has its old terms or those,
and counts as the worse of both until the venue's word or a read proves one."""

MAKER = 0
TAKER = 1
LIQUIDATION = 2
"""Roles of a fill. In a LIQUIDATION the venue closed our position: no order of ours traded."""

# Commands ---------------------------------------------------------------------------------------
PLACE = 32
CANCEL = 33
AMEND = 34
"""An AMEND names the order's new price, and its new size in all, what has filled included."""

POST_ONLY = 1
"""The order never takes: the venue refuses it where it would."""
IOC = 2
"""The order takes what it can at once; the rest ends."""
REDUCE_ONLY = 4
"""The order only takes the position towards flat. Flags of a PLACE; they add up."""

# Journal marks ----------------------------------------------------------------------------------
BATCH = 48
"""`lots` market rows of the tape were taken at `now_ns`, after the account rows before it."""
STOP = 50
"""From here on nothing is wanted: the worker was told to stop."""
HOLD = 51
"""From here on nothing is wanted for the reasons in `code` (0: quote again)."""
SCARCITY = 52
"""From here on new orders are as scarce as `lots` says (0: plenty)."""
EXPOSURE = 53
"""From here on the markets that are hedged here hold `lots` grains together, as far as is known;
`code` is 1 where all of it is proven."""
UNHEDGED = 54
"""From here on nothing is wanted while `code` is 1: too much of the underlying is unhedged."""
LIQUIDATED_AT = 55
"""From here on a position of `lots` is liquidated at `ticks` half ticks, as far as `code` is 1; its
buffer is whole at `trade_id`, and the venue's mark is `client_id` (0: not told), in half ticks."""
STEERED = 56
"""From here on number `client_id` of what a person may set is `lots`, or the float of the bits in
`extra`, as runner/engine/steer.py counts them."""
BAND = 60
"""From here on a net exposure of up to `lots` grains is not hedged."""
DECISION = 49
"""A decision was taken on that batch: its prices, sizes, reasons and the bits of its floats."""


class RealColumn(Protocol):
    """A column of floats."""

    def __getitem__(self, index: int, /) -> float: ...
    def __len__(self) -> int: ...


class IntColumn(Protocol):
    """A column of integers: a list, a memoryview or a numpy array."""

    def __getitem__(self, index: int, /) -> int: ...
    def __len__(self) -> int: ...


@dataclass(slots=True)
class MarketRows:
    """Columns of market rows, in the order in which they are to be applied."""

    kind: list[int] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)
    venue_ns: list[int] = field(default_factory=list)
    recv_ns: list[int] = field(default_factory=list)

    def add(self, kind: int, ticks: int, lots: int, venue_ns: int, recv_ns: int) -> None:
        """Append one row."""
        self.kind.append(kind)
        self.ticks.append(ticks)
        self.lots.append(lots)
        self.venue_ns.append(venue_ns)
        self.recv_ns.append(recv_ns)

    def clear(self) -> None:
        """Remove every row and keep the columns."""
        self.kind.clear()
        self.ticks.clear()
        self.lots.clear()
        self.venue_ns.clear()
        self.recv_ns.clear()

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(slots=True)
class AccountRows:
    """Columns of account rows of one market, in order of arrival.

    `fee` is what the venue says a FILLED row cost (None: not told yet). Kernels never see it.
    """

    kind: list[int] = field(default_factory=list)
    client_id: list[int] = field(default_factory=list)
    side: list[int] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)
    code: list[int] = field(default_factory=list)
    trade_id: list[int] = field(default_factory=list)
    venue_ns: list[int] = field(default_factory=list)
    recv_ns: list[int] = field(default_factory=list)
    fee: list[Fee | None] = field(default_factory=list)

    def add(
        self,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int,
        trade_id: int,
        venue_ns: int,
        recv_ns: int,
        fee: Fee | None = None,
    ) -> None:
        """Append one row."""
        self.kind.append(kind)
        self.client_id.append(client_id)
        self.side.append(side)
        self.ticks.append(ticks)
        self.lots.append(lots)
        self.code.append(code)
        self.trade_id.append(trade_id)
        self.venue_ns.append(venue_ns)
        self.recv_ns.append(recv_ns)
        self.fee.append(fee)

    def clear(self) -> None:
        """Remove every row and keep the columns."""
        self.kind.clear()
        self.client_id.clear()
        self.side.clear()
        self.ticks.clear()
        self.lots.clear()
        self.code.clear()
        self.trade_id.clear()
        self.venue_ns.clear()
        self.recv_ns.clear()
        self.fee.clear()

    def __len__(self) -> int:
        return len(self.kind)
