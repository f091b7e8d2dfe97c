"""What an account reads of itself: orders, executions, money, and by pages."""

from decimal import Decimal
from typing import Any

import pytest

from tests.stage.truth import Paid, Traded
from tests.venues.bybit.client import AT_ONCE_S, Client
from tests.venues.bybit.floor import BTC, crowd_rests, quiet
from tests.venues.bybit.orders import number_of
from tests.venues.bybit.scenes import play, rest


def pages(client: Client, path: str, **words: Any) -> list[dict[str, Any]]:
    """Return all rows of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = client.get(path, category="linear", **words, **more)["result"]
        found += answer["list"]
        cursor = answer["nextPageCursor"].replace("%3A", ":")
        if not cursor:
            return found


def traded(count: int) -> Client:
    """Return a client whose orders have traded, one after the other."""
    client = quiet()
    for number in range(count):
        rest(client, str(number))
        play(client, do="fill_ours", market=BTC)
        client.pass_time(1.0)
    return client


def test_executions_come_by_pages_each_once_the_newest_first() -> None:
    client = traded(7)
    rows = pages(client, "/v5/execution/list", symbol=BTC, limit=3)
    told = [number_of(row["execId"]) for row in rows]
    assert told == sorted({trade.trade_id for trade in client.venue.truth.of(Traded)}, reverse=True)


def test_executions_are_of_a_time_an_order_or_a_kind() -> None:
    client = traded(3)
    times = [int(row["execTime"]) for row in pages(client, "/v5/execution/list")]
    later = pages(client, "/v5/execution/list", startTime=times[1])
    assert [int(row["execTime"]) for row in later] == times[:2]
    named = pages(client, "/v5/execution/list", orderLinkId="1")
    assert [row["orderLinkId"] for row in named] == ["1"]
    assert pages(client, "/v5/execution/list", execType="Funding") == []
    assert pages(client, "/v5/execution/list", orderLinkId="none of ours") == []
    wide = {"startTime": times[0] - 8 * 86_400_000, "endTime": times[0]}
    assert client.get("/v5/execution/list", category="linear", **wide)["retCode"] == 10001


def test_an_order_is_read_by_its_word_open_or_closed() -> None:
    client = quiet()
    rest(client, "1")
    named = {"category": "linear", "symbol": BTC, "orderLinkId": "1"}
    (row,) = client.get("/v5/order/realtime", **named)["result"]["list"]
    assert row["orderStatus"] == "New"
    client.cancel("1")
    client.pass_time(AT_ONCE_S)
    (row,) = client.get("/v5/order/realtime", **named)["result"]["list"]
    assert (row["orderStatus"], row["leavesQty"]) == ("Cancelled", "0.000")
    (row,) = client.get("/v5/order/history", **named)["result"]["list"]
    assert row["rejectReason"] == "EC_PerCancelRequest"
    live = client.get("/v5/order/realtime", category="linear", symbol=BTC)
    assert live["result"]["list"] == []
    assert client.get("/v5/order/realtime", category="linear")["retCode"] == 10001


def test_the_log_of_transactions_adds_up_to_the_wallet() -> None:
    client = traded(3)
    crowd_rests(client, False, 898_000, 90)
    rest(client, "out", side="Sell", price="89800", qty="0.03", timeInForce="IOC")
    play(client, do="pay", amount="-20")
    play(client, do="settle_funding", market=BTC)
    rows = pages(client, "/v5/account/transaction-log", accountType="UNIFIED", limit=2)
    for row in rows:
        funding = Decimal(row["funding"] or 0)
        parts = Decimal(row["cashFlow"]) + funding - Decimal(row["fee"])
        assert Decimal(row["change"]) == parts
    changes = sum(Decimal(row["change"]) for row in rows)
    assert Decimal(100_000) + changes == Decimal(client.account.wallet).scaleb(-8)
    assert Decimal(rows[0]["cashBalance"]) == Decimal(100_000) + changes


def test_funding_is_paid_at_its_timestamp_and_read_three_ways() -> None:
    client = quiet(funding_s=300.0)
    crowd_rests(client, True, 900_100, 50)
    rest(client, "1", price="90010", timeInForce="IOC")
    client.private.frames()
    now_ns = client.venue.exchange.now_ns
    client.pass_time(300.0 - now_ns / 1e9 % 300.0 + 0.01)
    (row,) = [r for r in client.private.rows("execution") if r["execType"] == "Funding"]
    assert int(row["execTime"]) % 300_000 == 0
    (read,) = pages(client, "/v5/execution/list", execType="Funding")
    assert (read["execId"], read["execFee"]) == (row["execId"], row["execFee"])
    (paid,) = client.venue.truth.of(Paid)
    assert (row["execId"], Decimal(row["execFee"])) == (paid.payment_id, -paid.amount)
    assert Decimal(row["execFee"]) == Decimal(row["execValue"]) / 10_000
    logged = pages(client, "/v5/account/transaction-log", type="SETTLEMENT")
    assert [Decimal(each["funding"]) for each in logged] == [paid.amount]
    history = client.get("/v5/market/funding/history", category="linear", symbol=BTC)
    assert history["result"]["list"][0]["fundingRate"] == "0.0001"


def test_fees_follow_the_accounts_level() -> None:
    client = quiet(vip="VIP-99")
    answer = client.get("/v5/account/fee-rate", category="linear", symbol=BTC)
    (row,) = answer["result"]["list"]
    assert (row["makerFeeRate"], row["takerFeeRate"]) == ("0", "0.0003")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v5/order/realtime", {"category": "inverse"}),
        ("/v5/position/list", {"category": "inverse"}),
        ("/v5/execution/list", {"category": "spot"}),
        ("/v5/order/history", {"category": "option"}),
    ],
)
def test_other_categories_hold_nothing(path: str, words: dict[str, str]) -> None:
    client = traded(1)
    assert client.get(path, **words)["result"]["list"] == []
