"""Frames of the public stream become the rows that the venue means, or nothing."""

import pytest

from connectors.lighter.tops import MOST
from connectors.model.events import (
    ASK,
    BEST_ASK,
    BEST_BID,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.socket import Malformed
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.ears import NOW_NS, Heard
from tests.support import SECOND_NS

OPENING = [
    (CLEAR_BIDS, 0, 0),
    (CLEAR_ASKS, 0, 0),
    (BID, 999_999, 150_000),
    (BID, 999_990, 20_000),
    (ASK, 1_000_001, 200_000),
    (ASK, 1_000_004, 20),
]


def opened() -> Heard:
    heard = Heard()
    assert heard.hear(said.snapshot(100))
    assert heard.rows["btc"] == OPENING
    heard.rows["btc"].clear()
    return heard


def test_updates_that_continue_the_nonce_change_their_levels() -> None:
    heard = opened()
    heard.hear(
        said.book("update", 105, 100, bids=[("99999.9", "0.00000")]),
        said.book("update", 109, 105, asks=[("100000.2", "0.10000")]),
    )
    assert heard.rows["btc"] == [(BID, 999_999, 0), (ASK, 1_000_002, 10_000)]
    assert heard.line.resubscribed == []


def test_both_clocks_stand_on_each_row_and_one_batch_has_one_stamp() -> None:
    heard = Heard()
    heard.hear(said.snapshot(100), said.snapshot(7, market_id=0))
    assert set(heard.stamps) == {((said.MS * 1000 + 7) * 1000, NOW_NS)}
    assert heard.batches == [("btc", NOW_NS), ("eth", NOW_NS)]


def test_a_dropped_update_is_noticed_with_the_next_and_the_channel_asked_for_again() -> None:
    heard = opened()
    heard.hear(said.book("update", 120, 110, bids=[("99999.9", "0.00000")]))
    assert heard.rows["btc"] == [(GAP, 0, 0)]
    assert heard.line.resubscribed == ["order_book:1"]
    heard.hear(said.book("update", 121, 120, bids=[("99999.9", "9.00000")]))
    assert heard.rows["btc"] == [(GAP, 0, 0)]
    heard.hear(said.snapshot(130))
    assert heard.rows["btc"] == [(GAP, 0, 0), *OPENING]


def test_without_begin_nonces_the_offsets_count_by_one() -> None:
    heard = Heard()
    heard.hear(said.snapshot(100, offset=7))
    heard.hear(said.book("update", 103, bids=[("99998.0", "1.00000")], offset=8))
    assert heard.rows["btc"][-1] == (BID, 999_980, 100_000)
    heard.hear(said.book("update", 105, bids=[("99997.0", "1.00000")], offset=10))
    assert heard.rows["btc"][-1] == (GAP, 0, 0)


def test_repeated_and_late_updates_change_nothing() -> None:
    heard = opened()
    again = said.book("update", 105, 100, bids=[("99999.9", "0.00000")])
    heard.hear(again, again, said.book("update", 99, 98, bids=[("1.0", "1.00000")]))
    assert heard.rows["btc"] == [(BID, 999_999, 0)]
    assert heard.markets["btc"].book.stale == 2


@pytest.mark.parametrize(
    "level",
    [("99999.95", "1.00000"), ("99999.9", "0.000001"), ("nan", "1"), ("-1.0", "1"), ("0", "1")],
)
def test_a_level_that_cannot_be_loses_the_book_and_leaves_no_row_of_its_frame(
    level: tuple[str, str],
) -> None:
    heard = opened()
    heard.hear(said.book("update", 105, 100, bids=[("99998.0", "1.00000"), level]))
    assert heard.rows["btc"] == [(GAP, 0, 0)]
    assert heard.line.resubscribed == ["order_book:1"]
    assert len(heard.line.dropped) == 1
    assert heard.feed.refused.by_reason.total() == 1


def test_an_offer_beyond_every_row_is_left_out_alone() -> None:
    heard = opened()
    heard.hear(said.book("update", 105, 100, asks=[("429496729.5", "1.0"), ("100001.0", "1.0")]))
    assert heard.rows["btc"] == [(ASK, 1_000_010, 100_000)]


def test_nothing_is_told_before_the_first_snapshot() -> None:
    heard = Heard()
    heard.hear(said.trades("update", said.trade_row(4)), said.stats(), said.height())
    heard.hear(said.book("update", 120, 110), said.trades("update", said.trade_row(5)))
    assert heard.batches == []
    heard.hear(said.trades("update", said.trade_row(6)), said.snapshot(200))
    assert heard.rows["btc"] == OPENING


def test_trades_come_in_order_of_their_ids_each_once() -> None:
    heard = opened()
    late = said.trade_row(13, type="liquidation", is_maker_ask=True, price="100000.1")
    heard.hear(said.trades("update", said.trade_row(12), liquidations=[late]))
    heard.hear(said.trades("update", said.trade_row(14, type="deleverage"), said.trade_row(12)))
    assert heard.rows["btc"] == [(TRADE_SELL, 999_999, 1000), (TRADE_BUY, 1_000_001, 1000)]
    follower = heard.markets["btc"].trades
    assert (follower.left_out, follower.repeated) == (1, 1)


def test_history_is_no_news_after_a_loss_but_bridges_a_change_of_connections() -> None:
    heard = opened()
    heard.hear(said.trades("subscribed", said.trade_row(10)))
    heard.hear(said.trades("update", said.trade_row(11)))
    assert len(heard.rows["btc"]) == 1
    heard.feed.on_connected()
    heard.hear(said.snapshot(200), said.trades("subscribed", said.trade_row(12)))
    assert heard.rows["btc"][1:] == [*OPENING, (TRADE_SELL, 999_999, 1000)]
    heard.feed.on_down("lost")
    heard.rows["btc"].clear()
    heard.hear(said.snapshot(300), said.trades("subscribed", said.trade_row(15)))
    heard.hear(said.trades("update", said.trade_row(15)))
    assert heard.rows["btc"] == OPENING


def test_a_trade_of_nothing_is_refused() -> None:
    heard = opened()
    heard.hear(said.trades("update", said.trade_row(12, size="0.00000")))
    assert heard.rows["btc"] == []
    assert heard.line.dropped == ["trade 12 of nothing"]


def test_the_venues_own_top_is_told_beside_the_book() -> None:
    heard = opened()
    heard.hear(said.ticker(("99999.9", "1.00000"), ("", "")))
    assert heard.rows["btc"] == [(BEST_BID, 999_999, 100_000), (BEST_ASK, 0, 0)]


def test_a_book_that_is_not_the_venues_is_lost_and_asked_for_again() -> None:
    heard = opened()
    heard.hear(said.ticker(("99999.9", "1.00000"), ("100000.4", "0.00020")))
    for k in range(2 * MOST):
        heard.hear(said.height(), recv_ns=NOW_NS + k * SECOND_NS)
    assert heard.line.resubscribed == ["order_book:1"]
    assert heard.rows["btc"][-1] == (GAP, 0, 0)
    heard.hear(said.snapshot(200), recv_ns=NOW_NS + 100 * SECOND_NS)
    assert heard.rows["btc"][-1] == OPENING[-1]
    assert heard.markets["btc"].tops.doubt < MOST


def test_figures_are_kept() -> None:
    heard = opened()
    heard.hear(said.stats(rate="-0.0028"))
    figures = heard.markets["btc"].figures
    assert figures is not None
    assert (figures.mark_price, figures.index_price) == (100001.5, 100010.5)
    assert figures.streamed_rate == -0.0028
    heard.hear(said.stats(mark_price="0"))
    assert len(heard.line.dropped) == 1


def test_a_loss_is_one_gap_however_often_it_is_told() -> None:
    heard = opened()
    heard.feed.on_down("closed")
    heard.feed.on_down("no connection")
    assert heard.rows["btc"] == [(GAP, 0, 0)]
    assert heard.links[-2:] == [("btc", False), ("eth", False)]


def test_a_change_of_connections_whose_snapshot_cannot_be_read_is_a_gap() -> None:
    heard = opened()
    heard.feed.on_connected()
    heard.hear(said.snapshot(200, bids=[("0.05", "1")]))
    assert heard.rows["btc"] == [(GAP, 0, 0)]


def test_notices_are_heeded_and_are_no_data() -> None:
    heard = opened()
    assert not heard.hear(said.said(type="ping"), said.said(type="pong"))
    assert heard.feed.pinged.is_set()
    assert not heard.hear(said.said(type="shutdown", close_in_ms=3000))
    assert heard.line.replacements == 1
    heard.hear(said.said(error={"code": 30003, "message": "Already Subscribed"}))
    heard.hear(said.said(error={"code": 30009, "message": "Too Many"}))
    assert heard.errors == [30009]
    assert heard.line.dropped == []


def test_the_chains_height_is_data() -> None:
    heard = opened()
    assert heard.hear(said.height(7))
    assert heard.feed.height == 7


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{",
        b"[]",
        b'{"type":"\xff"}',
        b'{"type":"update/unheard_of"}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        said.snapshot(1, market_id=77),
        said.said(type="update/order_book", channel="trade:1", timestamp=1, order_book={}),
    ],
)
def test_what_makes_no_sense_is_counted_and_changes_nothing(frame: bytes) -> None:
    heard = opened()
    heard.hear(frame, said.trades("update", said.trade_row(12)))
    assert len(heard.line.dropped) == 1
    assert heard.rows["btc"] == [(TRADE_SELL, 999_999, 1000)]


def test_a_channel_has_spoken_with_its_first_data_and_a_book_with_its_snapshot() -> None:
    feed = Heard().feed
    assert feed.channel_of(said.snapshot()) == "order_book:1"
    assert feed.channel_of(said.book("update", 5, 4)) is None
    assert feed.channel_of(said.trades("subscribed")) == "trade:1"
    assert feed.channel_of(said.height()) == "height"
    assert feed.channel_of(said.said(type="pong")) is None
    with pytest.raises(Malformed):
        feed.channel_of(b"{")


def test_a_book_that_stays_crossed_is_lost_and_one_that_meets_for_a_moment_is_not() -> None:
    heard = opened()
    crossed = said.book("update", 105, 100, bids=[("100000.2", "1.00000")])
    heard.hear(crossed, recv_ns=NOW_NS)
    heard.hear(said.book("update", 106, 105, bids=[("100000.2", "0.00000")]), recv_ns=NOW_NS + 2)
    assert heard.line.resubscribed == []
    again = said.book("update", 107, 106, bids=[("100000.1", "1.00000")])
    heard.hear(again, recv_ns=NOW_NS + 3)
    late_ns = NOW_NS + 1_000_000_003
    heard.hear(said.book("update", 108, 107, bids=[("99990.0", "1.00000")]), recv_ns=late_ns)
    assert heard.rows["btc"][-1] == (GAP, 0, 0)
    assert heard.line.resubscribed == ["order_book:1"]


def test_a_book_that_breaks_again_and_again_is_left_alone_for_a_while() -> None:
    heard = opened()
    for k in range(20):
        nonce = 1000 * (k + 1)
        heard.hear(said.snapshot(nonce), said.book("update", nonce + 9, nonce + 5))
    assert len(heard.line.resubscribed) == 5
    heard.hear(said.height(), recv_ns=NOW_NS + 29_000_000_000)
    assert len(heard.line.resubscribed) == 5
    heard.hear(said.height(), recv_ns=NOW_NS + 31_000_000_000)
    assert len(heard.line.resubscribed) == 6


def test_a_market_is_whole_with_its_own_book_and_trades() -> None:
    heard = Heard()
    heard.feed.on_connected()
    heard.hear(said.snapshot(100), said.snapshot(7, market_id=0))
    assert heard.links == []
    heard.hear(said.trades("subscribed"))
    assert heard.links == [("btc", True)]
    heard.hear(said.trades("subscribed", market_id=0))
    assert heard.links == [("btc", True), ("eth", True)]


def test_reasons_are_counted_and_do_not_pile_up() -> None:
    heard = opened()
    for k in range(1000):
        heard.hear(said.said(type=f"kind {k}"))
    assert heard.feed.refused.by_reason.total() == 1000
    assert len(heard.feed.refused.by_reason) <= 65
