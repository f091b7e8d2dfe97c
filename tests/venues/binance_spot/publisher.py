"""Tell the news: an account's orders and trades as they happen, wrapped as its stream has them."""

from typing import TYPE_CHECKING, Any

from tests.venues.binance import publisher
from tests.venues.binance_spot import shapes
from tests.venues.bybit.exchange import AccountNews, ExecutionNews, News
from tests.venues.bybit.orders import Execution, Order

if TYPE_CHECKING:
    from tests.venues.binance_spot.venue import Venue


class Publisher(publisher.Publisher):
    """It hears the exchange, and speaks to sessions."""

    def __init__(self, venue: "Venue") -> None:
        super().__init__(venue)  # type: ignore[arg-type]
        self._wallets = venue.wallets

    def hear(self, news: News) -> None:
        """Take a piece of news: a trade moves its wallet first."""
        match news:
            case ExecutionNews(account, made) if not self._is_crowd(account):
                self._wallets.settle(account, made)
                if made.order is not None:
                    self._made[made.order.number] = made
            case ExecutionNews() | AccountNews():
                pass
            case _:
                super().hear(news)

    def _tell_order(self, order: Order, what: str, status: str, made: Execution | None) -> None:
        market = self._venue.exchange.floors[order.symbol].market
        fee: dict[str, Any] = {}
        if made is not None:
            amount, asset = self._wallets.fee(made)
            fee = {"n": f"{amount:f}", "N": asset}
        event = shapes.order_event(market, order, what, status, made, fee)
        words = {"subscriptionId": 0, "event": event}
        self._tell_account(order.account, words, f"order.{what}", "order", market=order.symbol)
