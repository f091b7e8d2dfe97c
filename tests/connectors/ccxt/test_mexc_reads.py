"""MEXC's words and reads: what it documents, and pages that do not say what they leave out."""

import asyncio
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ccxt import mexc_reads
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.mexc_reads import MexcReads
from connectors.ccxt.mexc_safety import examine
from connectors.ccxt.mexc_words import MexcWords
from connectors.ccxt.names import Names
from connectors.ccxt.native.mexc_push import said_in
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms
from connectors.ccxt.units import Units
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder
from connectors.examined import Weight
from connectors.model.account import Fee
from connectors.model.errors import VenueError
from connectors.model.events import (
    ACCEPTED,
    CANCELLED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    SELL,
    TAKER,
)
from connectors.model.instrument import Instrument
from connectors.socket import Malformed
from tests.connectors.ccxt.standing import CAPS
from tests.venues.mexc.frames import Push
from tests.virtual import START_NS, SetClock

NOW_MS = START_NS // 1_000_000
ORDER: dict[str, Any] = {
    "id": "C02__505979017439002624115",
    "clientId": "mm-7",
    "price": "3000.00",
    "quantity": "0.5",
    "tradeType": 2,
    "orderType": 2,
    "cumulativeQuantity": "0.2",
    "status": 3,
    "createTime": 1_736_417_034_259,
}
DEAL: dict[str, Any] = {
    "price": "3000.00",
    "quantity": "0.2",
    "tradeType": 2,
    "isMaker": True,
    "tradeId": "505979017439002624X1",
    "clientOrderId": "mm-7",
    "orderId": "C02__505979017439002624115",
    "feeAmount": "0.06",
    "feeCurrency": "USDT",
    "time": 1_736_417_034_280,
}


def said(words: MexcWords | None = None, **body: Any) -> Any:
    head = {"channel": "spot@private", "symbol": "ETHUSDT", "sendTime": 1_736_417_034_281}
    frame = Push((), "", {**head, **body}).encoded()
    return (words or MexcWords(Names())).private_word(said_in(frame))


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, ACCEPTED), (2, FILLED), (3, ACCEPTED), (4, CANCELLED), (5, CANCELLED)],
)
def test_an_order_stands_as_its_number_says(number: int, kind: int) -> None:
    (order,) = said(privateOrders={**ORDER, "status": number})
    assert isinstance(order, OwnOrder)
    assert (order.kind, order.side, order.client_text) == (kind, SELL, "mm-7")
    assert (order.price, order.size, order.filled) == ("3000.00", "0.5", "0.2")
    assert order.venue_ns == 1_736_417_034_281_000_000


def test_a_number_that_is_not_documented_says_nothing_of_an_order() -> None:
    (order,) = said(privateOrders={**ORDER, "status": 9})
    assert (order.kind, order.status) == (OUTCOME_UNKNOWN, "number 9")


def test_a_trade_is_numbered_by_its_order_too_and_has_its_fee() -> None:
    (fill,) = said(privateDeals=DEAL)
    assert isinstance(fill, OwnFill)
    assert fill.trade_id == f"{DEAL['orderId']}:{DEAL['tradeId']}"
    assert (fill.role, fill.venue_ms) == (MAKER, DEAL["time"])
    assert fill.fee == Fee(Decimal("0.06"), "USDT")
    (taken,) = said(privateDeals={**DEAL, "isMaker": False, "feeCurrency": ""})
    assert (taken.role, taken.fee) == (TAKER, None)


def test_a_trade_without_our_id_is_of_the_order_that_the_stream_has_told() -> None:
    words, nameless = MexcWords(Names()), {**DEAL, "clientOrderId": ""}
    (fill,) = said(words, privateDeals=nameless)
    assert fill.client_text == ""
    said(words, privateOrders=ORDER)
    (fill,) = said(words, privateDeals=nameless)
    assert fill.client_text == "mm-7"


def test_a_side_that_is_none_is_malformed() -> None:
    with pytest.raises(Malformed):
        said(privateDeals={**DEAL, "tradeType": 0})


def test_a_channel_that_is_refused_ends_the_stream_though_its_code_is_that_of_success() -> None:
    word = MexcWords(Names()).private_word
    channel = "spot@private.deals.v3.api.pb"
    assert word({"id": 1, "code": 0, "msg": channel}) == Asked(channel)
    refused = word({"id": 1, "code": 0, "msg": f"Not Subscribed successfully! [{channel}]."})
    assert isinstance(refused, Ended)
    assert isinstance(word(said_in(b"Invalid listen key")), Ended)
    assert word({"id": 0, "code": 0, "msg": "PONG"}) is None


Answer = Callable[[Mapping[str, Any]], Any]


class Asking:
    """An exchange of ccxt's that answers what it is told to, and counts."""

    def __init__(self, **answers: Answer) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        async def ask(words: Mapping[str, Any] | None = None) -> Any:
            self.asked.append(name)
            return self._answers[name](words or {})

        return ask


def reads(**answers: Answer) -> tuple[MexcReads, Asking]:
    nothing: Any = None
    clock, rng = SetClock(START_NS), random.Random(1)
    network = Network("mexc", Budgets(CAPS), nothing, nothing, clock, rng, nothing, nothing)
    exchange = Asking(**answers)
    return MexcReads(exchange, network, nothing, Names()), exchange


def row(at_ms: int, number: int) -> dict[str, Any]:
    return {
        "symbol": "ETHUSDT",
        "id": f"{number}X1",
        "orderId": f"C02__{number}",
        "price": "3000.00",
        "qty": "0.1",
        "commission": "0",
        "commissionAsset": "USDT",
        "time": at_ms,
        "isBuyer": True,
        "isMaker": True,
        "clientOrderId": "mm-7",
    }


def paged(rows: list[dict[str, Any]], newest_first: bool) -> Answer:
    """Answer as a venue that gives the newest of a span, or the oldest."""

    def answer(words: Mapping[str, Any]) -> Any:
        first, last = words.get("startTime", 0), words.get("endTime", NOW_MS)
        kept = [each for each in rows if first <= each["time"] <= last]
        kept.sort(key=lambda each: each["time"], reverse=newest_first)
        return kept[: words["limit"]]

    return answer


@settings(deadline=None, max_examples=30)
@given(
    ages=st.lists(st.integers(0, 2 * 86_400_000), min_size=1, max_size=60),
    newest_first=st.booleans(),
)
def test_every_trade_is_found_whichever_part_of_a_span_a_page_has(
    ages: list[int], newest_first: bool
) -> None:
    spread = {age + k for k, age in enumerate(sorted(set(ages)))}
    rows = [row(NOW_MS - age, k) for k, age in enumerate(sorted(spread))]
    page = mexc_reads.TRADES_PAGE
    mexc_reads.TRADES_PAGE = 7
    try:
        asks, _ = reads(spotPrivateGetMyTrades=paged(rows, newest_first))
        found = asyncio.run(asks.fills("ETHUSDT", NOW_MS - 3 * 86_400_000))
    finally:
        mexc_reads.TRADES_PAGE = page
    assert sorted(fill.venue_ms for fill in found) == sorted(each["time"] for each in rows)


def test_a_page_full_of_one_moment_is_told_to_a_person() -> None:
    rows = [row(NOW_MS - 5, k) for k in range(120)]
    asks, _ = reads(spotPrivateGetMyTrades=paged(rows, True))
    with pytest.raises(VenueError, match="less than 100 trades of one moment"):
        asyncio.run(asks.fills("ETHUSDT", NOW_MS - 1000))


def test_a_trade_that_names_no_order_of_ours_is_of_the_order_that_is_asked_for() -> None:
    nameless = {**row(NOW_MS - 5, 1), "clientOrderId": None}
    order = {
        "symbol": "ETHUSDT",
        "orderId": "C02__1",
        "clientOrderId": "mm-9",
        "price": "3000.00",
        "Qty": "0.1",
        "executedQty": "0.1",
        "status": "FILLED",
        "side": "BUY",
        "time": NOW_MS - 9,
        "updateTime": None,
    }
    asks, exchange = reads(
        spotPrivateGetMyTrades=paged([nameless], True), spotPrivateGetOrder=lambda words: order
    )
    for _ in range(2):
        (fill,) = asyncio.run(asks.fills("ETHUSDT", NOW_MS - 1000))
        assert fill.client_text == "mm-9"
    assert exchange.asked.count("spotPrivateGetOrder") == 1


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_latest_order_is_found_whichever_end_of_the_week_a_page_has(
    newest_first: bool,
) -> None:
    rows = [
        {
            "symbol": "ETHUSDT",
            "orderId": str(k),
            "clientOrderId": f"mm-{k}",
            "price": "1",
            "origQty": "1",
            "executedQty": "0",
            "status": "CANCELED",
            "side": "SELL",
            "time": NOW_MS - 50_000 + k,
        }
        for k in range(2_500)
    ]
    asks, _ = reads(spotPrivateGetAllOrders=paged(rows, newest_first))
    found = asyncio.run(asks.last_orders("ETHUSDT"))
    assert "mm-2499" in {order.client_text for order in found}


def told(name: str, **data: Any) -> Answer:
    return lambda words: {"data": data, "code": 0, "msg": "success"}


def remarks(can_trade: bool = True, deducts: bool = False, maker: float = 0.0) -> Any:
    asks, _ = reads(
        spotPrivateGetAccount=lambda words: {"canTrade": can_trade, "balances": []},
        spotPrivateGetMxDeductEnable=told("deduction", mxDeductEnable=deducts),
        spotPrivateGetTradeFee=told("fees", makerCommission=maker, takerCommission=0.0005),
    )
    eth = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.0001"), is_spot=True)
    market = Listed("eth", "ETHUSDT", "ETH/USDT", Units.of(eth), Codec("ETHUSDT"))
    return asyncio.run(examine(asks, Terms(Decimal(0), Decimal(5)), market))


def test_an_account_as_configured_is_remarked_as_good() -> None:
    assert [remark.weight for remark in remarks()] == [Weight.GOOD]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"can_trade": False}, "canTrade"),
        ({"deducts": True}, "were out of MX: switch its deduction off"),
        ({"maker": 0.0001}, "the account pays 1 bps as maker"),
    ],
)
def test_what_refuses_an_armed_start_is_said_in_one_line(change: dict[str, Any], text: str) -> None:
    (remark,) = remarks(**change)
    assert remark.weight is Weight.REFUSES
    assert text in remark.text
