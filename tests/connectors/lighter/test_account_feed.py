"""What the account's stream says becomes rows: each once, and none that was before our time."""

from typing import Any

import pytest

from connectors.lighter.account_feed import AccountFeed
from connectors.lighter.account_state import AccountState
from connectors.lighter.account_wire import Tx
from connectors.lighter.grid import Grid
from connectors.lighter.listing import Listed
from connectors.model.account import Fee
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    MAKER,
    REJECTED,
    AccountRows,
    MarketRows,
)
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.corpus import spoiled
from tests.connectors.lighter.ears import NOW_NS, Line
from tests.connectors.lighter.market_files import BTC

OURS = {"bid_account_id": said.ACCOUNT, "bid_client_id": 2176}


class Ears:
    """An account's feed of one market, and what came out of it."""

    def __init__(self) -> None:
        self.line = Line()
        self.state = AccountState(said.ACCOUNT)
        self.rows: list[tuple[int, ...]] = []
        self.fees: list[Fee | None] = []
        self.batches = 0
        self.links: list[bool] = []
        self.txs: list[Tx] = []
        self.told: list[str] = []
        self.feed = AccountFeed(
            self.state,
            [Listed("btc", 1, BTC, Grid.of(1, 5))],
            self._deliver,
            lambda is_whole, why: self.links.append(is_whole),
            lambda error: None,
            self.txs.append,
            self.told.append,
        )
        self.feed.line = self.line

    def hear(self, *frames: bytes) -> list[tuple[int, ...]]:
        """Let the feed take frames as one batch; return (kind, client id, lots, code) of rows."""
        before = len(self.rows)
        self.feed.on_frames(list(frames), NOW_NS)
        return [(row[0], row[1], row[4], row[5]) for row in self.rows[before:]]

    def _deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        assert (market, len(rows), now_ns) == ("btc", 0, NOW_NS)
        self.batches += 1
        columns = (account.kind, account.client_id, account.side, account.ticks, account.lots)
        self.rows += zip(*columns, account.code, account.trade_id, strict=True)
        self.fees += account.fee


def begun() -> Ears:
    ears = Ears()
    assert ears.hear(said.orders("subscribed"), said.own_trades("subscribed")) == []
    return ears


def test_an_order_is_shown_once_and_ends_once() -> None:
    ears = begun()
    shown = said.orders("update", said.order_row(2176))
    assert ears.hear(shown, shown) == [(ACCEPTED, 2176, 100, 0)]
    assert ears.hear(said.orders("update", said.order_row(2176, "canceled"))) == [
        (CANCELLED, 2176, 100, 0)
    ]
    assert ears.hear(shown, said.orders("update", said.order_row(2176, "canceled"))) == []


def test_a_fill_is_told_by_its_trade_alone_with_its_fee() -> None:
    ears = begun()
    part = said.order_row(2176, "open", filled_base_amount="0.00040")
    whole = said.order_row(2176, "filled", filled_base_amount="0.00100")
    assert ears.hear(said.orders("update", part)) == [(ACCEPTED, 2176, 60, 0)]
    assert ears.hear(said.orders("update", whole)) == []
    assert ears.hear(said.own_trades("update", said.trade_row(50, **OURS, size="0.00100"))) == [
        (FILLED, 2176, 100, MAKER)
    ]
    assert ears.rows[-1] == (FILLED, 2176, BUY, 999_999, 100, MAKER, 50)
    assert ears.fees[-1] is not None
    assert ears.fees[-1].currency == "USDC"


def test_within_a_batch_an_end_comes_after_what_was_filled() -> None:
    ears = begun()
    ended = said.order_row(2176, "canceled", filled_base_amount="0.00040")
    rows = ears.hear(
        said.orders("update", ended),
        said.own_trades("update", said.trade_row(50, **OURS, size="0.00040")),
        said.orders("update", said.order_row(4352)),
    )
    assert [row[:2] for row in rows] == [(ACCEPTED, 4352), (FILLED, 2176), (CANCELLED, 2176)]
    assert ears.batches == 1


def test_what_the_venue_refuses_is_told_with_its_reason() -> None:
    ears = begun()
    assert ears.hear(said.orders("update", said.order_row(2176, "canceled-post-only"))) == [
        (REJECTED, 2176, 100, Refusal.POST_ONLY)
    ]
    assert ears.hear(said.orders("update", said.order_row(4352, "canceled-expired"))) == [
        (EXPIRED, 4352, 100, 0)
    ]


def test_a_status_that_is_not_known_is_neither_open_nor_over() -> None:
    ears = begun()
    assert ears.hear(said.orders("update", said.order_row(2176, "canceled-somehow"))) == []
    assert ears.hear(said.orders("update", said.order_row(4352, "canceled-somehow"))) == []
    assert ears.feed.strange.by_reason == {"canceled-somehow": 2}
    assert ears.told == ["orders' status canceled-somehow: neither open nor over"]
    last = ears.state.orders.last("btc", 2176)
    assert last is not None
    assert not last.is_final


def test_the_first_history_is_past_and_a_later_one_tells_what_was_missed() -> None:
    ears = Ears()
    history = [said.trade_row(k, **OURS) for k in (40, 41)]
    assert ears.hear(said.own_trades("subscribed", *history)) == []
    assert ears.hear(said.own_trades("update", said.trade_row(50, **OURS))) != []
    later = [*history, said.trade_row(50, **OURS), said.trade_row(51, **OURS)]
    missed = ears.hear(said.own_trades("subscribed", *later, *later))
    assert missed == [(FILLED, 2176, 1000, MAKER)]
    assert ears.rows[-1][-1] == 51
    assert ears.hear(said.own_trades("update", said.trade_row(51, **OURS))) == []


def test_trades_that_come_out_of_order_are_all_told() -> None:
    ears = begun()
    for trade_id in (53, 51, 52, 51):
        ears.hear(said.own_trades("update", said.trade_row(trade_id, **OURS)))
    assert [row[-1] for row in ears.rows] == [53, 51, 52]


def test_one_trade_that_cannot_be_read_hides_no_other() -> None:
    ears = begun()
    bad = said.trade_row(50, **OURS, price="99999.95")
    told = ears.hear(said.own_trades("update", bad, said.trade_row(51, **OURS)))
    assert told == [(FILLED, 2176, 1000, MAKER)]
    assert len(ears.line.dropped) == 1


def test_a_liquidation_is_a_fill_without_an_order_of_ours() -> None:
    ears = begun()
    row = said.trade_row(50, bid_account_id=said.ACCOUNT, type="liquidation", is_maker_ask=True)
    assert [told[:2] for told in ears.hear(said.own_trades("update", row))] == [(FILLED, 0)]


def test_other_markets_and_orders_without_an_id_are_left_alone() -> None:
    ears = begun()
    assert (
        ears.hear(
            said.orders("update", said.order_row(0), said.order_row(2176, market_index=9)),
            said.own_trades("update", said.trade_row(50, **OURS, market_id=9)),
        )
        == []
    )
    assert ears.line.dropped == []


def test_positions_assets_and_transactions_are_kept() -> None:
    ears = begun()
    tx = {"hash": "ab", "status": 2, "type": 14, "event_info": "{}"}
    ears.hear(said.position("update", "0.02000", -1), said.assets())
    ears.hear(said.transactions("update", tx), said.position("update", "0.00000"))
    assert ears.state.positions == {"btc": 0}
    assert ears.state.assets["USDC"].balance == "40.000000"
    assert [each.hash for each in ears.txs] == ["ab"]


def test_a_position_that_a_first_frame_leaves_out_is_no_longer_told() -> None:
    ears = begun()
    ears.hear(said.position("update", "0.02000", -1))
    ears.hear(said.own("account_all_positions", "subscribed", positions={}, shares=[]))
    assert ears.state.positions == {}


def test_a_channel_has_spoken_with_its_first_frame_only() -> None:
    feed = Ears().feed
    assert feed.channel_of(said.orders("subscribed")) == "account_all_orders:4321"
    assert feed.channel_of(said.orders("update")) is None
    assert feed.channel_of(said.transactions("subscribed")) == "account_tx:4321"
    assert feed.channel_of(said.height()) == "height"


def spoil(count: int) -> None:
    """Let a feed take spoiled frames: nothing but rows of our account comes of them."""
    ears = begun()
    for frame in spoiled(said.PRIVATE, count, seed=count):
        ears.hear(frame)
    assert len(ears.line.dropped) > count // 10
    kinds = {row[0] for row in ears.rows}
    assert kinds <= {ACCEPTED, REJECTED, FILLED, CANCELLED, EXPIRED, AMENDED}
    lows: list[Any] = [min(row[3:5]) for row in ears.rows]
    assert min(lows, default=0) >= 0


def test_spoiled_frames_end_nothing() -> None:
    spoil(3_000)


@pytest.mark.slow
def test_a_hundred_thousand_spoiled_frames_end_nothing() -> None:
    spoil(100_000)
