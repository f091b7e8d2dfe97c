"""The judges of a pair find legs that do not match, and one that is entered twice."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from connectors.model.events import BUY, SELL, TAKER
from runner.engine.ledger.tables import AUDIT
from runner.wiring.funding_legs import rules_of
from strategies.funding.periods import Settled, series
from strategies.funding.rules import Act, Position, Seen, decide
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.truth import Fact, Moment, Shown, Traded, Truth
from tests.venues.hedged.drill.pairing import (
    entered_once,
    matched_at_rest,
    never_tried,
    within_one_clip,
)
from tests.venues.hedged.drill.places import RULES, WORDS
from tests.venues.hedged.drill.rates import remember

S = 1_000_000_000
SETTINGS = settings_for(*WORDS)
MID_TICKS = 15_000
"""0.15: 500 of it are 3,333 to trade, and no order is below 10, which are 67."""


def played(*facts: Fact, end_s: int = 100, ledger: Path = Path("none")) -> Played:
    """Return a play that starts at 0, at a price of 0.15."""
    truth = Truth()
    book = ((MID_TICKS - 1, 100),), ((MID_TICKS + 1, 100),)
    for fact in (Moment(0, "start"), Shown(1, "doge_leg2", *book), *facts):
        truth.tell(fact)
    truth.tell(Shown(end_s * S, "doge_leg2", *book))
    return Played(
        settings=SETTINGS,
        truth=truth,
        ledger=ledger,
        start_ns=0,
        calm_ns=end_s * S,
        end_ns=end_s * S,
        exits=(),
        warnings=(),
        looks=(),
        limits={},
        unwritten=(),
        silences=(),
    )


def fill(at_s: int, market: str, side: int, lots: int) -> Traded:
    return Traded(
        at_s * S, market, at_s, at_s, at_s, side, MID_TICKS, lots, TAKER, None, "USDT", "order"
    )


def test_legs_that_match_in_the_end_are_apart_by_a_clip_at_most() -> None:
    clips = [fill(k, "doge_leg2", BUY, 3_333) for k in (20, 22)]
    answers = [fill(k, "doge_leg", SELL, 3_333) for k in (21, 23)]
    one_by_one = sorted((*clips, *answers), key=lambda fact: fact.ns)
    assert within_one_clip(played(*one_by_one)) == []
    assert matched_at_rest(played(*one_by_one)) == []
    both_first = (*clips, *(fill(k, "doge_leg", SELL, 3_333) for k in (24, 25)))
    assert len(within_one_clip(played(*both_first))) == 1
    assert matched_at_rest(played(*both_first)) == []


def test_a_leg_that_is_left_alone_is_found_once_it_had_its_time() -> None:
    alone = fill(60, "doge_leg2", BUY, 3_333)
    assert matched_at_rest(played(alone, end_s=75)) == []
    assert len(matched_at_rest(played(alone, end_s=85))) == 1
    too_small = fill(60, "doge_leg2", BUY, 50)
    assert matched_at_rest(played(too_small)) == []


def test_who_has_just_come_back_has_time_to_mend() -> None:
    alone = fill(20, "doge_leg2", BUY, 3_333)
    back = (Moment(30 * S, "kill -9"), Moment(85 * S, "start"))
    assert matched_at_rest(played(alone, *back)) == []


def ledger_of(path: Path, notes: Sequence[str]) -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(AUDIT)
        rows = [(k, "runner", note, "", None, None) for k, note in enumerate(notes)]
        db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", rows)
    return path


def test_a_pair_is_entered_again_only_after_it_was_left(tmp_path: Path) -> None:
    enters, leaves = "pair doge enters: sells 3 doge_leg", "pair doge leaves: so"
    failed = "pair doge is flat: a leg could not follow"
    right = [enters, leaves, "another line", enters, failed, enters]
    assert entered_once(played(ledger=ledger_of(tmp_path / "right", right))) == []
    unwound = [enters, "pair doge the legs do not match: so", enters]
    assert len(entered_once(played(ledger=ledger_of(tmp_path / "unwound", unwound)))) == 1
    assert never_tried(played(ledger=tmp_path / "unwound")) == []
    assert len(never_tried(played(ledger=tmp_path / "right"))) == 1
    wrong = [enters, "pair doge nothing", enters]
    assert len(entered_once(played(ledger=ledger_of(tmp_path / "wrong", wrong)))) == 1


def test_what_is_remembered_is_enough_to_enter_at_a_high_rate(tmp_path: Path) -> None:
    path = tmp_path / "rates.sqlite"
    columns = "market TEXT, settled_ns INTEGER, rate TEXT, interval_ns INTEGER"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"CREATE TABLE rates ({columns})")
    remember(path, ("one", "other"), 1_000 * S)
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT * FROM rates ORDER BY settled_ns").fetchall()
    one, other = (
        [Settled(ns, float(rate), interval) for leg, ns, rate, interval in rows if leg == name]
        for name in ("one", "other")
    )
    rules = rules_of(SETTINGS.funding.rules)
    assert rules.min_rate_bps_per_h == RULES["min_rate_bps_per_h"]
    for rate, act in ((0.01, Act.ENTER), (-0.01, Act.ENTER), (12e-6, Act.NOTHING)):
        high = Settled(1_010 * S, rate, one[-1].interval_ns)
        low = Settled(1_010 * S, 1e-4, one[-1].interval_ns)
        known = series((*one, high), (*other, low))
        assert known is not None
        seen = Seen(
            now_h=0.28,
            step_h=known.step_h,
            rates_per_h=known.rates_per_h,
            cost_bps=20.0,
            basis_bps=0.0,
            margin_frac=1.0,
        )
        assert decide(rules, Position(), seen).act is act
