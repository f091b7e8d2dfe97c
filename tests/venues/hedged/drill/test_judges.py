"""The judges of what is hedged find what is not, and leave alone what is."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.model.events import BUY, MAKER, SELL
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.truth import Accepted, Fact, Moment, Request, Shown, Traded, Truth
from tests.venues.hedged.drill.attribution import unbalanced
from tests.venues.hedged.drill.judges import hedged_at_rest, hedged_or_told, inside_budget_or_pulled
from tests.venues.hedged.drill.places import WORDS
from tests.venues.hedged.drill.said import Said, said_in

S = 1_000_000_000
SETTINGS = settings_for(*WORDS)
MID_TICKS = 900_000
LOTS = 100_000
"""A lot of btc on Lighter is a hundred thousandth: so many are one."""


def played(*facts: Fact, end_s: int = 100) -> Played:
    """Return a play of btc that starts before 0, at a price of 90,000."""
    truth = Truth()
    book = ((MID_TICKS - 1, 100),), ((MID_TICKS + 1, 100),)
    for fact in (Moment(-20 * S, "start"), Shown(1, "btc_hedge", *book), *facts):
        truth.tell(fact)
    truth.tell(Shown(end_s * S, "btc_hedge", *book))
    return Played(
        settings=SETTINGS,
        truth=truth,
        ledger=Path("none"),
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
        at_s * S, market, at_s, at_s, at_s, side, MID_TICKS, lots, MAKER, None, "USDT", "order"
    )


def bid(at_s: int) -> Accepted:
    return Accepted(at_s * S, "btc", 77, 77, BUY, MID_TICKS - 1, 1_000)


HEDGED = (fill(30, "btc", BUY, LOTS // 50), fill(31, "btc_hedge", SELL, 20))
UNHEDGED = HEDGED[:1]
FAR_TOO_MUCH = (fill(30, "btc", BUY, LOTS // 10),)
SAID = Said("btc_hedge", 32 * S, 33 * S)


@pytest.mark.parametrize(
    ("facts", "said", "is_found"),
    [
        (HEDGED, (), False),
        (UNHEDGED, (), True),
        (UNHEDGED, (SAID,), False),
        (UNHEDGED, (Said("eth_hedge", 32 * S, 33 * S),), True),
        (UNHEDGED, (Said("btc_hedge", 5 * S, 6 * S),), True),
    ],
)
def test_a_fill_is_hedged_or_told_of(
    facts: Sequence[Fact], said: Sequence[Said], is_found: bool
) -> None:
    assert bool(hedged_or_told(played(*facts), said)) is is_found
    assert bool(hedged_at_rest(played(*facts))) is (facts is UNHEDGED)


def test_what_a_process_that_is_gone_leaves_is_nobodys_fault() -> None:
    gone = (*UNHEDGED, Moment(30 * S + 1, "kill -9"))
    assert hedged_at_rest(played(*gone)) == []
    back = (*gone, Moment(40 * S, "start"), Shown(81 * S, "btc", (), ()))
    assert len(hedged_at_rest(played(*back))) == 1


def test_over_the_budget_nothing_rests_that_adds_to_it() -> None:
    assert inside_budget_or_pulled(played(*UNHEDGED, bid(31))) == []
    (line,) = inside_budget_or_pulled(played(*FAR_TOO_MUCH, bid(31)))
    assert line == "I7 btc 77 adds to what is unhedged"
    asked = Request(32 * S, "cancel", "btc", 77, b"")
    assert inside_budget_or_pulled(played(*FAR_TOO_MUCH, bid(31), asked)) == []


def test_logs_are_read_from_the_word_to_its_end(tmp_path: Path) -> None:
    quote = "QUOTE market=btc_hedge mid=none bid=none ask=none q=0 sigma=0 bid_reasons={}"
    words = ("none", "reconciling|beyond_band", "inside_band")
    lines = [f"1970-01-01T00:00:0{k}.5Z {quote.format(w)}\n" for k, w in enumerate(words, 1)]
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.log").write_text("".join(lines), encoding="utf-8")
    half_s = S // 2
    assert list(said_in(tmp_path)) == [Said("btc_hedge", 2 * S + half_s, 3 * S + half_s)]


def test_parts_that_miss_their_net_by_a_digit_are_found(tmp_path: Path) -> None:
    parts = {"spread": "0.3", "adverse": "-0.1", "inventory": "0", "hedge": "0.05"}
    parts |= {"fees": "-0.0000001", "funding": "0"}
    market = {"parts": parts, "pnl": {"net": "0.2499999"}}
    totals = {"tear": {"parts": parts}, "pnl": {"net": "0.2499998"}}
    run = tmp_path / "run"
    run.mkdir()
    summary = json.dumps({"markets": {"btc": market}, "totals": totals})
    (run / "summary.json").write_text(summary, encoding="utf-8")
    assert unbalanced(tmp_path) == ["I18 run all: parts 0.2499999, net 0.2499998"]
