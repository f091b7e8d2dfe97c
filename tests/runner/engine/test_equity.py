"""Money that nobody explains is told once, and money that trading made is never taken for it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.account import Fee, Payment, Trade
from connectors.model.events import BUY, MAKER, SELL
from connectors.model.instrument import Instrument
from connectors.weighed import Equity
from runner.engine.equity import MOVED, EquityWatch, next_look_ns, unexplained
from runner.engine.ledger.entries import RECONCILE, Fill, Funding
from runner.engine.ledger.store import Store
from runner.engine.ledger.worth import read_last, read_made
from runner.engine.ledger.writer import DirectWriter
from runner.engine.rates import Rates
from strategies.trades import DAY_NS
from tests.runner.engine.ledger.made import ACCOUNT, TERMS
from tests.virtual import SetClock

NOW_NS = 20_000 * DAY_NS + 5
HELD = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"))
STEP = Decimal("0.0001")
"""What a tick times a lot is worth."""
WALLET = f"{ACCOUNT}:btc"


@dataclass
class Wallet:
    """A venue whose equity the test sets; it began with a thousand."""

    amount: Decimal = Decimal(1000)
    silent: bool = False
    currency: str | None = None

    def equities(self) -> list[Equity] | None:
        return None if self.silent else [Equity(("btc",), self.amount, self.currency)]


@dataclass
class House:
    """A market, its ledger in a file, and the watch over its equity."""

    path: Path
    wallet: Wallet = field(default_factory=Wallet)
    told: list[str] = field(default_factory=list)
    halts: bool = False
    trades: int = 0

    def __post_init__(self) -> None:
        self.clock = SetClock(NOW_NS)
        self.store = Store(self.path, {"btc": TERMS})
        self.writer = DirectWriter(self.store, self.clock)
        signals = SimpleNamespace(mid_half_ticks=2000)
        market = SimpleNamespace(instrument=HELD, desk=SimpleNamespace(signals=signals))
        self.signals = signals
        outbox = SimpleNamespace(account=ACCOUNT, is_halted=False)
        worker = SimpleNamespace(market=market)
        self.station: Any = SimpleNamespace(name="btc", outbox=outbox, worker=worker)

    def look(self) -> bool:
        """Look once, after everything is committed."""
        self.writer.check()
        venues: Any = {"sim": self.wallet}
        if not hasattr(self, "watch"):
            self.watch = EquityWatch(
                *(venues, [self.station], self.path, self.writer, Rates("USDT", {}), self.clock),
                *(lambda now_ns, market, text: self.told.append(text), Decimal(1), 0, self.halts),
            )
        self.clock.time_ns += 1
        settled = asyncio.run(self.watch.look())
        self.writer.check()
        return settled

    def trade(self, side: int, ticks: int, lots: int, fee: str = "0") -> None:
        """Trade at the venue and in the ledger."""
        self.trades += 1
        told = Fee(Decimal(fee), "USDT")
        trade = Trade(self.trades, 0, side, ticks, lots, MAKER, self.clock.now_ns(), told)
        self.writer.put(Fill("btc", ACCOUNT, trade, self.clock.now_ns(), RECONCILE))
        signed = lots if side == BUY else -lots
        worth = signed * (self.signals.mid_half_ticks - 2 * ticks) * STEP / 2
        self.wallet.amount += worth - told.amount

    def mark(self, mid_half_ticks: int, held_lots: int) -> None:
        """Move the market for both."""
        moved = mid_half_ticks - self.signals.mid_half_ticks
        self.wallet.amount += held_lots * moved * STEP / 2
        self.signals.mid_half_ticks = mid_half_ticks

    def pay(self, amount: str) -> None:
        """Pay funding in both."""
        self.trades += 1
        now_ns = self.clock.now_ns()
        paid = Payment(str(self.trades), now_ns, Decimal(amount), "USDT")
        self.writer.put(Funding(ACCOUNT, "btc", paid, now_ns))
        self.wallet.amount += Decimal(amount)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "x.sqlite")
    yield made
    made.store.close()


def test_what_trading_fees_and_funding_made_is_explained_to_the_last_digit(house: House) -> None:
    assert house.look()
    house.trade(BUY, 990, 50, "0.0173")
    house.mark(2101, 50)
    house.trade(SELL, 1060, 80, "-0.002")
    house.mark(1901, -30)
    house.pay("-0.31")
    assert house.look()
    assert house.told == []
    made = read_made(house.path, {"btc": ACCOUNT})["btc"]
    worth = (2 * made.cash_tick_lots + made.position_lots * 1901) * STEP / 2
    assert worth + made.money["USDT"] == house.wallet.amount - 1000


@pytest.mark.parametrize(("amount", "way"), [("250", "more"), ("-1.01", "less")])
def test_moved_money_is_believed_at_the_second_look_taken_down_and_told_once(
    house: House, amount: str, way: str
) -> None:
    house.look()
    house.trade(BUY, 990, 50)
    house.wallet.amount += Decimal(amount)
    assert not house.look()
    assert house.told == []
    assert house.look()
    assert house.look()
    (text,) = house.told
    assert f"{way} than fills, fees and funding explain" in text
    assert read_last(house.path, WALLET, "USDT", MOVED) == Decimal(amount)
    assert not house.station.outbox.is_halted


def test_small_differences_add_up_until_they_are_told(house: House) -> None:
    house.look()
    for _ in range(2):
        house.wallet.amount += Decimal("0.5")
        assert house.look()
    house.wallet.amount += Decimal("0.01")
    house.look()
    house.look()
    assert read_last(house.path, WALLET, "USDT", MOVED) == Decimal("1.01")


def test_a_word_that_is_late_by_a_moment_is_no_difference(house: House) -> None:
    house.look()
    house.wallet.amount += 50
    assert not house.look()
    house.wallet.amount -= 50
    assert house.look()
    assert house.told == []


def test_it_halts_where_that_is_asked(tmp_path: Path) -> None:
    made = House(tmp_path / "x.sqlite", halts=True)
    made.look()
    made.wallet.amount -= 5
    made.look()
    made.look()
    assert made.station.outbox.is_halted
    assert made.told[0].endswith("markets halted")
    made.store.close()


def test_a_later_process_goes_on_from_what_was_taken_down(house: House) -> None:
    house.look()
    house.wallet.amount += 30
    del house.watch
    assert not house.look()
    assert house.look()
    assert len(house.told) == 1


def test_what_is_silent_or_has_no_mark_is_asked_again_and_nothing_is_guessed(house: House) -> None:
    house.wallet.silent = True
    assert not house.look()
    house.wallet.silent = False
    house.trade(BUY, 990, 1)
    house.signals.mid_half_ticks = 0
    assert not house.look()
    assert read_last(house.path, WALLET, "USDT", "equity") is None


def test_a_currency_without_a_rate_is_told_and_not_compared(house: House) -> None:
    house.wallet.currency = "USD"
    assert house.look()
    assert house.look()
    assert house.told == ["equity is not compared with the ledger: expected rates.USD, was null"]


@given(*[st.decimals(-1000, 1000, places=4) for _ in range(4)])
def test_only_what_the_ledger_does_not_have_is_unexplained(
    equity: Decimal, worth: Decimal, won: Decimal, moved: Decimal
) -> None:
    assert unexplained((equity, worth), (equity + won + moved, worth + won)) == moved


def test_the_next_look_is_at_its_hour() -> None:
    hour_ns = DAY_NS // 24
    assert next_look_ns(NOW_NS, 0) == NOW_NS - 5 + DAY_NS
    assert next_look_ns(NOW_NS, 3) == NOW_NS - 5 + 3 * hour_ns
