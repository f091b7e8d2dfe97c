"""A fill's fee is that of the tier in which it finds the account."""

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model.events import LIQUIDATION, MAKER, TAKER
from connectors.sim.fees import DAY_NS, DAYS, Fees, charge_ppb, prime

DAY = 20_000


def tiered(*tiers: tuple[int, int, int], opening: int = 0) -> Fees:
    fees = Fees()
    fees.maker_ppb, fees.taker_ppb, fees.liquidation_ppb = 20, 50, 900
    fees.count = len(tiers)
    for k, (volume, maker, taker) in enumerate(tiers):
        fees.from_tick_lots[k] = volume
        fees.tier_maker_ppb[k] = maker
        fees.tier_taker_ppb[k] = taker
    fees.opening_tick_lots = opening
    return fees


def test_flat_fees_are_the_roles_own_whatever_has_traded() -> None:
    fees = tiered()
    rates = [charge_ppb(fees, role, 1 << 40, 7) for role in (MAKER, TAKER, LIQUIDATION, MAKER)]
    assert rates == [20, 50, 900, 20]


def test_a_fill_finds_the_tier_of_what_traded_before_it() -> None:
    fees = tiered((100, 10, 40), (300, -5, 30))
    noon = DAY * DAY_NS + DAY_NS // 2
    found = [charge_ppb(fees, MAKER, lots, noon) for lots in (99, 1, 199, 1, 1)]
    assert found == [20, 20, 10, 10, -5]
    assert charge_ppb(fees, TAKER, 1, noon) == 30
    assert charge_ppb(fees, LIQUIDATION, 1, noon) == 900


def test_what_traded_more_than_thirty_days_before_the_day_no_longer_counts() -> None:
    fees = tiered((100, 10, 40))
    charge_ppb(fees, MAKER, 100, DAY * DAY_NS)
    assert charge_ppb(fees, MAKER, 0, (DAY + 30) * DAY_NS + DAY_NS - 1) == 10
    assert charge_ppb(fees, MAKER, 0, (DAY + 31) * DAY_NS) == 20


def test_an_opening_volume_fades_day_by_day() -> None:
    fees = tiered((50, 10, 40), (51, 1, 1), opening=50)
    assert charge_ppb(fees, MAKER, 0, DAY * DAY_NS) == 10
    assert charge_ppb(fees, MAKER, 0, (DAY + 1) * DAY_NS) == 20
    for day in range(2, 40):
        charge_ppb(fees, MAKER, 0, (DAY + day) * DAY_NS)
        assert 0 <= fees.traded_tick_lots < 50
    assert fees.traded_tick_lots == 0


def test_an_account_goes_on_with_the_days_that_it_has_traded() -> None:
    fees = tiered((100, 10, 40))
    prime(fees, {DAY: 40, DAY - 30: 60, DAY - 31: 1_000}, DAY)
    assert charge_ppb(fees, MAKER, 0, DAY * DAY_NS) == 10
    assert charge_ppb(fees, MAKER, 0, (DAY + 1) * DAY_NS) == 20


fills = st.lists(st.tuples(st.integers(0, 9 * DAY_NS), st.integers(0, 200)), max_size=60)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(fills, st.integers(0, 1_000))
def test_the_days_add_up_to_what_a_plain_sum_over_the_window_gives(
    steps: list[tuple[int, int]], opening: int
) -> None:
    fees = tiered((100, 10, 40), (400, 5, 20), opening=opening)
    now_ns = DAY * DAY_NS
    charge_ppb(fees, MAKER, 0, now_ns)
    done = [(DAY - k, opening // 30) for k in range(1, 31)]
    done.append((DAY - 30, opening % 30))
    for pause_ns, lots in steps:
        now_ns += pause_ns
        day = now_ns // DAY_NS
        before = sum(n for past, n in done if day - DAYS < past <= day)
        expected = 20 if before < 100 else 10 if before < 400 else 5
        assert charge_ppb(fees, MAKER, lots, now_ns) == expected
        done.append((day, lots))
