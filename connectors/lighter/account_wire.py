"""Name the frames of Lighter's account channels, as they are on the wire.

Each tells only the markets that have changed; the first frame of a channel is whole. Money and
positions are decimal texts. Orders' stamps are in seconds or in ms, depending on their age.
"""

from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct
from msgspec.json import decode

from connectors.lighter.wire import Count, MarketId, Stamp, Trade

Amount = Annotated[str, Meta(pattern=r"^-?[0-9]{1,24}(\.[0-9]{1,24})?$")]


class Order(Struct, gc=False):
    """An order as it stands."""

    order_index: Count
    client_order_index: Count
    market_index: MarketId
    initial_base_amount: float
    remaining_base_amount: float
    filled_base_amount: float
    price: float
    is_ask: bool
    status: str
    updated_at: Stamp = 0
    transaction_time: Stamp = 0

    def stamp(self) -> int:
        """Return the venue's stamp of the last change, in one of its units."""
        return self.transaction_time or self.updated_at


class OrdersFrame(Struct, gc=False):
    """Orders by the text of their market's id."""

    channel: str
    orders: dict[str, list[Order]] | None = None

    def each(self) -> list[Order]:
        """Return all of them."""
        return [order for orders in (self.orders or {}).values() for order in orders]


class OrdersFirst(OrdersFrame, gc=False, tag="subscribed/account_all_orders"):
    """Every open order."""


class OrdersNews(OrdersFrame, gc=False, tag="update/account_all_orders"):
    """Orders that have changed."""


class TradesFrame(Struct, gc=False):
    """Trades by the text of their market's id."""

    channel: str
    trades: dict[str, list[Trade]] | None = None

    def in_order(self) -> list[Trade]:
        """Return all of them by their ids."""
        every = [trade for trades in (self.trades or {}).values() for trade in trades]
        every.sort(key=lambda trade: trade.trade_id)
        return every


class TradesFirst(TradesFrame, gc=False, tag="subscribed/account_all_trades"):
    """Trades of the past: they are no news."""


class TradesNews(TradesFrame, gc=False, tag="update/account_all_trades"):
    """Trades that have just happened."""


class Position(Struct, gc=False):
    """A position: its size is told without its sign."""

    market_id: MarketId
    sign: Literal[-1, 0, 1]
    position: Amount
    avg_entry_price: Amount = "0"
    liquidation_price: str = ""


class PositionsFrame(Struct, gc=False):
    """Positions by the text of their market's id."""

    channel: str
    positions: dict[str, Position] | None = None


class PositionsFirst(PositionsFrame, gc=False, tag="subscribed/account_all_positions"):
    """Every position."""


class PositionsNews(PositionsFrame, gc=False, tag="update/account_all_positions"):
    """Positions that have changed. One that is not told has not gone flat."""


class Asset(Struct, gc=False):
    """What is held of a currency, and how much of that is locked. `margin_mode` other than
    `disabled`: it stands for positions too, with what it is worth to them."""

    symbol: str
    asset_id: Count
    balance: Amount
    locked_balance: Amount
    margin_mode: str = ""


class AssetsFrame(Struct, gc=False):
    """Assets by their ids."""

    channel: str
    assets: dict[str, Asset] | None = None


class AssetsFirst(AssetsFrame, gc=False, tag="subscribed/account_all_assets"):
    """Every asset."""


class AssetsNews(AssetsFrame, gc=False, tag="update/account_all_assets"):
    """Assets that have changed."""


class Stats(Struct, gc=False):
    """What an account is worth to positions: what of it stands behind none may open others."""

    available_balance: Amount


class StatsFrame(Struct, gc=False):
    """An account's figures."""

    channel: str
    stats: Stats


class StatsFirst(StatsFrame, gc=False, tag="subscribed/user_stats"):
    """The first of the channel."""


class StatsNews(StatsFrame, gc=False, tag="update/user_stats"):
    """Figures that have changed."""


TX_FAILED = 0
TX_PENDING = 1
TX_EXECUTED = 2
TX_FINAL = 3


class Tx(Struct, gc=False):
    """A transaction: `status` is one of the four above, `event_info` a JSON text of its effect."""

    hash: str
    status: int
    type: int = 0
    nonce: int = 0
    api_key_index: int = 0
    event_info: str = ""

    def has_failed(self) -> bool:
        """Tell whether it was carried out without the effect that it asked for."""
        try:
            return bool(decode(self.event_info or "{}", type=_Effect).ae)
        except (DecodeError, RecursionError):
            return False


class _Effect(Struct):
    """What a transaction came to: `ae` is the error of the application, if there was one."""

    ae: str = ""


class TxsFrame(Struct, gc=False):
    """Transactions of the account."""

    channel: str
    txs: list[Tx] | None = None


class TxsFirst(TxsFrame, gc=False, tag="subscribed/account_tx"):
    """The first of the channel."""


class TxsNews(TxsFrame, gc=False, tag="update/account_tx"):
    """Transactions that were executed or failed."""


Account = (
    OrdersFirst
    | OrdersNews
    | TradesFirst
    | TradesNews
    | PositionsFirst
    | PositionsNews
    | AssetsFirst
    | AssetsNews
    | StatsFirst
    | StatsNews
    | TxsFirst
    | TxsNews
)
