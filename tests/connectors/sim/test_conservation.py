"""Whatever happens: no lot fills us twice, no order is lost, and none ends twice."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model import events as ev
from connectors.model.orders import ID_STRIDE
from connectors.sim.exchange import (
    EXPIRE_TAKER,
    FAR_NS,
    FRONT,
    IOC,
    LOG_2,
    POST_ONLY,
    REDUCE,
    REDUCE_ONLY,
    Exchange,
    ExchangeTerms,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    report_row,
    submit,
)
from tests.connectors.sim.exchange_drive import Op, Report, opened

ENDS = (ev.REJECTED, ev.CANCELLED, ev.EXPIRED)
DISPLAY = {ev.BID: ev.BUY, ev.ASK: ev.SELL}
TRADES = {ev.TRADE_BUY: ev.SELL, ev.TRADE_SELL: ev.BUY}

terms = st.builds(
    ExchangeTerms,
    entry_latency_ns=st.integers(0, 4),
    response_latency_ns=st.integers(0, 4),
    queue_model=st.integers(FRONT, LOG_2),
    power_n=st.sampled_from((0.5, 1.0, 3.0)),
    self_trade=st.integers(EXPIRE_TAKER, REDUCE),
)
ticks = st.integers(97, 104)
rows = st.one_of(
    st.tuples(st.sampled_from((ev.BID, ev.ASK)), ticks, st.integers(0, 20)),
    st.tuples(st.sampled_from((ev.TRADE_BUY, ev.TRADE_SELL)), ticks, st.integers(0, 20)),
    st.tuples(st.sampled_from((ev.CLEAR_BIDS, ev.CLEAR_ASKS)), st.just(0), st.just(0)),
)
flags = st.sampled_from((0, POST_ONLY, IOC, REDUCE_ONLY, REDUCE_ONLY | IOC))
places = st.tuples(
    st.just(ev.PLACE), ticks, st.integers(1, 30), st.integers(0, 5), st.integers(0, 1), flags
)
amends = st.tuples(st.just(ev.AMEND), ticks, st.integers(1, 30), st.integers(0, 20))
cancels = st.tuples(st.just(ev.CANCEL), st.just(0), st.just(0), st.integers(0, 20))


@st.composite
def scripts(draw: st.DrawFn) -> list[Op]:
    """Draw a script: a displayed market, then anything."""
    script = [Op(ev.BID, 100, 9, 0), Op(ev.BID, 99, 9, 0), Op(ev.ASK, 101, 9, 0)]
    sent = 0
    now_ns = 0
    for pause_ns, line in draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.one_of(rows, rows, places, cancels, amends)),
            max_size=40,
        )
    ):
        now_ns += pause_ns
        kind, at, lots = line[:3]
        if kind == ev.PLACE:
            sent += 1
            client_id = sent * ID_STRIDE + line[3]
            script.append(Op(kind, at, lots, now_ns, client_id, line[4], line[5]))
        elif kind in (ev.CANCEL, ev.AMEND):
            placed = [op for op in script if op.kind == ev.PLACE]
            if placed:
                of = placed[line[3] % len(placed)]
                script.append(Op(kind, at, lots, now_ns, of.client_id, of.side))
        else:
            script.append(Op(kind, at, lots, now_ns))
    return script


def causes(x: Exchange, script: list[Op]) -> Iterator[tuple[Op, list[Report]]]:
    """Run a script; give each row and each request that arrives, with the reports it caused."""
    waiting: deque[Op] = deque()
    for op in [*script, None]:
        while next_request_ns(x) < (FAR_NS if op is None else op.now_ns):
            deliver_request(x)
            yield waiting.popleft(), fetch(x)
        if op is not None and op.kind <= ev.GAP:
            on_row(x, op.kind, op.ticks, op.lots, op.now_ns)
            yield op, fetch(x)
        elif op is not None:
            submit(x, op.kind, op.client_id, op.side, op.ticks, op.lots, op.flags, op.now_ns)
            waiting.append(op)


def fetch(x: Exchange) -> list[Report]:
    """Take every report off the ring."""
    found = []
    while next_report_ns(x) < FAR_NS:
        k = report_row(x)
        found.append(Report(*(getattr(x.reports, name)[k] for name in Report._fields)))
    return found


@dataclass
class OrderBooks:
    """What the reports say of our orders."""

    placed: dict[int, Op] = field(default_factory=dict)
    open_lots: dict[int, int] = field(default_factory=dict)
    filled: Counter[int] = field(default_factory=Counter)
    over: set[int] = field(default_factory=set)
    position: int = 0
    trade_id: int = 0

    def take(self, report: Report) -> None:
        """Book a report; what cannot be is an error."""
        if report.kind in (ev.CANCEL_REJECTED, ev.AMEND_REJECTED):
            return
        placed = self.placed[report.client_id]
        assert report.client_id not in self.over
        assert report.side == placed.side
        match report.kind:
            case ev.ACCEPTED:
                assert report.client_id not in self.open_lots
                self.open_lots[report.client_id] = report.lots
            case ev.FILLED:
                self.fill(report, placed)
            case ev.REJECTED:
                assert report.client_id not in self.open_lots
                self.over.add(report.client_id)
            case ev.AMENDED:
                self.amend(report, placed)
            case ev.CANCELLED | ev.EXPIRED:
                assert report.lots == self.open_lots.pop(report.client_id) > 0
                self.over.add(report.client_id)
            case _:
                raise AssertionError(report)

    def amend(self, report: Report, placed: Op) -> None:
        """Give an order its new terms; with nothing left to trade it is over."""
        assert report.lots >= self.filled[report.client_id]
        self.placed[report.client_id] = placed._replace(ticks=report.ticks)
        self.open_lots[report.client_id] = report.lots - self.filled[report.client_id]
        self.end_if_filled(report.client_id)

    def end_if_filled(self, client_id: int) -> None:
        """Take an order for over when nothing of it is open."""
        if self.open_lots[client_id] == 0:
            del self.open_lots[client_id]
            self.over.add(client_id)

    def fill(self, report: Report, placed: Op) -> None:
        """Book a fill: at our limit when it rested, at no worse when it took."""
        better = (placed.ticks - report.ticks) * (1 if placed.side == ev.BUY else -1)
        assert better == 0 if report.code == ev.MAKER else better >= 0
        assert report.trade_id == self.trade_id + 1
        self.trade_id += 1
        self.position += report.lots if placed.side == ev.BUY else -report.lots
        self.open_lots[report.client_id] -= report.lots
        self.filled[report.client_id] += report.lots
        assert report.lots > 0
        assert self.open_lots[report.client_id] >= 0
        self.end_if_filled(report.client_id)


@dataclass
class Volume:
    """What the market showed and printed, and how much of it we had, by side and price."""

    shown: Counter[tuple[int, int]] = field(default_factory=Counter)
    offered: Counter[tuple[int, int]] = field(default_factory=Counter)
    had: Counter[tuple[int, int]] = field(default_factory=Counter)
    gone: Counter[tuple[int, int]] = field(default_factory=Counter)

    def take(self, fill: Report) -> None:
        """Hold a fill that took displayed lots against what was there."""
        level = 1 - fill.side, fill.ticks
        self.had[level] += fill.lots
        assert self.had[level] <= self.offered[level]
        self.gone[level] += fill.lots
        assert self.gone[level] <= self.shown[level]

    def check(self, cause: Op, fills: list[Report]) -> None:
        """Hold the fills of one cause against the volume that was there."""
        lots = sum(fill.lots for fill in fills)
        if cause.kind in TRADES:
            assert lots <= cause.lots
            assert all(fill.side == TRADES[cause.kind] for fill in fills)
            self.gone[TRADES[cause.kind], cause.ticks] += cause.lots
        elif cause.kind in DISPLAY:
            level = DISPLAY[cause.kind], cause.ticks
            assert all(fill.side != level[0] for fill in fills)
            self.offered[level] += max(0, cause.lots - self.shown[level])
            self.shown[level] = cause.lots
            self.gone[level] = 0
            self.had[level] += lots
            assert self.had[level] <= self.offered[level]
        elif cause.kind == ev.PLACE:
            for fill in fills:
                assert fill.code == ev.TAKER
                self.take(fill)
        else:
            assert not fills


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(terms, scripts())
def test_no_lot_twice_and_no_order_lost(conditions: ExchangeTerms, script: list[Op]) -> None:
    x = opened(conditions)
    books = OrderBooks(placed={op.client_id: op for op in script if op.kind == ev.PLACE})
    volume = Volume()
    recv_ns = 0
    for cause, reports in causes(x, script):
        for report in reports:
            books.take(report)
            assert report.recv_ns == report.venue_ns + conditions.response_latency_ns >= recv_ns
            recv_ns = report.recv_ns
        volume.check(cause, [report for report in reports if report.kind == ev.FILLED])
        assert x.bids.best_ticks < x.asks.best_ticks
    assert books.over | set(books.open_lots) == set(books.placed)
    assert resting(x) == books.open_lots
    assert (x.position_lots, x.trade_id, x.overflow) == (books.position, books.trade_id, 0)


def resting(x: Exchange) -> dict[int, int]:
    """Return what each order that the exchange holds has not traded, from its lines."""
    slots = [*x.bids.slots[: x.bids.count], *x.asks.slots[: x.asks.count]]
    assert len(set(slots)) == len(slots) == sum(lots > 0 for lots in x.resting.open_lots)
    held = x.resting
    return {held.client_id[k]: held.open_lots[k] + held.struck_lots[k] for k in slots}


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(scripts())
def test_marks_count_what_is_used(script: list[Op]) -> None:
    x = opened(ExchangeTerms())
    for _ in causes(x, script):
        for used in (x.bids_used, x.asks_used):
            window = range(90, 110)
            marks = sum((used.own_lots[k] > 0) + (used.printed_lots[k] > 0) for k in window)
            assert used.marks == marks
