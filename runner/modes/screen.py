"""Screen: rank parameter sets on a tape's view in a fraction of an exact replay's time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from connectors.model.errors import DataError
from connectors.model.record import record_of
from connectors.tape.tape import Tape
from runner.engine.session import CLEAN, INTERRUPTED
from runner.engine.worker import Market
from runner.modes.market_replay import WAKE_NS
from runner.modes.outcome import version
from runner.modes.screen_loop import SIGMA_STEP, Screen
from runner.modes.shelf import Shelf
from runner.modes.view import Timing, View
from runner.places import Places
from runner.report.steps import moments_of
from runner.screen.lines import closing_lines
from runner.screen.result import Mark, Screened, ScreenedMarket, Walk
from runner.screen.summary import write_summary
from runner.screen.total import total_of
from runner.settings import Settings, config_hash
from runner.watch.progress import progress_of
from runner.wiring.markets import enabled_markets, fee_rates, instrument_of, market_of
from runner.wiring.rates import rates_of
from runner.wiring.screen import entry_and_gap_ns, hold_ns, leave_out, left_out

STRICT, TOUCH = 0, 1
STEPS_A_LEG = 2_000_000
LEAST_BUCKET_BPS = Decimal("0.25")

Loop = Callable[..., Any]


def run(settings: Settings, places: Places) -> int:
    """Screen one run, write its summary and say what it came to; return the exit code."""
    with progress_of(settings.watch, len(settings.markets)) as progress:
        progress.compiling()
        result = run_job(settings, places, Shelf())
        progress.advance(len(settings.markets))
    if settings.watch.name != "none":
        print("", *closing_lines(result), sep="\n", flush=True)
    return result.exit


def run_job(settings: Settings, places: Places, shelf: Shelf) -> Screened:
    """Screen one run in this thread, saying nothing; return what it published."""
    tapes = shelf.own_tapes(settings, places)
    quoting = [
        (number, name)
        for number, (name, market) in enumerate(enabled_markets(settings).items())
        if market.role != "lead"
    ]
    if not quoting:
        raise DataError("market: expected one that quotes to be screened, was none")
    loop = shelf.screen_loop(places.cache / "kernels")
    prepared = [_prepare(settings, places, shelf, n, name, tapes[name]) for n, name in quoting]
    directory = places.run.open()
    first_ns = min(int(tapes[name].local.recv_ns[0]) for _, name in quoting)
    last_ns = max(int(tapes[name].local.recv_ns[-1]) for _, name in quoting)
    moments = moments_of(first_ns, last_ns)
    markets = [_screened(settings, one, loop, moments, shelf) for one in prepared]
    result = _result(settings, markets, first_ns, last_ns, shelf.stopped)
    write_summary(directory / "summary.json", result)
    return result


class Running(Protocol):
    """Says whether what runs is to end soon."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """One market before its walks: its desk as a record, its first mid and its view."""

    market: Market
    desk: Any
    half_ticks: int
    view: View

    @classmethod
    def of(
        cls,
        settings: Settings,
        name: str,
        number: int,
        tape: Tape,
        half_ticks: int,
        view_of: Callable[[Timing], View],
    ) -> "Prepared":
        """Return a market at the beginning of its tape, without what a screen leaves out."""
        price = instrument_of(settings.markets[name].instrument).tick_size * Decimal(half_ticks) / 2
        market = market_of(name, number, settings, price, int(tape.local.recv_ns[0]))
        p = market.desk.params
        leave_out(p)
        entry_ns, gap_ns = entry_and_gap_ns(settings, name, p)
        timing = Timing(p.refresh_ns, max(p.refresh_ns, WAKE_NS), entry_ns, gap_ns)
        return cls(market, record_of(market.desk), half_ticks, view_of(timing))

    @property
    def bucket_half_ticks(self) -> int:
        """The width of a distance from mid that is told apart."""
        return max(1, int(LEAST_BUCKET_BPS * self.half_ticks / 10_000))


def _prepare(
    settings: Settings, places: Places, shelf: Shelf, number: int, name: str, tape: Tape
) -> Prepared:
    def view_of(timing: Timing) -> View:
        return shelf.view(settings, places, name, tape, timing)

    return Prepared.of(settings, name, number, tape, shelf.first_mid(tape), view_of)


def _screened(
    settings: Settings, one: Prepared, loop: Loop, moments: Sequence[int], running: Running
) -> ScreenedMarket:
    """Walk one market by both rules."""
    market = one.market
    orders = market.desk.orders
    lower, upper = (walk(one, loop, rule, moments, running) for rule in (STRICT, TOUCH))
    return ScreenedMarket(
        name=market.name,
        instrument=market.instrument,
        maker_fee_bps=fee_rates(settings.markets, market.name)[0],
        decisions=len(one.view),
        order_lots=market.desk.params.order_lots,
        opening_position_lots=orders.position_lots,
        opening_cash_tick_lots=orders.cash_tick_lots,
        opening_half_ticks=one.half_ticks,
        bucket_half_ticks=one.bucket_half_ticks,
        lower=lower,
        upper=upper,
    )


def walk(one: Prepared, loop: Loop, rule: int, moments: Sequence[int], running: Running) -> Walk:
    """Walk a market's view by one rule, from a desk of its own."""
    import numpy as np

    start = Screen()
    start.rule, start.bucket_half_ticks = rule, one.bucket_half_ticks
    start.hold_ns, start.sigma_step = hold_ns(one.market.desk.params), SIGMA_STEP
    start.lowest_lots = start.highest_lots = one.market.desk.orders.position_lots
    s, desk = record_of(start), one.desk.base.copy().view(np.recarray)[0]
    moments_ns, marks = np.array(moments, np.int64), np.zeros(4 * len(moments), np.int64)
    steps = len(one.view)
    while s.step < steps and not running.stopped:
        until = min(int(s.step) + STEPS_A_LEG, steps)
        loop(desk, s, until, *one.view.columns, moments_ns, marks)
    return Walk(
        fills=int(s.fills.sum()),
        lowest_lots=int(s.lowest_lots),
        highest_lots=int(s.highest_lots),
        buckets=s.buckets.tolist(),
        marks=[Mark(*row) for row in marks.reshape(-1, 4).tolist()],
    )


def _result(
    settings: Settings,
    markets: Sequence[ScreenedMarket],
    first_ns: int,
    last_ns: int,
    stopped: bool,
) -> Screened:
    rates = rates_of(settings).told
    lower, upper = (
        total_of(markets, [getattr(m, side) for m in markets], settings.reporting_currency, rates)
        for side in ("lower", "upper")
    )
    return Screened(
        version=version(),
        config_hash=config_hash(settings),
        deploy=settings.deploy,
        started_ns=first_ns,
        ended_ns=last_ns,
        exit=INTERRUPTED if stopped else CLEAN,
        reporting_currency=settings.reporting_currency,
        left_out=left_out(settings),
        markets=markets,
        lower=lower,
        upper=upper,
    )
