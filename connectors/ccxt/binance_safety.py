"""See that an account at Binance's USD-M futures is what the configuration takes it for."""

from collections.abc import Iterator

from connectors.ccxt.binance_reads import BinanceReads
from connectors.ccxt.binance_wire import Position
from connectors.ccxt.cares import BINANCE_USDM
from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, heed, require, set_once
from connectors.examined import Remark, Weight


async def examine(reads: BinanceReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on position mode, margin mode, leverage and fees. Raises VenueError."""
    remarks = list(_of_mode(await reads.is_one_way(), market))
    if not remarks:
        now, fees = await reads.setting(market.symbol), await reads.fee_bps(market.symbol)
        remarks = [*_of_setting(now, terms, market), *fee_remarks(market, terms, fees)]
    return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]


async def prepare(
    exchange: Exchange, reads: BinanceReads, network: Network, terms: Terms, market: Listed
) -> None:
    """Set and read back margin mode and leverage; raise VenueError for what may not be as it is."""
    heed(network, _of_mode(await reads.is_one_way(), market))
    venue, care = network.venue, BINANCE_USDM
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
    heed(network, fee_remarks(market, terms, await reads.fee_bps(market.symbol)))


def _of_mode(is_one_way: bool, market: Listed) -> Iterator[Remark]:
    if not is_one_way:
        yield Remark(
            Weight.REFUSES,
            market.name,
            "expected the account in one-way mode, was in hedge mode: change it with no position"
            " and no order open",
        )


def _of_setting(now: Position, terms: Terms, market: Listed) -> Iterator[Remark]:
    """Remark on what an armed start sets."""
    wanted = {
        "margin_mode": (terms.margin_mode, now.marginType),
        "leverage": (None if terms.leverage is None else str(terms.leverage), now.leverage),
    }
    for what, (expected, told) in wanted.items():
        if expected is not None and expected != told:
            text = f"{what} is {told}: an armed start sets {expected}"
            yield Remark(Weight.WARNS, market.name, text)
