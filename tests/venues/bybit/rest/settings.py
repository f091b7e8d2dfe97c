"""Change an account's leverage, margin and position modes, and its switch for lost connections."""

from typing import TYPE_CHECKING, Any

from tests.venues.bybit import errors
from tests.venues.bybit.accounts import CROSS, ISOLATED, Account
from tests.venues.bybit.admission import floor_of
from tests.venues.bybit.errors import INVALID_PARAMETER, Refused
from tests.venues.bybit.exchange import AccountNews
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.markets import QUOTE_DECIMALS, SETTLE, units
from tests.venues.bybit.shapes import accounts

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
PRODUCTS = ("OPTIONS", "DERIVATIVES", "SPOT")
MODES = {0: False, 3: True}


def set_leverage(venue: "Venue", account: Account, words: Words) -> Words:
    """Set the leverage of a market, for longs and shorts; equal ones where it is one-way."""
    market = floor_of(venue.exchange, words).market
    pair = (_leverage(words, "buyLeverage"), _leverage(words, "sellLeverage"))
    if market.symbol not in account.hedged and pair[0] != pair[1]:
        raise Refused(INVALID_PARAMETER, "buy leverage and sell leverage must be the same")
    if max(pair) > market.max_leverage_1e2:
        raise Refused(errors.RISK_LIMIT)
    was = (account.leverage(market.symbol, False), account.leverage(market.symbol, True))
    if pair == was:
        raise Refused(errors.LEVERAGE_NOT_MODIFIED)
    account.leverage_1e2[market.symbol] = pair
    after = worth(venue.exchange, account)
    if after.equity < after.initial:
        account.leverage_1e2[market.symbol] = was
        raise Refused(errors.NO_BALANCE)
    venue.round(lambda: venue.exchange.tell(AccountNews(account.uid, "leverage", market.symbol)))
    return {}


def _leverage(words: Words, name: str) -> int:
    leverage_1e2 = units(words.get(name), 2)
    if leverage_1e2 is None or leverage_1e2 < 100:
        raise Refused(INVALID_PARAMETER, f"{name} invalid")
    return leverage_1e2


def set_margin_mode(venue: "Venue", account: Account, words: Words) -> Words:
    """Set how all positions of the account are margined."""
    mode = words.get("setMarginMode")
    if mode not in (CROSS, ISOLATED):
        raise Refused(INVALID_PARAMETER, "setMarginMode invalid")
    if mode == account.margin_mode:
        raise Refused(errors.MARGIN_MODE_NOT_MODIFIED)
    account.margin_mode = str(mode)
    venue.round(lambda: venue.exchange.tell(AccountNews(account.uid, "margin mode")))
    return {"reasons": []}


def switch_mode(venue: "Venue", account: Account, words: Words) -> Words:
    """Let a market, or all of a coin, have one position or one for each side."""
    symbols = _symbols(venue, words)
    mode = words.get("mode")
    is_hedge = MODES.get(mode) if isinstance(mode, int) else None
    if is_hedge is None:
        raise Refused(INVALID_PARAMETER, "mode invalid")
    changed = {s for s in symbols if (s in account.hedged) != is_hedge}
    if not changed:
        raise Refused(errors.MODE_NOT_MODIFIED)
    for (symbol, _), held in account.positions.items():
        if symbol in changed and held.lots:
            raise Refused(errors.MODE_WITH_POSITION)
        if symbol in changed and held.orders:
            raise Refused(errors.MODE_WITH_ORDERS)
    account.hedged = account.hedged | changed if is_hedge else account.hedged - changed
    return {}


def _symbols(venue: "Venue", words: Words) -> set[str]:
    if words.get("symbol"):
        return {floor_of(venue.exchange, words).market.symbol}
    if words.get("coin") != SETTLE:
        raise Refused(INVALID_PARAMETER, "symbol or coin is required")
    return set(venue.exchange.floors)


def add_margin(venue: "Venue", account: Account, words: Words) -> Words:
    """Add to, or take from, an isolated position's margin."""
    symbol = floor_of(venue.exchange, words).market.symbol
    idx = words.get("positionIdx") or 0
    amount = units(words.get("margin"), QUOTE_DECIMALS)
    if amount is None or idx not in (0, 1, 2):
        raise Refused(INVALID_PARAMETER, "margin invalid")
    held = account.position(symbol, int(idx))
    if account.margin_mode != ISOLATED:
        raise Refused(110015, "the position is in cross_margin")
    if not held.lots:
        raise Refused(110033, "Margin cannot be set without open position")
    held.added_margin += amount
    of = held_of(venue.exchange, account, symbol, held)
    if of.balance + of.unrealized < of.initial and amount < 0:
        held.added_margin -= amount
        raise Refused(110011, "Any adjustments made will trigger immediate liquidation")
    venue.round(lambda: venue.exchange.tell(AccountNews(account.uid, "margin", symbol)))
    return accounts.position(venue.exchange, account, symbol, int(idx))


def set_dcp(venue: "Venue", account: Account, words: Words) -> Words:
    """Set after how many seconds without a listener a product's orders are cancelled."""
    product, seconds = words.get("product", "OPTIONS"), words.get("timeWindow")
    limits = venue.limits
    if product not in PRODUCTS or not isinstance(seconds, int):
        raise Refused(INVALID_PARAMETER, "Params Error")
    if not limits.dcp_least_s <= seconds <= limits.dcp_most_s:
        raise Refused(INVALID_PARAMETER, "timeWindow invalid")
    venue.agenda.after(limits.dcp_after_s, lambda: account.dcp_s.update({product: seconds}))
    if not limits.dcp_after_s:
        account.dcp_s[product] = seconds
    return {}
