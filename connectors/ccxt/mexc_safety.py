"""See that an account at MEXC spot is what the configuration takes it for: nothing is set."""

from collections.abc import Iterator

from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.listing import Listed
from connectors.ccxt.mexc_reads import MexcReads
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, heed, of_rights
from connectors.examined import Remark, Weight


async def examine(reads: MexcReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on whether the account may trade, and on fees. Raises VenueError."""
    remarks = await _remarks(reads, terms, market)
    return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]


async def prepare(reads: MexcReads, network: Network, terms: Terms, market: Listed) -> None:
    """Raise VenueError for what may not be as it is, and tell a person of the rest."""
    heed(network, await _remarks(reads, terms, market))


async def _remarks(reads: MexcReads, terms: Terms, market: Listed) -> list[Remark]:
    books, deducts = await reads.books(), await reads.deducts()
    return [
        *of_rights(books.canTrade, market),
        *_of_deduction(deducts, market),
        *fee_remarks(market, terms, await reads.fee_bps(market.symbol)),
    ]


def _of_deduction(deducts: bool, market: Listed) -> Iterator[Remark]:
    """Refuse fees out of MX: another currency than the market's would shrink, unseen."""
    if deducts:
        text = "expected fees out of the quote, were out of MX: switch its deduction off"
        yield Remark(Weight.REFUSES, market.name, text)
