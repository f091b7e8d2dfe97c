"""What an account is counted for: batches, quota, funding, keys."""

from tests.venues.lighter.floor import AT_ONCE_S, crowd_takes, quiet
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.transactions import TxType


def test_a_batch_is_of_one_key_and_its_nonces_follow() -> None:
    client = quiet()
    first = client.signed_tx(TxType.CREATE, **client.order(1))
    gap = client.signed_tx(TxType.CREATE, **client.order(2), Nonce=9)
    assert client.batch((TxType.CREATE, first), (TxType.CREATE, gap))["code"] == 21105
    other = client.signed_tx(TxType.CREATE, **client.order(2), Nonce=2, ApiKeyIndex=5)
    assert client.batch((TxType.CREATE, first), (TxType.CREATE, other))["code"] == 21121
    second = client.signed_tx(TxType.CREATE, **client.order(2), Nonce=2)
    answer = client.batch((TxType.CREATE, first), (TxType.CREATE, second))
    assert len(answer["tx_hash"]) == 2
    client.pass_time(AT_ONCE_S)
    assert [row["client_order_index"] for row in client.orders()] == [1, 2]


def test_a_stream_takes_transactions_and_answers_by_their_id() -> None:
    client = quiet()
    info = client.signed_tx(TxType.CREATE, **client.order(1))
    data = {"id": "mine", "tx_type": 14, "tx_info": info}
    client.hear(type="jsonapi/sendtx", data=data)
    client.hear(type="jsonapi/sendtx", data=data | {"id": "again"})
    client.pass_time(AT_ONCE_S)
    first, second = client.frames("jsonapi/sendtx")
    assert (first["id"], first["code"]) == ("mine", 200)
    assert (second["id"], second["code"]) == ("again", 21104)


def test_quota_is_used_by_orders_and_earned_by_trading() -> None:
    client = quiet()
    for number in range(1, 4):
        client.place(number)
    assert client.venue.exchange.accounts[ACCOUNT].quota == 998
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 299_000, 1_000)
    assert client.venue.exchange.accounts[ACCOUNT].quota == 998 + 299 // 7


def test_funding_is_paid_by_whoever_is_long() -> None:
    client = quiet(funding_s=10.0)
    client.place(1)
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 299_000, 1_000)
    before = client.venue.exchange.accounts[ACCOUNT].collateral_micro
    client.pass_time(10.0)
    _, body = client.get("positionFunding", account_index=ACCOUNT)
    (row,) = body["position_fundings"]
    assert (row["position_side"], row["rate"]) == ("long", "0.000012")
    change = client.venue.exchange.accounts[ACCOUNT].collateral_micro - before
    assert change == round(float(row["change"]) * 1e6) < 0


def test_funding_is_paid_at_full_hours() -> None:
    client = quiet()
    client.pass_time(3_600.0 * 2.5)
    _, body = client.get("fundings", market_id=0)
    stamps = [row["timestamp"] for row in body["fundings"]]
    assert len(stamps) >= 2
    assert all(stamp % 3_600 == 0 for stamp in stamps)


def test_a_tier_bounds_requests_and_transactions_in_a_minute() -> None:
    client = quiet(tier="standard")
    statuses = [client.get("orderBooks")[0] for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    client.pass_time(60.0)
    answers = [client.place(number)["status"] for number in range(1, 62)]
    assert answers == [200] * 60 + [429]
    client.pass_time(60.0)
    assert client.get("orderBooks")[0] == 200


def test_history_weighs_more_than_a_transaction() -> None:
    client = quiet()
    asked = [client.get("recentTrades", market_id=0)[0] for _ in range(41)]
    assert asked == [200] * 40 + [429]
    assert client.place(1)["status"] == 429


def test_a_maker_only_key_cannot_take() -> None:
    client = quiet()
    client.venue.exchange.accounts[ACCOUNT].keys[4].is_maker_only = True
    ioc = client.order(1, Price=300_200, TimeInForce=TimeInForce.IOC)
    assert client.send(TxType.CREATE, **ioc)["code"] == 21705
    client.nonce = 1
    assert client.place(1)["code"] == 200
