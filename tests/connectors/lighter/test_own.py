"""What the venue says of our orders and trades means the same here, to the last digit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from connectors.lighter.account_wire import Order, Position
from connectors.lighter.grid import Grid
from connectors.lighter.listing import Listed
from connectors.lighter.own import Word, own_trades, position_lots, word_of
from connectors.lighter.wire import Trade
from connectors.model.account import Fee
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
)
from connectors.socket import Malformed
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.market_files import BTC

MARKET = Listed("btc", 1, BTC, Grid.of(1, 5))


def order(status: str, filled: str = "0.00000") -> Order:
    row = said.order_row(2176, status, filled_base_amount=filled)
    return msgspec.convert(row, Order, strict=False)


def trade(**changes: Any) -> Trade:
    return msgspec.convert(said.trade_row(7, **changes), Trade, strict=False)


@pytest.mark.parametrize(
    ("status", "filled", "word"),
    [
        ("open", "0.00000", Word(ACCEPTED)),
        ("open", "0.00040", Word(ACCEPTED, 0, 40)),
        ("filled", "0.00100", Word(FILLED, 0, 100)),
        ("canceled", "0.00040", Word(CANCELLED, 0, 40)),
        ("canceled-post-only", "0.00000", Word(REJECTED, Refusal.POST_ONLY)),
        ("canceled-margin-not-allowed", "0.00000", Word(REJECTED, Refusal.INSUFFICIENT_MARGIN)),
        ("canceled-margin-not-allowed", "0.00040", Word(EXPIRED, 0, 40)),
        ("canceled-reduce-only", "0.00000", Word(REJECTED, Refusal.REDUCE_ONLY)),
        ("canceled-expired", "0.00000", Word(EXPIRED)),
        ("canceled-self-trade", "0.00000", Word(EXPIRED)),
        ("in-progress", "0.00000", Word(OUTCOME_UNKNOWN)),
        ("pending", "0.00000", Word(OUTCOME_UNKNOWN)),
        ("canceled-for-a-new-reason", "0.00000", Word(OUTCOME_UNKNOWN)),
    ],
)
def test_a_status_is_one_word(status: str, filled: str, word: Word) -> None:
    assert word_of(order(status, filled), MARKET) == replace(word, ticks=999_990, lots=100)
    assert word.is_final is (word.kind not in (ACCEPTED, OUTCOME_UNKNOWN))


@pytest.mark.parametrize(
    ("is_ours_bid", "is_maker_ask", "side", "role"),
    [
        (True, False, BUY, MAKER),
        (True, True, BUY, TAKER),
        (False, True, SELL, MAKER),
        (False, False, SELL, TAKER),
    ],
)
def test_side_and_role_follow_the_accounts(
    is_ours_bid: bool, is_maker_ask: bool, side: int, role: int
) -> None:
    ours = {"bid_account_id" if is_ours_bid else "ask_account_id": said.ACCOUNT}
    ids = {"bid_client_id": 5, "ask_client_id": 6}
    (own,) = own_trades(trade(**ours, **ids, is_maker_ask=is_maker_ask), said.ACCOUNT, MARKET)
    assert (own.side, own.role, own.client_id) == (side, role, 5 if is_ours_bid else 6)
    assert (own.trade_id, own.ticks, own.lots) == (7, 999_999, 1000)
    assert own.venue_ns == (said.MS * 1000 + 9) * 1000


def test_a_fee_is_its_rate_of_the_exact_notional() -> None:
    told = trade(bid_account_id=said.ACCOUNT, maker_fee=28, price="99999.9", size="0.01000")
    (own,) = own_trades(told, said.ACCOUNT, MARKET)
    assert own.fee == Fee(Decimal("0.027999972"), "USDC")
    rebate = trade(bid_account_id=said.ACCOUNT, maker_fee=-5)
    assert own_trades(rebate, said.ACCOUNT, MARKET)[0].fee == Fee(Decimal("-0.004999995"), "USDC")


def test_a_fee_that_is_left_out_is_none() -> None:
    row = said.trade_row(7, bid_account_id=said.ACCOUNT)
    del row["maker_fee"]
    told = msgspec.convert(row, Trade, strict=False)
    assert own_trades(told, said.ACCOUNT, MARKET)[0].fee == Fee(Decimal(0), "USDC")


def test_a_trade_with_ourselves_has_two_sides() -> None:
    told = trade(bid_account_id=said.ACCOUNT, ask_account_id=said.ACCOUNT)
    sides = [(own.side, own.role) for own in own_trades(told, said.ACCOUNT, MARKET)]
    assert sides == [(BUY, MAKER), (SELL, TAKER)]


def test_a_trade_of_others_is_refused() -> None:
    with pytest.raises(Malformed, match="not of 4321"):
        own_trades(trade(), said.ACCOUNT, MARKET)


@pytest.mark.parametrize(("sign", "size", "lots"), [(1, "0.01000", 1000), (-1, "0.5", -50_000)])
def test_a_position_has_its_sign(sign: int, size: str, lots: int) -> None:
    row = {"market_id": 1, "sign": sign, "position": size}
    assert position_lots(msgspec.convert(row, Position), MARKET) == lots


def test_a_position_without_a_sign_is_refused() -> None:
    row = {"market_id": 1, "sign": 0, "position": "0.5"}
    with pytest.raises(Malformed, match="without a sign"):
        position_lots(msgspec.convert(row, Position), MARKET)
