"""Whatever is sent, in whatever order: nothing is created or lost at the stand-in."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.venues.bybit.client import Client, opened
from tests.venues.bybit.exchange import CROWD_WALLET, Exchange, ExecutionNews
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.markets import chosen
from tests.venues.bybit.scenes import play

PRICES = st.integers(898_500, 901_500).map(lambda ticks: f"{ticks / 10:.1f}")
SIZES = st.integers(1, 4_000).map(lambda lots: f"{lots / 1_000:.3f}")
SIDES = st.sampled_from(["Buy", "Sell"])
TIFS = st.sampled_from(["IOC", "FOK", "GTC", "PostOnly"])
SMPS = st.sampled_from(["None", "CancelMaker", "CancelTaker", "CancelBoth"])
LINKS = st.integers(1, 20).map(str)
DEEDS = st.one_of(
    st.tuples(st.just("place"), PRICES, SIZES, SIDES, TIFS, st.booleans(), SMPS),
    st.tuples(st.just("market"), SIZES, SIDES),
    st.tuples(st.just("cancel"), LINKS),
    st.tuples(st.just("amend"), LINKS, PRICES, SIZES),
    st.tuples(st.just("cancel_all")),
    st.tuples(st.just("leap"), st.integers(-60, 60)),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 0.25, 3.0])),
    st.tuples(st.just("fill"), st.sampled_from([0.3, 1.0])),
)
OPEN = Limits(has_rates=False)


def do(client: Client, number: int, deed: tuple[Any, ...]) -> None:
    """Do one thing; what the door refuses is no matter."""
    match deed:
        case ("place", price, qty, side, tif, reduces, smp):
            fields = {"price": price, "qty": qty, "side": side, "timeInForce": tif}
            client.place(str(number), **fields, reduceOnly=reduces, smpType=smp)
        case ("market", qty, side):
            fields = {"orderType": "Market", "qty": qty, "side": side, "timeInForce": "IOC"}
            client.place(str(number), **fields)
        case ("cancel", link):
            client.cancel(link)
        case ("amend", link, price, qty):
            client.amend(link, price=price, qty=qty)
        case ("cancel_all",):
            client.post("/v5/order/cancel-all", category="linear", settleCoin="USDT")
        case ("leap", bps):
            play(client, do="leap", market=BTC, bps=bps)
        case ("fill", frac):
            play(client, do="fill_ours", market=BTC, frac=frac)
        case _:
            client.pass_time(deed[1])


def check(exchange: Exchange, client: Client) -> None:
    """Look at the whole of the venue's state."""
    floor = exchange.floors[BTC]
    bid, ask = floor.book.bids.best_ticks, floor.book.asks.best_ticks
    assert bid is None or ask is None or bid < ask
    held = [a.positions[BTC, 0].lots for a in exchange.accounts.values() if (BTC, 0) in a.positions]
    assert sum(held) == 0
    assert floor.open_lots == sum(map(abs, held))
    rests = {id(o) for side in (floor.book.bids, floor.book.asks) for o in side.orders()}
    for order in client.account.orders.values():
        assert order.open_lots >= 0
        assert (id(order) in rests) == order.is_open
        assert not order.is_open or order.lots >= order.open_lots + order.filled_lots
    numbers = [execution.number for execution in client.account.executions]
    assert len(set(numbers)) == len(numbers)
    assert sum(o.filled_lots for o in client.account.orders.values()) == sum(
        execution.lots for execution in client.account.executions
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(DEEDS, max_size=30), st.integers(0, 1_000))
def test_nothing_is_created_or_lost(deeds: list[tuple[Any, ...]], seed: int) -> None:
    client = opened(seed=seed, limits=OPEN)
    for number, deed in enumerate(deeds, start=1):
        do(client, number, deed)
        check(client.venue.exchange, client)


def money(exchange: Exchange) -> int:
    """Return all accounts' worth at one price, which trading among them cannot change."""
    market = exchange.floors[BTC].market
    total = 0
    for account in exchange.accounts.values():
        total += account.wallet
        for held in account.positions.values():
            sign = 1 if held.lots >= 0 else -1
            total += market.value(900_000, held.lots) - sign * held.entry
    return total


@settings(max_examples=15, deadline=None)
@given(st.lists(DEEDS, max_size=30))
def test_money_leaves_by_fees_alone(deeds: list[tuple[Any, ...]]) -> None:
    client = opened(markets=chosen(BTC), limits=OPEN)
    exchange = client.venue.exchange
    paid: list[int] = []

    def hear(news: object) -> None:
        if isinstance(news, ExecutionNews):
            paid.append(news.execution.fee)

    exchange.listeners.append(hear)
    before, known = money(exchange), len(exchange.accounts)
    for number, deed in enumerate(deeds, start=1):
        do(client, number, deed)
    brought = CROWD_WALLET * (len(exchange.accounts) - known)
    assert before + brought - money(exchange) == sum(paid)
