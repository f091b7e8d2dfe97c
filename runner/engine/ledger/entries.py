"""Name what is written into a ledger. An entry is written whole or not at all."""

from dataclasses import dataclass
from decimal import Decimal

from connectors.model.account import Trade

STREAM = "stream"
RECONCILE = "reconcile"
"""Where a fill was learnt from."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fill of one market is worth: the venue, the value of a tick times a lot, and fees."""

    venue: str
    currency: str
    tick_lot_quote: Decimal
    maker_fee_bps: Decimal
    taker_fee_bps: Decimal


@dataclass(frozen=True, slots=True)
class Intent:
    """An order that is about to be sent."""

    market: str
    client_id: int
    side: int
    ticks: int
    lots: int
    now_ns: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The order was handed to the venue, after its intent was committed."""

    market: str
    client_id: int
    committed_ns: int
    sent_ns: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word on an order that is no fill; see `states.advance`. `code` is a refusal's."""

    market: str
    client_id: int
    word: int
    code: int
    now_ns: int


@dataclass(frozen=True, slots=True)
class Fill:
    """A trade of ours."""

    market: str
    account: str
    trade: Trade
    recv_ns: int
    source: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Lots that the venue has and no fill explains."""

    market: str
    account: str
    lots: int
    cause: str
    now_ns: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Every trade of the account up to this id is in the ledger."""

    market: str
    account: str
    trade_id: int


@dataclass(frozen=True, slots=True)
class SessionStart:
    """A process begins to use the ledger."""

    started_ns: int
    config_hash: str
    code_version: str


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """It ended, by itself: a session without this was killed."""

    ended_ns: int
    exit: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should be able to find later."""

    now_ns: int
    market: str
    text: str


Entry = Intent | Sent | Word | Fill | Adjustment | Cursor | SessionStart | SessionEnd | Note
