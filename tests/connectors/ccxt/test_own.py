import pytest

from connectors.ccxt.ids import FOREIGN, Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.own import Heard, OwnFills, OwnOrders, resting_of, trade_of
from connectors.ccxt.units import Units
from connectors.ccxt.words import OwnFill, OwnOrder
from connectors.model.events import ACCEPTED, BUY, CANCELLED, LIQUIDATION, MAKER
from connectors.socket import Malformed
from tests.connectors.ccxt.bybit_trader import ETH

MARKET = Listed("eth", "ETHUSDT", "ETH/USDT:USDT", Units.of(ETH), Codec("ETHUSDT"))


def order(text: str, price: str) -> OwnOrder:
    return OwnOrder("ETHUSDT", "o-1", text, BUY, price, "0.30", "0.10", ACCEPTED, 0, 1, "New")


def fill(trade_id: str, price: str, role: int = MAKER) -> OwnFill:
    return OwnFill(
        "ETHUSDT", trade_id, "o-1", "", BUY, price, "0.10", role, 1_763_000_000_000, None
    )


@pytest.mark.parametrize("price", ["", "0"])
def test_somebody_elses_stop_order_without_a_price_stops_nobody(price: str) -> None:
    resting = resting_of(order("by-hand", price), MARKET)
    assert resting.client_id >= FOREIGN
    assert (resting.ticks, resting.open_lots) == (0, 20)


def test_an_order_of_ours_without_a_price_is_not_believed() -> None:
    with pytest.raises(Malformed):
        resting_of(order(MARKET.codec.text(2176), "0"), MARKET)


def test_only_what_the_venue_has_closed_itself_may_be_off_the_grid() -> None:
    assert trade_of(fill("a", "2851.337", LIQUIDATION), MARKET).ticks == 285_134
    with pytest.raises(Malformed):
        trade_of(fill("a", "2851.337"), MARKET)


def test_an_end_stays_and_a_word_is_news_once() -> None:
    orders = OwnOrders()
    assert orders.hear("eth", 2176, Heard(ACCEPTED, 0, 0))
    assert not orders.hear("eth", 2176, Heard(ACCEPTED, 0, 5))
    assert orders.hear("eth", 2176, Heard(CANCELLED, 0, 5))
    assert not orders.hear("eth", 2176, Heard(ACCEPTED, 0, 0))
    assert orders.highest == {"eth": 2176}


def test_a_trade_is_told_once_and_a_second_one_with_its_id_is_not_swallowed() -> None:
    fills, trade = OwnFills(), trade_of(fill("a", "3000"), MARKET)
    assert fills.is_news("eth", trade, "a")
    assert not fills.is_news("eth", trade, "a")
    with pytest.raises(Malformed, match="share the id"):
        fills.is_news("eth", trade, "b")
