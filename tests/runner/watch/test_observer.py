import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.model.events import BUY, MAKER, SELL, TAKER
from connectors.model.orders import LEVELS
from runner.engine.health import Health
from runner.engine.portfolio import AccountLimits, Portfolio
from runner.watch.log import RunLog
from runner.watch.observer import Observer, observer_of
from runner.watch.view import MarketView
from strategies.reasons import KEPT, SIZE_SKEW
from tests.runner.engine.test_portfolio import NOW_NS as MARKED_NS
from tests.runner.engine.test_portfolio import held
from tests.runner.watch.views import NOW_NS
from tests.runner.watch.workers import fill, mark, worker

FEES = {"btc": (Decimal("0.2"), Decimal("3.5")), "eth": (Decimal(0), Decimal(0))}


class Seen:
    """A view that remembers, or breaks."""

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken
        self.views: list[Sequence[MarketView]] = []
        self.told: list[str] = []
        self.exposed: list[str] = []

    def start(self) -> None:
        """Do nothing."""

    def update(self, views: Sequence[MarketView], now_ns: int) -> None:
        """Remember the views."""
        self.views.append(views)
        if self.broken:
            raise ZeroDivisionError("no width")

    def tell(self, health: str) -> None:
        """Remember how the deploy is."""
        self.told.append(health)
        if self.broken:
            raise ZeroDivisionError("no width")

    def expose(self, held: str) -> None:
        """Remember what is held."""
        self.exposed.append(held)

    def stop(self) -> None:
        """Do nothing."""


class Frozen:
    """A clock that stands."""

    def now_ns(self) -> int:
        """Return the moment."""
        return NOW_NS

    def monotonic_ns(self) -> int:
        """Return the moment."""
        return NOW_NS

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Do not wait."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.log"


def settings(name: str = "lines") -> Any:
    """Return the settings that an observer reads."""
    return SimpleNamespace(
        mode=SimpleNamespace(name="paper"),
        deploy="default",
        duration_s=60.0,
        watch=SimpleNamespace(name=name, every_s=5.0),
    )


def quoting() -> Any:
    """Return a worker that quotes both sides."""
    given = worker()
    mark(given, 2_000_001)
    quotes = given.market.desk.quotes
    quotes.ticks[0], quotes.lots[0] = 999_990, 20
    quotes.ticks[LEVELS], quotes.lots[LEVELS] = 1_000_010, 0
    quotes.reasons[BUY], quotes.reasons[SELL] = KEPT, KEPT | SIZE_SKEW
    given.last_batch_ns = NOW_NS - 20_000_000
    return given


def words(path: Path) -> list[str]:
    """Return the log's lines without their stamps."""
    return [line.split(" ", 1)[1] for line in path.read_text().splitlines()]


def test_a_view_says_what_the_worker_wants(path: Path) -> None:
    seen = Seen()
    Observer(FEES, seen, RunLog(path)).update([quoting()], NOW_NS)
    ((view,),) = seen.views
    assert (view.mid, view.bid, view.ask) == ("100000.05", "99999.0", "")
    assert (view.bid_reasons, view.ask_reasons) == (("kept",), ("size_skew", "kept"))
    assert view.age_s == pytest.approx(0.02)
    assert (view.net_quote, view.quote) == (Decimal(0), "USDT")


def test_before_the_first_batch_nothing_is_known(path: Path) -> None:
    seen = Seen()
    Observer(FEES, seen, RunLog(path)).update([worker()], NOW_NS)
    ((view,),) = seen.views
    assert (view.mid, view.bid, view.ask, view.age_s) == ("", "", "", None)


def test_each_fill_is_logged_once_with_its_own_stamp(path: Path) -> None:
    given, log = quoting(), RunLog(path)
    observer = Observer(FEES, Seen(), log)
    fill(given, BUY, 999_990, 20, MAKER, NOW_NS - 5)
    observer.update([given], NOW_NS)
    fill(given, SELL, 1_000_010, 5, TAKER, NOW_NS + 3)
    observer.update([given], NOW_NS + 10)
    observer.command("metrics", [given], NOW_NS + 10)
    observer.command("housekeeping", [given], NOW_NS + 10)
    assert words(path) == [
        "FILL market=btc side=buy role=maker price=99999.0 size=0.020 trade_id=1 client_id=2048",
        "QUOTE market=btc mid=100000.05 bid=99999.0 ask=none q=0 sigma=0 bid_reasons=kept"
        " ask_reasons=size_skew|kept",
        "FILL market=btc side=sell role=taker price=100001.0 size=0.005 trade_id=2 client_id=4096",
        f"PNL market=btc net={observer_net()} currency=USDT fills=2 mid=100000.05",
    ]
    assert path.read_text().startswith("2026-07-01T12:00:31.123456784Z FILL")


def observer_net() -> Decimal:
    """Return the two fills' net, by hand."""
    gross = Decimal("0.005") * 2 + Decimal("0.015") * Decimal("1.05")
    fees = Decimal("99999") * Decimal("0.02") * Decimal("0.00002")
    return gross - fees - Decimal("100001") * Decimal("0.005") * Decimal("0.00035")


def test_each_fit_of_the_rates_is_logged_once(path: Path) -> None:
    given, log = quoting(), RunLog(path)
    desk = given.market.desk
    observer = Observer(FEES, Seen(), log)
    observer.update([given], NOW_NS)
    desk.params.kappa, desk.learning.kappa, desk.learning.tried_ns = 1.65, 1.5, NOW_NS
    desk.learning.accepted, desk.senses.intensity.count = 1, 60.0
    observer.update([given], NOW_NS + 1)
    observer.update([given], NOW_NS + 2)
    log.flush()
    (line,) = [line for line in words(path) if line.startswith("RATES")]
    assert "kappa=1.65 configured_kappa=1.5" in line
    assert "orders=60 fit=accepted" in line


def test_a_view_that_breaks_is_logged_once_and_let_go(path: Path) -> None:
    seen, log = Seen(broken=True), RunLog(path)
    observer = Observer(FEES, seen, log)
    for k in range(3):
        observer.update([quoting()], NOW_NS + k)
    log.close(NOW_NS)
    assert len(seen.views) == 1
    assert [line for line in words(path) if "VIEW" in line] == [
        'VIEW_FAILED error="ZeroDivisionError: no width"'
    ]


def test_health_is_shown_each_time_and_logged_when_it_changes(path: Path) -> None:
    seen = Seen()
    log = RunLog(path)
    observer = Observer(FEES, seen, log)
    late = [Health(False, (f"watch: has not run for {s}.0 s",)) for s in (3, 4)]
    for second, health in enumerate((Health(True, ()), Health(True, ()), *late)):
        observer.health(NOW_NS + second, health)
    log.close(NOW_NS)
    assert seen.told == [
        "green",
        "green",
        "red: watch: has not run for 3.0 s",
        "red: watch: has not run for 4.0 s",
    ]
    logged = [line.split(" HEALTH ")[1] for line in words_of(path, "HEALTH")]
    assert logged == [
        'verdict=green why=""',
        'verdict=red why="watch: has not run for 3.0 s"',
    ]


def words_of(path: Path, kind: str) -> list[str]:
    return [line for line in path.read_text().splitlines() if f" {kind} " in line]


def test_the_last_fills_are_told_when_the_run_ends(path: Path) -> None:
    given, out = quoting(), io.StringIO()
    with observer_of(settings(), FEES, path, Frozen(), out) as observer:
        observer.update([given], NOW_NS)
        fill(given, BUY, 999_990, 20, MAKER, NOW_NS)
    assert sum("FILL" in line for line in words(path)) == 1
    assert out.getvalue().splitlines()[-1].split("fills ")[1][0] == "1"


def test_a_failing_run_still_closes_its_log(path: Path) -> None:
    def fail() -> None:
        with observer_of(settings("none"), FEES, path, Frozen(), io.StringIO()) as observer:
            observer.update([quoting()], NOW_NS)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        fail()
    assert words(path)[0].startswith("QUOTE")


def test_what_all_markets_hold_is_shown_and_logged(path: Path) -> None:
    seen, log = Seen(), RunLog(path)
    portfolio = Portfolio(AccountLimits(), lambda now_ns, market, text: None, currency="USDT")
    for name in ("btc", "eth"):
        portfolio.holdings.append(held(3, rated=name == "btc"))
        portfolio.holdings[-1].market = name
        portfolio.holdings[-1].pools = ("", name.upper(), "sim")
    observer = Observer(FEES, seen, log, portfolio)
    observer.health(MARKED_NS, Health(True, ()))
    assert seen.exposed == [
        "held 0 net 0 gross 0 at worst USDT   BTC 0   ETH 0   unknown: btc, eth"
    ]
    portfolio.look(MARKED_NS)
    observer.health(MARKED_NS, Health(True, ()))
    assert "+300 net" in seen.exposed[-1]
    assert seen.exposed[-1].endswith("unknown: eth")
    observer.command("metrics", [], MARKED_NS)
    log.flush()
    lines = [line for line in words(path) if line.startswith("HELD")]
    assert len(lines) == 4
    assert lines[1].startswith("HELD underlying=BTC net=300 gross=300")
