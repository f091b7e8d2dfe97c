"""Say what a spot market's wallet holds, by the venue's balances.

A balance counts what is locked too; what is locked and by no order of the market is not spent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from connectors.lighter.account_wire import Asset
from connectors.lighter.listing import Listed
from connectors.model.account import RestingOrder
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BUY

NOT_MARGIN = "disabled"
ZERO = Decimal(0)


def held_lots(market: Listed, assets: Sequence[Asset], streamed: Mapping[str, Asset]) -> int:
    """Return the base that is held, in whole lots. Raises VenueError."""
    balance, _ = _told(market, 0, assets, streamed)
    return market.instrument.lots_down(balance)


def cash_tick_lots(
    market: Listed,
    assets: Sequence[Asset],
    streamed: Mapping[str, Asset],
    resting: Sequence[RestingOrder],
) -> int:
    """Return the quote that the market may spend, with what its resting bids have locked.

    In whole ticks times lots. Raises VenueError.
    """
    balance, locked = _told(market, 1, assets, streamed)
    tick_lot = market.instrument.tick_size * market.instrument.lot_size_base
    own = sum(order.ticks * order.open_lots for order in resting if order.side == BUY)
    return int((balance - max(ZERO, locked - own * tick_lot)) / tick_lot)


def _told(
    market: Listed, which: int, assets: Sequence[Asset], streamed: Mapping[str, Asset]
) -> tuple[Decimal, Decimal]:
    """Return the balance of base (0) or quote (1), and what is locked of it.

    An asset that is not told is not held, unless the stream's last word was another.
    """
    asset_id = market.assets[which]
    currency = (market.instrument.base, market.instrument.quote)[which]
    told = next((asset for asset in assets if asset.asset_id == asset_id), None)
    if told is None:
        heard = next((a for a in streamed.values() if a.asset_id == asset_id), None)
        if heard is not None and Decimal(heard.balance):
            raise VenueError(
                f"lighter account: no {currency}, where the stream has told of {heard.balance}"
            )
        return ZERO, ZERO
    if told.symbol != currency:
        raise _refused(market, f"expected asset {asset_id} to be {currency}, was {told.symbol}")
    if told.margin_mode != NOT_MARGIN:
        raise _refused(
            market,
            f"expected {currency} to be no margin (margin_mode {NOT_MARGIN}), was"
            f" {told.margin_mode[:20] or 'not told'}: what of it is free is not documented",
        )
    balance, locked = Decimal(told.balance), Decimal(told.locked_balance)
    if not ZERO <= locked <= balance:
        raise VenueError(
            f"lighter account: expected at most what is held of {currency} to be locked, was"
            f" {locked} of {balance}"
        )
    return balance, locked


def _refused(market: Listed, why: str) -> VenueError:
    return VenueError(f"markets.{market.name}.venue: lighter: {why}", Plan.HALT)
