"""Say where positions are liquidated: by the venue's word, else by what the account is worth."""

from decimal import Decimal

from connectors.ccxt.listing import Listed
from connectors.ccxt.words import OwnPosition, OwnWallet
from connectors.margined import Liquidation, half_ticks_of
from connectors.socket import Malformed


class Brinks:
    """What was last said of each market's position, by our name of it."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[OwnPosition, int]] = {}
        self._reckoned: dict[str, tuple[OwnPosition, OwnWallet, int]] = {}

    def hear(self, market: str, held: OwnPosition, now_ns: int) -> None:
        """Take a position; one that is told without a word of its liquidation only where flat."""
        if held.tells_liquidation or not _number(held.size):
            self._told[market] = held, now_ns

    def liquidation(
        self, market: Listed, wallet: OwnWallet | None, since_ns: int
    ) -> Liquidation | None:
        """Return what is known; a price only where it was said since a moment."""
        told = self._told.get(market.name)
        if told is None:
            return None
        held, heard_ns = told
        mark = _mark(market)
        try:
            lots = market.units.signed_lots(held.size)
        except Malformed:
            return None
        if not lots or heard_ns < since_ns:
            return Liquidation(lots, None, 0, mark)
        tick = market.instrument.tick_size
        price = half_ticks_of(held.liquidation_price, tick, is_long=lots > 0)
        if price is None:
            price = self._reckon(market, held, lots, wallet, mark)
        full = half_ticks_of(held.entry_price, tick, is_long=lots > 0) or 0
        return Liquidation(lots, price, full, mark)

    def _reckon(
        self,
        market: Listed,
        held: OwnPosition,
        lots: int,
        wallet: OwnWallet | None,
        mark: int | None,
    ) -> int | None:
        """Return where all that the account has above its maintenance margin would be lost on this
        position alone: once for each word on either, by the mark of then.

        A venue that shares its margin between positions leaves the price out where it is beyond
        what the market may trade at.
        """
        if wallet is None or mark is None or wallet.equity is None or wallet.maintenance is None:
            return None
        known = self._reckoned.get(market.name)
        if known is not None and known[0] is held and known[1] is wallet:
            return known[2]
        size = market.instrument.size_base(lots)
        away = (wallet.equity - wallet.maintenance) / size / market.instrument.tick_size * 2
        price = round(mark - away)
        self._reckoned[market.name] = held, wallet, price
        return price


def _mark(market: Listed) -> int | None:
    rates = market.latest.rates
    mark = None if rates is None or rates.mark_price is None else _number(rates.mark_price)
    return round(mark / market.instrument.tick_size * 2) if mark else None


def _number(text: str) -> Decimal:
    """Return a number, 0 for what is none."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
