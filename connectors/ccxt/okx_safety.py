"""See that an account at OKX is what the configuration takes it for before it trades."""

from collections.abc import Iterator

from connectors.ccxt.cares import OKX
from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.okx_reads import OkxReads
from connectors.ccxt.okx_wire import Config
from connectors.ccxt.safety import Terms, heed, require, set_once
from connectors.examined import Remark, Weight

SPOT_ALONE = "1"
MAY_TRADE = "trade"


async def examine(reads: OkxReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on the account's and position mode, the key, leverage and fees. Raises VenueError."""
    remarks = list(_of_account(await reads.config(), market))
    if not remarks:
        await reads.position(market.symbol)
        now, fees = await reads.leverage(market.symbol), await reads.fee_bps(market.symbol)
        remarks = [*_of_leverage(now, terms, market), *fee_remarks(market, terms, fees)]
    return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]


async def prepare(
    exchange: Exchange, reads: OkxReads, network: Network, terms: Terms, market: Listed
) -> None:
    """Set and read back the leverage; raise VenueError for what may not be as it is.

    The margin mode is that of each order: a position in the other one ends the start.
    """
    heed(network, _of_account(await reads.config(), market))
    await reads.position(market.symbol)
    leverage, mode = terms.leverage, terms.margin_mode or ""
    if leverage is not None:
        venue, wanted = network.venue, str(leverage)
        if not _is(await reads.leverage(market.symbol), wanted):
            await set_once(
                venue, "leverage", lambda: OKX.leverage(exchange, market, leverage, mode)
            )
            now = await reads.leverage(market.symbol)
            require(venue, market, "leverage", wanted, wanted if _is(now, wanted) else now)
    heed(network, fee_remarks(market, terms, await reads.fee_bps(market.symbol)))


def _of_account(config: Config, market: Listed) -> Iterator[Remark]:
    wrong = []
    if config.posMode != "net_mode":
        wrong.append(
            f"expected the account in net mode, was {config.posMode}: change it with no position"
            " and no order open"
        )
    if config.acctLv == SPOT_ALONE:
        wrong.append("expected an account that trades contracts, was one for spot alone")
    if config.perm and MAY_TRADE not in config.perm.split(","):
        wrong.append(f"expected a key that may trade, was one with {config.perm}")
    for text in wrong:
        yield Remark(Weight.REFUSES, market.name, text)


def _of_leverage(now: str, terms: Terms, market: Listed) -> Iterator[Remark]:
    """Remark on what an armed start sets."""
    if terms.leverage is not None and not _is(now, str(terms.leverage)):
        text = f"leverage is {now}: an armed start sets {terms.leverage}"
        yield Remark(Weight.WARNS, market.name, text)


def _is(told: str, wanted: str) -> bool:
    """Tell whether two whole leverages are the same: the venue may write 5 as 5.0."""
    return told.partition(".")[0] == wanted and not told.partition(".")[2].strip("0")
