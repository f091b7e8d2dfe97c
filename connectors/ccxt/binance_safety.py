"""See that an account at Binance's USD-M futures is what the configuration takes it for."""

from connectors.ccxt.binance_reads import BinanceReads
from connectors.ccxt.cares import BINANCE_USDM
from connectors.ccxt.fees import hold_against
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, require, set_once
from connectors.model.errors import Plan, VenueError


async def prepare(
    exchange: Exchange, reads: BinanceReads, network: Network, terms: Terms, market: Listed
) -> None:
    """Check position mode and fees, set and read back margin type and leverage.

    Raises VenueError.
    """
    venue, care = network.venue, BINANCE_USDM
    if not await reads.is_one_way():
        raise VenueError(
            f"{venue}: expected the account in one-way mode, was in hedge mode: change it with no"
            " position and no order open",
            Plan.HALT,
        )
    now = await reads.setting(market.symbol)
    mode, leverage = terms.margin_mode, terms.leverage
    if mode is not None and now.marginType != mode:
        await set_once(venue, "margin_mode", lambda: care.margin_mode(exchange, market, 0, mode))
    if leverage is not None and now.leverage != str(leverage):
        await set_once(venue, "leverage", lambda: care.leverage(exchange, market, leverage, ""))
    if mode is not None or leverage is not None:
        now = await reads.setting(market.symbol)
    if mode is not None:
        require(venue, market, "margin_mode", mode, now.marginType)
    if leverage is not None:
        require(venue, market, "leverage", str(leverage), now.leverage)
    reckoned = terms.maker_fee_bps, terms.taker_fee_bps
    hold_against(network, market, reckoned, await reads.fee_bps(market.symbol))
