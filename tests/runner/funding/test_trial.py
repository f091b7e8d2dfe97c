"""Every payment to what was held at its stamp, every cost to its trade, to the last digit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from runner.funding.history import HOUR_NS, Leg, Settled, periods
from runner.funding.trial import Trial, try_pair
from runner.funding.years import figures_of
from strategies.funding.rules import Rules
from strategies.funding.why import Why

START_NS = 1_700_006_400_000_000_000
NOTIONAL = Decimal(10_000)
RULES = Rules(
    min_rate_bps_per_h=0.2,
    min_net_apr_frac=0.0,
    min_deviations=0.0,
    horizon_h=240.0,
    max_break_even_h=240.0,
    max_basis_bps=1.0,
    min_margin_frac=1.0,
    keep_rate_bps_per_h=0.1,
    flip_periods=2,
    max_hold_h=None,
    cooldown_h=16.0,
)


def leg(rates: list[str], name: str = "perp", *, can_short: bool = True) -> Leg:
    settled: list[Settled] = [
        (START_NS + 8 * HOUR_NS * k, Decimal(rate)) for k, rate in enumerate(rates)
    ]
    return Leg(name, settled, Decimal(5), Decimal(1), can_short)


SPOT = Leg("spot", [], Decimal(10), Decimal(0), can_short=False)


def tried(first: Leg, second: Leg, rules: Rules = RULES) -> Trial:
    return try_pair("pair", (first, second), periods(first, second), rules, NOTIONAL, 200.0)


def test_a_position_is_paid_from_the_settlement_after_it_was_entered() -> None:
    rates = ["0.0004"] * 15 + ["-0.0001"] * 5
    trial = tried(leg(rates), SPOT)
    (hold,) = trial.holds
    assert hold.entered_ns == START_NS + 9 * 8 * HOUR_NS
    assert hold.left_ns == START_NS + 16 * 8 * HOUR_NS
    assert Why.FLIPPED in hold.reasons
    assert hold.payments == 7
    assert hold.funding == NOTIONAL * (5 * Decimal("0.0004") - 2 * Decimal("0.0001"))
    assert hold.costs == 2 * NOTIONAL * Decimal("0.0016")
    assert sum(entry.quote for entry in trial.entries) == hold.net


def test_what_is_held_at_the_end_is_left_there_with_its_cost() -> None:
    (hold,) = tried(leg(["0.0004"] * 12), SPOT).holds
    assert hold.reasons == (Why.HISTORY_ENDS,)
    assert hold.payments == 2
    assert hold.costs == 2 * NOTIONAL * Decimal("0.0016")


def test_spot_is_never_sold_short() -> None:
    rates = ["-0.0004"] * 30
    assert tried(leg(rates), SPOT).holds == []
    (hold,) = tried(leg(rates), leg(["0"] * 30, "other")).holds
    assert hold.direction == -1
    assert hold.funding == 20 * NOTIONAL * Decimal("0.0004")


def test_figures_of_years_add_up_to_those_of_all_time() -> None:
    cycle = ["0.0004"] * 40 + ["-0.0001"] * 30
    trial = tried(leg(cycle * 12), SPOT)
    *years, whole = figures_of(trial)
    assert len(years) == 2
    assert sum(row.holds for row in years) == whole.holds == 12
    assert sum(row.funding for row in years) == whole.funding == sum(h.funding for h in trial.holds)
    assert sum(row.costs for row in years) == whole.costs == 24 * NOTIONAL * Decimal("0.0016")
    assert sum(row.payments for row in years) == whole.payments
    assert max(row.drawdown for row in years) <= whole.drawdown


@given(
    st.lists(st.integers(-9, 12), min_size=12, max_size=120),
    st.lists(st.integers(-9, 12), min_size=12, max_size=120),
)
def test_funding_is_what_a_plain_loop_over_the_histories_finds(a: list[int], b: list[int]) -> None:
    first, second = (leg([f"{n}e-4" for n in rates]) for rates in (a, b))
    trial = tried(first, second)
    for hold in trial.holds:
        paid = Decimal(0)
        for sign, settled in ((hold.direction, first.settled), (-hold.direction, second.settled)):
            for at_ns, rate in settled:
                if hold.entered_ns < at_ns <= hold.left_ns:
                    paid += sign * rate * NOTIONAL
        assert hold.funding == paid
        assert hold.costs == 2 * trial.trade_cost
    for before, after in zip(trial.holds, trial.holds[1:], strict=False):
        assert after.entered_ns - before.left_ns >= 16 * HOUR_NS


@given(st.lists(st.integers(-9, 12), min_size=40, max_size=60), st.integers(20, 39))
def test_no_decision_knows_what_comes_after_it(rates: list[int], cut: int) -> None:
    texts = [f"{n}e-4" for n in rates]
    changed = [*texts[:cut], *("0.0009" for _ in texts[cut:])]
    edge_ns = START_NS + 8 * HOUR_NS * (cut - 1)

    def known(trial: Trial) -> list[int]:
        stamps = (stamp for hold in trial.holds for stamp in (hold.entered_ns, hold.left_ns))
        return [stamp for stamp in stamps if stamp <= edge_ns]

    assert known(tried(leg(texts), SPOT)) == known(tried(leg(changed), SPOT))
