"""Make a market anew after a failure: a fresh desk, and the next files of its tape and journal."""

from dataclasses import dataclass
from pathlib import Path

from connectors.model.account import Standing
from runner.engine.clock import Clock
from runner.engine.daily import leave_out_moved
from runner.engine.worker import JournalSink, Market, Reopened, TapeSink
from runner.settings import Settings
from runner.wiring.markets import carry_over, market_of, open_with
from runner.wiring.tapes import journal_writer, tape_writer


@dataclass(frozen=True, slots=True)
class Segments:
    """The way of one market to its desks and files."""

    settings: Settings
    directory: Path
    clock: Clock
    market: Market

    def files(self, market: Market, segment: int) -> tuple[TapeSink | None, JournalSink | None]:
        """Open a segment's tape and journal, where they are kept."""
        if not self.settings.record.tape:
            return None, None
        return (
            tape_writer(self.directory, market, self.clock.now_ns(), segment),
            journal_writer(self.directory, self.settings, market, segment),
        )

    def reopen(self, standing: Standing, segment: int) -> Reopened:
        """Return the market as at a start, but with what it has traded and used up so far."""
        former = self.market
        number = former.desk.orders.market_number
        price, now_ns = former.sized_price, self.clock.now_ns()
        market = market_of(former.name, number, self.settings, price, now_ns)
        carry_over(market, former)
        open_with(market, standing)
        if not self.settings.markets[former.name].tells_all_money:
            leave_out_moved(market, former)
        return Reopened(market, *self.files(market, segment))
