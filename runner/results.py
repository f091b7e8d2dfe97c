"""Hold what a run leaves behind: what the modes hand over and every report reads.

Prices are ticks and sizes lots, in columns, as everywhere below. Mids are *half ticks* (best bid
plus best ask), so that they stay whole numbers: the price is ``tick_size * half_ticks / 2``. A mid
of -1 is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from connectors.model.events import IntColumn
from connectors.model.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN_MID = -1
"""`*_half_ticks` of a book that was not two-sided, or of a moment after the run's end."""


class FloatColumn(Protocol):
    """A column of floats: a list, a memoryview or a numpy array."""

    def __getitem__(self, index: int, /) -> float: ...
    def __len__(self) -> int: ...


def whole(column: IntColumn) -> list[int]:
    """Return a column as Python integers, which neither overflow nor round."""
    plain = getattr(column, "tolist", None)
    return list(plain()) if plain is not None else [column[i] for i in range(len(column))]


def _require_equal_lengths(columns: Any) -> None:
    lengths = {f.name: len(getattr(columns, f.name)) for f in fields(columns)}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{type(columns).__name__}: expected columns of one length, was {lengths}")


@dataclass(frozen=True, slots=True)
class FillColumns:
    """Every fill of one market in order of arrival.

    `side` is BUY or SELL, `role` MAKER or TAKER, `lots` unsigned. `mid_half_ticks` is our book's
    mid when the fill arrived, the others those 1, 5, 10 and 60 s later (-1: the run ended first).
    `flips_200ms` counts changes of the book's lean in the 200 ms before the fill.
    Raises ValueError when the columns differ in length.
    """

    recv_ns: IntColumn = ()
    venue_ns: IntColumn = ()
    side: IntColumn = ()
    ticks: IntColumn = ()
    lots: IntColumn = ()
    role: IntColumn = ()
    trade_id: IntColumn = ()
    client_id: IntColumn = ()
    mid_half_ticks: IntColumn = ()
    mid_1s_half_ticks: IntColumn = ()
    mid_5s_half_ticks: IntColumn = ()
    mid_10s_half_ticks: IntColumn = ()
    mid_60s_half_ticks: IntColumn = ()
    flips_200ms: IntColumn = ()
    position_before_lots: IntColumn = ()

    def __post_init__(self) -> None:
        _require_equal_lengths(self)

    def __len__(self) -> int:
        return len(self.recv_ns)


@dataclass(frozen=True, slots=True)
class SeriesColumns:
    """What one market looked like over time, one row a decision or less.

    `bid_ticks` and `ask_ticks` are our best quotes (0: none), the reasons are bit masks, and
    `sigma_bps` is per square root of a second. Raises ValueError when the columns differ in length.
    """

    now_ns: IntColumn = ()
    mid_half_ticks: IntColumn = ()
    bid_ticks: IntColumn = ()
    ask_ticks: IntColumn = ()
    position_lots: IntColumn = ()
    bid_reasons: IntColumn = ()
    ask_reasons: IntColumn = ()
    reservation_bps: FloatColumn = ()
    half_spread_bps: FloatColumn = ()
    sigma_bps: FloatColumn = ()

    def __post_init__(self) -> None:
        _require_equal_lengths(self)

    def __len__(self) -> int:
        return len(self.now_ns)


@dataclass(frozen=True, slots=True)
class QuotedTime:
    """For how long orders rested at the venue: by side, on both at once, of `watched_ns` in all."""

    watched_ns: int
    bid_ns: int
    ask_ns: int
    both_ns: int


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one stage took, in microseconds."""

    p50: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class BookCheck:
    """How often our top of book was compared with an independent one, and was equal."""

    compared: int
    equal: int


@dataclass(frozen=True, slots=True)
class TapeState:
    """What a replay's tape was: its gaps, what was corrected, cut off, left out or missing.

    `clock_shift_ns` was added to our recorded clock, so that nothing arrived before it happened.
    """

    gaps: int
    clock_shift_ns: int = 0
    torn: str | None = None
    notes: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class DecisionRows:
    """Packed decision rows of one market: a numpy structured array, or a file of packed rows.

    `layout` names each field and its little-endian numpy type (``("now_ns", "<i8")``) as packed.
    """

    market: str
    layout: tuple[tuple[str, str], ...]
    rows: "NDArray[Any] | Path"


@dataclass(frozen=True, slots=True)
class MarginState:
    """Where an account's margin stood in the end, in quote units.

    `insurance_quote` was missing after liquidations and paid in by the venue; no P&L has it. With
    `cross` margin the equity is that of all markets together.
    """

    mode: str
    collateral_quote: Decimal
    equity_quote: Decimal
    insurance_quote: Decimal
    liquidations: int


@dataclass(frozen=True, slots=True)
class HedgeState:
    """Where a market that hedges stood in the end, in base.

    `exposure_base` is what the markets `hedged` held together, each times its ratio, and `net_base`
    what was left of it; up to `band_base` is left on purpose. `hedges` exposures were answered.
    """

    underlying: str
    hedged: Sequence[str]
    exposure_base: Decimal
    net_base: Decimal
    band_base: Decimal
    hedges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """Where a pair of markets held for funding stood in the end, in base.

    `held_base` is what the first leg held, `apart_base` by how much the second does not match it.
    `entered` and `left` count the positions of the run.
    """

    name: str
    first: str
    second: str
    phase: str
    entered: int
    left: int
    held_base: Decimal
    apart_base: Decimal
    why: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketResult:
    """One market at the end of a run.

    `first_ns` and `last_ns` are the first and last batch's stamps. Fees are in the quote currency;
    a negative rate is a rebate. `fees_quote` has the fees that are known by trade id; any other
    fill pays its role's rate. `reason_ns` is by side ("bid", "ask") and reason name. `order_lots`
    is one clip (0: not told). What `only_leads` has no money of its own. `hedge` is what one that
    hedges others left of their exposure. `open_lots` is what buys and sells had open,
    `leverage` a position's worth by what capital it binds; an `underlying` not told is the base.
    """

    name: str
    venue: str
    instrument: Instrument
    maker_fee_bps: Decimal
    taker_fee_bps: Decimal
    first_ns: int
    last_ns: int
    events: int
    decisions: int
    orders: int
    cancels: int
    rejected: int
    refused: int
    open_orders_end: int
    unknown_orders_end: int
    position_lots: int
    mark_half_ticks: int
    amends: int = 0
    opening_position_lots: int = 0
    opening_mark_half_ticks: int = UNKNOWN_MID
    order_lots: int = 0
    underlying: str = ""
    open_lots: tuple[int, int] = (0, 0)
    leverage: Decimal = Decimal(1)
    only_leads: bool = False
    funding_quote: Decimal = Decimal(0)
    margin: MarginState | None = None
    hedge: HedgeState | None = None
    fills: FillColumns = field(default_factory=FillColumns)
    fees_quote: Mapping[int, Decimal] = field(default_factory=dict)
    reason_ns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    quoted: QuotedTime = QuotedTime(0, 0, 0, 0)
    latency_us: Mapping[str, Latency] = field(default_factory=dict)
    book_check: BookCheck | None = None
    tape: TapeState | None = None
    series: SeriesColumns = field(default_factory=SeriesColumns)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """A whole run: what it was, and every market's result.

    `rates` gives what one unit of a currency is worth in the reporting currency, for those that are
    known; a stablecoin is never taken for another. `reasons` is each reason's bit by name,
    `explanations` its sentence. `settings` is the resolved configuration, without secrets.
    `adverse_horizon` is how long after a fill the market's move counts as adverse selection.
    """

    mode: str
    version: str
    config_hash: str
    started_ns: int
    ended_ns: int
    exit: int
    reporting_currency: str
    markets: Sequence[MarketResult]
    deploy: str = "default"
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    decisions: Sequence[DecisionRows] = ()
    pairs: Sequence[PairResult] = ()
    adverse_horizon: str = "1s"
