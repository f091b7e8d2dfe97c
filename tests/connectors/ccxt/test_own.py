from itertools import count

import pytest

from connectors.ccxt.ids import FOREIGN, Codec, next_id, stamp_ms, stamped_id
from connectors.ccxt.listing import Listed
from connectors.ccxt.own import Heard, OwnFills, OwnOrders, TradeIds, resting_of, trade_of
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
    assert trade_of(fill("a", "2851.337", LIQUIDATION), MARKET, TradeIds()).ticks == 285_134
    with pytest.raises(Malformed):
        trade_of(fill("a", "2851.337"), MARKET, TradeIds())


def test_an_end_stays_and_a_word_is_news_once() -> None:
    orders = OwnOrders()
    assert orders.hear("eth", 2176, Heard(ACCEPTED, 0, 0))
    assert not orders.hear("eth", 2176, Heard(ACCEPTED, 0, 5))
    assert orders.hear("eth", 2176, Heard(CANCELLED, 0, 5))
    assert not orders.hear("eth", 2176, Heard(ACCEPTED, 0, 0))
    assert orders.highest == {"eth": 2176}


def twins() -> tuple[OwnFill, OwnFill]:
    """Return two trades of one millisecond whose own ids are the same."""
    seen: dict[int, str] = {}
    for number in count():
        salt = stamped_id(0, str(number))
        if salt in seen:
            return fill(seen[salt], "3000"), fill(str(number), "3001")
        seen[salt] = str(number)
    raise AssertionError


def test_a_trade_is_told_once() -> None:
    fills, ids = OwnFills(), TradeIds()
    trade_id = ids.of("eth", fill("a", "3000"))
    assert fills.is_news("eth", trade_id)
    assert not fills.is_news("eth", ids.of("eth", fill("a", "3000")))


def test_two_trades_of_a_moment_never_share_an_id() -> None:
    one, other = twins()
    assert stamped_id(one.venue_ms, one.trade_id) == stamped_id(other.venue_ms, other.trade_id)
    ids = TradeIds()
    of_one, of_other = ids.of("eth", one), ids.of("eth", other)
    assert of_one != of_other
    assert stamp_ms(of_one) == stamp_ms(of_other) == one.venue_ms
    assert (ids.of("eth", one), ids.of("eth", other)) == (of_one, of_other)


def test_what_is_told_together_has_the_same_ids_in_whatever_order() -> None:
    one, other = twins()
    ids, again = TradeIds(), TradeIds()
    ids.take_all("eth", [one, other])
    again.take_all("eth", [other, one])
    assert [ids.of("eth", f) for f in (one, other)] == [again.of("eth", f) for f in (one, other)]


def test_the_last_id_of_a_millisecond_is_followed_by_its_first() -> None:
    last = (5 << 22) + (1 << 22) - 1
    assert next_id(last) == 5 << 22
    assert next_id(5 << 22) == (5 << 22) + 1
