"""Hold what the venue says an account is worth against what the ledger explains.

At a first look both are taken down: the venue's equity, and the ledger's worth, which is what
fills, fees and funding have come to, positions at the mark. From then on both change alike.
What they do not is believed once a second look, a while later, says the same: it is told,
and taken down as moved by somebody else with its amount, so that it is told once. It is in no
P&L, which is made of fills, fees and funding alone. A difference within the tolerance is not taken
down, so that many small ones add up until they are told.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from connectors.venue import Venue
from connectors.weighed import Equity, Weighed
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Balance, Note
from runner.engine.ledger.worth import Made, read_last, read_made
from runner.engine.ledger.writer import Writer
from runner.engine.rates import Rates
from runner.engine.station import Station
from runner.engine.warnings import Warn
from strategies.trades import DAY_NS

VENUE, LEDGER, MOVED = "equity", "ledger", "moved"
"""Sources of the balances that are taken down."""
SECOND_LOOK_NS = 10_000_000_000
"""Time until a difference is looked at again, and until a venue is asked again that is silent."""
HOUR_NS = 3_600_000_000_000
ZERO = Decimal(0)


def unexplained(before: tuple[Decimal, Decimal], now: tuple[Decimal, Decimal]) -> Decimal:
    """Return by how much a venue's equity has changed beyond the ledger's worth."""
    return (now[0] - before[0]) - (now[1] - before[1])


def next_look_ns(now_ns: int, at_h: int) -> int:
    """Return the next moment at which a UTC day is so many hours old."""
    today_ns = now_ns // DAY_NS * DAY_NS + at_h * HOUR_NS
    return today_ns if today_ns > now_ns else today_ns + DAY_NS


@dataclass(slots=True)
class EquityWatch:
    """The comparison of every wallet that venues tell. `halts`: a difference halts its markets."""

    venues: Mapping[str, Venue]
    stations: Sequence[Station]
    ledger: Path
    writer: Writer
    rates: Rates
    clock: Clock
    warn: Warn
    tolerance: Decimal
    at_h: int
    halts: bool
    _doubted: dict[str, Decimal] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Compare at the start, once every venue has told, and then once a day."""
        while True:
            is_done = await self.look()
            now_ns = self.clock.now_ns()
            due_ns = next_look_ns(now_ns, self.at_h) if is_done else now_ns + SECOND_LOOK_NS
            await self.clock.sleep_until_ns(due_ns)

    async def look(self) -> bool:
        """Compare every wallet; tell whether all were told and none is in doubt."""
        settled = True
        for venue in self.venues.values():
            if isinstance(venue, Weighed):
                found = venue.equities()
                settled = settled and found is not None
                for equity in found or ():
                    settled = await self._compare(equity) and settled
        return settled

    async def _compare(self, equity: Equity) -> bool:
        """Compare one wallet; tell whether it is settled."""
        stations = [s for s in self.stations if s.name in equity.markets]
        if not stations:
            return True
        accounts = {s.name: s.outbox.account for s in stations}
        currency = equity.currency or stations[0].worker.market.instrument.quote
        made = await asyncio.to_thread(read_made, self.ledger, accounts)
        if not self._can_convert(stations, made, currency):
            return True
        worth = self._worth(stations, made, currency)
        if worth is None:
            return False
        wallet = f"{accounts[stations[0].name]}:{'+'.join(sorted(equity.markets))}"
        before = await asyncio.to_thread(self._taken_down, wallet, currency)
        if before is None:
            self._take_down(wallet, currency, equity.amount, worth)
            return True
        moved = unexplained(before, (equity.amount, worth))
        if abs(moved) <= self.tolerance:
            self._doubted.pop(wallet, None)
            return True
        doubted = self._doubted.pop(wallet, None)
        if doubted is None or abs(moved - doubted) > self.tolerance:
            self._doubted[wallet] = moved
            return False
        self._tell(wallet, currency, moved, stations)
        self._take_down(wallet, currency, equity.amount, worth)
        return True

    def _worth(
        self, stations: Sequence[Station], made: Mapping[str, Made], currency: str
    ) -> Decimal | None:
        """Return what the markets have come to; None where a mark is missing."""
        total = ZERO
        for station in stations:
            market, own = station.worker.market, made[station.name]
            half_ticks = market.desk.signals.mid_half_ticks
            if own.position_lots and half_ticks <= 0:
                return None
            step = market.instrument.tick_size * market.instrument.lot_size_base / 2
            cash = (2 * own.cash_tick_lots + own.position_lots * half_ticks) * step
            for of, amount in (*own.money.items(), (market.instrument.quote, cash)):
                total += amount * self._rate(of, currency) if amount else ZERO
        return total

    def _rate(self, of: str, into: str) -> Decimal:
        """Return what one of a currency is worth in another; 0 where nobody has said."""
        if of == into:
            return Decimal(1)
        return (self.rates.of(of) or ZERO) / (self.rates.of(into) or Decimal(1))

    def _can_convert(
        self, stations: Sequence[Station], made: Mapping[str, Made], currency: str
    ) -> bool:
        """Tell whether all can be compared in one currency; a person hears of what cannot, once."""
        used = {s.worker.market.instrument.quote for s in stations}
        used |= {of for s in stations for of, amount in made[s.name].money.items() if amount}
        missing = {c for c in used | {currency} if self.rates.of(c) is None} - {currency}
        missing |= {currency} if used != {currency} and self.rates.of(currency) is None else set()
        for one in sorted(missing - self._missing):
            text = f"equity is not compared with the ledger: expected rates.{one}, was null"
            self.warn(self.clock.now_ns(), "", text)
        self._missing |= missing
        return not missing

    def _taken_down(self, wallet: str, currency: str) -> tuple[Decimal, Decimal] | None:
        venue = read_last(self.ledger, wallet, currency, VENUE)
        ledger = read_last(self.ledger, wallet, currency, LEDGER)
        return None if venue is None or ledger is None else (venue, ledger)

    def _take_down(self, wallet: str, currency: str, equity: Decimal, worth: Decimal) -> None:
        now_ns = self.clock.now_ns()
        self.writer.put(Balance(wallet, currency, equity, now_ns, VENUE))
        self.writer.put(Balance(wallet, currency, worth, now_ns, LEDGER))

    def _tell(
        self, wallet: str, currency: str, moved: Decimal, stations: Sequence[Station]
    ) -> None:
        """Take a difference down with its cause, tell a person, and halt where that is asked."""
        now_ns = self.clock.now_ns()
        way = "more" if moved > 0 else "less"
        text = (
            f"the venue's equity of {wallet} is {abs(moved):.8f} {currency} {way} than fills, fees"
            f" and funding explain: taken for money that somebody moved"
        )
        self.writer.put(Balance(wallet, currency, moved, now_ns, MOVED))
        self.writer.put(Note(now_ns, "", text))
        self.warn(now_ns, "", f"{text}; markets halted" if self.halts else text)
        if self.halts:
            for station in stations:
                station.outbox.is_halted = True
