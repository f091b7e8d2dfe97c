"""A plan says where a size would be taken, with what each place costs, and sends nothing."""

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.funded import Announced
from connectors.model.errors import ConfigError
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.modes.route import plan_lines, planned
from runner.settings import Settings
from runner.wiring.routing import place_of, routable
from tests import virtual
from tests.deploys import settings_for
from tests.virtual import START_NS, VirtualClock

HOUR_NS = 3600 * 10**9
WORDS = ("market=[btc,btc_hedge,eth]", "mode=route", "route.underlying=BTC", "route.size_base=0.05")


def told(
    settings: Settings, capsys: pytest.CaptureFixture[str], directory: Path
) -> tuple[int, str]:
    """Plan at a simulated deploy; return the exit code and what was printed."""

    async def main(clock: VirtualClock) -> int:
        files = DecisionFiles(directory, "none")
        built = await build(settings, clock, markets_of(settings, clock), None, directory, files)
        code = await planned(settings, clock, built)
        assert all(worker.market.desk.tally.places == 0 for worker in built.workers)
        built.close(clock.now_ns(), code)
        return code

    code = virtual.run(main, START_NS)
    return code, capsys.readouterr().out


def quiet(*words: str) -> Settings:
    return settings_for(*WORDS, "record.tape=false", "record.decisions=none", *words)


def test_every_way_is_planned_over_the_markets_of_the_underlying(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, printed = told(quiet("markets.btc.venue.taker_fee_bps=5"), capsys, tmp_path)
    assert code == 0
    assert "btc_hedge: " in printed
    assert "eth" not in printed
    for way in ("best_price", "min_cost", "split"):
        assert way in printed
    cheapest = next(line for line in printed.splitlines() if line.startswith("min_cost"))
    assert "btc_hedge" in cheapest
    assert " 0.05 " in cheapest


def test_more_than_the_limits_leave_is_said_to_be_left(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, printed = told(quiet("route.size_base=5"), capsys, tmp_path)
    assert "best_price: 4.9000 BTC left" in printed


def test_funding_and_delay_are_costs() -> None:
    settings = quiet("route.hold_h=16", "route.delay_ms=40", "route.side=sell")
    announced = Announced(Decimal("0.0001"), 8 * HOUR_NS, START_NS)

    async def main(clock: VirtualClock) -> None:
        market = markets_of(settings, clock)["btc"]
        place = place_of(settings, market, announced)
        assert place.holding_bps == Decimal("-2")
        assert place.delay_bps == pytest.approx(Decimal("0.1"), rel=Decimal("0.01"))
        assert place.levels == ()
        assert len(plan_lines(settings, [place])) == 8

    virtual.run(main, START_NS)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("route.size_base=null", r"route\.size_base: expected what is to be planned"),
        ("route.underlying=XRP", r"route\.underlying: expected one of BTC, ETH, was XRP"),
    ],
)
def test_what_cannot_be_planned_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        routable(quiet(word))
