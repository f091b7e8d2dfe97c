"""Read the account's stream: orders, trades, positions, money and transactions become rows.

Of one moment, what is accepted is told first, then what was filled, then what has ended. An order
that was filled is told by its trades alone.
"""

import asyncio
from collections.abc import Callable, Sequence

from connectors.lighter import account_wire, wire
from connectors.lighter.account_state import AccountState
from connectors.lighter.decode import Account, account_frame
from connectors.lighter.listing import Listed
from connectors.lighter.market_feed import Deliver, Line
from connectors.lighter.notices import take_notice
from connectors.lighter.own import Word, after, own_trades, position_lots, side_of, word_of
from connectors.lighter.refusals import Refusals
from connectors.model.account import Trade
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    FILLED,
    OUTCOME_UNKNOWN,
    AccountRows,
    MarketRows,
)
from connectors.socket import Malformed
from connectors.stream import CLOSED_BY_US

ACCEPTS, FILLS, ENDS = range(3)
Row = tuple[int, int, int, int, int, int, int, int]
"""Kind, client id, side, ticks, lots, code, trade id and the venue's stamp."""


class AccountFeed:
    """The `Feed` of an account's stream. Give it its stream as `line` before that runs."""

    line: Line

    def __init__(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
        on_error: Callable[[wire.ErrorBody], None],
        on_transaction: Callable[[account_wire.Tx], None],
        tell: Callable[[str], None],
    ) -> None:
        """`tell` lets a person hear of what is not known, once."""
        self.refused = Refusals()
        self.strange = Refusals()
        """Statuses of orders that are not known."""
        self.pinged = asyncio.Event()
        self._state = state
        self._by_id = {market.market_id: market for market in markets}
        self._deliver = deliver
        self._on_link = on_link
        self._on_error = on_error
        self._on_transaction = on_transaction
        self._tell_person = tell
        self._due: dict[str, list[tuple[int, Row, Trade | None]]] = {m.name: [] for m in markets}
        self._none = MarketRows()
        self._rows = AccountRows()
        self._recv_ns = 0

    def channel_of(self, frame: bytes) -> str | None:
        """Return the channel whose first frame this is."""
        said = account_frame(frame)
        match said:
            case wire.HeightFrame():
                return "height"
            case (
                account_wire.OrdersFirst()
                | account_wire.TradesFirst()
                | account_wire.PositionsFirst()
                | account_wire.AssetsFirst()
                | account_wire.StatsFirst()
                | account_wire.TxsFirst()
            ):
                return said.channel
            case _:
                return None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Take what had come, and deliver it as one batch a market."""
        has_data = False
        self._recv_ns = recv_ns
        for frame in frames:
            try:
                has_data |= self._take(account_frame(frame))
            except Malformed as error:
                self.refused.count(str(error))
                self.line.drop(str(error))
        self._flush(recv_ns)
        return has_data

    def on_backlog(self, frames: int) -> None:
        """Nothing is left out, however much has come."""

    def on_connected(self) -> None:
        """Nothing is to be forgotten: ids tell what is news."""

    def on_whole(self) -> None:
        """Tell that every channel has spoken."""
        self._on_link(True, "")

    def on_down(self, reason: str) -> None:
        """Tell that orders and trades are not heard of from here on."""
        if reason != CLOSED_BY_US:
            self._on_link(False, reason)

    def _take(self, said: Account | wire.ErrorFrame) -> bool:
        """Take one frame; tell whether it was data."""
        match said:
            case account_wire.OrdersFrame():
                for order in said.each():
                    self._take_order(order)
            case account_wire.TradesFrame():
                self._take_trades(said)
            case account_wire.PositionsFrame():
                self._take_positions(said)
            case account_wire.AssetsFrame():
                self._state.assets.update({a.symbol: a for a in (said.assets or {}).values()})
            case account_wire.StatsFrame():
                self._state.hear_free(said.stats.available_balance, self._recv_ns)
            case account_wire.TxsFrame():
                for tx in said.txs or ():
                    self._on_transaction(tx)
            case wire.HeightFrame():
                return True
            case _:
                take_notice(said, self.line, self.pinged, self._on_error)
                return False
        return True

    def _take_order(self, order: account_wire.Order) -> None:
        """Take what is said of an order of ours on a market of ours."""
        market = self._by_id.get(order.market_index)
        if market is None or not order.client_order_index:
            return
        client_id = order.client_order_index
        before = self._state.orders.last(market.name, client_id)
        word = after(before, word_of(order, market))
        if word.kind == OUTCOME_UNKNOWN:
            if self.strange.count(order.status):
                self._tell_person(f"orders' status {order.status[:40]}: neither open nor over")
        kind = self._state.orders.hear(market.name, order.client_order_index, word)
        if kind is not None and word.kind != OUTCOME_UNKNOWN:
            self._state.on_order(client_id, word.is_final)
        if kind not in (None, FILLED, OUTCOME_UNKNOWN):
            self._tell(market, order, word, kind)

    def _tell(self, market: Listed, order: account_wire.Order, word: Word, kind: int) -> None:
        """Tell of an order with its open lots; of one that was amended, with its size in all."""
        lots = max(word.lots, word.filled_lots) if kind == AMENDED else word.lots - word.filled_lots
        row = (
            kind,
            order.client_order_index,
            side_of(order),
            word.ticks,
            max(0, lots),
            word.code,
            0,
            wire.as_ns(order.stamp()),
        )
        rank = ACCEPTS if kind in (ACCEPTED, AMENDED) else ENDS
        self._due[market.name].append((rank, row, None))

    def _take_trades(self, frame: account_wire.TradesFrame) -> None:
        """Take trades on markets of ours; what cannot be read of one leaves the others alone."""
        account = self._state.account
        told: list[tuple[str, Trade]] = []
        bad = None
        for trade in frame.in_order():
            market = self._by_id.get(trade.market_id)
            if market is None:
                continue
            try:
                told += [(market.name, own) for own in own_trades(trade, account, market)]
            except Malformed as error:
                bad = error
        is_history = isinstance(frame, account_wire.TradesFirst)
        if not (is_history and self._state.fills.begin(told)):
            for name, own in told:
                if self._state.fills.is_news(name, own):
                    self._due[name].append((FILLS, _fill(own), own))
        if bad is not None:
            raise bad

    def _take_positions(self, frame: account_wire.PositionsFrame) -> None:
        """Take positions. A first frame names all that are not flat: what was heard before it, on
        another connection, may have been closed unheard."""
        if isinstance(frame, account_wire.PositionsFirst):
            self._state.positions.clear()
        for position in (frame.positions or {}).values():
            market = self._by_id.get(position.market_id)
            if market is not None:
                lots = position_lots(position, market)
                self._state.positions[market.name] = lots
                self._state.hear_brink(market.name, lots, position, self._recv_ns)

    def _flush(self, now_ns: int) -> None:
        for name, due in self._due.items():
            if not due:
                continue
            due.sort(key=lambda each: each[0])
            for _, row, own in due:
                self._rows.add(*row, now_ns, None if own is None else own.fee)
            due.clear()
            try:
                self._deliver(name, self._none, self._rows, now_ns)
            finally:
                self._rows.clear()


def _fill(own: Trade) -> Row:
    return (
        FILLED,
        own.client_id,
        own.side,
        own.ticks,
        own.lots,
        own.role,
        own.trade_id,
        own.venue_ns,
    )
