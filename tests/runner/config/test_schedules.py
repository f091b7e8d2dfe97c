"""The schedules of conf/ mean what they say, and the doctor tells when they come next."""

from decimal import Decimal

import pytest
from pydantic_core import PydanticCustomError

from connectors.model.errors import ConfigError
from runner.doctor.schedule import next_runs
from runner.settings.zone import Week
from runner.wiring.agenda import agendas_of
from strategies import scheduled as asks
from tests.deploys import CHECKOUT, settings_for
from tests.runner.agenda.clocks import at

EXAMPLES = sorted(
    path.stem
    for path in (CHECKOUT / "conf" / "schedule").glob("*.yaml")
    if path.stem not in ("default", "none")
)
HEDGED = ("experiment=lighter_bybit_hedged", "schedule=daily")


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "daily"])
def test_every_example_asks_something_of_every_market_within_a_year(name: str) -> None:
    agendas = agendas_of(settings_for(f"schedule={name}"))
    assert set(agendas) == {"btc", "eth"}
    start_ns, end_ns = at("2026-12-01"), at("2027-11-30")
    for agenda in agendas.values():
        moments = agenda.may_change(start_ns, end_ns)
        assert len({tuple(agenda.asked(at_ns)) for at_ns in moments}) >= 2


def test_nothing_is_asked_of_markets_unless_a_schedule_says_so() -> None:
    for name in ("default", "none"):
        settings = settings_for(f"schedule={name}")
        assert not settings.schedule.asks_of_markets
        assert agendas_of(settings) == {}


def test_a_day_sweeps_what_hedges_once_and_asks_nothing_of_what_is_quoted() -> None:
    agendas = agendas_of(settings_for(*HEDGED))
    assert set(agendas) == {"btc_hedge"}
    agenda = agendas["btc_hedge"]
    asked = agenda.asked(at("2026-12-01T23:52:00"))
    assert asked[asks.MOVE_S] * 10**9 == at("2026-12-01T23:50:00")
    assert asked[asks.MOVE_UNTIL_S] - asked[asks.MOVE_S] == 300
    assert not any(agenda.asked(at("2026-12-01T23:56:00")))


def test_only_what_hedges_can_be_swept() -> None:
    with pytest.raises(ConfigError, match=r"hedge_sweeps.close.markets: expected markets that"):
        settings_for(*HEDGED, "schedule.hedge_sweeps.close.markets=[btc]")


def test_rates_are_fitted_by_one_of_both() -> None:
    with pytest.raises(ConfigError, match=r"jobs\.recalibrate: expected none while"):
        settings_for("schedule=daily", "strategy.recalibration.every_s=60")


def test_the_doctor_tells_when_the_house_has_work_to_do() -> None:
    told = dict(next_runs(settings_for(*HEDGED), at("2026-10-30T12:00:00")))
    assert told["jobs.report"] == "Sat 2026-10-31 00:05:00 UTC"
    assert told["jobs.recalibrate"] == "Fri 2026-10-30 12:20:00 UTC"
    assert told["hedge_sweeps.close"] == "Fri 2026-10-30 23:50:00 UTC"


def test_the_weekend_is_flat_and_away() -> None:
    agenda = agendas_of(settings_for("schedule=weekend"))["btc"]
    closing = agenda.asked(at("2026-11-27T21:45:00"))
    assert (closing[asks.PAUSED], closing[asks.FLATTENS]) == (1, 1)
    assert not agenda.is_paused(at("2026-11-27T21:44:00"))
    assert not agenda.is_paused(at("2026-11-29T23:00:00"))


def test_a_weight_is_that_share_of_the_capital_and_a_size_is_whole_lots() -> None:
    target = agendas_of(settings_for("schedule=rebalance"))["btc"].target
    settings = settings_for(
        "schedule=rebalance",
        "schedule.rebalances.daily.weights=null",
        "schedule.rebalances.daily.target_base={btc: -0.0123}",
    )
    instrument = settings.markets["btc"].instrument
    assert target is not None
    assert target.lots == 0
    assert target.tick_lots == int(50 / (instrument.tick_size * instrument.lot_size_base))
    by_size = agendas_of(settings)
    assert set(by_size) == {"btc"}
    short = by_size["btc"].target
    assert short is not None
    assert (short.lots, short.tick_lots) == (-int(Decimal("0.0123") / instrument.lot_size_base), 0)


def test_spot_is_left_alone_where_all_markets_are_flattened() -> None:
    settings = settings_for("market=[btc,btc_spot]", "schedule=weekend")
    assert not agendas_of(settings)["btc_spot"].moves
    assert agendas_of(settings)["btc"].moves


def test_a_row_of_days_is_a_window_a_day() -> None:
    week = Week()
    assert week.check(["mon-tue 09:30 - 16:00"]) == ((570, 960), (2010, 2400))
    assert week.check(["sun 22:00 - 02:00"]) == ((9960, 120),)
    assert week.check(["mon 00:00 - 24:00"]) == ((0, 1440),)
    assert week.check(["fri-mon 10:00 - 11:00"]) == tuple(
        ((4 + k) % 7 * 1440 + 600, (4 + k) % 7 * 1440 + 660) for k in range(4)
    )
    for bad in ("mon 9:00 - 10:00", "mon 09:00 - 09:00", "mon 09:00 - 24:01", "xyz 09:00 - 10:00"):
        with pytest.raises(PydanticCustomError, match="a list of 1 to 64 windows"):
            week._validate([bad])


def test_the_doctor_tells_the_next_moments_in_utc_and_in_the_zone() -> None:
    now_ns = at("2026-10-30T12:00:00")
    told = dict(next_runs(settings_for("schedule=weekend"), now_ns))
    assert told["jobs.metrics"] == "every 10 s"
    assert told["hours.week"] == (
        "open until Fri 2026-10-30 20:45:00 UTC (Fri 16:45 America/New_York)"
    )
    assert told["flattens.friday"] == "Fri 2026-10-30 20:45:00 UTC (Fri 16:45 America/New_York)"
    later = dict(next_runs(settings_for("schedule=weekend"), at("2026-10-31T12:00:00")))
    assert later["hours.week"].startswith("closed until Sun 2026-11-01 23:00:00 UTC")
    assert later["flattens.friday"].startswith("Fri 2026-11-06 21:45:00 UTC")
    events = dict(next_runs(settings_for("schedule=events"), at("2027-06-01T00:00:00")))
    assert "Fri 2027-06-04 12:30:00 UTC" in events["pauses.payrolls"]
    assert events["pauses.fomc"].endswith("never again")
