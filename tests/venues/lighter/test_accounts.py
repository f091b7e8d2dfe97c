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


def test_a_maker_only_key_cannot_take() -> None:
    client = quiet()
    client.venue.exchange.accounts[ACCOUNT].keys[4].is_maker_only = True
    ioc = client.order(1, Price=300_200, TimeInForce=TimeInForce.IOC)
    assert client.send(TxType.CREATE, **ioc)["code"] == 21705
    client.nonce = 1
    assert client.place(1)["code"] == 200
