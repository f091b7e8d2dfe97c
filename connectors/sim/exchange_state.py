"""Hold what one simulated exchange knows of its market and of our orders in it."""

from typing import Annotated

from connectors.model.book import WINDOW, Book
from connectors.model.kernel import SPARSE, Floats, Ints, kernel, state
from connectors.model.orders import SLOTS
from connectors.sim.fees import TIERS, Fees
from connectors.sim.random import Random

REQUESTS = 256
"""Commands that can be on their way to the exchange at once; a power of two."""
REPORTS = 1024
"""Account rows that can be on their way back at once; a power of two."""

LATENCY_ROWS = 16_384
"""Most rows of a table of latencies."""

FUNDING_ROWS = 4_096
"""Most settlements of funding in one run."""

FRONT = 0
RISK_AVERSE = 1
POWER = 2
POWER_2 = 3
POWER_3 = 4
LOG = 5
LOG_2 = 6
"""Queue models, described in `connectors.sim.queue` and `connectors.sim.queue_share`."""

EXPIRE_TAKER = 0
EXPIRE_MAKER = 1
EXPIRE_BOTH = 2
REDUCE = 3
"""What happens when an order of ours would trade with another one: `connectors.sim.taking`."""

REQUESTS_FULL = 1
REPORTS_FULL = 2
"""What `Exchange.overflow` says: a ring was full, a row is lost, the run is not to be trusted."""


@state
class Requests:
    """Ring of commands on their way to the exchange, in order of arrival."""

    kind: Annotated[Ints, REQUESTS]
    client_id: Annotated[Ints, REQUESTS]
    side: Annotated[Ints, REQUESTS]
    ticks: Annotated[Ints, REQUESTS]
    lots: Annotated[Ints, REQUESTS]
    flags: Annotated[Ints, REQUESTS]
    arrive_ns: Annotated[Ints, REQUESTS]


@state
class Reports:
    """Ring of account rows on their way to us, in order of arrival."""

    kind: Annotated[Ints, REPORTS]
    client_id: Annotated[Ints, REPORTS]
    side: Annotated[Ints, REPORTS]
    ticks: Annotated[Ints, REPORTS]
    lots: Annotated[Ints, REPORTS]
    code: Annotated[Ints, REPORTS]
    trade_id: Annotated[Ints, REPORTS]
    venue_ns: Annotated[Ints, REPORTS]
    recv_ns: Annotated[Ints, REPORTS]


@state
class Line:
    """Slots of our resting orders on one side, best price first, then first come.

    The empty line has `best_ticks` and `worst_ticks` such that no price lies between them and no
    price of the other side reaches the best.
    """

    count: int
    best_ticks: int
    worst_ticks: int
    slots: Annotated[Ints, SLOTS]


@state
class Resting:
    """Our orders by slot, of `lots` in all. `open_lots` is zero where no order rests. `struck_lots`
    have been struck off by another order of ours, and are told with the order's end.

    `ahead_lots` is the estimate of what is before us in the queue. `shown_lots` is what the level
    displayed last, `traded_lots` what has traded there since. `credit_lots` is how far depth rows
    stamped `credit_ns` have moved us forward.
    """

    client_id: Annotated[Ints, SLOTS]
    last_id: Annotated[Ints, SLOTS]
    ticks: Annotated[Ints, SLOTS]
    lots: Annotated[Ints, SLOTS]
    open_lots: Annotated[Ints, SLOTS]
    struck_lots: Annotated[Ints, SLOTS]
    flags: Annotated[Ints, SLOTS]
    ahead_lots: Annotated[Floats, SLOTS]
    shown_lots: Annotated[Ints, SLOTS]
    traded_lots: Annotated[Floats, SLOTS]
    credit_lots: Annotated[Floats, SLOTS]
    credit_ns: Annotated[Ints, SLOTS]


@state
class Used:
    """Displayed lots of one side that are not there for us, by ``tick & MASK`` as in the book.

    `own_lots` have filled us; `printed_lots` have traded since the level was last displayed.
    `marks` counts the entries that are not zero.
    """

    marks: int
    own_lots: Annotated[Ints, WINDOW, SPARSE]
    printed_lots: Annotated[Ints, WINDOW, SPARSE]


@state
class Latencies:
    """Recorded latencies, `count` of them (0: both ways are constant), and how far we are in each.

    `sent_ns` and the times of arrival, ``sent_ns + entry_ns``, rise.
    """

    count: int
    entry_row: int
    answer_row: int
    sent_ns: Annotated[Ints, LATENCY_ROWS, SPARSE]
    entry_ns: Annotated[Ints, LATENCY_ROWS, SPARSE]
    response_ns: Annotated[Ints, LATENCY_ROWS, SPARSE]


@state
class Funding:
    """When funding is settled, and what was held then at what mid.

    Of `scheduled` settlements, `settled` have their position and `marked` their mid.
    """

    scheduled: int
    settled: int
    marked: int
    due_ns: Annotated[Ints, FUNDING_ROWS, SPARSE]
    rate_ppb: Annotated[Ints, FUNDING_ROWS, SPARSE]
    position_lots: Annotated[Ints, FUNDING_ROWS, SPARSE]
    mark_half_ticks: Annotated[Ints, FUNDING_ROWS, SPARSE]


@state
class Wallet:
    """The money of an account in units: that of one market, or shared by several of them.

    `equity_units` is the collateral with all that trading, fees, funding and marks have made of it.
    `maintenance_units` and `initial_units` are what its positions, and its positions with their
    open orders, ask for. `markets_held` have a position. While `is_liquidating` every market of the
    account closes its own. `insured_units` were missing in the end and have been paid in.
    """

    equity_units: int
    maintenance_units: int
    initial_units: int
    markets_held: int
    is_liquidating: bool
    liquidations: int
    insured_units: int


@state
class Margin:
    """What one market asks of its wallet. Money is in half ticks times lots, `units` each.

    The first `count` tiers of maintenance begin at zero and rise. `cash_half_tick_lots` is what
    trading, fees and funding have made so far; the rests are what these are short of, in
    billionths. The last four are what the wallet has been told.
    """

    is_on: bool
    marks_by_trade: bool
    units: int
    initial_ppb: int
    count: int
    from_half_tick_lots: Annotated[Ints, TIERS]
    maintenance_ppb: Annotated[Ints, TIERS]
    deduction_half_tick_lots: Annotated[Ints, TIERS]
    seen_ns: int
    is_stale: bool
    trade_half_ticks: int
    mark_half_ticks: int
    cash_half_tick_lots: int
    fee_rest_ppb: int
    funding_rest_ppb: int
    insured_units: int
    equity_units: int
    maintenance_units: int
    initial_units: int
    is_held: bool


@state
class Exchange:
    """One market's exchange. Call `connectors.sim.exchange.start` before anything else.

    `position_lots` and `trade_id` (the last one given) may be set after `start`, to go on with an
    account.
    """

    bids: Line
    asks: Line
    compat: bool
    self_trade: int
    bids_unknown: bool
    asks_unknown: bool
    overflow: int
    request_head: int
    request_tail: int
    report_head: int
    report_tail: int
    last_arrive_ns: int
    last_recv_ns: int
    entry_latency_ns: int
    response_latency_ns: int
    load_ns_per_row: int
    backlog_ns: int
    backlog_at_ns: int
    queue_model: int
    power_n: float
    reject_frac: float
    drop_frac: float
    random: Random
    trade_id: int
    position_lots: int
    resting: Resting
    latency: Latencies
    funding: Funding
    fees: Fees
    margin: Margin
    wallet: Wallet
    requests: Requests
    reports: Reports
    book: Book
    bids_used: Used
    asks_used: Used


@kernel
def has(flags: int, flag: int) -> bool:
    """Tell whether a flag is set."""
    return (flags & flag) != 0
