"""Name what is told and asked on a deploy's control socket: one line of JSON each, by its tag.

A subscriber first hears a `Welcome`, then `Picture` after `Picture`. Fills and warnings carry
numbers that grow by one: the welcome has the last ones, each picture those since the picture
before. So whoever keeps the highest number misses none and takes none twice.

A reader passes over fields it does not know. `VERSION` grows when a field changes its meaning.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

VERSION = 1
MOST_ASKED_BYTES = 4096
"""A longer line is not read by a deploy."""
MOST_TOLD_BYTES = 16_777_216
"""A longer line is not read by a client: some hundred times what a deploy of many markets tells."""

What = Literal["pause", "resume", "pull", "flatten", "kill", "set"]
State = Literal["quoting", "held", "paused", "halted"]
Identity = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]
Word = Annotated[str, Meta(pattern="^[A-Za-z0-9_.@-]{1,64}$")]
Text = Annotated[str, Meta(pattern="^[^\\x00-\\x1f\\x7f]{0,200}$")]
OPERATE = "operate"
"""The role that may ask for anything; whoever has another one may only look."""
ALL = "all"
"""In place of a market's name: every one of them."""


class Watch(Struct, tag_field="ask", tag="watch", frozen=True):
    """Ask for the welcome, and for pictures until the connection ends."""

    version: int = VERSION


class Look(Struct, tag_field="ask", tag="look", frozen=True):
    """Ask for the welcome and one picture."""

    version: int = VERSION


class Command(Struct, tag_field="ask", tag="command", frozen=True):
    """Ask for something to be done. `identity` is unique: one that is repeated is answered again.

    `who` and `role` are what the asker says of whoever asks. `market` is a name or `ALL`. With
    `set`, `key` is below the market (`strategy.gamma`) and `value` as it would be typed.
    """

    identity: Identity
    what: What
    who: Word
    role: Word
    market: Word = ALL
    key: Text = ""
    value: Text = ""
    reason: Text = ""
    version: int = VERSION


Asked = Watch | Look | Command


class Answer(Struct, tag_field="told", tag="answer", frozen=True):
    """What became of a command: carried out or refused, and one line for a person."""

    identity: str
    done: bool
    line: str


class Fill(Struct, frozen=True):
    """One fill. `price` and `size` are the venue's decimals, `stamp_ns` is when it came."""

    number: int
    market: str
    stamp_ns: int
    side: Literal["buy", "sell"]
    role: str
    price: Decimal
    size_base: Decimal
    trade_id: int


class Warning(Struct, frozen=True):
    """Something that a person should look at; no market: all of them."""

    number: int
    stamp_ns: int
    market: str
    text: str


class Level(Struct, frozen=True):
    """A price that is wanted on one side, best first."""

    price: Decimal
    size_base: Decimal


class Order(Struct, frozen=True):
    """An order that may rest at the venue. `size_base` is what may still trade.

    `state` is sent, live, partial, cancelling or unknown; `takes` where it is no quote.
    """

    client_id: int
    side: Literal["buy", "sell"]
    price: Decimal
    size_base: Decimal
    state: str
    takes: bool


class Parts(Struct, frozen=True):
    """What the net P&L came from, in the quote currency, as the report splits it after 1 s.

    They add up to `net_quote`; `inventory` is None where that is.
    """

    spread: Decimal
    adverse: Decimal
    inventory: Decimal | None
    fees: Decimal
    funding: Decimal
    hedge: Decimal


class Hedge(Struct, frozen=True):
    """A market that hedges others: what they hold, what is left with its own position, its band.

    Sizes are in its base; None where a position is not proven. `past_band_s` is how long what is
    left has been beyond the band (0: it is not).
    """

    exposure_base: Decimal | None
    unhedged_base: Decimal | None
    band_base: Decimal
    past_band_s: float


class Market(Struct, frozen=True):
    """One market at one moment. Prices and sizes are the venue's decimals, None where none is.

    `state` is the first that applies of halted, paused, held and quoting; `why` says it in
    sentences. `paused_by` is who paused it. Reasons are names; the welcome has their sentences.
    `parameters` are those in use, by their keys below the market. `age_s` is of the last market
    data, `turn_p99_us` from a batch's stamp to its last command.
    """

    name: str
    symbol: str
    venue: str
    base: str
    quote: str
    role: Literal["quote", "lead", "hedge"]
    state: State
    why: tuple[str, ...]
    paused_by: str
    mid: Decimal | None
    touch_bid: Decimal | None
    touch_ask: Decimal | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    orders: tuple[Order, ...]
    bid_reasons: tuple[str, ...]
    ask_reasons: tuple[str, ...]
    position_base: Decimal
    max_position_base: Decimal
    inventory_clips: float
    target_clips: float
    sigma_bps: float
    reservation_bps: float
    half_spread_bps: float
    net_quote: Decimal | None
    parts: Parts
    volume_quote: Decimal
    fills: int
    bid_markout_bps: float | None
    ask_markout_bps: float | None
    uptime_frac: float | None
    age_s: float | None
    turn_p99_us: float | None
    unknown_orders: int
    orders_left: int | None
    parameters: dict[str, str]
    hedge: Hedge | None = None


class Exposure(Struct, frozen=True):
    """What the markets of a pool hold, in the reporting currency, and may come to hold.

    `kind` is account, underlying or venue. The worst is with every open order filled, `capital`
    what that binds. `untold` are markets whose worth is not known, and which are in no sum.
    """

    kind: str
    name: str
    long_quote: Decimal
    short_quote: Decimal
    worst_long_quote: Decimal
    worst_short_quote: Decimal
    worst_gross_quote: Decimal
    capital_quote: Decimal
    untold: tuple[str, ...]


class Portfolio(Struct, frozen=True):
    """All markets together, in the reporting currency; None where a mark or a rate is not known.

    `gross` and `net` count every open order as filled, the worse way. `limits` are those that are
    on, by their keys in risk.account.
    """

    currency: str
    net_quote: Decimal | None
    today_quote: Decimal | None
    gross_quote: Decimal | None
    exposed_quote: Decimal | None
    limits: dict[str, str]
    exposures: tuple[Exposure, ...] = ()


class Guard(Struct, frozen=True):
    """Something that cancels in the deploy's place, and whether it stands by."""

    name: str
    holds: bool


class Job(Struct, frozen=True):
    """A job of the schedule, or ``agenda MARKET``, and when it is next due (None: never)."""

    name: str
    next_ns: int | None


class Health(Struct, frozen=True):
    """A verdict; green has no findings."""

    ok: bool
    findings: tuple[str, ...]


class Steerable(Struct, frozen=True):
    """A parameter that a running deploy may be given, by its key, and what it takes in words."""

    key: str
    expected: str


class Welcome(Struct, tag_field="told", tag="welcome", frozen=True):
    """What stays as it is while the deploy runs, and the last fills and warnings."""

    version: int
    release: str
    deploy: str
    mode: str
    armed: bool
    run: str
    process: int
    started_ns: int
    ends_ns: int | None
    config_hash: str
    sentences: dict[str, str]
    steerable: tuple[Steerable, ...]
    fills: tuple[Fill, ...] = ()
    warnings: tuple[Warning, ...] = ()


class Picture(Struct, tag_field="told", tag="picture", frozen=True):
    """A deploy at one moment. `fills` and `warnings` are those since the picture before.

    `killed` and `fault` say why it stops, empty while it does not. `late_s` is how late the process
    comes to its own work.
    """

    number: int
    stamp_ns: int
    health: Health
    markets: tuple[Market, ...]
    portfolio: Portfolio
    guards: tuple[Guard, ...]
    jobs: tuple[Job, ...]
    killed: str
    fault: str
    late_s: float
    fills: tuple[Fill, ...] = field(default=())
    warnings: tuple[Warning, ...] = field(default=())


Told = Welcome | Picture | Answer
