"""A strategy by hand wants what a worker's would."""

import re

import pytest

from connectors.model.kernel import dump
from runner.wiring.markets import market_of
from strategies import Strategy
from strategies.strategy import DEFAULTS
from tests.deploys import CHECKOUT, settings_for


def new(**knobs: float) -> Strategy:
    return Strategy(tick_size=0.1, lot_size=0.001, order_size=0.01, max_position=0.1, **knobs)


def test_its_defaults_are_those_of_the_project() -> None:
    from decimal import Decimal

    market = market_of("btc", 0, settings_for("market=btc"), Decimal(100_000), 0)
    params = dump(market.desk.params)
    assert {name: params[name] for name in DEFAULTS} == DEFAULTS


def test_a_long_position_lowers_both_quotes_and_the_gates_say_why() -> None:
    strategy = Strategy(
        tick_size=0.1,
        lot_size=0.001,
        order_size=0.01,
        max_position=0.1,
        gates={"cooldown": {"least_ns": 300_000_000, "most_ns": 800_000_000}},
    )
    strategy.book([(99_999.9, 1.0)], [(100_000.0, 1.0)], at_s=1.0)
    flat = strategy.quotes(at_s=1.0)
    strategy.fill(we_buy=True, price=99_999.0, size=0.01, at_s=2.0)
    long = strategy.quotes(at_s=2.5)
    assert flat.bid.levels[0][1] == pytest.approx(0.01)
    assert long.inventory_clips == 1.0
    assert long.reservation_bps < flat.reservation_bps == 0.0
    assert long.ask.levels[0][0] < flat.ask.levels[0][0]
    assert long.bid.levels == ()
    assert "cooldown" in long.bid.reasons
    assert strategy.quotes(at_s=2.9).bid.levels[0][0] < flat.bid.levels[0][0]


def test_a_position_that_lost_is_to_be_taken_out_at_once() -> None:
    leave = {"share_frac": 1.0, "slippage_bps": 1.0, "retry_ns": 1, "pause_ns": 0}
    strategy = Strategy(
        tick_size=0.1,
        lot_size=0.001,
        order_size=0.01,
        max_position=0.1,
        gates={"stop_loss": {"loss_bps": 5.0, "leave": leave}},
    )
    strategy.fill(we_buy=True, price=100_100.0, size=0.03, at_s=1.0)
    strategy.book([(99_999.9, 1.0)], [(100_000.0, 1.0)], at_s=2.0)
    wanted = strategy.quotes(at_s=2.0)
    assert wanted.take == (pytest.approx(99_990.0), pytest.approx(-0.03))
    assert wanted.bid.levels == wanted.ask.levels == ()
    assert new().quotes(at_s=1.0).take is None


def test_an_empty_book_wants_nothing() -> None:
    assert new().quotes(at_s=1.0).bid.reasons == ("no_book",)


@pytest.mark.parametrize("wrong", [{"gama": 0.2}, {"gates": {"coldown": {}}}])
def test_an_unknown_knob_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        new(**wrong)


def test_the_example_of_the_documents_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (CHECKOUT / "docs" / "strategies.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", text, re.S)
    assert block is not None
    exec(compile(block[1], "docs/strategies.md", "exec"), {})
    assert capsys.readouterr().out == block[2]
