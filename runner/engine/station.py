"""Keep one market alive: what fails in it stays in it, and it quotes only once all is proven.

A station is the sink that the venue delivers to, and the task that holds the market's ledger
against the venue. Start, restart and reconnect are one path: the market is held, nothing that may
rest is left, trades and position agree, then it quotes.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from connectors.model.account import Standing
from connectors.model.book import apply_rows
from connectors.model.errors import Plan, VenueError
from connectors.model.events import GAP, AccountRows, MarketRows
from runner.engine.brink import Brink
from runner.engine.clock import Clock
from runner.engine.flatten import Flattening
from runner.engine.hedger import Across
from runner.engine.lead import Leader
from runner.engine.outbox import LedgerOutbox
from runner.engine.payments import Payments
from runner.engine.reconcile import EVERY_NS, Reconciler
from runner.engine.snapshot import snapshot_rows
from runner.engine.supervisor import Budget, attempt, tell
from runner.engine.thrift import Thrift
from runner.engine.warnings import Warn
from runner.engine.worker import Reopened, Worker
from strategies import reasons as why
from strategies.hedging import KNOWN
from strategies.quoting import hold

POLL_NS = 500_000_000
"""Time between two looks while a market is held for its ledger."""
OVERDUE_NS = 10_000_000_000
"""A ledger that could not be compared for so long holds its market."""
MOST_BACKOFF_NS = 10_000_000_000

Reopen = Callable[[Standing, int], Reopened]
"""Make a market anew from where its venue stands; the number is that of its next segment."""


@dataclass(slots=True)
class Station:
    """One market's place in a session.

    `is_suspended`: its worker failed and is not to be called. `is_given_up`: it failed too often,
    or its venue did; its orders are still cancelled and proven. `is_guarded`: something else would
    cancel its orders if this process no longer could, or need not. `leader` has the markets that
    follow this one; `hedger` looks at those that hedge it, are hedged by it, or are held against
    it, `brink` asks where its position would be liquidated. `proven` is the venue's last word
    while it proves that nothing of ours rests.
    """

    worker: Worker
    outbox: LedgerOutbox
    reconciler: Reconciler
    payments: Payments
    reopen: Reopen
    clock: Clock
    warn: Warn
    budget: Budget
    leader: Leader | None = None
    hedger: Across | None = None
    brink: Brink | None = None
    is_suspended: bool = False
    is_given_up: bool = False
    is_stopping: bool = False
    is_whole: bool = True
    is_guarded: bool = True
    is_recovering: bool = False
    looked_ns: int = 0
    flattening: Flattening | None = None
    proven: Standing | None = None
    thrift: Thrift | None = None
    _broken_ns: int = 0
    _breaks: int = 0
    _failures: int = 0
    _reopen_ns: int = 0
    _segment: int = 1
    _awaits_snapshot: bool = False
    _is_book_lost: bool = False
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.looked_ns = self.clock.now_ns()
        if self.outbox.orders:
            self.recover()

    @property
    def name(self) -> str:
        """The market's name."""
        return self.worker.market.name

    @property
    def quotes(self) -> bool:
        """Tell whether the market is there to be quoted: not to lead others, nor to hedge them."""
        params = self.worker.market.desk.params
        return not (params.only_leads or params.hedge.on)

    @property
    def is_halted(self) -> bool:
        """Tell whether the market will not quote again in this session."""
        return self.is_given_up or self.outbox.is_halted or self.worker.is_halted

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Let the worker take a batch; what it raises suspends this market alone."""
        if self._awaits_snapshot and rows:
            self._awaits_snapshot = False
            self.on_link(True, now_ns)
        if self.is_suspended:
            self._absorb(rows, account, now_ns)
            return
        if self.thrift is not None:
            self.thrift.look(now_ns)
        try:
            self.worker.on_batch(rows, account, now_ns)
        except Exception as error:
            self._suspend(error, rows, now_ns)
            if self.leader is not None:
                self.leader.lose(now_ns)
            return
        if self.leader is not None and rows and self.is_whole:
            self.leader.tell(self.worker.market.desk.book, now_ns)
        if self.hedger is not None:
            self.hedger.look(now_ns)
        if self.brink is not None:
            self.brink.look(now_ns)

    def hear(self, rows: MarketRows, now_ns: int) -> None:
        """Let the worker take what its lead says, once it knows its own market."""
        if self.worker.last_market_ns != 0:
            self.take(rows, now_ns)

    def take(self, rows: MarketRows, now_ns: int) -> None:
        """Let the worker take rows that others than its venue tell it."""
        if self.is_suspended:
            return
        try:
            self.worker.on_batch(rows, AccountRows(), now_ns)
        except Exception as error:
            self._suspend(error, MarketRows(), now_ns)

    def steer(self, number: int, whole: int, real: float, now_ns: int) -> None:
        """Let the worker have a number that a person has set; it decides on it with its next batch.

        A market that is suspended has it once it is made anew.
        """
        try:
            self.worker.steer(number, whole, real, now_ns)
        except Exception as error:
            self._suspend(error, MarketRows(), now_ns)

    def hear_exposure(self, known: bool, grains: int, now_ns: int) -> None:
        """Let the worker hear what there is to hedge, once it knows its own market."""
        self.hear_share(KNOWN if known else 0, grains, now_ns)

    def hear_share(self, code: int, grains: int, now_ns: int) -> None:
        """Let the worker hear what of it is to be hedged here, once it knows its own market."""
        if self.is_suspended or self.worker.last_market_ns == 0:
            return
        try:
            self.worker.hear_share(code, grains, now_ns)
        except Exception as error:
            self._suspend(error, MarketRows(), now_ns)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Hold the market while a stream is broken, and until its ledger is level after that."""
        self.is_whole = is_whole
        if not is_whole:
            self._broken_ns = now_ns
        self._hold_unlinked(now_ns)
        if self.leader is not None and not is_whole:
            self.leader.lose(now_ns)
        self.recover()

    def guard(self, is_guarded: bool, now_ns: int) -> None:
        """Hold the market while nothing would cancel its orders in our place."""
        if is_guarded != self.is_guarded:
            self.is_guarded = is_guarded
            self._hold_unlinked(now_ns)
            self.recover()

    def lose_venue(self) -> None:
        """Take the venue for gone until it delivers the snapshot of a new run."""
        self._awaits_snapshot = True
        self.on_link(False, self.clock.now_ns())
        attempt(self.outbox.cancel_all, self._tell)

    def recover(self) -> None:
        """Hold the market until nothing rests and its ledger is level."""
        now_ns = self.clock.now_ns()
        self._breaks += 1
        self.proven = None
        self._broken_ns = now_ns
        self.is_recovering = True
        self.outbox.withdraw()
        self.worker.hold(why.RECONCILING, True, now_ns)
        if self.hedger is not None:
            self.hedger.look(now_ns)
        self._wake.set()

    def stop(self) -> None:
        """Want nothing from now on, and have everything cancelled and proven."""
        if self.is_stopping:
            return
        self.is_stopping = True
        attempt(self.worker.stop, self._tell)
        attempt(self.outbox.close, self._tell)
        if self.is_suspended:
            attempt(self.outbox.cancel_all, self._tell)
        self._wake.set()

    def flatten(self) -> Flattening | None:
        """Begin to close the position of a market that is being stopped; spot is left alone."""
        market = self.worker.market
        if market.instrument.is_spot:
            self.warn(self.clock.now_ns(), self.name, "flatten: a spot wallet is left as it is")
            return None
        self.outbox.is_flattening = True
        self.flattening = Flattening(market, self.outbox, self.clock, self.warn)
        self._wake.set()
        return self.flattening

    def give_up(self, text: str) -> None:
        """Halt the market for this session."""
        self.is_given_up = True
        self.warn(self.clock.now_ns(), self.name, f"{text}: halted")
        self.stop()

    def open_orders(self) -> int:
        """Return how many orders may rest at the venue, by the ledger's word and the worker's."""
        if self.is_suspended:
            return len(self.outbox.orders)
        return max(self.worker.open_orders(), len(self.outbox.orders))

    def heartbeat(self, now_ns: int) -> None:
        """Let the worker look at the time; it may be that its venue delivers nothing."""
        self.on_batch(MarketRows(), AccountRows(), now_ns)

    async def run(self) -> None:
        """Hold the ledger against the venue for ever."""
        while True:
            pause_ns = await self._step()
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_ns / 1e9):
                    await self._wake.wait()

    async def _step(self) -> int:
        """Look once; return how long to wait before the next look."""
        is_close = self.is_recovering or self.is_suspended or self.is_stopping
        try:
            await (self._look_closely() if is_close else self._look())
        except (VenueError, OSError) as error:
            return self._fail(error)
        self._failures = 0
        self.looked_ns = self.clock.now_ns()
        self._hold_unresolved()
        await self._look_for_payments()
        is_close = self.is_recovering or self.is_suspended or self.is_stopping
        least_ns = self.reconciler.venue.look_every_ns
        if is_close or self.reconciler.in_doubt:
            return max(POLL_NS, least_ns // 2)
        return max(EVERY_NS, least_ns)

    async def _look_for_payments(self) -> None:
        """Book funding; a venue that does not tell of it holds nothing up."""
        try:
            await self.payments.look()
        except (VenueError, OSError) as error:
            tell(self.warn, self.clock.now_ns(), self.name, "funding was not told", error)

    async def _look(self) -> None:
        """Compare in passing. A contradiction that stays holds the market until it is explained."""
        await self.reconciler.look()
        if self.reconciler.in_doubt > 1:
            self.recover()

    async def _look_closely(self) -> None:
        """Compare, and let the market quote again once all is proven and every stream whole."""
        breaks = self._breaks
        standing = await self.reconciler.look_closely(self._broken_ns)
        is_proven = breaks == self._breaks and self.is_whole
        self.proven = standing if is_proven else None
        if standing is None or not is_proven:
            return
        if self.is_stopping:
            self._flatten_from(standing)
            return
        if not self.is_guarded:
            return
        if self.is_suspended:
            if self.clock.now_ns() < self._reopen_ns:
                return
            if not attempt(lambda: self._reopen(standing), self._suspend_again):
                return
        if not self.is_suspended:
            self.is_recovering = False
            self.worker.hold(why.RECONCILING, False, self.clock.now_ns())

    def _flatten_from(self, standing: Standing) -> None:
        """Take the next step to flat from a proven position and a book that was followed."""
        way = self.flattening
        if way is not None and not way.is_over and not self._is_book_lost:
            way.step(standing)

    def _fail(self, error: Exception) -> int:
        """Note a read that failed; return how long to wait. It proves nothing."""
        self._failures += 1
        if isinstance(error, VenueError) and error.plan is Plan.HALT and not self.is_given_up:
            self.give_up(str(error))
        if self._failures == 1:
            tell(self.warn, self.clock.now_ns(), self.name, "the venue gave no answer", error)
        overdue_ns = max(OVERDUE_NS, 3 * self.reconciler.venue.look_every_ns)
        if self.clock.now_ns() - self.looked_ns > overdue_ns and not self.is_recovering:
            self.recover()
        if self.is_recovering or self.is_stopping:
            attempt(self.outbox.cancel_all, self._tell)
        self._hold_unresolved()
        longest_ns = MOST_BACKOFF_NS if self.is_recovering else EVERY_NS
        return min(POLL_NS << min(self._failures, 10), longest_ns)

    def _hold_unlinked(self, now_ns: int) -> None:
        self.worker.hold(why.LINK_DOWN, not (self.is_whole and self.is_guarded), now_ns)

    def _hold_unresolved(self) -> None:
        """Add no risk while an order has been without an answer for too long."""
        unresolved = self.reconciler.unresolved()
        is_held = self.worker.market.desk.held & why.UNRESOLVED != 0
        if bool(unresolved) != is_held:
            now_ns = self.clock.now_ns()
            self.worker.hold(why.UNRESOLVED, bool(unresolved), now_ns)
            told = f"{len(unresolved)} orders without an answer, the first is {unresolved[:1]}"
            self.warn(now_ns, self.name, told if unresolved else "every order has its answer again")

    def _suspend(self, error: Exception, rows: MarketRows, now_ns: int) -> None:
        """Take the worker out of service: its orders are cancelled by the ids in the outbox."""
        self.is_suspended = True
        self._tell(error)
        attempt(self.worker.seal, self._tell)
        attempt(lambda: hold(self.worker.market.desk.quotes, why.SUSPENDED), self._tell)
        self.worker.hold(why.SUSPENDED, True, now_ns)
        self.recover()
        attempt(self.outbox.cancel_all, self._tell)
        # Rows set levels, so those that the fault cut short may be applied a second time.
        self._is_book_lost = not attempt(lambda: self._follow(rows), self._tell)
        self._plan_restart(now_ns)

    def _suspend_again(self, error: Exception) -> None:
        """Keep the market suspended: it could not be made anew."""
        self._tell(error)
        self._plan_restart(self.clock.now_ns())

    def _plan_restart(self, now_ns: int) -> None:
        pause_ns = self.budget.spend(now_ns)
        if pause_ns is None:
            self.give_up("the market failed too often")
        else:
            self._reopen_ns = now_ns + pause_ns

    def _absorb(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Book what the venue tells, and keep the book whole for the restart."""
        attempt(lambda: self.worker.absorb(account, now_ns), self._tell)
        if not attempt(lambda: self._follow(rows), self._tell):
            self._is_book_lost = True

    def _follow(self, rows: MarketRows) -> None:
        book = self.worker.market.desk.book
        apply_rows(book, rows.kind, rows.ticks, rows.lots, 0, len(rows))

    def _reopen(self, standing: Standing) -> None:
        """Let the worker go on with a fresh desk that knows the position and the book."""
        now_ns = self.clock.now_ns()
        self._absorb(MarketRows(), AccountRows(), now_ns)
        if standing.position_lots != self.outbox.position_lots or self.outbox.orders:
            return
        rows = MarketRows()
        rows.add(GAP, 0, 0, now_ns, now_ns)
        if not self._is_book_lost:
            rows = snapshot_rows(self.worker.market.desk.book, now_ns)
        last = max(standing.last_client_id, self.outbox.last_client_id)
        self._segment += 1
        opened = self.reopen(replace(standing, last_client_id=last), self._segment)
        self.worker.reopen(opened, now_ns)
        self.is_suspended = False
        self._is_book_lost = False
        self.warn(now_ns, self.name, f"restarted; segment {self._segment}")
        self.on_batch(rows, AccountRows(), now_ns)

    def _tell(self, error: Exception) -> None:
        tell(self.warn, self.clock.now_ns(), self.name, "the market failed", error)
