"""Tell the live view and the log what a deploy's workers do. Reads their state, changes nothing."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TextIO

from connectors.model.events import BUY
from connectors.model.orders import LEVELS
from runner.control import words
from runner.engine.clock import Clock
from runner.engine.health import Health
from runner.engine.portfolio import Portfolio
from runner.engine.worker import Worker
from runner.report.exact import HALF, Step, plain
from runner.report.fills import ROLES
from runner.report.pnl import Grid
from runner.settings import Settings
from runner.watch.choice import watch_of
from runner.watch.exposure import exposure_fields, exposure_line
from runner.watch.log import RunLog
from runner.watch.running import Fill, Running
from runner.watch.tail import Tail
from runner.watch.view import MarketView, Quiet, Watch
from strategies.hedge_reasons import hedge_names
from strategies.reasons import names
from strategies.signals.intensity import FEW, FITTED, FLAT, STEEP
from strategies.signals.uptime import both_frac

FITS = {FITTED: "accepted", FEW: "too few", FLAT: "does not fall", STEEP: "one distance"}
"""What became of a fit of the rates."""

Fees = Mapping[str, tuple[Decimal, Decimal]]


class Observer:
    """One deploy's view and log."""

    def __init__(
        self, fees: Fees, watch: Watch, log: RunLog, portfolio: Portfolio | None = None
    ) -> None:
        self._fees = fees
        self._watch = watch
        self._log = log
        self._portfolio = portfolio
        self._markets: dict[str, Told] = {}
        self._workers: Sequence[Worker] = ()
        self._findings: tuple[str, ...] | None = None
        self.pairs: Callable[[], Sequence[str]] = tuple
        """Says in a line each what pairs of markets do."""
        self.fills: Tail[words.Fill] = Tail()
        self.warnings: Tail[words.Warning] = Tail()

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Log new fills and the quotes, and refresh the view."""
        self._workers = workers
        views = []
        for worker in workers:
            told = self._told(worker)
            self._follow(told)
            if told.has_learnt():
                self._log.line(now_ns, "RATES", told.name, **told.rate_fields())
            view = told.view(now_ns)
            self._log.line(now_ns, "QUOTE", told.name, **quote_fields(view))
            views.append(view)
        self._show(views, now_ns)

    def follow(self, workers: Sequence[Worker]) -> None:
        """Take new fills alone."""
        for worker in workers:
            self._follow(self._told(worker))

    def running(self, worker: Worker) -> Running:
        """Return the running sums of a worker."""
        return self._told(worker).running

    def _follow(self, told: "Told") -> None:
        for fill in told.running.take():
            self._log.line(fill.recv_ns, "FILL", told.name, **told.fill_fields(fill))
            self.fills.add(partial(told.fill, fill))

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Log the P&L and what is held for `metrics`; write what waits for `housekeeping`."""
        if name == "metrics":
            for worker in workers:
                view = self._told(worker).view(now_ns)
                self._log.line(now_ns, "PNL", view.name, **pnl_fields(view))
            if self._portfolio is not None:
                for pool in self._portfolio.exposures(now_ns):
                    fields = exposure_fields(pool, self._portfolio.currency)
                    self._log.line(now_ns, "HELD", **fields)
        elif name == "housekeeping":
            self._log.flush()

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Log something that a person should look at; without a market it is about all."""
        self._log.line(now_ns, "WARNING", market, text=text)
        self.warnings.add(lambda number: words.Warning(number, now_ns, market, text))

    def note(self, now_ns: int, market: str, text: str) -> None:
        """Log what needs nothing to be done."""
        self._log.line(now_ns, "NOTE", market, text=text)

    def health(self, now_ns: int, health: Health) -> None:
        """Show how the deploy is; log what has changed."""
        told = "green" if health.ok else f"red: {'; '.join(health.findings)}"
        self._attempt(lambda: self._watch.tell(told), now_ns)
        self._expose(now_ns)
        kinds = tuple(_without_figures(line) for line in health.findings)
        if kinds != self._findings:
            self._findings = kinds
            why = "; ".join(health.findings)
            self._log.line(now_ns, "HEALTH", verdict="green" if health.ok else "red", why=why)

    def finish(self, now_ns: int) -> None:
        """Tell what the workers did since the last look."""
        self._expose(now_ns)
        self.update(self._workers, now_ns)

    def _expose(self, now_ns: int) -> None:
        """Show what all markets hold together."""
        if self._portfolio is not None and self._portfolio.holdings:
            all_held = exposure_line(self._portfolio.exposures(now_ns), self._portfolio.currency)
            held = "   ".join((all_held, *self.pairs()))
            self._attempt(lambda: self._watch.expose(held), now_ns)

    def _show(self, views: Sequence[MarketView], now_ns: int) -> None:
        self._attempt(lambda: self._watch.update(views, now_ns), now_ns)

    def _attempt(self, show: Callable[[], None], now_ns: int) -> None:
        try:
            show()
        except Exception as error:
            # A view that breaks must not stop a deploy; the log says that it did, once.
            self._watch = Quiet()
            self._log.line(now_ns, "VIEW_FAILED", error=f"{type(error).__name__}: {error}")

    def _told(self, worker: Worker) -> "Told":
        name = worker.market.name
        if name not in self._markets:
            self._markets[name] = Told(worker, *self._fees[name])
        return self._markets[name]


class Told:
    """One worker in the words of its venue: prices and sizes as decimal text."""

    def __init__(self, worker: Worker, maker_fee_bps: Decimal, taker_fee_bps: Decimal) -> None:
        market = worker.market
        self.name = market.name
        self._worker = worker
        self._tick = Step.of(market.instrument.tick_size)
        self._half = self._tick.times(HALF)
        self._lot = Step.of(market.instrument.lot_size_base)
        grid = Grid.of(market.instrument, maker_fee_bps, taker_fee_bps)
        self.running = Running(worker, grid)
        self._tried_ns = 0

    def has_learnt(self) -> bool:
        """Tell whether rates have been fitted anew since the last call."""
        learning = self._worker.market.desk.learning
        tried_ns, self._tried_ns = self._tried_ns, learning.tried_ns
        return learning.accepted + learning.refused > 0 and tried_ns != learning.tried_ns

    def rate_fields(self) -> dict[str, object]:
        """Return what the log says of a fit: what is in use, what is configured, and why."""
        desk = self._worker.market.desk
        learning = desk.learning
        return {
            "kappa": round(desk.params.kappa, 4),
            "configured_kappa": round(learning.kappa, 4),
            "intensity_per_s": round(desk.params.intensity_per_s, 5),
            "configured_intensity_per_s": round(learning.intensity_per_s, 5),
            "orders": round(desk.senses.intensity.count, 1),
            "fit": FITS[learning.status],
        }

    def view(self, now_ns: int) -> MarketView:
        """Return what a live view shows."""
        desk = self._worker.market.desk
        signals, quotes = desk.signals, desk.quotes
        last_ns = self._worker.last_batch_ns
        bid_markout, ask_markout = self.running.markouts_bps()
        uptime = desk.tally.uptime
        return MarketView(
            name=self.name,
            quote=self._worker.market.instrument.quote,
            mid=self._half.text(signals.mid_half_ticks) if signals.sound else "",
            bid=self._tick.text(quotes.ticks[0]) if quotes.lots[0] else "",
            ask=self._tick.text(quotes.ticks[LEVELS]) if quotes.lots[LEVELS] else "",
            inventory_clips=quotes.inventory_clips,
            sigma_bps=signals.sigma_live_bps,
            net_quote=self.running.net_quote(),
            fills=self.running.fills,
            bid_reasons=(*names(quotes.reasons[0]), *hedge_names(quotes.hedge_reasons)),
            ask_reasons=(*names(quotes.reasons[1]), *hedge_names(quotes.hedge_reasons)),
            age_s=(now_ns - last_ns) / 1e9 if last_ns else None,
            bid_markout_bps=bid_markout,
            ask_markout_bps=ask_markout,
            uptime_frac=both_frac(uptime) if uptime.watched_ns else None,
        )

    def fill(self, fill: Fill, number: int) -> words.Fill:
        """Return a fill as the control socket tells it."""
        return words.Fill(
            number=number,
            market=self.name,
            stamp_ns=fill.recv_ns,
            side="buy" if fill.side == BUY else "sell",
            role=ROLES[fill.role],
            price=self._tick.amount(fill.ticks),
            size_base=self._lot.amount(fill.lots),
            trade_id=fill.trade_id,
        )

    def fill_fields(self, fill: Fill) -> dict[str, object]:
        """Return a fill's fields for the log."""
        return {
            "side": "buy" if fill.side == BUY else "sell",
            "role": ROLES[fill.role],
            "price": self._tick.text(fill.ticks),
            "size": self._lot.text(fill.lots),
            "trade_id": fill.trade_id,
            "client_id": fill.client_id,
        }


def quote_fields(view: MarketView) -> dict[str, object]:
    """Return what the log says of quotes."""
    return {
        "mid": view.mid or "none",
        "bid": view.bid or "none",
        "ask": view.ask or "none",
        "q": round(view.inventory_clips, 4),
        "sigma": round(view.sigma_bps, 4),
        "bid_reasons": "|".join(view.bid_reasons) or "none",
        "ask_reasons": "|".join(view.ask_reasons) or "none",
    }


def pnl_fields(view: MarketView) -> dict[str, object]:
    """Return what the log says of money."""
    net = "unknown" if view.net_quote is None else plain(view.net_quote)
    return {"net": net, "currency": view.quote, "fills": view.fills, "mid": view.mid or "none"}


def _without_figures(finding: str) -> str:
    """Return a finding as it stays while only its figures change."""
    return "".join(c for c in finding if not c.isdigit())


@contextmanager
def observer_of(
    settings: Settings,
    fees: Fees,
    log_path: Path,
    clock: Clock,
    out: TextIO | None = None,
    portfolio: Portfolio | None = None,
) -> Iterator[Observer]:
    """Yield the observer of a deploy: its view open, its log written to `log_path`.

    `fees` are each market's maker and taker fee in bps.
    """
    stream = out if out is not None else sys.stdout
    duration_ns = int(settings.duration_s * 1e9) if settings.duration_s else None
    title = f"{settings.mode.name} \u00b7 {settings.deploy}"
    every_ns = int(settings.watch.every_s * 1e9)
    watch = watch_of(settings.watch.name, title, stream, every_ns, duration_ns)
    log = RunLog(log_path)
    observer = Observer(fees, watch, log, portfolio)
    watch.start()
    try:
        yield observer
        observer.finish(clock.now_ns())
    finally:
        watch.stop()
        log.close(clock.now_ns())
