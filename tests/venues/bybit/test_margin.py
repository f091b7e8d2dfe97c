"""Margin held against the figures of the venue's own pages.

The pages are of Bybit's help centre: "Initial Margin Calculation (USDC Perpetual & Futures)",
"Liquidation Price (USDT Contract)" and "Maintenance Margin (USDT Contract)".
"""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.stage.truth import Traded
from tests.venues.bybit.accounts import ISOLATED
from tests.venues.bybit.client import AT_ONCE_S, Client
from tests.venues.bybit.floor import BTC, crowd_rests, quiet
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.markets import ATOM, LISTED, ladder
from tests.venues.bybit.scenes import play

FLAT = ladder(1, (100_000_000, 5_000, 10_000))


def holding(lots: int, ticks: int, leverage: int, mark_ticks: int, **setup: Any) -> Client:
    """Return a client that holds a position, with the mark somewhere else."""
    market = replace(LISTED[0], start_ticks=ticks, tiers=FLAT)
    client = quiet(markets=(market,), **setup)
    client.account.leverage_1e2[BTC] = (leverage * 100, leverage * 100)
    value = market.value(ticks, abs(lots))
    client.account.book(BTC, 0, lots, value)
    client.venue.exchange.floors[BTC].value_ticks = float(mark_ticks)
    return client


def row(client: Client) -> dict[str, Any]:
    """Return the position as the venue tells it."""
    answer = client.get("/v5/position/list", category="linear", symbol=BTC)
    return dict(answer["result"]["list"][0])


@pytest.mark.parametrize(
    ("lots", "initial"), [(500, "2537.375"), (-500, "2540.125")], ids=["long", "short"]
)
def test_the_initial_margin_is_by_the_mark_and_holds_the_fee_to_close(
    lots: int, initial: str
) -> None:
    # 0.5 BTC at 50,000 with ten times leverage and the mark at 50,500: 2,525, and 12.375 or 15.125.
    client = holding(lots, 500_000, 10, 505_000)
    assert Decimal(row(client)["positionIM"]) == Decimal(initial)


@pytest.mark.parametrize(("lots", "price"), [(1_000, "19700.0"), (-1_000, "20300.0")])
def test_an_isolated_position_is_liquidated_where_initial_less_maintenance_margin_is_lost(
    lots: int, price: str
) -> None:
    # 1 BTC at 20,000 with fifty times leverage: 400 of initial, 100 of maintenance margin.
    client = holding(lots, 200_000, 50, 200_000)
    client.account.margin_mode = ISOLATED
    assert row(client)["liqPrice"] == price


def test_margin_that_is_added_moves_the_liquidation_away() -> None:
    client = holding(1_000, 200_000, 50, 200_000)
    add = {"category": "linear", "symbol": BTC, "margin": "500"}
    assert client.post("/v5/position/add-margin", **add)["retCode"] == 110015
    client.account.margin_mode = ISOLATED
    assert client.post("/v5/position/add-margin", **add)["result"]["liqPrice"] == "19200.0"


def test_the_maintenance_margin_has_no_step_between_two_tiers() -> None:
    tiers = LISTED[0].tiers
    for low, high in pairwise(tiers):
        value = low.limit_usdt * ATOM
        below = value * low.maintenance_1e6 // 1_000_000 - low.deduction
        above = value * high.maintenance_1e6 // 1_000_000 - high.deduction
        assert below == above


@pytest.mark.parametrize("lots", [1_000, -1_000])
def test_a_cross_account_is_liquidated_where_its_equity_meets_its_maintenance_margin(
    lots: int,
) -> None:
    client = holding(lots, 200_000, 10, 200_000, wallet_usdt=3_000)
    at = round(Decimal(row(client)["liqPrice"]) * 10)
    floor = client.venue.exchange.floors[BTC]
    for beyond, is_gone in ((0.99, False), (1.01, True)):
        floor.value_ticks = 200_000 + (at - 200_000) * beyond
        health = worth(client.venue.exchange, client.account)
        assert (health.equity < health.maintenance) == is_gone


def test_orders_need_margin_on_their_heavier_side_only() -> None:
    client = quiet()
    client.place("1", qty="0.1")
    client.pass_time(AT_ONCE_S)
    one = worth(client.venue.exchange, client.account).order_initial
    client.place("2", qty="0.1", side="Sell", price="90100")
    client.pass_time(AT_ONCE_S)
    both = worth(client.venue.exchange, client.account).order_initial
    assert one < both < one * 1.01
    assert one == pytest.approx(8_990 * (0.1 + 0.00055 + 0.9 * 0.00055) * ATOM, rel=1e-9)


def test_an_order_that_closes_needs_no_margin() -> None:
    client = holding(100, 900_000, 1, 900_000, wallet_usdt=9_010)
    assert client.place("1", qty="0.1")["retCode"] == 110007
    sell = {"side": "Sell", "price": "90100", "qty": "0.1"}
    assert client.place("2", **sell)["retCode"] == 0
    client.pass_time(AT_ONCE_S)
    assert [order.link_id for order in client.account.live_orders()] == ["2"]


def test_an_isolated_loss_is_the_position_margin_and_no_more() -> None:
    client = holding(1_000, 200_000, 50, 200_000, wallet_usdt=10_000)
    client.account.margin_mode = ISOLATED
    client.place("1", price="19900", qty="0.01")
    client.pass_time(AT_ONCE_S)
    play(client, do="shift_mark", market=BTC, bps=-200, s=5.0)
    client.pass_time(0.5)
    assert client.account.position(BTC).lots == 0
    assert client.account.live_orders() == []
    (bust,) = client.venue.truth.of(Traded)
    assert (bust.kind, bust.ticks) == ("liquidation", 196_000)
    lost = 10_000 * ATOM - client.account.wallet
    assert lost == (400 + Decimal("10.78")) * ATOM


def test_a_cross_account_below_its_maintenance_margin_is_closed_at_the_market() -> None:
    client = holding(1_000, 200_000, 10, 200_000, wallet_usdt=3_000)
    client.public.subscribe(f"allLiquidation.{BTC}")
    crowd_rests(client, False, 170_500, 5_000)
    client.place("1", price="15000", qty="0.01")
    client.pass_time(AT_ONCE_S)
    client.venue.exchange.floors[BTC].value_ticks = 170_000.0
    client.pass_time(0.5)
    assert client.account.position(BTC).lots == 0
    rows = {r["orderLinkId"]: r["cancelType"] for r in client.private.rows("order")}
    assert rows["1"] == "CancelAllBeforeLiq"
    (told,) = client.public.rows(f"allLiquidation.{BTC}")
    assert (told["S"], told["v"]) == ("Buy", "1.000")


def test_leverage_is_set_read_back_and_bounded() -> None:
    client = quiet()
    words = {"category": "linear", "symbol": BTC, "buyLeverage": "25", "sellLeverage": "25"}
    assert client.post("/v5/position/set-leverage", **words)["retCode"] == 0
    assert client.post("/v5/position/set-leverage", **words)["retCode"] == 110043
    assert row(client)["leverage"] == "25"
    for wrong, code in (("101", 110013), ("0.5", 10001), ("x", 10001)):
        pair = {"buyLeverage": wrong, "sellLeverage": wrong}
        assert client.post("/v5/position/set-leverage", **words | pair)["retCode"] == code
    uneven = words | {"sellLeverage": "20"}
    assert client.post("/v5/position/set-leverage", **uneven)["retCode"] == 10001


def test_the_margin_mode_is_the_whole_accounts() -> None:
    client = quiet()
    path, mode = "/v5/account/set-margin-mode", {"setMarginMode": ISOLATED}
    assert client.post(path, **mode)["retCode"] == 0
    assert client.post(path, **mode)["retCode"] == 110026
    assert client.get("/v5/account/info")["result"]["marginMode"] == ISOLATED
    answer = client.get("/v5/account/wallet-balance", accountType="UNIFIED")
    assert answer["result"]["list"][0]["totalAvailableBalance"] == ""
    switch = {"category": "linear", "symbol": BTC, "tradeMode": 1}
    assert client.post("/v5/position/switch-isolated", **switch)["retCode"] == 100028


def test_a_flat_position_has_no_margin_and_no_rank() -> None:
    client = quiet()
    of = held_of(client.venue.exchange, client.account, BTC, client.account.position(BTC))
    assert (of.initial, of.maintenance, of.liquidation_ticks) == (0, 0, 0)
    assert (row(client)["side"], row(client)["adlRankIndicator"]) == ("", 0)
