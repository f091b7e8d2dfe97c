"""Judge a transaction at the door: what is refused here takes no nonce and never happened."""

from typing import TYPE_CHECKING

from tests.venues.lighter import errors
from tests.venues.lighter.accounts import Account
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.execution import new_order, target
from tests.venues.lighter.margin import may_grow
from tests.venues.lighter.markets import Market
from tests.venues.lighter.orders import ORDER_INDEX_BASE, Kind, TimeInForce
from tests.venues.lighter.transactions import Tx, TxType

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

MOST_PRICE = (1 << 32) - 1
MOST_BASE = (1 << 48) - 1
IMMEDIATE, SCHEDULED, ABORT = 0, 1, 2


class Admission:
    """Checks by kind. Orders are judged against the market as it is now, not as it will be."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self._checks = {
            TxType.CREATE: self._create,
            TxType.CANCEL: self._cancel,
            TxType.CANCEL_ALL: self._cancel_all,
            TxType.MODIFY: self._modify,
            TxType.LEVERAGE: self._leverage,
        }

    def check(self, txs: list[Tx], is_batch: bool) -> None:
        """Raise Refused unless all of a request may come in."""
        if not 0 < len(txs) <= self._venue.limits.batch:
            raise Refused(errors.BATCH_SIZE)
        if len({(tx.account, tx.key) for tx in txs}) > 1:
            raise Refused(errors.BATCH_OWNERS)
        self._venue.guard.key(txs[0].account, txs[0].key)
        account = self._venue.exchange.accounts[txs[0].account]
        expected = account.keys[txs[0].key].next_nonce
        taken: set[int] = set()
        self._check_schedule(account, txs)
        for number, tx in enumerate(txs):
            self._venue.guard.check(tx)
            self._check_nonce(tx, expected, is_batch and number > 0)
            expected = tx.nonce + 1
            self._check_maker_only(account, tx)
            self._checks[tx.kind](account, tx)
            if tx.kind == TxType.CREATE:
                self._check_new(account, tx, taken)

    def _check_schedule(self, account: Account, txs: list[Tx]) -> None:
        """Refuse a second scheduled cancel-all, unless an abort comes before it."""
        queued = bool(account.cancel_all_ms)
        for tx in txs:
            if tx.kind == TxType.CANCEL_ALL:
                if queued and tx.fields["TimeInForce"] == SCHEDULED:
                    raise Refused(errors.QUEUED_CANCEL_ALL)
                queued = tx.fields["TimeInForce"] == SCHEDULED

    def _check_nonce(self, tx: Tx, expected: int, follows: bool) -> None:
        try:
            self._venue.guard.check_nonce(tx, expected)
        except Refused:
            raise Refused(errors.BATCH_NONCE if follows else errors.INVALID_NONCE) from None

    def _check_maker_only(self, account: Account, tx: Tx) -> None:
        if account.keys[tx.key].is_maker_only and tx.kind == TxType.CREATE:
            if tx.fields["TimeInForce"] != TimeInForce.POST_ONLY:
                raise Refused(errors.INVALID_TIF, "maker only api key")

    def _check_new(self, account: Account, tx: Tx, taken: set[int]) -> None:
        client = tx.fields["ClientOrderIndex"]
        if not 0 <= client < 1 << self._venue.limits.client_index_bits:
            raise Refused(errors.INVALID_CLIENT_INDEX)
        if client and (client in account.used_indexes or client in taken):
            raise Refused(errors.CLIENT_INDEX_EXISTS)
        taken.add(client)

    def _create(self, account: Account, tx: Tx) -> None:
        f, market = tx.fields, self._market(tx)
        self._check_shape(tx)
        self._check_amount(market, f["BaseAmount"], f["Price"], bool(f["ReduceOnly"]))
        self._check_price(market, f["Price"], bool(f["IsAsk"]))
        if market.is_spot and f["ReduceOnly"]:
            raise Refused(errors.REDUCE_ONLY_INCREASES)
        if market.force_reduce_only and not f["ReduceOnly"]:
            raise Refused(errors.MARKET_STATUS)
        if f["TimeInForce"] == TimeInForce.IOC:
            return
        live = account.live_orders()
        if len(live) >= self._venue.limits.orders:
            raise Refused(errors.MOST_ORDERS)
        if sum(o.market_id == market.market_id for o in live) >= self._venue.limits.market_orders:
            raise Refused(errors.MOST_MARKET_ORDERS)
        if not may_grow(self._venue.exchange, new_order(self._venue.exchange, tx, 0)):
            raise Refused(errors.NO_ORDER_MARGIN)

    def _check_shape(self, tx: Tx) -> None:
        f = tx.fields
        if f["IsAsk"] not in (0, 1):
            raise Refused(errors.INVALID_IS_ASK)
        if f["Type"] not in (Kind.LIMIT, Kind.MARKET):
            raise Refused(errors.INVALID_TYPE)
        if f["TimeInForce"] not in tuple(TimeInForce):
            raise Refused(errors.INVALID_TIF)
        is_ioc = f["TimeInForce"] == TimeInForce.IOC
        if f["Type"] == Kind.MARKET and not is_ioc:
            raise Refused(errors.INVALID_TIF)
        expiry_ms, now_ms = f["OrderExpiry"], self._venue.exchange.now_ms
        limits = self._venue.limits
        least, most = limits.expiry_least_s * 1e3, limits.expiry_most_s * 1e3
        if is_ioc != (expiry_ms == 0) or (not is_ioc and not least <= expiry_ms - now_ms <= most):
            raise Refused(errors.INVALID_EXPIRY)

    def _check_amount(self, market: Market, lots: int, ticks: int, only_reduces: bool) -> None:
        if not 0 < lots <= MOST_BASE:
            raise Refused(errors.INVALID_BASE)
        if not 0 < ticks <= MOST_PRICE:
            raise Refused(errors.INVALID_PRICE)
        small = lots < market.min_lots or lots * ticks < market.min_quote_micro
        if (small and not only_reduces) or lots * ticks > market.quote_limit_micro:
            raise Refused(errors.INVALID_AMOUNT)

    def _check_price(self, market: Market, ticks: int, is_ask: bool) -> None:
        mark = self._venue.exchange.floors[market.market_id].mark_ticks
        band = self._venue.limits.price_band_frac
        if (ticks < mark * (1 - band)) if is_ask else (ticks > mark * (1 + band)):
            raise Refused(errors.FAT_FINGER)
        if not mark * (1 - 4 * band) < ticks < mark * (1 + 4 * band):
            raise Refused(errors.FAR_FROM_MARK)

    def _cancel(self, account: Account, tx: Tx) -> None:
        self._market(tx, must_trade=False)
        self._check_index(tx)

    def _modify(self, account: Account, tx: Tx) -> None:
        market = self._market(tx)
        self._check_index(tx)
        order = target(account, tx)
        reduces = order is not None and order.reduce_only
        self._check_amount(market, tx.fields["BaseAmount"], tx.fields["Price"], reduces)
        if order is not None:
            self._check_price(market, tx.fields["Price"], order.is_ask)

    def _check_index(self, tx: Tx) -> None:
        if not 0 < tx.fields["Index"] < ORDER_INDEX_BASE << 15:
            raise Refused(errors.MISSING)

    def _cancel_all(self, account: Account, tx: Tx) -> None:
        tif, time_ms = tx.fields["TimeInForce"], tx.fields["Time"]
        if tif not in (IMMEDIATE, SCHEDULED, ABORT):
            raise Refused(errors.CANCEL_ALL_TIF)
        if tif != SCHEDULED:
            if time_ms:
                raise Refused(errors.CANCEL_ALL_TIME)
            return
        limits = self._venue.limits
        ahead_s = (time_ms - self._venue.exchange.now_ms) / 1e3
        if not limits.cancel_all_least_s <= ahead_s <= limits.cancel_all_most_s:
            raise Refused(errors.CANCEL_ALL_TIME)

    def _leverage(self, account: Account, tx: Tx) -> None:
        market = self._market(tx, must_trade=False)
        if market.is_spot:
            raise Refused(errors.INVALID_MARKET)
        if not market.least_margin_1e4 <= tx.fields["InitialMarginFraction"] <= 10_000:
            raise Refused(errors.INVALID_MARGIN)

    def _market(self, tx: Tx, must_trade: bool = True) -> Market:
        floor = self._venue.exchange.floors.get(tx.fields["MarketIndex"])
        if floor is None:
            raise Refused(errors.INVALID_MARKET)
        if must_trade and floor.market.status != "active":
            raise Refused(errors.MARKET_STATUS)
        return floor.market
