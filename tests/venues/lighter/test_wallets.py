"""The stand-in's spot market: orders lock what they give, and nobody gives what he has not."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.markets import LISTED, SPOT_ETH
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.transactions import TxType
from tests.venues.lighter.wallets import locked

SPOT = SPOT_ETH.market_id
HELD = {1: "2", 3: "5000"}


def trading(**setup: Any) -> Client:
    """Return a client with a wallet, that listens to its orders and assets."""
    words = {"tier": "standard", "markets": (LISTED[0], SPOT_ETH), "assets": HELD, **setup}
    client = opened(has_crowd=False, **words)
    client.subscribe(f"account_all_orders/{ACCOUNT}", f"account_all_assets/{ACCOUNT}")
    client.frames()
    return client


def placed(client: Client, number: int, **fields: int) -> int:
    """Send an order to the spot market and let it be carried out; return the answer's code."""
    told = client.place(number, MarketIndex=SPOT, **fields)
    client.pass_time(0.5)
    return int(told["code"])


def crowd(client: Client, is_ask: bool, ticks: int, lots: int, takes: bool) -> None:
    """Let somebody else act."""
    venue = client.venue
    venue.round(lambda: venue.crowds[SPOT]._floor.place(is_ask, ticks, lots, takes))


def test_what_rests_is_locked_and_told_so() -> None:
    client = trading()
    placed(client, 1, IsAsk=1, Price=301_000, BaseAmount=5_000)
    placed(client, 2, Price=299_000, BaseAmount=1_000)
    told = client.frames("update/account_all_assets")[-1]["assets"]
    assert (told["1"]["balance"], told["1"]["locked_balance"]) == ("2.00000000", "0.50000000")
    assert (told["3"]["balance"], told["3"]["locked_balance"]) == ("5000.000000", "299.000000")
    client.cancel(1, SPOT)
    client.pass_time(0.5)
    last = client.frames("update/account_all_assets")[-1]["assets"]
    assert last["1"]["locked_balance"] == "0.00000000"


def test_an_order_for_more_than_is_free_is_let_in_and_ends() -> None:
    client = trading()
    assert placed(client, 1, IsAsk=1, Price=301_000, BaseAmount=15_000) == 200
    assert placed(client, 2, IsAsk=1, Price=301_000, BaseAmount=15_000) == 200
    assert [row["status"] for row in client.orders()] == ["open", "canceled-invalid-balance"]


def test_there_is_nothing_to_reduce_and_no_leverage() -> None:
    client = trading()
    words = {"IsAsk": 1, "Price": 301_000, "ReduceOnly": 1}
    assert placed(client, 1, **words) == 21732
    client.nonce = 1
    words = {"MarketIndex": SPOT, "InitialMarginFraction": 1_000, "MarginMode": 0}
    assert client.send(TxType.LEVERAGE, **words)["code"] == 21602


def test_spot_has_no_position_no_margin_and_no_funding() -> None:
    client = trading(collateral_usdc=0, funding_s=2.0)
    placed(client, 1, Price=299_000, BaseAmount=1_000)
    crowd(client, True, 299_000, 1_000, True)
    client.pass_time(5.0)
    account = client.venue.exchange.accounts[ACCOUNT]
    assert (account.assets[1], account.assets[3]) == (Decimal("2.1"), Decimal(5000 - 299))
    assert (account.collateral_micro, account.fundings) == (0, [])
    _, told = client.get("account", by="index", value=ACCOUNT)
    assert told["accounts"][0]["positions"] == []


Orders = list[tuple[bool, int, int, bool]]
ORDERS = st.lists(
    st.tuples(st.booleans(), st.integers(295_000, 305_000), st.integers(50, 12_000), st.booleans()),
    max_size=12,
)


@settings(max_examples=20)
@given(ORDERS)
def test_no_balance_ever_falls_below_what_is_locked(
    orders: list[tuple[bool, int, int, bool]],
) -> None:
    client = trading()
    for is_ask in (False, True):
        crowd(client, is_ask, 300_000 + (500 if is_ask else -500), 6_000, False)
    for number, (is_ask, ticks, lots, takes) in enumerate(orders, 1):
        tif = TimeInForce.IOC if takes else TimeInForce.GTT
        placed(client, number, IsAsk=is_ask, Price=ticks, BaseAmount=lots, TimeInForce=tif)
        crowd(client, not is_ask, ticks, lots // 2, True)
        exchange = client.venue.exchange
        account = exchange.accounts[ACCOUNT]
        for asset_id in HELD:
            assert 0 <= locked(exchange, account, asset_id) <= account.assets[asset_id]
