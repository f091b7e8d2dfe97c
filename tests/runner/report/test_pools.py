"""What pools hold and where their nets came from adds up to the last digit, or is not said."""

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from runner.report.exact import exact_sum
from runner.report.hedging import hedge_json
from runner.report.pools import Pool, pools_of
from runner.report.pools_card import pools_card
from runner.report.reckoning import reckon
from runner.report.summary import summary_of
from runner.results import HedgeState, MarketResult, RunResult
from tests.runner.report.fake_run import market, run

RATE = Decimal("0.999873")
LEFT = HedgeState("BTC", ("btc",), Decimal(1), Decimal(0), Decimal(0), 3)


def of_several(seed: int, fee: str, funding: Decimal, rates: dict[str, Decimal]) -> RunResult:
    """Return a run of three markets of two underlyings, two venues and two currencies."""
    made = market("btc", seed=seed, steps=40, fill_frac=0.2, maker_fee_bps=fee)
    hedge = replace(
        market("btc_usd", seed=seed + 1, steps=40, fill_frac=0.2, quote="USDC"),
        underlying="BTC",
        venue="bybit",
        hedge=LEFT,
    )
    other = market("eth", seed=seed + 2, steps=40, fill_frac=0.2, maker_fee_bps="1.37")
    other = replace(other, funding_quote=funding, underlying="ETH", open_lots=(7, 3))
    return replace(run(made, hedge, other), rates=rates)


def total(pool: Pool) -> Decimal:
    assert pool.parts is not None
    return exact_sum(*(value for _, value in pool.parts.items() if value is not None))


@given(
    seed=st.integers(0, 1_000),
    fee=st.sampled_from(["0", "-0.3", "1.37"]),
    funding=st.decimals(-100, 100, places=9),
)
def test_parts_add_up_to_the_net_in_every_pool_and_pools_to_the_whole(
    seed: int, fee: str, funding: Decimal
) -> None:
    reckoning = reckon(of_several(seed, fee, funding, {"USDC": RATE}), tear=False)
    assert reckoning.total is not None
    for pool in reckoning.pools:
        assert pool.net == total(pool)
    for kind in ("account", "underlying", "venue"):
        nets = [p.net for p in reckoning.pools if p.exposure.kind == kind and p.net is not None]
        assert exact_sum(*nets) == reckoning.total.net


def test_a_market_that_cannot_be_converted_is_told_and_never_added() -> None:
    result = of_several(1, "0", Decimal(0), {})
    pools = reckon(result, tear=False).pools
    whole, btc, eth = pools[0], *(p for p in pools if p.exposure.kind == "underlying")
    assert whole.exposure.untold == btc.exposure.untold == ("btc_usd",)
    assert eth.exposure.untold == ()
    assert (whole.net, whole.parts, btc.net) == (None, None, None)
    assert eth.net == total(eth)
    assert whole.exposure.gross == sum(worth(m) for m in result.markets if m.name != "btc_usd")
    assert "Not converted, and in no sum: btc_usd." in pools_card(pools, "USDT", 2)


def worth(of: MarketResult) -> Decimal:
    steps = of.instrument.tick_size * of.instrument.lot_size_base / 2
    return abs(of.position_lots) * of.mark_half_ticks * steps


def test_what_was_open_counts_in_the_worst_of_its_underlying() -> None:
    pools = reckon(of_several(1, "0", Decimal(0), {"USDC": RATE}), tear=False).pools
    eth = next(p.exposure for p in pools if p.exposure.name == "ETH")
    other = of_several(1, "0", Decimal(0), {}).markets[2]
    a_lot = worth(replace(other, position_lots=1))
    assert eth.worst_long == max(0, other.position_lots + 7) * a_lot
    assert eth.worst_short == max(0, 3 - other.position_lots) * a_lot


def test_one_market_alone_has_no_pools() -> None:
    result = run(market())
    assert pools_of(result, reckon(result, tear=False).markets) == []
    assert pools_card([], "USDT", 2) == ""


def test_a_hedge_says_what_crossing_cost_it_and_what_its_position_made() -> None:
    hedge = of_several(3, "0", Decimal(0), {}).markets[1]
    gross = reckon(run(hedge), tear=False).markets["btc_usd"].pnl.gross
    told = hedge_json(hedge, gross)
    assert told is not None
    assert gross == exact_sum(Decimal(str(told["crossing"])), Decimal(str(told["moved"])))
    assert told["crossing"] != "0"


def test_a_saved_run_has_the_same_pools() -> None:
    result = of_several(1, "0", Decimal(1), {"USDC": RATE})
    reckoning = reckon(result, tear=False)
    summary = json.loads(json.dumps(summary_of(result, reckoning)))
    assert summary["pools"]["underlying"]["ETH"]["net"] == str(reckoning.pools[2].net)
    assert set(summary["pools"]["venue"]) == {result.markets[0].venue, "bybit"}
    assert summary["markets"]["eth"]["open_base"] == ["0.007", "0.003"]
