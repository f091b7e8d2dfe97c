"""See that an account at Binance spot is what the configuration takes it for: nothing is set."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.ccxt.binance_spot_reads import BinanceSpotReads, fees_of
from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, heed, of_rights
from connectors.ccxt.units import decimal
from connectors.examined import Remark, Weight


async def examine(reads: BinanceSpotReads, terms: Terms, market: Listed) -> list[Remark]:
    """Remark on whether the account may trade, and on fees. Raises VenueError."""
    remarks = await _remarks(reads, terms, market)
    return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]


async def prepare(reads: BinanceSpotReads, network: Network, terms: Terms, market: Listed) -> None:
    """Raise VenueError for what may not be as it is, and tell a person of the rest."""
    heed(network, await _remarks(reads, terms, market))


async def _remarks(reads: BinanceSpotReads, terms: Terms, market: Listed) -> list[Remark]:
    books, told = await reads.books(), await reads.commission(market.symbol)
    fees = fees_of(told)
    held = {row.asset: decimal(row.free) for row in books.balances}
    return [
        *of_rights(books.canTrade, market),
        *_of_payer(told.payer, any(fees), held, market),
        *fee_remarks(market, terms, fees),
    ]


def _of_payer(
    payer: str | None, pays: bool, held: Mapping[str, Decimal], market: Listed
) -> Iterator[Remark]:
    """Refuse fees out of what is bought: the balance of base would fall behind the trades."""
    instrument = market.instrument
    if pays and (payer is None or payer == instrument.base):
        yield Remark(
            Weight.REFUSES,
            market.name,
            f"expected fees out of another currency than {instrument.base}, were out of what is"
            f" bought: have the account pay its fees in BNB",
        )
    elif pays and payer is not None and not held.get(payer):
        yield Remark(
            Weight.REFUSES,
            market.name,
            f"expected some {payer} for fees, was none: they would be taken out of what is bought",
        )
