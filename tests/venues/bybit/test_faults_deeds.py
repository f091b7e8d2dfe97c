"""What scripts can do at the venue at a moment."""

from decimal import Decimal

from tests.stage.truth import FOREIGN, Accepted, Ended, Paid, Traded
from tests.venues.bybit.client import AT_ONCE_S
from tests.venues.bybit.floor import BTC, crowd_rests
from tests.venues.bybit.scenes import held, play, rest, resting, under


def test_a_market_leaps_stalls_and_loses_a_side() -> None:
    client = under(has_crowd=True)
    floor = client.venue.exchange.floors[BTC]
    before = floor.mark_ticks
    play(client, do="leap", market=BTC, bps=100)
    assert floor.mark_ticks > before * 1.009
    play(client, do="empty_side", market=BTC, side="asks", s=3.0)
    assert floor.book.asks.levels() == []
    client.pass_time(4.0)
    assert floor.book.asks.levels() != []
    client.public.frames()
    play(client, do="burst", market=BTC, moves=20)
    assert len(client.public.frames()) >= 15


def test_a_market_takes_no_orders_or_has_other_rules() -> None:
    client = under()
    play(client, do="inactive", market=BTC)
    assert client.place("1")["retCode"] == 110066
    play(client, do="inactive", market=BTC, is_active=True)
    play(client, do="change_market", market=BTC, words={"min_lots": 100})
    assert client.place("2")["retCode"] == 10001


def test_the_venue_ends_orders_of_ours() -> None:
    client = under()
    rest(client)
    play(client, do="end_ours", market=BTC)
    assert [ended.why for ended in client.venue.truth.of(Ended)] == ["CancelByAdmin"]


def test_other_hands_rest_an_order_and_trade() -> None:
    client = under()
    rest(client)
    play(client, do="foreign_order", market=BTC, side="sell")
    assert [fact.owner for fact in client.venue.truth.of(Accepted)][-1] == FOREIGN
    play(client, do="foreign_trade", market=BTC, side="buy", lots=7)
    assert held(client) == 7
    play(client, do="foreign_trade", market=BTC, kind="adl")
    assert held(client) == 0
    assert client.private.rows("execution")[-1]["execType"] == "AdlTrade"
    play(client, do="foreign_trade", market=BTC, side="sell", lots=2, kind="liquidation")
    kinds = [traded.kind for traded in client.venue.truth.of(Traded)]
    assert kinds == ["order", "adl", "liquidation"]
    assert resting(client) == []


def test_fees_change_and_may_be_rebates() -> None:
    client = under()
    play(client, do="fees", maker_1e6=-100)
    rest(client)
    play(client, do="fill_ours", market=BTC, pieces=3)
    assert sum(traded.fee for traded in client.venue.truth.of(Traded)) == Decimal("-0.0899")
    assert [traded.lots for traded in client.venue.truth.of(Traded)] == [4, 3, 3]


def test_money_comes_and_goes_without_a_trade() -> None:
    client = under()
    play(client, do="pay", amount="-12.5")
    play(client, do="set_collateral", usdt=5)
    assert client.account.wallet == 500_000_000
    answer = client.get("/v5/account/transaction-log", accountType="UNIFIED")
    assert [row["type"] for row in answer["result"]["list"]] == ["TRANSFER_OUT", "TRANSFER_OUT"]
    assert sum(paid.amount for paid in client.venue.truth.of(Paid)) == Decimal(-99_995)
    assert client.place("1", qty="0.1")["retCode"] == 110007


def test_funding_is_settled_out_of_turn() -> None:
    client = under()
    crowd_rests(client, True, 900_100, 50)
    rest(client, price="90010", timeInForce="IOC")
    wallet = client.account.wallet
    play(client, do="settle_funding", market=BTC, rate_1e8=-50_000)
    paid = client.venue.truth.of(Paid)[-1]
    assert paid.what == "funding"
    assert client.account.wallet - wallet == paid.amount.scaleb(8)
    assert paid.amount > 0


def test_a_shifted_mark_liquidates_and_goes_back() -> None:
    client = under(wallet_usdt=100)
    crowd_rests(client, True, 900_000, 50)
    crowd_rests(client, False, 880_000, 50)
    rest(client, price="90000", timeInForce="IOC", qty="0.01")
    play(client, do="shift_mark", market=BTC, bps=-1_100, s=1.0)
    client.pass_time(0.5)
    assert held(client) == 0
    client.pass_time(1.0)
    assert client.venue.exchange.floors[BTC].mark_shift_ticks == 0


def test_a_revoked_key_opens_nothing_more() -> None:
    client = under()
    client.authenticate(client.trade)
    play(client, do="revoke_key", key=client.key)
    assert client.get("/v5/account/info")["retCode"] == 10003
    header = {"X-BAPI-TIMESTAMP": str(client.venue.exchange.now_ms)}
    client.trade.hear(op="order.create", reqId="1", header=header, args=[client.order("1")])
    client.pass_time(AT_ONCE_S)
    assert client.trade.frames()[-1]["retCode"] == 10003
