"""See that an account at KuCoin futures is what the configuration takes it for before it trades."""

from collections.abc import Iterator

from connectors.ccxt import cares
from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.kucoin_reads import KucoinReads
from connectors.ccxt.kucoin_wire import Key
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, heed, require, set_once
from connectors.examined import Remark, Weight

MAY_TRADE = "Futures"
CROSS = "cross"


async def examine(reads: KucoinReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on the key, position mode, margin mode, leverage and fees. Raises VenueError."""
    remarks = list(_of_account(await reads.key(), await reads.is_one_way(), market))
    if not remarks:
        await reads.position(market.symbol)
        fees = await reads.fee_bps(market.symbol)
        remarks = [*await _of_setting(reads, terms, market), *fee_remarks(market, terms, fees)]
    return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]


async def prepare(
    exchange: Exchange, reads: KucoinReads, network: Network, terms: Terms, market: Listed
) -> None:
    """Set and read back margin mode and leverage; raise VenueError for what may not be as it is.

    Each order names both as well: in isolated margin that is where the leverage is from.
    """
    heed(network, _of_account(await reads.key(), await reads.is_one_way(), market))
    await reads.position(market.symbol)
    venue, mode, leverage = network.venue, terms.margin_mode or CROSS, terms.leverage or 1
    care = cares.kucoin_futures(leverage, mode)
    if await reads.margin_mode(market.symbol) != mode:
        await set_once(venue, "margin_mode", lambda: care.margin_mode(exchange, market, 0, mode))
        now = await reads.margin_mode(market.symbol)
        require(venue, market, "margin_mode", mode, now)
    if mode == CROSS and not _is(await reads.cross_leverage(market.symbol), leverage):
        await set_once(venue, "leverage", lambda: care.leverage(exchange, market, leverage, mode))
        now, wanted = await reads.cross_leverage(market.symbol), str(leverage)
        require(venue, market, "leverage", wanted, wanted if _is(now, leverage) else now)
    heed(network, fee_remarks(market, terms, await reads.fee_bps(market.symbol)))


def _of_account(key: Key, is_one_way: bool, market: Listed) -> Iterator[Remark]:
    if MAY_TRADE not in (word.strip() for word in key.permission.split(",")):
        text = f"expected a key that may trade futures, was one with {key.permission}"
        yield Remark(Weight.REFUSES, market.name, text)
    if not is_one_way:
        yield Remark(
            Weight.REFUSES,
            market.name,
            "expected the account in one-way mode, was in hedge mode: change it with no position"
            " and no order open",
        )


async def _of_setting(reads: KucoinReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on what an armed start sets."""
    found = []
    mode, now = terms.margin_mode or CROSS, await reads.margin_mode(market.symbol)
    if now != mode:
        found.append(f"margin_mode is {now}: an armed start sets {mode}")
    leverage = terms.leverage or 1
    told = await reads.cross_leverage(market.symbol) if mode == CROSS else str(leverage)
    if not _is(told, leverage):
        found.append(f"leverage is {told}: an armed start sets {leverage}")
    return [Remark(Weight.WARNS, market.name, text) for text in found]


def _is(told: str, wanted: int) -> bool:
    """Tell whether two leverages are the same: the venue may write 5 as 5.0."""
    whole, _, part = told.partition(".")
    return whole == str(wanted) and not part.strip("0")
