"""Name what is written into a ledger. An entry is written whole or not at all."""

from dataclasses import dataclass
from decimal import Decimal

from connectors.model.account import Payment, Trade
from connectors.numbered import Bound

STREAM = "stream"
RECONCILE = "reconcile"
"""Where a fill was learnt from."""

OWN = "own"
EXTERNAL = "external"
"""Whether an order of ours traded, or something else did on our account."""

FEE_TOLD = "venue"
FEE_SCHEDULED = "schedule"
"""Who said what a fill cost. The schedule's figure stands until the venue tells its own."""

RUNNER = "runner"
"""Who writes into the audit where no person did."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fill of one market is worth: venue, currencies, steps and the fee schedule.

    `base` and `lot_base` say what a lot is; `currency` is the quote's.
    """

    venue: str
    base: str
    lot_base: Decimal
    currency: str
    tick_lot_quote: Decimal
    maker_fee_bps: Decimal
    taker_fee_bps: Decimal


@dataclass(frozen=True, slots=True)
class Intent:
    """An order that is about to be sent; `bound` is what its venue has promised of the request."""

    market: str
    client_id: int
    side: int
    ticks: int
    lots: int
    now_ns: int
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The order was handed to the venue, after its intent was committed."""

    market: str
    client_id: int
    committed_ns: int
    sent_ns: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word on an order that is no fill; see `states.advance`. `code` is a refusal's.

    `ticks` and `lots` are the terms that a word on an amend tells.
    """

    market: str
    client_id: int
    word: int
    code: int
    now_ns: int
    ticks: int = 0
    lots: int = 0


@dataclass(frozen=True, slots=True)
class AmendIntent:
    """New terms that an order is about to be given: its price, and its size in all."""

    market: str
    client_id: int
    ticks: int
    lots: int
    now_ns: int


@dataclass(frozen=True, slots=True)
class AmendSent:
    """The new terms were handed to the venue, after their intent was committed."""

    market: str
    client_id: int
    committed_ns: int
    sent_ns: int


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
class Balance:
    """What an account held of a currency, as `source` said."""

    account: str
    currency: str
    amount: Decimal
    now_ns: int
    source: str


@dataclass(frozen=True, slots=True)
class Funding:
    """A funding payment, as the venue told it."""

    account: str
    market: str
    payment: Payment
    recv_ns: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A scheduled job takes one of its moments: no other process or run acts on it again."""

    job: str
    slot_ns: int
    now_ns: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a venue counts of us in one scope, as JSON: see `connectors.pacing.Scope.export`."""

    venue: str
    scope: str
    state: str
    now_ns: int


@dataclass(frozen=True, slots=True)
class Latched:
    """The kill latch was set."""

    kind: str
    since_ns: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """The kill latch was lifted."""

    kind: str
    now_ns: int
    by: str


@dataclass(frozen=True, slots=True)
class Steered:
    """What somebody asked of the running deploy, and what became of it.

    `identity` is the asker's own: a command that comes again under it is not a second one.
    """

    identity: str
    now_ns: int
    who: str
    role: str
    uid: int
    what: str
    market: str
    key: str
    value: str
    reason: str
    done: bool
    line: str


@dataclass(frozen=True, slots=True)
class Day:
    """A market's figures of one UTC day, in its own steps: see `brakes` and `trades`."""

    account: str
    market: str
    day: int
    opening_half_tick_lots: int
    equity_half_tick_lots: int
    peak_half_tick_lots: int
    day_notional_tick_lots: int
    notional_tick_lots: int
    losing: int


@dataclass(frozen=True, slots=True)
class DayKept:
    """A market's figures as they stood at `now_ns`."""

    figures: Day
    now_ns: int


@dataclass(frozen=True, slots=True)
class AccountDay:
    """The best result of all markets together on one UTC day, in the reporting currency."""

    day: int
    peak: Decimal
    now_ns: int


@dataclass(frozen=True, slots=True)
class PairKept:
    """What a pair of markets holds and remembers, as JSON: see `runner.pairs.state`."""

    pair: str
    state: str
    now_ns: int


@dataclass(frozen=True, slots=True)
class RateKept:
    """What longs of a market were last said to pay at a moment, for the interval that it ended."""

    market: str
    settled_ns: int
    rate: str
    interval_ns: int


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
    """Something that a person should be able to find later: who did or saw it, and what changed."""

    now_ns: int
    market: str
    text: str
    who: str = RUNNER
    before: str | None = None
    after: str | None = None


Amend = AmendIntent | AmendSent
Order = Intent | Sent | Word | Amend
Book = (
    Balance
    | Counted
    | Funding
    | Slot
    | Latched
    | Lifted
    | DayKept
    | AccountDay
    | PairKept
    | RateKept
    | Steered
)
Entry = Order | Book | Fill | Adjustment | Cursor | SessionStart | SessionEnd | Note
