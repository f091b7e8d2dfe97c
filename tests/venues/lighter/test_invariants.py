"""Whatever is sent, in whatever order: nothing is created or lost at the stand-in."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.markets import chosen
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.transactions import TxType

PRICES = st.integers(298_500, 301_500)
LOTS = st.integers(50, 20_000)
SIDES = st.integers(0, 1)
TIFS = st.sampled_from([TimeInForce.IOC, TimeInForce.GTT, TimeInForce.POST_ONLY])
DEEDS = st.one_of(
    st.tuples(st.just("place"), PRICES, LOTS, SIDES, TIFS, st.booleans()),
    st.tuples(st.just("cancel"), st.integers(1, 20)),
    st.tuples(st.just("modify"), st.integers(1, 20), PRICES, LOTS),
    st.tuples(st.just("cancel_all")),
    st.tuples(st.just("leap"), st.integers(-60, 60)),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 0.25, 3.0])),
    st.tuples(st.just("fill"), st.sampled_from([0.3, 1.0])),
)


def do(client: Client, number: int, deed: tuple[Any, ...]) -> None:
    """Do one thing; what the door refuses is no matter."""
    nonce = client.nonce
    match deed:
        case ("place", price, lots, side, tif, reduces):
            fields = {"Price": price, "BaseAmount": lots, "IsAsk": side, "TimeInForce": tif}
            answer = client.place(number, **fields, ReduceOnly=int(reduces))
        case ("cancel", index):
            answer = client.cancel(index)
        case ("modify", index, price, lots):
            fields = {"MarketIndex": 0, "Index": index, "Price": price, "BaseAmount": lots}
            answer = client.send(TxType.MODIFY, **fields, TriggerPrice=0)
        case ("cancel_all",):
            answer = client.send(TxType.CANCEL_ALL, TimeInForce=0, Time=0)
        case ("leap", bps):
            client.venue.play(step_of({"do": "leap", "market": "ETH", "bps": bps}))
            return
        case ("fill", frac):
            client.venue.play(step_of({"do": "fill_ours", "market": "ETH", "frac": frac}))
            return
        case _:
            client.pass_time(deed[1])
            return
    if answer["code"] != 200:
        client.nonce = nonce


def money(exchange: Exchange) -> int:
    """Return all accounts' worth at one price, which trading among them cannot change."""
    at = 300_000
    held = [(a.collateral_micro, a.positions.get(0)) for a in exchange.accounts.values()]
    total = 0
    for collateral, position in held:
        total += collateral
        if position is not None:
            sign = 1 if position.lots >= 0 else -1
            total += position.lots * at - sign * position.entry_micro
    return total


@settings(max_examples=40, deadline=None)
@given(st.lists(DEEDS, max_size=40), st.integers(0, 1_000))
def test_nothing_is_created_or_lost(deeds: list[tuple[Any, ...]], seed: int) -> None:
    client = opened(seed=seed)
    exchange = client.venue.exchange
    for number, deed in enumerate(deeds, start=1):
        do(client, number, deed)
        check(exchange)


def check(exchange: Exchange) -> None:
    """Look at the whole of the venue's state."""
    floor = exchange.floors[0]
    bid, ask = floor.book.bids.best_ticks, floor.book.asks.best_ticks
    assert bid is None or ask is None or bid < ask
    held = [a.positions[0].lots for a in exchange.accounts.values() if 0 in a.positions]
    assert sum(held) == 0
    account = exchange.accounts[ACCOUNT]
    rests = {id(o) for side in (floor.book.bids, floor.book.asks) for o in side.orders()}
    for order in account.orders.values():
        assert order.open_lots >= 0
        assert (id(order) in rests) == order.is_open
        assert not order.is_open or order.lots == order.open_lots + order.filled_lots
    traded = {(t.trade_id) for t in account.trades}
    assert len(traded) == len(account.trades)


@settings(max_examples=20, deadline=None)
@given(st.lists(DEEDS, max_size=30))
def test_money_leaves_by_fees_alone(deeds: list[tuple[Any, ...]]) -> None:
    client = opened(markets=chosen("ETH"))
    exchange = client.venue.exchange
    paid: list[int] = []
    exchange.listeners.append(
        lambda news: paid.append(
            getattr(news, "maker_fee_micro", 0) + getattr(news, "taker_fee_micro", 0)
        )
    )
    client.pass_time(0.1)
    known = len(exchange.accounts)
    before, paid_before = money(exchange), sum(paid)
    for number, deed in enumerate(deeds, start=1):
        do(client, number, deed)
    opened_since = list(exchange.accounts.values())[known:]
    brought = 1_000_000_000 * 10**6 * len(opened_since)
    assert abs(before + brought - money(exchange) - (sum(paid) - paid_before)) == 0
