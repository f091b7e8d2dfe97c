"""List every reason why a side is quoted as it is: one flag and one sentence each.

All reasons of a moment are kept, as bits of one integer a side; none overwrites another.
"""

from enum import IntFlag

NO_BOOK = 1 << 0
PRIOR_VOLATILITY = 1 << 1
FEE_FLOOR = 1 << 2
SPREAD_MIN = 1 << 3
SPREAD_MAX = 1 << 4
POST_ONLY_CLAMP = 1 << 5
PRICE_FLOOR = 1 << 6
INVENTORY_LIMIT = 1 << 7
SIZE_SKEW = 1 << 8
SIZE_ROOM = 1 << 9
MIN_SIZE = 1 << 10
KEPT = 1 << 11
FILL_LOCKOUT = 1 << 12
PLACE_LOCKOUT = 1 << 13
REJECT_LOCKOUT = 1 << 14
SLOT_BUSY = 1 << 15
OWN_CROSS = 1 << 16
HEADROOM = 1 << 17
REFUSED_POSITION = 1 << 18
REFUSED_SIZE = 1 << 19
REFUSED_COLLAR = 1 << 20
REFUSED_RATE = 1 << 21
STOPPING = 1 << 22
NOT_FINITE = 1 << 23
FILL_RATE = 1 << 24
DAY_NOTIONAL = 1 << 25
DAY_LOSS = 1 << 26
DRAWDOWN = 1 << 27
LOSING_TRADES = 1 << 28
VOLATILE = 1 << 29
JUMP = 1 << 30
QUIET = 1 << 31
LAGGING = 1 << 32
LINK_DOWN = 1 << 33
RECONCILING = 1 << 34
SUSPENDED = 1 << 35
UNRESOLVED = 1 << 36
WIDENED_ADVERSE = 1 << 37
ECONOMICS = 1 << 38
COOLDOWN = 1 << 39
SIDE_FILLS = 1 << 40
LADDER = 1 << 41
FLIPPING = 1 << 42
HEAVY = 1 << 43
BOOK_SPREAD = 1 << 44
NET_LOSS = 1 << 45
FUNDING_TIME = 1 << 46
HOURS = 1 << 47
TOXIC_FLOW = 1 << 48
TRENDING = 1 << 49
BAD_FILLS = 1 << 50
PROBING = 1 << 51
FAIR_CAPPED = 1 << 52
NO_MICROPRICE = 1 << 53
STOP_LOSS = 1 << 54
TAKE_PROFIT = 1 << 55
TIMEOUT = 1 << 56
AGE_EXIT = 1 << 57
ONLY_LEADS = 1 << 58
LEAD_STALE = 1 << 59
LEAD_WARMING = 1 << 60
RAMP = 1 << 61
SWEPT = 1 << 62

REASONS = 63
"""Number of reasons."""


class Reason(IntFlag):
    """A reason by name, with its sentence for a person."""

    NO_BOOK = NO_BOOK
    PRIOR_VOLATILITY = PRIOR_VOLATILITY
    FEE_FLOOR = FEE_FLOOR
    SPREAD_MIN = SPREAD_MIN
    SPREAD_MAX = SPREAD_MAX
    POST_ONLY_CLAMP = POST_ONLY_CLAMP
    PRICE_FLOOR = PRICE_FLOOR
    INVENTORY_LIMIT = INVENTORY_LIMIT
    SIZE_SKEW = SIZE_SKEW
    SIZE_ROOM = SIZE_ROOM
    MIN_SIZE = MIN_SIZE
    KEPT = KEPT
    FILL_LOCKOUT = FILL_LOCKOUT
    PLACE_LOCKOUT = PLACE_LOCKOUT
    REJECT_LOCKOUT = REJECT_LOCKOUT
    SLOT_BUSY = SLOT_BUSY
    OWN_CROSS = OWN_CROSS
    HEADROOM = HEADROOM
    REFUSED_POSITION = REFUSED_POSITION
    REFUSED_SIZE = REFUSED_SIZE
    REFUSED_COLLAR = REFUSED_COLLAR
    REFUSED_RATE = REFUSED_RATE
    STOPPING = STOPPING
    NOT_FINITE = NOT_FINITE
    FILL_RATE = FILL_RATE
    DAY_NOTIONAL = DAY_NOTIONAL
    DAY_LOSS = DAY_LOSS
    DRAWDOWN = DRAWDOWN
    LOSING_TRADES = LOSING_TRADES
    VOLATILE = VOLATILE
    JUMP = JUMP
    QUIET = QUIET
    LAGGING = LAGGING
    LINK_DOWN = LINK_DOWN
    RECONCILING = RECONCILING
    SUSPENDED = SUSPENDED
    UNRESOLVED = UNRESOLVED
    WIDENED_ADVERSE = WIDENED_ADVERSE
    ECONOMICS = ECONOMICS
    COOLDOWN = COOLDOWN
    SIDE_FILLS = SIDE_FILLS
    LADDER = LADDER
    FLIPPING = FLIPPING
    HEAVY = HEAVY
    BOOK_SPREAD = BOOK_SPREAD
    NET_LOSS = NET_LOSS
    FUNDING_TIME = FUNDING_TIME
    HOURS = HOURS
    TOXIC_FLOW = TOXIC_FLOW
    TRENDING = TRENDING
    BAD_FILLS = BAD_FILLS
    PROBING = PROBING
    FAIR_CAPPED = FAIR_CAPPED
    NO_MICROPRICE = NO_MICROPRICE
    STOP_LOSS = STOP_LOSS
    TAKE_PROFIT = TAKE_PROFIT
    TIMEOUT = TIMEOUT
    AGE_EXIT = AGE_EXIT
    ONLY_LEADS = ONLY_LEADS
    LEAD_STALE = LEAD_STALE
    LEAD_WARMING = LEAD_WARMING
    RAMP = RAMP
    SWEPT = SWEPT

    def explain(self) -> str:
        """Return one sentence for a person."""
        return SENTENCES[self]


SENTENCES = {
    Reason.NO_BOOK: "held: the book is empty, one-sided, crossed or unknown",
    Reason.PRIOR_VOLATILITY: "priced partly from the configured volatility: still warming up",
    Reason.FEE_FLOOR: "widened: the spread must cover maker fees and the minimum edge",
    Reason.SPREAD_MIN: "widened to the configured minimum spread",
    Reason.SPREAD_MAX: "narrowed to the configured maximum spread",
    Reason.POST_ONLY_CLAMP: "moved back: the price would have crossed the touch",
    Reason.PRICE_FLOOR: "held: the price would not be positive",
    Reason.INVENTORY_LIMIT: "held: the position is at its limit on this side",
    Reason.SIZE_SKEW: "shrunk: inventory is heavy on this side",
    Reason.SIZE_ROOM: "shrunk: less than a full size fits under the position limit",
    Reason.MIN_SIZE: "held: what fits is under the smallest order",
    Reason.KEPT: "kept: the resting order is close enough to what is wanted",
    Reason.FILL_LOCKOUT: "waiting: this side was filled a moment ago",
    Reason.PLACE_LOCKOUT: "waiting: this side was placed, or held back by a limit, a moment ago",
    Reason.REJECT_LOCKOUT: "waiting: the venue refused this side a moment ago",
    Reason.SLOT_BUSY: "waiting: the venue has not yet ended the order in this slot",
    Reason.OWN_CROSS: "waiting: an own order rests at a price that would be crossed",
    Reason.HEADROOM: "waiting: open orders already use the room under the position limit",
    Reason.REFUSED_POSITION: "refused before sending: the position could pass its limit, or flat",
    Reason.REFUSED_SIZE: "refused before sending: the order is larger than allowed",
    Reason.REFUSED_COLLAR: "refused before sending: the price is too far from mid",
    Reason.REFUSED_RATE: "refused before sending: the message budget is spent",
    Reason.STOPPING: "held: the market is being stopped",
    Reason.NOT_FINITE: "held: the model gave no finite price",
    Reason.FILL_RATE: "held: this market was filled too often within a minute",
    Reason.DAY_NOTIONAL: "held until midnight UTC: what may trade in a day has traded",
    Reason.DAY_LOSS: "halted: the day's loss has reached its limit",
    Reason.DRAWDOWN: "halted: the fall from the day's best result has reached its limit",
    Reason.LOSING_TRADES: "halted: too many round trips in a row have lost",
    Reason.VOLATILE: "held: the market moves far more than it usually does",
    Reason.JUMP: "held: the price has just jumped",
    Reason.QUIET: "held: no market data has come for too long",
    Reason.LAGGING: "held: this process came late to its own work",
    Reason.LINK_DOWN: "held: a stream of the venue broke, or nothing would cancel in our place",
    Reason.RECONCILING: "held: the ledger is being held against the venue",
    Reason.SUSPENDED: "held: the market failed and is being restarted",
    Reason.UNRESOLVED: "held: what became of an order has been unknown for too long",
    Reason.WIDENED_ADVERSE: "widened by what a fill is expected to move against us",
    Reason.ECONOMICS: "widened: the quote must cover fees, the expected adverse move and its edge",
    Reason.COOLDOWN: "held: this side cools down after its fill",
    Reason.SIDE_FILLS: "held: this side was filled too often in a row",
    Reason.LADDER: "widened or shrunk: inventory has reached a rung of the ladder on this side",
    Reason.FLIPPING: "held: the weighted mid keeps crossing mid",
    Reason.HEAVY: "held: the position is too large to add to it",
    Reason.BOOK_SPREAD: "held: the book's own spread is too narrow or too wide",
    Reason.NET_LOSS: "halted: the net result per volume is worse than chance explains",
    Reason.FUNDING_TIME: "held: a funding payment is near",
    Reason.HOURS: "held by the clock: outside the hours, in a pause, or during a scheduled move",
    Reason.TOXIC_FLOW: "widened: market orders against this side excite each other",
    Reason.TRENDING: "held: the market trends",
    Reason.BAD_FILLS: "held: fills of this side have turned out badly",
    Reason.PROBING: "shrunk: this side is being tried again after bad fills",
    Reason.FAIR_CAPPED: "priced from a fair value that its cap holds near mid",
    Reason.NO_MICROPRICE: "priced from the weighted mid: the micro-price has no table for it",
    Reason.STOP_LOSS: "held: the position has lost too much, and is or was being taken out",
    Reason.TAKE_PROFIT: "held: the position has earned enough, and is or was being taken out",
    Reason.TIMEOUT: "held: the position has been open for too long, and is or was being taken out",
    Reason.AGE_EXIT: "held: the position is old and expected to lose more than it costs to leave",
    Reason.ONLY_LEADS: "held: this market leads others and is never quoted",
    Reason.LEAD_STALE: "priced from its own mid: the leading market's is unknown or too old",
    Reason.LEAD_WARMING: "priced from its own mid: the distance to the leading market is not known",
    Reason.SWEPT: "held: a market order has just swept the book",
    Reason.RAMP: "shrunk: after a start, sizes grow to full step by step",
}


def names(mask: int) -> list[str]:
    """Return the names of the reasons in `mask`, lower case, in order of their bits."""
    return [reason.name.lower() for reason in Reason if mask & reason and reason.name]
