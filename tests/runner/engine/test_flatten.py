"""After a kill that asks for it, positions are closed by few orders that only reduce."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.account import Standing
from connectors.model.errors import Refusal
from connectors.model.events import (
    BUY,
    GAP,
    IOC,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.sim.adapter import SimVenue
from runner.engine.ending import FLATTEN_NS
from runner.engine.flatten import TRIES, Flattening
from runner.engine.history import History
from runner.engine.session import HALTED, INTERRUPTED, NOT_CONFIRMED, Session
from runner.engine.worker import Market, Worker
from runner.modes.recorded import open_recording, replay_recording
from tests import judges
from tests.deploys import settings_for
from tests.runner.engine.hedging_together import show_levels
from tests.sessions import Finished, run_session
from tests.support import MID_TICKS, SECOND_NS, checked, new_limits, shown_desk
from tests.virtual import START_NS, SetClock

Placed = tuple[int, int, int, int, int]
"""Client id, side, ticks, lots and flags."""


class Scene:
    """A session that is ended once it holds a position."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.session: Session | None = None
        self.held_lots = 0
        self.ended_ns = 0
        self.reducing: list[Placed] = []
        self.refuses: int | None = None
        honest = SimVenue.place

        def place(self_: SimVenue, market: str, *order: int) -> None:
            if len(order) == 5 and order[4] == IOC | REDUCE_ONLY:
                self.reducing.append(order)  # type: ignore[arg-type]
                if self.refuses is not None:
                    self._refuse(self_, market, order)
                    return
            honest(self_, market, *order)

        monkeypatch.setattr(SimVenue, "place", place)

    def _refuse(self, venue: SimVenue, market: str, order: Sequence[int]) -> None:
        assert self.refuses is not None
        assert self.session is not None
        now_ns = self.session.clock.now_ns()
        account = AccountRows()
        account.add(REJECTED, *order[:4], self.refuses, 0, now_ns, now_ns)
        venue._account.record(market, REJECTED, *order[:4], self.refuses, 0, now_ns)
        venue._sinks[market].on_batch(MarketRows(), account, now_ns)

    def run(self, end: Callable[["Scene"], None], *words: str) -> Finished:
        def prepare(session: Session) -> None:
            self.session = session
            session.flatten_on_kill = True

        def look(workers: Sequence[Worker], now_ns: int) -> None:
            lots = workers[0].market.desk.orders.position_lots
            if lots and not self.held_lots and now_ns > START_NS + 3 * SECOND_NS:
                self.held_lots, self.ended_ns = lots, now_ns
                end(self)

        words = ("market=btc", "kappa=6", "duration_s=60", *words)
        return run_session(
            settings_for(*words),
            self.path,
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            look=look,
            prepare=prepare,
        )

    @property
    def warnings(self) -> list[str]:
        return self.session.observer.warnings  # type: ignore[union-attr]

    def findings(self) -> list[str]:
        return judges.told(self.path / "ledger.sqlite", self.path / "account.sqlite")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, monkeypatch)


def kill(scene: Scene) -> None:
    assert scene.session is not None
    scene.session.kill("a test", "to see")


def interrupt(scene: Scene) -> None:
    assert scene.session is not None
    scene.session.interrupt()


def lose_the_book(scene: Scene) -> None:
    """Kill, and tell that the sequence of the book broke, again and again."""
    kill(scene)
    assert scene.session is not None
    (station,) = scene.session.stations["sim"]
    honest = station.worker.on_batch

    def broken(rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        rows.add(GAP, 0, 0, now_ns, now_ns)
        honest(rows, account, now_ns)

    station.worker = _Broken(station.worker, broken)  # type: ignore[assignment]


class _Broken:
    """A worker with another `on_batch`."""

    def __init__(self, worker: Worker, on_batch: Callable[..., None]) -> None:
        self._worker = worker
        self.on_batch = on_batch

    def __getattr__(self, name: str) -> object:
        return getattr(self._worker, name)


def test_a_kill_closes_the_position_with_orders_that_are_in_the_ledger(scene: Scene) -> None:
    finished = scene.run(kill)
    assert (finished.code, scene.findings()) == (HALTED, [])
    (worker,) = finished.built.workers
    assert worker.market.desk.orders.position_lots == 0
    assert sum(lots for _, _, _, lots, _ in scene.reducing) >= abs(scene.held_lots) > 0
    assert {side for _, side, _, _, _ in scene.reducing} == {SELL if scene.held_lots > 0 else BUY}
    assert finished.ended_ns < scene.ended_ns + 5 * SECOND_NS
    assert scene.warnings[-1] == "flatten: closed; 0.000 BTC left"
    tape = f"tape.path={scene.path / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    assert replayed.agreement.differences == 0
    assert replayed.desk.orders.position_lots == 0


def test_a_plain_stop_closes_nothing(scene: Scene) -> None:
    finished = scene.run(interrupt)
    assert (finished.code, scene.reducing) == (INTERRUPTED, [])


def test_the_first_refusal_to_reduce_ends_it(scene: Scene) -> None:
    scene.refuses = Refusal.REDUCE_ONLY
    finished = scene.run(kill)
    assert finished.code == NOT_CONFIRMED
    assert len(scene.reducing) == 1
    assert any("nothing to reduce" in text for text in scene.warnings)
    assert "not flat" in scene.warnings[-1]


def test_orders_that_reduce_nothing_are_few(scene: Scene) -> None:
    scene.refuses = Refusal.OTHER
    finished = scene.run(kill)
    assert finished.code == NOT_CONFIRMED
    assert len(scene.reducing) == TRIES
    assert len({client_id for client_id, *_ in scene.reducing}) == TRIES


def test_without_a_book_there_is_no_price_and_the_exit_code_says_so(scene: Scene) -> None:
    finished = scene.run(lose_the_book)
    assert (finished.code, scene.reducing) == (NOT_CONFIRMED, [])
    assert FLATTEN_NS <= finished.ended_ns - scene.ended_ns < FLATTEN_NS + 3 * SECOND_NS
    assert "BTC left: look at the venue" in scene.warnings[-1]


def test_a_spot_wallet_is_left_as_it_is(scene: Scene) -> None:
    finished = scene.run(kill, "market=btc_spot")
    assert (finished.code, scene.reducing) == (HALTED, [])
    assert "flatten: a spot wallet is left as it is" in scene.warnings


BTC = Instrument(
    "BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(100), is_spot=False
)


class Sent:
    """An outbox that only remembers."""

    last_client_id = 0
    refused = (0, 0)
    market = "btc"

    def __init__(self) -> None:
        self.orders: list[Placed] = []

    def place(self, *order: int) -> None:
        """Remember."""
        self.orders.append(order)  # type: ignore[arg-type]
        self.last_client_id = order[0]


def flattening(outbox: Sent, *asks: tuple[int, int], **limits: float) -> Flattening:
    desk = shown_desk()
    if asks:
        show_levels(desk, [(1, 5)], asks)
    return Flattening(
        Market("btc", "sim", BTC, desk, new_limits(**limits), Decimal(100_000)),
        outbox,  # type: ignore[arg-type]
        SetClock(START_NS),
        lambda now_ns, market, text: None,
    )


def away_bps(ticks: int) -> int:
    return round((ticks / (MID_TICKS + 1) - 1) * 1e4)


def test_each_order_reaches_further_and_the_third_as_far_as_the_collar() -> None:
    outbox = Sent()
    way = flattening(outbox, collar_bps=800.0, max_order_lots=10)
    for _ in range(TRIES):
        way.step(Standing(-5, 0, 0, 0, (), "account"))
    assert [away_bps(ticks) for _, _, ticks, _, _ in outbox.orders] == [50, 200, 800]


def test_a_price_that_was_too_far_is_half_as_far_the_next_time() -> None:
    outbox = Sent()
    way = flattening(outbox, collar_bps=800.0, max_order_lots=10)
    for _ in range(TRIES):
        way.step(Standing(-5, 0, 0, 0, (), "account"))
        outbox.refused = (outbox.last_client_id, Refusal.PRICE_BAND)
    assert [away_bps(ticks) for _, _, ticks, _, _ in outbox.orders] == [50, 25, 12]


def test_a_thin_book_is_taken_in_slices() -> None:
    outbox = Sent()
    asks = (1, 5), (200, 5), (MID_TICKS // 100, 900)
    way = flattening(outbox, *asks, collar_bps=200.0, max_order_lots=100)
    for left in (40, 30):
        way.step(Standing(-left, 0, 0, 0, (), "account"))
    way.step(Standing(-20, 0, 0, 0, (), "account"))
    assert [lots for _, _, _, lots, _ in outbox.orders] == [10, 10, 20]


def test_less_than_an_order_is_not_left() -> None:
    outbox = Sent()
    way = flattening(outbox, (1, 5), (900, 900), collar_bps=200.0, max_order_lots=100)
    way.market.desk.params.min_lots = 4
    way.step(Standing(-8, 0, 0, 0, (), "account"))
    assert [lots for _, _, _, lots, _ in outbox.orders] == [8]


@given(
    st.integers(-500, 500).filter(bool),
    st.floats(0.1, 9_000),
    st.integers(1, 50),
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 60)), max_size=3),
)
@checked(60)
def test_every_order_reduces_inside_collar_and_size(
    position: int, collar_bps: float, most: int, levels: list[tuple[int, int]]
) -> None:
    outbox = Sent()
    way = flattening(outbox, *levels, collar_bps=collar_bps, max_order_lots=most)
    way.step(Standing(position, 0, 0, 0, (), "account"))
    ((_, side, ticks, lots, flags),) = outbox.orders
    book = way.market.desk.book
    mid = (book.best_bid_ticks + book.best_ask_ticks) / 2
    assert abs(ticks - mid) * 1e4 <= max(collar_bps * mid, 1e4) + 1e-6
    assert 0 < lots <= min(abs(position), most)
    assert (side, flags) == (SELL if position > 0 else BUY, IOC | REDUCE_ONLY)
