"""Tell the truth log what the exchange does, in the words that all judges share."""

from decimal import Decimal

from connectors.model.events import BUY, MAKER, SELL, TAKER
from tests.stage.truth import FOREIGN, OURS, Accepted, Amended, Ended, Paid, Refused, Shown, Traded
from tests.venues.common.book import Side
from tests.venues.common.truth import Held, TruthLog
from tests.venues.lighter.exchange import Exchange, FundingNews, News, OrderNews, TradeNews
from tests.venues.lighter.markets import ASSETS, QUOTE_DECIMALS
from tests.venues.lighter.orders import Order, Status, Trade

CURRENCY = "USDC"
DEPTH = 4
Levels = tuple[tuple[int, int], ...]


class Chronicle:
    """One per exchange; it follows clients' accounts and leaves the crowd alone."""

    def __init__(self, exchange: Exchange, truth: TruthLog) -> None:
        self._exchange = exchange
        self._truth = truth
        self._known: dict[int, tuple[int, int]] = {}
        self._shown: dict[int, tuple[Levels, Levels]] = {}
        exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Write a piece of news down."""
        match news:
            case OrderNews(order) if not self._exchange.accounts[order.account].is_crowd:
                self._order(order)
            case TradeNews(trade, maker_fee, taker_fee):
                self._trade(trade, maker_fee, trade.maker.account)
                self._trade(trade, taker_fee, trade.taker.account)
            case FundingNews(account, paid):
                what = Paid(
                    self._now_ns,
                    self._symbol(paid.market_id),
                    "funding",
                    paid.funding_id,
                    money(paid.change_micro),
                    CURRENCY,
                )
                self._truth.tell(what, account)
            case _:
                pass

    def show_books(self) -> None:
        """Write down others' best prices, where they have changed."""
        for market_id, floor in self._exchange.floors.items():
            shown = (self._best(floor.book.bids), self._best(floor.book.asks))
            if shown != self._shown.get(market_id):
                self._shown[market_id] = shown
                symbol = floor.market.symbol
                self._truth.tell(Shown(self._now_ns, symbol, shown[0], shown[1]))

    def _best(self, side: Side[Order]) -> Levels:
        levels: dict[int, int] = {}
        for order in side.orders():
            if not self._exchange.accounts[order.account].is_crowd:
                continue
            if order.ticks not in levels and len(levels) == DEPTH:
                break
            levels[order.ticks] = levels.get(order.ticks, 0) + order.open_lots
        return tuple(levels.items())

    def _order(self, order: Order) -> None:
        now_ns, symbol = self._now_ns, self._symbol(order.market_id)
        shape = (order.ticks, order.lots)
        if order.index not in self._known and not order.is_open:
            if order.filled_lots:
                return
            why = str(order.status)
            self._truth.tell(Refused(now_ns, symbol, order.client_index, why), order.account)
        elif not order.is_open:
            known = self._known.pop(order.index, None)
            if order.status != Status.FILLED:
                self._ended(order, str(order.status), order.lots)
            elif known != shape:
                self._amended(order)
        elif self._known.get(order.index) != shape:
            tell = self._amended if order.index in self._known else self._accepted
            self._known[order.index] = shape
            tell(order)

    def _amended(self, order: Order) -> None:
        amended = Amended(
            self._now_ns,
            self._symbol(order.market_id),
            order.client_index,
            order.index,
            SELL if order.is_ask else BUY,
            order.ticks,
            order.lots,
            order.open_lots,
        )
        self._truth.tell(amended, order.account)

    def _accepted(self, order: Order) -> None:
        accepted = Accepted(
            self._now_ns,
            self._symbol(order.market_id),
            order.client_index,
            order.index,
            SELL if order.is_ask else BUY,
            order.ticks,
            order.lots - order.filled_lots,
            FOREIGN if order.is_foreign else OURS,
        )
        self._truth.tell(accepted, order.account)

    def _ended(self, order: Order, why: str, of_lots: int) -> None:
        left = of_lots - order.filled_lots
        now_ns, symbol = self._now_ns, self._symbol(order.market_id)
        ended = Ended(now_ns, symbol, order.client_index, order.index, why, left)
        self._truth.tell(ended, order.account)

    def _trade(self, trade: Trade, fee_micro: int, account: int) -> None:
        if self._exchange.accounts[account].is_crowd:
            return
        party, is_ask, is_maker = trade.side_of(account)
        traded = Traded(
            self._now_ns,
            self._symbol(trade.market_id),
            trade.trade_id,
            party.client_index,
            party.index,
            SELL if is_ask else BUY,
            trade.ticks,
            trade.lots,
            MAKER if is_maker else TAKER,
            money(fee_micro),
            self._fee_currency(trade, is_ask),
            "order" if trade.kind == "trade" else trade.kind,
        )
        self._truth.tell(traded, account)
        if self._exchange.floors[trade.market_id].market.is_spot:
            return
        held = self._exchange.accounts[account].position(trade.market_id)
        after = Held(traded.ns, traded.market, held.lots, money(held.entry_micro))
        self._truth.tell(after, account)

    def _fee_currency(self, trade: Trade, is_ask: bool) -> str:
        """Return what a fee is taken in: of spot, in what was received."""
        market = self._exchange.floors[trade.market_id].market
        return CURRENCY if is_ask or not market.is_spot else ASSETS[market.base_asset_id][0]

    @property
    def _now_ns(self) -> int:
        """Return the true time, whatever the venue says that it is."""
        return self._exchange.agenda.now_ns

    def _symbol(self, market_id: int) -> str:
        return self._exchange.floors[market_id].market.symbol


def money(micro: int) -> Decimal:
    """Return micro-USDC as USDC."""
    return Decimal(micro).scaleb(-QUOTE_DECIMALS)
